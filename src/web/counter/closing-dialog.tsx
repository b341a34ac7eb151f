/** Closing the day: asked once, then the figures of both books side by side. */
import { useState } from 'react';
import { Button, Link } from 'react-aria-components';
import type { Closing } from '../../closing/closing.ts';
import type { CountedTally } from '../../counted/counted.ts';
import type { Offer } from '../../terminal/offer.ts';
import { Unreachable } from '../shared/api.ts';
import { DialogFrame } from '../shared/dialog-frame.tsx';
import { formatEraDate, formatYen } from '../shared/format.ts';
import { closeDay } from './service.ts';
import { SinceLastClosing } from './since-last-closing.tsx';

type State = { at: 'asking'; message: string | null } | { at: 'working' } | { at: 'done'; closing: Closing };

export function ClosingDialog(props: {
  today: string;
  /** A terminal without a link wants to know its totals from the clerk: the dialog steps aside. */
  isAsked: boolean;
  officeUrl: string | null;
  offers: readonly Offer[];
  /** Stays of the daycare window that nobody has paid. */
  owedStays: number;
  onClose: () => void;
}) {
  const [state, setState] = useState<State>({ at: 'asking', message: null });

  async function close(): Promise<void> {
    setState({ at: 'working' });
    setState(await tryClosing());
  }

  if (state.at === 'working' && props.isAsked) return null;
  return (
    <DialogFrame title={`締め　${formatEraDate(props.today)}`} onClose={props.onClose}>
      {state.at === 'done' ? (
        <ClosingFigures closing={state.closing} offers={props.offers} />
      ) : (
        <>
          <p>端末の合計を、窓口の記録とあわせて今日の締めとして残します。端末の合計は消えません。</p>
          <p>締めたあとも会計はできます。もう一度締めると、あとの締めが使われます。</p>
          <SinceLastClosing today={props.today} />
          {props.owedStays > 0 && (
            <p className="tell">
              <b>支払いの済んでいない預かりが {props.owedStays}件 あります</b>
              締めると「今日の預かり」の呼び名が消えます。この{props.owedStays}
              件は、日付・区分・時刻だけの「未収」として残り、あとから会計できます。だれの分かは、締める前に手元に控えてください。
            </p>
          )}
          <p className="form-error" role="alert">
            {state.at === 'asking' ? state.message : null}
          </p>
        </>
      )}
      <div className="dialog-actions">
        <Button className="button" onPress={props.onClose} isDisabled={state.at === 'working'}>
          閉じる
        </Button>
        {state.at === 'done' ? (
          props.officeUrl !== null && (
            <Link className="button primary" href={props.officeUrl} target="_blank">
              会計課の画面で突合を見る
            </Link>
          )
        ) : (
          <Button className="button primary" isDisabled={state.at === 'working'} onPress={() => void close()}>
            {state.at === 'working' ? '端末の合計を読んでいます' : '締める'}
          </Button>
        )}
      </div>
    </DialogFrame>
  );
}

/** The terminal counts since its own last 日計, which may be days ago: comparing is the office's work, not done here. */
function ClosingFigures({ closing, offers }: { closing: Closing; offers: readonly Offer[] }) {
  const counted = closing.totals.flatMap(({ terminal, totals }) =>
    totals.rows.filter(({ count }) => count > 0).map((row) => ({ ...row, terminal })),
  );
  return (
    <>
      <p className="closing-sentence">
        {closing.count}件 {formatYen(closing.totalYen)} を、今日の締めとして残しました。
        {closing.returned !== undefined && closing.returned.count > 0 && (
          <>
            取り消し・返金 {closing.returned.count}件 {formatYen(closing.returned.amountYen)}を差し引くと{' '}
            {formatYen(closing.totalYen - closing.returned.amountYen)}です。
          </>
        )}
      </p>
      {closing.counted !== undefined && <Counted {...closing.counted} />}
      <Lost terminals={closing.lost ?? []} />
      <UnpaidCare closing={closing} />
      <StillOpen closing={closing} />
      <table className="rows">
        <caption>端末の合計（端末が前に日計をしてからの累計）</caption>
        <thead>
          <tr>
            <th scope="col">区分</th>
            <th scope="col" className="row-amount">
              件数
            </th>
            <th scope="col" className="row-amount">
              金額
            </th>
          </tr>
        </thead>
        <tbody>
          {counted.map((row) => (
            <tr key={`${row.terminal} ${row.bucket}`}>
              <td>{nameIn(offers, row)}</td>
              <td className="row-amount">{row.count}</td>
              <td className="row-amount">{formatYen(row.amountYen)}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">合計</th>
            <td className="row-amount">{counted.reduce((sum, { count }) => sum + count, 0)}</td>
            <td className="row-amount">
              {formatYen(closing.totals.reduce((sum, { totals }) => sum + totals.totalYen, 0))}
            </td>
          </tr>
        </tbody>
      </table>
      <p>窓口の記録と端末の合計が合うかどうかは、会計課の画面（突合）で確かめられます。</p>
      <CheckpointNote closing={closing} />
    </>
  );
}

/** What the evening leaves behind: results that nobody knows, and what was decided and not done. */
function StillOpen({ closing: { unknown, undecided = 0 } }: { closing: Closing }) {
  return (
    <>
      {unknown > 0 && (
        <p className="tell">
          <b>結果の分からない支払いが {unknown}件 あります</b>
          確かめる問い合わせは続きます。会計課に知らせてください。
        </p>
      )}
      {undecided > 0 && (
        <p className="tell">
          <b>あとから分かった支払い {undecided}件 の扱いが済んでいません</b>
          そのままにするか、取り消すか、返金するかを決めて、済ませてください。今日できないときは会計課に知らせてください。
        </p>
      )}
    </>
  );
}

/** How the journal stood, as `npm run verify-journal -- --checkpoint` takes it: number, sixteen digits of the hash, count, total. */
function CheckpointNote({ closing }: { closing: Closing }) {
  const { headSequence, headHash, count, totalYen } = closing;
  return (
    <p>
      記録の控え{' '}
      <span className="checkpoint">{`${headSequence}:${headHash.slice(0, 16)}:${count}:${totalYen}`}</span>
      <br />
      写して残すと、あとから記録が書き換えられていないことを確かめられます。
    </p>
  );
}

/** What is still owed at the daycare window, and whether the labels are gone. */
function UnpaidCare({ closing: { unpaidCare, labelsErased } }: { closing: Closing }) {
  const count = unpaidCare?.count ?? 0;
  return (
    <>
      {count > 0 && (
        <p className="tell">
          <b>
            預かりの未収 {count}件 {formatYen(unpaidCare?.amountYen ?? 0)}（お迎えの時刻が分かる分）
          </b>
          保育の窓口の「今日の預かり」に、呼び名のない「未収」として残しました。
        </p>
      )}
      {labelsErased === false && (
        <p className="tell">
          <b>「今日の預かり」の呼び名を消せませんでした</b>
          締めは残っています。ディスクの空きと故障を確かめてください。次の日に一覧を開くと、もう一度消します。
        </p>
      )}
    </>
  );
}

/** What no terminal knows of: beside the totals, in none of them. */
function Counted({ cash, nothing }: CountedTally) {
  return (
    <p>
      ほかに現金 {cash.count}件 {formatYen(cash.amountYen)}
      {nothing.count > 0 && `・0円 ${String(nothing.count)}件`}を数えました（上の合計には入っていません）。
    </p>
  );
}

/** Whose totals could not be read, and what that means. */
function Lost({ terminals }: { terminals: readonly string[] }) {
  if (terminals.length === 0) return null;
  return (
    <p className="tell">
      <b>端末 {terminals.join('・')} は紛失・交換中のため、合計を読んでいません</b>
      その端末で受けた支払いは、決済会社の明細で確かめるよう会計課に知らせてください。
    </p>
  );
}

/** As its terminal calls it; with the terminal's name where there are several. */
function nameIn(offers: readonly Offer[], row: { terminal: string; bucket: string }): string {
  const offer = offers.find(({ id }) => id === row.terminal);
  const name = offer?.buckets.find(({ code }) => code === row.bucket)?.nameJa ?? row.bucket;
  return offers.length > 1 && offer !== undefined ? `${offer.nameJa}　${name}` : name;
}

async function tryClosing(): Promise<State> {
  try {
    const answer = await closeDay();
    return answer.ok
      ? { at: 'done', closing: answer.value }
      : { at: 'asking', message: answer.refusal.message };
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return {
      at: 'asking',
      message:
        'サービスの答えがありません。締めが残ったかどうか分かりません。少し待って、もう一度締めてください。',
    };
  }
}
