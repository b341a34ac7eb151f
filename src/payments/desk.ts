/**
 * The unknown desk: what people do about a payment whose result no dialogue told. Each act is an event of the payment;
 * what it makes of the payment is decided in lifecycle.ts.
 */
import { businessDateOf } from '../business-date.ts';
import { AppError } from '../errors.ts';
import type { Brand } from '../fees/catalogue.ts';
import { signatureOf, type Person } from '../staff/staff.ts';
import type { Balance, Progress } from '../terminal/terminal.ts';
import type { Terminals } from '../terminal/terminals.ts';
import { allowedDecisions } from './brand-rules.ts';
import type { StatementFinding } from './evidence.ts';
import type { Ledger } from './ledger.ts';
import { isToBeDecided, type Payment } from './lifecycle.ts';
import type { Decision } from './operation-events.ts';

/** How long a terminal may stay silent before the 出納員 may take other payments on it. */
export const RELEASE_AFTER_MS = 300_000;

/** What two people have established where no machine knows. */
export interface Resolution {
  finding: 'approved' | 'not_charged';
  /** What they looked at: the provider's page, the resident's statement, the terminal's own slip. */
  reason: string;
  people: readonly [string, string];
}

export interface DeskOptions {
  ledger: Ledger;
  terminals: Pick<Terminals, 'claim'>;
  /** The brand with its rules, as the catalogue knows it now. */
  findBrand: (code: string | null) => Brand | undefined;
  now: () => Date;
  onProgress: (paymentId: string, progress: Progress) => void;
}

export interface UnknownDesk {
  /** @throws AppError before the terminal has been silent for long enough */
  releaseLock(id: string, clerk: Person): Payment;
  /** @throws AppError where there is nothing to resolve, or its terminal can still be asked */
  resolve(id: string, resolution: Resolution): Payment;
  /** @throws AppError where there is nothing to decide */
  decide(id: string, decided: { decision: Decision; note: string }, clerk: Person): Payment;
  /** Shows the card to the terminal again and reads what is left on it; takes nothing. @throws AppError */
  readBalance(id: string, clerk: Person): Promise<{ balance: Balance; payment: Payment }>;
  /** Records what a statement says and this counter does not know; each line once. Whatever has changed by it. */
  hearStatement(findings: readonly StatementFinding[]): Payment[];
}

/** An unknown holds its terminal back until one query was answered: the next sale may destroy the evidence. */
export const holdsTerminal = ({ state, queries, lockReleased }: Payment): boolean =>
  state === 'unknown' && queries === 0 && !lockReleased;

/** The desk over the ledger: every decision goes on the payment's own record. */
export function createUnknownDesk(options: DeskOptions): UnknownDesk {
  const { ledger, terminals, findBrand, now, onProgress } = options;
  const find = (id: string): Payment => {
    const payment = ledger.find(id);
    if (payment === undefined) throw new AppError('not_found');
    return payment;
  };
  return {
    releaseLock(id, clerk) {
      const payment = find(id);
      if (!holdsTerminal(payment)) throw new AppError('not_locked');
      const releasableAt = Date.parse(payment.stateAt) + RELEASE_AFTER_MS;
      if (now().getTime() < releasableAt) {
        throw new AppError('release_too_early', { releasableAt: new Date(releasableAt).toISOString() });
      }
      return ledger.record(id, { type: 'lock_released', payload: signatureOf(clerk) });
    },
    resolve(id, { finding, reason, people }) {
      const payment = find(id);
      if (payment.state !== 'unknown' && !payment.contradicted) throw new AppError('not_unknown');
      // Before its terminal has been asked, or was given up, a machine may know: people come last.
      if (holdsTerminal(payment)) throw new AppError('ask_terminal_first');
      const payload = { source: 'two_people', finding, reason, people, answer: null } as const;
      return ledger.record(id, { type: 'evidence', payload });
    },
    decide(id, { decision, note }, clerk) {
      const payment = find(id);
      if (!isToBeDecided(payment)) throw new AppError('nothing_to_decide');
      const brand = findBrand(payment.answer?.brand ?? payment.armed.brand);
      if (!allowedDecisions(payment.armed.businessDate, brand, businessDateOf(now())).includes(decision))
        throw new AppError('brand_forbids_void', { brand: brand?.nameJa ?? null });
      if (decision !== 'keep' && note === '') throw new AppError('reason_missing');
      return ledger.record(id, { type: 'decided', payload: { decision, note, ...signatureOf(clerk) } });
    },
    async readBalance(id, clerk) {
      const payment = find(id);
      // Before the terminal was asked what it has stored, nothing else is asked of it.
      if (holdsTerminal(payment)) throw new AppError('terminal_locked', { paymentId: id });
      const claim = terminals.claim(payment.armed.terminal);
      if (claim === 'busy') throw new AppError('terminal_busy');
      if (claim === 'disconnected') throw new AppError('terminal_disconnected');
      try {
        if (claim.terminal.readBalance === undefined) throw new AppError('no_balance_here');
        const balance = await claim.terminal.readBalance((progress) => onProgress(id, progress));
        if (balance.kind === 'unread') return { balance, payment };
        const { balanceYen, brand } = balance;
        const read = { type: 'balance_read', payload: { ...signatureOf(clerk), balanceYen, brand } } as const;
        return { balance, payment: ledger.record(id, read) };
      } finally {
        claim.release();
      }
    },
    hearStatement: (findings) => findings.flatMap((finding) => takeFinding(ledger, finding)),
  };
}

function takeFinding(ledger: Ledger, { operationId, ...statement }: StatementFinding): Payment[] {
  const payment = ledger.find(operationId);
  // What its terminal still works on has its own answer first; what is approved is no news.
  if (payment === undefined || payment.state === 'armed' || payment.state === 'approved') return [];
  const isKnown = ledger
    .history(operationId)
    .some(({ type, payload }) => type === 'evidence' && payload.statement?.lineId === statement.lineId);
  if (isKnown) return [];
  const reason = `line ${statement.line} of ${statement.file}`;
  const says = {
    source: 'provider_statement',
    finding: 'approved',
    reason,
    answer: null,
    statement,
  } as const;
  return [ledger.record(operationId, { type: 'evidence', payload: says })];
}
