/** Nobody knows yet. The clerk is told not to charge again, what to say, and when the next resident can be served. */
import { Button } from 'react-aria-components';
import type { TerminalStatus } from '../../live.ts';
import type { PaymentView } from '../../payments/view.ts';
import { formatElapsed } from '../shared/format.ts';
import { KeyCap } from '../shared/key-cap.tsx';
import { wayOf } from '../shared/payment-words.ts';
import { Sign } from '../shared/sign.tsx';
import { nextHindrance } from './readiness.ts';
import { Total } from './ringing.tsx';
import { TellResident } from './tell-resident.tsx';
import { isToldByBalance, unknownWords } from './unknown-words.ts';

export function UnknownPanel(props: {
  payment: PaymentView;
  unknownRule: string | null;
  brandNames: ReadonlyMap<string, string>;
  terminals: readonly TerminalStatus[];
  /** Its terminal has no link: nobody but the clerk asks it. */
  asksClerk: boolean;
  /** Its terminal can't be asked just now. */
  cutOff: boolean;
  now: Date;
  /** To what is on record about it, and what can be done. */
  onLook: () => void;
  onNext: () => void;
}) {
  const { payment, cutOff } = props;
  const words = unknownWords(payment, props.unknownRule, cutOff);
  const hindrance = nextHindrance(props.terminals);
  const isReady = hindrance === undefined;
  const elapsed = Math.floor((props.now.getTime() - Date.parse(payment.stateAt)) / 1000);
  return (
    <>
      <div className="state" data-kind="ask" tabIndex={0}>
        <div className="state-head">
          <Sign kind="ask" size="large" />
          <h2>{words.headline}</h2>
        </div>
        <p className="state-money">
          <strong>{words.warning}</strong>
          {words.rule}
        </p>
        <TellResident tell={words.tell} />
        <p className="state-note">
          {inquiryWords(payment, cutOff ? 'cut_off' : props.asksClerk ? 'clerk' : 'terminal', elapsed)}
        </p>
        {hindrance !== undefined && <p className="state-note">{hindrance.help ?? hindrance.label}</p>}
      </div>
      <Total label={`${wayOf(payment, props.brandNames)}　未確定`} amountYen={payment.amountYen} />
      <div className="unknown-acts">
        <Button className="alt" onPress={props.onLook}>
          {isToldByBalance(payment, props.unknownRule) ? '残高を確かめる' : 'この支払いを確かめる'}
        </Button>
        {/* No terminal is needed to count cash; Enter is for the usual way alone. */}
        <Button className="alt" onPress={props.onNext} aria-keyshortcuts={isReady ? 'Enter' : undefined}>
          {isReady ? '次のお客様を先に会計する' : '次のお客様を現金で会計する'}
          {isReady && <KeyCap>Enter</KeyCap>}
        </Button>
      </div>
    </>
  );
}

function inquiryWords(
  { queries }: PaymentView,
  asked: 'cut_off' | 'clerk' | 'terminal',
  elapsedSeconds: number,
): string {
  const since = `${formatElapsed(elapsedSeconds)}経過`;
  if (asked === 'cut_off') return `つながれば自動で問い合わせます（${since}）`;
  if (asked === 'clerk')
    return `伝票が見つかったら、「今日の支払い」のこの行を押して答えてください（${since}）`;
  return queries === 0
    ? `結果を問い合わせています（${since}）`
    : `自動で問い合わせ中（${String(queries)}回、${since}）`;
}
