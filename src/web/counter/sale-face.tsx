/** Which panel the right-hand column shows. */
import type { TerminalStatus } from '../../live.ts';
import type { PaymentView } from '../../payments/view.ts';
import type { DayStays } from '../daycare/use-stays.ts';
import type { OpenDialog } from './counter-dialogs.tsx';
import type { LiveState } from './live.ts';
import { OutcomePanel } from './outcome.tsx';
import { Paying } from './paying.tsx';
import { FrontQuestionPanel, WaitingQuestions } from './questions.tsx';
import { Ringing } from './ringing.tsx';
import { SaleColumn } from './sale-column.tsx';
import { UnknownPanel } from './unknown.tsx';
import { unknownRuleOf, type Reference } from './use-reference.ts';
import type { Register } from './use-register.ts';
import { wayOf } from '../shared/payment-words.ts';

interface FaceProps {
  reference: Reference;
  live: LiveState;
  register: Register;
  now: Date;
  day: DayStays | null;
  onOpen: (dialog: OpenDialog) => void;
}

export function SaleFace(props: FaceProps) {
  const { payment, step, questions } = props.register;
  return (
    <SaleColumn
      step={step}
      payment={payment}
      question={questions.front?.open.prompt.titleJa ?? null}
      unknownRule={payment && unknownRuleOf(props.reference, payment)}
      cutOff={payment !== null && isCutOff(payment, props.live.terminals)}
    >
      <WaitingQuestions questions={questions} terminals={props.live.terminals} />
      {questions.front === null ? (
        <Face {...props} />
      ) : (
        <FrontQuestionPanel register={props.register} live={props.live} />
      )}
    </SaleColumn>
  );
}

function Face(props: FaceProps) {
  const { register, reference, live } = props;
  const { payment, step } = register;
  const { brandNames } = reference;
  if (step === 'ringing') return <Ringing {...props} labelOf={props.day?.labelOf} />;
  if (step === 'paying' || payment === null) return <PayingFace {...props} />;
  const unknownRule = unknownRuleOf(reference, payment);
  if (step === 'unknown') {
    return (
      <UnknownPanel
        payment={payment}
        unknownRule={unknownRule}
        brandNames={brandNames}
        terminals={live.terminals}
        cutOff={isCutOff(payment, live.terminals)}
        asksClerk={reference.session.offers.some(
          ({ id, asksClerk }) => id === payment.terminal.id && asksClerk === true,
        )}
        now={props.now}
        onLook={() => props.onOpen({ show: 'payment', id: payment.id })}
        onNext={register.next}
      />
    );
  }
  return (
    <OutcomePanel
      payment={payment}
      unknownRule={unknownRule}
      brandNames={brandNames}
      onPrimary={register.primary}
      onEscape={register.escape}
      onPrint={register.print}
    />
  );
}

function isCutOff({ terminal }: PaymentView, terminals: readonly TerminalStatus[]): boolean {
  const found = terminals.find(({ id }) => id === terminal.id);
  return found !== undefined && ['disconnected', 'connecting', 'lost'].includes(found.state);
}

/** From the press on: before the service has it, what was pressed is shown; then what is recorded. */
function PayingFace({ register, reference, live }: FaceProps) {
  const { payment, sale, basket } = register;
  const { stage } = sale;
  const shown = payment ?? { method: sale.method ?? 'credit', brand: sale.brand, amountYen: basket.totalYen };
  const reached = live.progress.find(({ paymentId }) => paymentId === payment?.id);
  const terminal = live.terminals.find(({ id }) => id === payment?.terminal.id);
  return (
    <Paying
      method={shown.method}
      way={wayOf(shown, reference.brandNames)}
      amountYen={stage.at === 'sending' ? stage.pending.request.totalYen : shown.amountYen}
      progress={reached?.progress ?? null}
      terminal={live.terminals.length > 1 && terminal ? terminal.nameJa : '端末'}
      cancelRequested={payment?.cancelRequested ?? false}
      cancelFailed={register.cancelFailed && live.connection !== 'lost'}
      troubled={stage.at === 'sending' && stage.troubled}
      canCancel={payment !== null && live.connection !== 'lost'}
      onCancel={register.escape}
    />
  );
}
