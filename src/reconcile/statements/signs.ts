/** Whose way an amount goes: towards the city is positive, whatever the statement's own way. Integer yen. Pure. */
import type { LineKind, StatementFormat } from './format.ts';

type Sign = StatementFormat['sign'];

const TAKES_AWAY: readonly LineKind[] = ['refund', 'chargeback', 'withdrawal'];
const GIVES: readonly LineKind[] = ['sale', 'refund_failed', 'deposit'];

/** Undefined: the sign that it has contradicts its kind. */
export function signYen(yen: number, sign: Sign, kind: LineKind): number | undefined {
  const signed = sign === 'by_kind' && TAKES_AWAY.includes(kind) ? -Math.abs(yen) : yen;
  const isWrong = (GIVES.includes(kind) && signed <= 0) || (TAKES_AWAY.includes(kind) && signed >= 0);
  return isWrong ? undefined : signed;
}

/** What is taken for a sale is given back with its refund: without a sign, the kind says so here too. */
export const signFee = (yen: number, sign: Sign, kind: LineKind | undefined): number =>
  sign === 'by_kind' && kind === 'refund' ? 0 - Math.abs(yen) : yen;
