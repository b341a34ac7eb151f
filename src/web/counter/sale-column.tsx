/** The right-hand column: the sale, one thing at a time. */
import { useEffect, useRef, type ReactNode } from 'react';
import type { PaymentView } from '../../payments/view.ts';
import type { PayStep } from './step.ts';
import { announcementOf } from './words.ts';

/** Takes the focus when it changes, so that keys work again after a touch on the terminal's own page. */
export function SaleColumn(props: {
  step: PayStep;
  payment: PaymentView | null;
  unknownRule: string | null;
  /** The payment's terminal can't be asked just now. */
  cutOff: boolean;
  /** What a terminal without a link wants to know, in a word. */
  question: string | null;
  children: ReactNode;
}) {
  const { step, payment } = props;
  const column = useRef<HTMLElement>(null);
  const shown = useRef(step);
  useEffect(() => {
    if (shown.current === step) return;
    shown.current = step;
    column.current?.focus({ preventScroll: true });
  }, [step]);
  return (
    <section ref={column} className="sale" aria-label="会計" tabIndex={-1} data-step={step}>
      {props.children}
      <p className="unseen" role="status" aria-live="assertive">
        {props.question ?? (payment === null ? '' : announcementOf(payment, props.unknownRule, props.cutOff))}
      </p>
    </section>
  );
}
