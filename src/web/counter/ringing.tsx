/** Ringing up: the lines, the total, how it is paid, and the one button that sends it. */
import { Button } from 'react-aria-components';
import type { CountedSale } from '../../counted/counted.ts';
import { formatYen } from '../shared/format.ts';
import { KeyCap } from '../shared/key-cap.tsx';
import { wayOf } from '../shared/payment-words.ts';
import { Sign } from '../shared/sign.tsx';
import type { LiveState } from './live.ts';
import { BrandButtons, MethodButtons } from './method-choice.tsx';
import type { OpenDialog } from './counter-dialogs.tsx';
import { CountedNotice } from './counted-notice.tsx';
import { TurnBox } from '../turns/turn-box.tsx';
import { CASH_KEY } from './keys.ts';
import { isFree, methodStates } from './readiness.ts';
import type { Notice } from './sale.ts';
import { ticketOf } from './sale-basket.ts';
import { Slip } from './slip.tsx';
import type { Reference } from './use-reference.ts';
import type { Register } from './use-register.ts';

export function Ringing(props: {
  register: Register;
  reference: Reference;
  live: LiveState;
  /** Whose stay a line is, by the teacher's label. */
  labelOf: ((stay: string | undefined) => string | undefined) | undefined;
  onOpen: (dialog: OpenDialog) => void;
}) {
  const { register, reference, live } = props;
  const { sale, basket, hindrance, choices, change } = register;
  const notice = sale.stage.at === 'basket' ? sale.stage.notice : null;
  const counted = live.counted.find(({ id }) => id === sale.counted);
  const windowName = reference.windows.find(({ code }) => code === sale.window)?.nameJa ?? '';
  return (
    <>
      <Slip
        windowName={windowName}
        labelOf={props.labelOf}
        basket={basket}
        ticket={ticketOf(sale)}
        onOpen={props.onOpen}
        canRestore={sale.cleared !== null}
        readsTickets={reference.session.tablet === null}
        dispatch={change}
      />
      <AboveTotal notice={notice} counted={counted} help={hindrance?.help ?? null} />
      <TurnBox turn={register.turn} />
      {sale.method !== null && choices.length > 0 && (
        <BrandButtons
          method={sale.method}
          choices={choices}
          brand={sale.brand}
          onBrand={(brand) => change({ type: 'brand_chosen', brand })}
        />
      )}
      <Total label="合計" amountYen={basket.totalYen} />
      <MethodButtons
        method={sale.method}
        states={methodStates(reference.session.offers, live.terminals)}
        onMethod={(method) => change({ type: 'method_chosen', method })}
      />
      <Button
        className="cash"
        isDisabled={register.cashHindrance !== undefined}
        onPress={() => register.count('cash')}
        aria-keyshortcuts={CASH_KEY}
      >
        {register.cashHindrance ?? '現金で受け取った（記録のみ）'}
        {register.cashHindrance === undefined && <KeyCap>{CASH_KEY}</KeyCap>}
      </Button>
      <GoButton register={register} brandNames={reference.brandNames} />
    </>
  );
}

/** Pays; where only another screen's payment is in the way it joins the queue. */
function GoButton(props: { register: Register; brandNames: ReadonlyMap<string, string> }) {
  const { register } = props;
  const { hindrance, turn } = register;
  const canPress = hindrance === undefined || turn.canWait;
  return (
    <Button className="go" isDisabled={!canPress} onPress={register.primary} aria-keyshortcuts="Enter">
      {turn.canWait ? '順番を待つ' : (hindrance?.label ?? payWords(register, props.brandNames))}
      {canPress && <KeyCap>Enter</KeyCap>}
    </Button>
  );
}

/** A method that nobody has touched for this sale is named where it is pressed. */
function payWords({ basket, sale }: Register, brandNames: ReadonlyMap<string, string>): string {
  if (isFree(basket)) return '0円　お渡しを記録';
  const words = `${formatYen(basket.totalYen)}を支払う`;
  if (!sale.isAssumed || sale.method === null) return words;
  return `${wayOf({ method: sale.method, brand: sale.brand }, brandNames)}で ${words}`;
}

/** One thing at a time: what was refused, what was just counted, or what to do first. */
function AboveTotal(props: { notice: Notice | null; counted: CountedSale | undefined; help: string | null }) {
  const { notice, counted, help } = props;
  if (notice !== null) return <NoticeBox notice={notice} />;
  if (counted !== undefined) return <CountedNotice sale={counted} />;
  return help === null ? null : <p className="help">{help}</p>;
}

/** From six digits on it would not fit beside its label in full size. */
const LONG_FROM_YEN = 100_000;

/** The largest thing on the screen. */
export function Total({ label, amountYen }: { label: string; amountYen: number }) {
  return (
    <p className="total" data-long={amountYen >= LONG_FROM_YEN}>
      <span>{label}</span>
      <strong>{formatYen(amountYen)}</strong>
    </p>
  );
}

function NoticeBox({ notice }: { notice: Notice }) {
  return (
    <div className="notice" role="alert">
      <Sign kind="none" size="small" />
      <p>{notice.message}</p>
    </div>
  );
}
