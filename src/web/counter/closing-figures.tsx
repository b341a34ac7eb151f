/** The day as it was closed: one sentence, the books side by side, 収納金日計表, what is still open, the checkpoint. */
import { useLayoutEffect, useRef } from 'react';
import type { RecordedClosing } from '../../closing/closing.ts';
import type { DayBookRow, DayBookTender } from '../../closing/day-book.ts';
import type { CountedTally } from '../../counted/counted.ts';
import { METHOD_NAMES, nameOfTerminal } from '../../terminal/offer.ts';
import { formatDate, formatTime, formatYen } from '../shared/format.ts';
import { ClosingTerminals } from './closing-terminals.tsx';

export function ClosingFigures(props: {
  closing: RecordedClosing;
  today: string;
  brandNames: ReadonlyMap<string, string>;
}) {
  const { closing, today } = props;
  const {
    businessDate,
    count,
    totalYen,
    returned,
    periods = [],
    leftOut = [],
    remarks = [],
    names = {},
    dayBook = [],
  } = closing;
  const day = businessDate === today ? '今日' : formatDate(businessDate);
  const sentence = useRef<HTMLParagraphElement>(null);
  useLayoutEffect(() => {
    // Whoever has written a reason far down reads first what became of the day.
    sentence.current?.scrollIntoView({ block: 'center' });
  }, []);
  return (
    <>
      <p className="closing-sentence" ref={sentence}>
        {count}件 {formatYen(totalYen)} を、{day}の締めとして残しました。
        {returned !== undefined && returned.count > 0 && (
          <>
            取り消し・返金 {returned.count}件 {formatYen(returned.amountYen)}を差し引くと{' '}
            {formatYen(totalYen - returned.amountYen)}です。
          </>
        )}
      </p>
      <ClosingTerminals compared={{ periods, leftOut, remarks, names }} />
      {closing.notes.map(({ at, clerk, note }) => (
        <p key={at}>
          <b>
            差のまま締めた理由（{formatTime(at)} {clerk}）：
          </b>
          {note}
        </p>
      ))}
      <Lost terminals={(closing.lost ?? []).map((id) => nameOfTerminal(names, id))} />
      <UnpaidCare closing={closing} />
      <StillOpen closing={closing} />
      {dayBook.length > 0 && <DayBook rows={dayBook} brandNames={props.brandNames} />}
      {closing.counted !== undefined && <Counted {...closing.counted} />}
      <Promised closing={closing} />
      <CheckpointNote closing={closing} />
    </>
  );
}

const TENDERS: Record<DayBookTender, string> = { ...METHOD_NAMES, cash: '現金', nothing: '0円' };

/** 収納金日計表: an item's row by method and brand, the accounts as headings. */
function DayBook({ rows, brandNames }: { rows: DayBookRow[]; brandNames: ReadonlyMap<string, string> }) {
  const wayOf = ({ tender, brand, groundJa }: DayBookRow): string =>
    [TENDERS[tender], brand === null ? '' : (brandNames.get(brand) ?? brand), groundJa ?? '']
      .filter((text) => text !== '')
      .join('　');
  const netYen = rows.reduce((sum, { amountYen, returnedYen }) => sum + amountYen - returnedYen, 0);
  return (
    <table className="rows">
      <caption>収納金日計表</caption>
      <thead>
        <tr>
          <th scope="col">科目・項目・支払い方法</th>
          <th scope="col" className="row-amount">
            数
          </th>
          <th scope="col" className="row-amount">
            金額
          </th>
          <th scope="col" className="row-amount">
            取消・返金
          </th>
        </tr>
      </thead>
      {[...Map.groupBy(rows, ({ revenueAccount }) => revenueAccount)].map(([account, own]) => (
        <tbody key={account}>
          <tr>
            <th scope="rowgroup" colSpan={4}>
              {account}
            </th>
          </tr>
          {own.map((row) => (
            <tr key={`${row.code} ${wayOf(row)}`}>
              <td className="row-inner">
                {row.nameJa}
                <span className="row-detail">{wayOf(row)}</span>
              </td>
              <td className="row-amount">{row.quantity}</td>
              <td className="row-amount">{formatYen(row.amountYen)}</td>
              <td className="row-amount">{row.returnedYen === 0 ? '' : formatYen(-row.returnedYen)}</td>
            </tr>
          ))}
        </tbody>
      ))}
      <tfoot>
        <tr>
          <th scope="row" colSpan={2}>
            差引合計{rows.some(({ tender }) => tender === 'cash') && '（現金を含む）'}
          </th>
          <td className="row-amount">{formatYen(netYen)}</td>
          <td />
        </tr>
      </tfoot>
    </table>
  );
}

/** What the evening leaves behind: results that nobody knows, and what was decided and not done. */
function StillOpen({ closing: { unknown, undecided = 0 } }: { closing: RecordedClosing }) {
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
function CheckpointNote({ closing }: { closing: RecordedClosing }) {
  const { headSequence, headHash, count, totalYen } = closing;
  return (
    <p>
      記録の控え{' '}
      <span className="checkpoint">{`${headSequence}:${headHash.slice(0, 16)}:${count}:${totalYen}`}</span>
      <br />
      締めの控えを印刷して残すと、あとから記録が書き換えられていないことを確かめられます。
    </p>
  );
}

/** What is still owed at the daycare window, and whether the labels are gone. */
function UnpaidCare({ closing: { unpaidCare, labelsErased } }: { closing: RecordedClosing }) {
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

/** What no terminal knows of: in the 収納金日計表, and in none of the terminals' totals. */
function Counted({ cash, nothing }: CountedTally) {
  const parts = [
    ...(cash.count > 0 ? [`現金 ${String(cash.count)}件 ${formatYen(cash.amountYen)}`] : []),
    ...(nothing.count > 0 ? [`0円 ${String(nothing.count)}件`] : []),
  ];
  if (parts.length === 0) return null;
  return <p>上の表の{parts.join('・')}は、数えた分です（今日の支払いと端末の合計には入っていません）。</p>;
}

/** What accounting still has to pay out: no terminal has moved it, so nothing above is less for it. */
function Promised({ closing: { promised } }: { closing: RecordedClosing }) {
  if (promised === undefined || promised.count === 0) return null;
  return (
    <p>
      このうち会計課から返すと約束した {promised.count}件 {formatYen(promised.amountYen)}
      は、上の合計から引いていません。会計課が支払って記録します。
    </p>
  );
}

/** Whose totals could not be read, and what that means. */
function Lost({ terminals }: { terminals: readonly string[] }) {
  if (terminals.length === 0) return null;
  return (
    <p className="tell">
      <b>{terminals.join('・')} は紛失・交換中のため、合計を読んでいません</b>
      その端末で受けた支払いは、決済会社の明細で確かめるよう会計課に知らせてください。
    </p>
  );
}
