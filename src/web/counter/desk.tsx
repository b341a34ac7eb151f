/** The unknown desk: what is on record, what to tell the resident, and what can be done, for one payment. */
import { useEffect, useState } from 'react';
import { Button, Input, Label, TextField } from 'react-aria-components';
import type { Brand } from '../../fees/catalogue.ts';
import type { Recorded } from '../../payments/lifecycle.ts';
import type { Decision, OperationEvent } from '../../payments/operation-events.ts';
import type { PaymentView } from '../../payments/view.ts';
import { Unreachable, type Answer } from '../shared/api.ts';
import { formatEraDate, formatTime } from '../shared/format.ts';
import { decisionsFor, investigationDeadline } from '../../payments/brand-rules.ts';
import { DECISIONS, historyLines, type HistoryLine } from './desk-words.ts';
import { mayBeSettled, Settle } from './settle.tsx';
import { askTerminal, decidePayment, readBalance, readHistory, releaseTerminal } from './service.ts';
import { TellResident } from './tell-resident.tsx';
import { appWords, balanceWords, isToldByBalance, unknownWords } from './unknown-words.ts';

/** The 出納員 may free a silent terminal after this long. */
const RELEASE_AFTER_MS = 300_000;

export interface DeskProps {
  payment: PaymentView;
  brand: Brand | undefined;
  unknownRule: string | null;
  today: string;
  now: Date;
  /** May ask the terminal; whatever else there is to do is done at the counter's own screen. */
  isTablet: boolean;
}

export function UnknownDesk(props: DeskProps) {
  const { payment } = props;
  const { message, busy, act } = useActs();
  return (
    <section className="desk" aria-label="この支払いについてできること">
      {isSaleAskedAbout(payment) && (
        <TellResident tell={unknownWords(payment, props.unknownRule, false).tell} />
      )}
      {mayBeSettled(payment) && <Clues {...props} />}
      <p className="form-error" role="alert">
        {message}
      </p>
      {payment.state === 'unknown' && (
        <div className="desk-acts">
          <Button className="button" isDisabled={busy} onPress={() => act(() => askTerminal(payment.id))}>
            いま端末に問い合わせる
          </Button>
          {!props.isTablet && <TerminalActs {...props} busy={busy} act={act} />}
          {payment.queries > 0 && (
            <p className="desk-asked" role="status">
              これまでに {payment.queries}回 問い合わせました。端末の答えでは、まだ分かりません。
            </p>
          )}
        </div>
      )}
      {!props.isTablet && mayBeSettled(payment) && <Settle payment={payment} />}
      <Decide {...props} busy={busy} act={act} />
      <History payment={payment} />
    </section>
  );
}

/** The terminal could not say: whoever comes back to the counter is told the same as at first. */
const isSaleAskedAbout = ({ kind, state, queries }: PaymentView): boolean =>
  kind === 'sale' && state === 'unknown' && queries > 0;

/** What tells whether money moved, and until when somebody else can be asked. */
function Clues({ payment, unknownRule }: DeskProps) {
  const deadline = investigationDeadline(payment, unknownRule);
  const app = appWords(payment, unknownRule);
  return (
    <>
      {payment.balanceYen !== null && <p className="tell">{balanceWords(payment, payment.balanceYen)}</p>}
      {app !== null && (
        <p className="tell">
          <b>お客様のアプリの利用履歴で見比べること</b>
          {app}
        </p>
      )}
      {deadline !== null && (
        <p className="tell">
          <b>調査の申し出は {formatEraDate(deadline)} まで</b>
          端末の控えを残し、それまでに会計課からカード会社に申し出てください。
        </p>
      )}
    </>
  );
}

/** What needs the terminal itself, or the 出納員 beside it. */
function TerminalActs({ payment, unknownRule, now, busy, act }: DeskProps & { busy: boolean; act: Act }) {
  const releasableInMs = Date.parse(payment.stateAt) + RELEASE_AFTER_MS - now.getTime();
  return (
    <>
      {isToldByBalance(payment, unknownRule) && (
        <Button
          className="button"
          isDisabled={busy || payment.holdsTerminal}
          onPress={() => act(() => readBalance(payment.id))}
        >
          {busy ? '端末にカードをかざしてもらってください' : 'カードの残高を確かめる（代金は引きません）'}
        </Button>
      )}
      {payment.holdsTerminal && (
        <Button
          className="button"
          isDisabled={busy || releasableInMs > 0}
          onPress={() => act(() => releaseTerminal(payment.id))}
        >
          {releasableInMs > 0
            ? `端末を先に使う（出納員・あと ${String(Math.ceil(releasableInMs / 60_000))}分）`
            : '端末を先に使う（出納員）'}
        </Button>
      )}
    </>
  );
}

type Act = (ask: () => Promise<Answer<unknown>>) => void;

/** One act at a time; what was refused is said. What it made of the payment comes by the stream. */
function useActs(): { message: string; busy: boolean; act: Act } {
  const [state, setState] = useState({ busy: false, message: '' });
  async function run(ask: () => Promise<Answer<unknown>>): Promise<void> {
    setState({ busy: true, message: '' });
    try {
      const answer = await ask();
      setState({ busy: false, message: answer.ok ? '' : answer.refusal.message });
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      const message =
        'サービスの答えがありません。記録が変わったかどうかは、この画面に出るまで分かりません。';
      setState({ busy: false, message });
    }
  }
  return { ...state, act: (ask) => void run(ask) };
}

/** A late approval: a person decides, never the program. */
function Decide({ payment, brand, today, isTablet, busy, act }: DeskProps & { busy: boolean; act: Act }) {
  const [decision, setDecision] = useState<Decision | null>(null);
  const [note, setNote] = useState('');
  // What goes back is decided by giving it back, above: a decision alone moves no money.
  const choices = decisionsFor(payment, brand, today).filter((choice) => choice === 'keep');
  if (isTablet || choices.length === 0) {
    return payment.decision === null ? null : (
      <p className="tell">
        <b>決めたこと：{DECISIONS[payment.decision].label}</b>
        {DECISIONS[payment.decision].help}
      </p>
    );
  }
  return (
    <fieldset className="desk-decide">
      <legend>あとから支払いが分かりました。どうするか決めてください</legend>
      <p>お客様に返すときは、上の「取り消し・返金」を使います。</p>
      <div className="desk-acts">
        {choices.map((choice) => (
          <Button
            key={choice}
            className={choice === decision ? 'button primary' : 'button'}
            aria-pressed={choice === decision}
            onPress={() => setDecision(choice)}
          >
            {DECISIONS[choice].label}
          </Button>
        ))}
      </div>
      {decision !== null && (
        <>
          <p>{DECISIONS[decision].help}</p>
          <TextField className="field" value={note} onChange={setNote} maxLength={200}>
            <Label>理由・連絡したこと</Label>
            <Input />
          </TextField>
          <Button
            className="button primary"
            isDisabled={busy || (decision !== 'keep' && note.trim() === '')}
            onPress={() => act(() => decidePayment(payment.id, { decision, note: note.trim() }))}
          >
            「{DECISIONS[decision].label}」に決める
          </Button>
        </>
      )}
    </fieldset>
  );
}

/** What is on record; read again whenever the payment has changed. */
function History({ payment }: { payment: PaymentView }) {
  const [lines, setLines] = useState<readonly HistoryLine[] | null>(null);
  useEffect(() => {
    let isGone = false;
    void readLines(payment).then((read) => {
      if (!isGone) setLines((known) => read ?? known ?? []);
    });
    return () => {
      isGone = true;
    };
  }, [payment]);
  if (lines?.length === 0) return null;
  return (
    <div className="desk-record" data-loading={lines === null}>
      <h3 className="desk-title">記録</h3>
      <ol className="history" tabIndex={0}>
        {lines?.map(({ at, text }) => (
          <li key={at + text}>
            <time dateTime={at}>{formatTime(at)}</time>
            {text}
          </li>
        ))}
      </ol>
    </div>
  );
}

async function readLines({ id, kind }: PaymentView): Promise<HistoryLine[] | undefined> {
  try {
    const answer: Answer<Recorded<OperationEvent>[]> = await readHistory(id);
    return answer.ok ? historyLines(answer.value, kind) : undefined;
  } catch (error) {
    // The status bar says that the service is out of reach; what was read stays.
    if (error instanceof Unreachable) return undefined;
    throw error;
  }
}
