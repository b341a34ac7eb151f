/**
 * Books of chance: payments and lines with few values of everything, so that rows meet that have nothing to do with each
 * other, and keys are shared by rows that are not the same.
 */
import type { Random } from '../../../scripts/virtual/random.ts';
import { addDays } from '../../../src/reconcile/books/calendar.ts';

/** As `payments` has it, without what no comparison looks at. */
export interface Payment {
  counter: string;
  operation_id: string;
  of_operation_id: string | null;
  kind: 'sale' | 'void';
  amount_yen: number;
  state: 'approved' | 'unknown' | 'declined';
  business_date: string;
  armed_at: string;
  method: string;
  brand: string | null;
  terminal_id: string | null;
  receipt_number: string | null;
  approval_code: string | null;
  trace_number: string | null;
}

/** As `statement_lines` has it. */
export interface Line {
  line_number: number;
  acquirer: string;
  kind: string;
  yen: number;
  on_date: string;
  at: string | null;
  brand: string | null;
  terminal_id: string | null;
  slip: string | null;
  approval: string | null;
  provider_id: string | null;
  reference: string | null;
}

interface Party {
  code: string;
  brand: string;
  providerIdIn: 'trace_number' | 'none';
  /** What its statement carries. */
  keys: readonly string[];
}

/** Who settles what. */
export const ACQUIRERS: readonly [Party, ...Party[]] = [
  { code: 'psp', brand: 'visa', providerIdIn: 'trace_number', keys: ['provider_id'] },
  { code: 'gateway', brand: 'jcb', providerIdIn: 'none', keys: ['reference', 'provider_id'] },
  { code: 'card', brand: 'mastercard', providerIdIn: 'none', keys: ['slip'] },
  { code: 'qr', brand: 'paypay', providerIdIn: 'trace_number', keys: ['provider_id', 'reference', 'slip'] },
];

export class Books {
  readonly payments: Payment[] = [];
  readonly lines: Line[] = [];
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** New, or one that was unknown and is known now. */
  payment(day: string): Payment {
    const random = this.#random;
    const open = this.payments.filter(({ state }) => state === 'unknown');
    if (open[0] !== undefined && random.chance(0.2)) {
      const answer = random.chance(0.5)
        ? { receipt_number: random.pick(['1', '2']), trace_number: random.pick(['a', 'b']) }
        : {};
      return Object.assign(open[0], answer, { state: random.pick(['approved', 'approved', 'declined']) });
    }
    const { brand } = random.pick(ACQUIRERS);
    const isUnknown = random.chance(0.2);
    const told = <Value>(value: Value): Value | null => (isUnknown || random.chance(0.2) ? null : value);
    const fresh: Payment = {
      ...{
        counter: random.pick(['01', '02']),
        operation_id: `id${this.payments.length}`,
        of_operation_id: null,
      },
      ...{
        kind: 'sale',
        amount_yen: random.pick([300, 400, 400]),
        state: isUnknown ? 'unknown' : 'approved',
      },
      ...{ business_date: addDays(day, -random.below(3)), armed_at: '', method: 'credit', brand },
      ...{ terminal_id: told(random.pick(['T1', 'T2'])), receipt_number: told(String(random.below(5))) },
      ...{
        approval_code: told(random.pick(['x', 'y'])),
        trace_number: told(random.pick(['a', 'b', 'c', 'd', 'e', 'f'])),
      },
    };
    const [other] = this.#some(this.payments);
    const like =
      other !== undefined && random.chance(0.3) ? { ...other, operation_id: fresh.operation_id } : fresh;
    const isVoid = other?.kind === 'sale' && random.chance(0.3);
    const row = isVoid
      ? { ...fresh, kind: 'void' as const, of_operation_id: other.operation_id, counter: other.counter }
      : like;
    if (isVoid) Object.assign(row, { brand: other.brand, amount_yen: other.amount_yen });
    row.armed_at = `${row.business_date}T03:${String(random.below(3) * 8).padStart(2, '0')}:00Z`;
    this.payments.push(row);
    return row;
  }

  line(day: string): Line {
    const random = this.#random;
    const { code, brand, keys } = random.pick(ACQUIRERS);
    const carries = (key: string): boolean => keys.includes(key) && random.chance(0.7);
    const kind = random.pick(['sale', 'sale', 'sale', 'refund', 'chargeback', 'refund_failed']);
    const line: Line = {
      ...{ line_number: this.lines.length, acquirer: code, kind, yen: random.pick([300, 400, 400]), brand },
      ...{
        on_date: addDays(day, -random.below(3)),
        at: null,
        terminal_id: random.chance(0.6) ? random.pick(['T1', 'T2']) : null,
      },
      ...{
        slip: carries('slip') ? String(random.below(5)) : null,
        approval: random.chance(0.2) ? random.pick(['x', 'y']) : null,
      },
      provider_id: carries('provider_id') ? random.pick(['a', 'b', 'c', 'd', 'e', 'f']) : null,
      reference: carries('reference') ? `id${random.below(this.payments.length + 3)}` : null,
    };
    const [payment] = this.#some(this.payments);
    const [other] = this.#some(this.lines);
    if (other !== undefined && random.chance(0.15))
      Object.assign(line, other, { line_number: line.line_number });
    else if (payment !== undefined && random.chance(0.6)) Object.assign(line, this.#ofPayment(payment, line));
    line.yen = Math.abs(line.yen) * (line.kind === 'refund' || line.kind === 'chargeback' ? -1 : 1);
    line.at = random.chance(0.5)
      ? `${line.on_date}T03:${String(random.below(3) * 8).padStart(2, '0')}:00Z`
      : null;
    if (random.chance(0.1)) line.yen += Math.sign(line.yen) * 100;
    this.lines.push(line);
    return line;
  }

  /** A line of this payment, by what its acquirer's statement carries. */
  #ofPayment(payment: Payment, line: Line): Partial<Line> {
    const party = ACQUIRERS.find(({ brand }) => brand === payment.brand) ?? ACQUIRERS[0];
    const has = (key: string): boolean => party.keys.includes(key);
    return {
      ...{ acquirer: party.code, brand: party.brand, kind: payment.kind === 'sale' ? 'sale' : 'refund' },
      ...{ yen: payment.amount_yen, on_date: payment.business_date, terminal_id: payment.terminal_id },
      ...{ slip: has('slip') ? payment.receipt_number : null },
      ...{ provider_id: has('provider_id') ? payment.trace_number : null },
      ...{ reference: has('reference') && line.reference !== null ? payment.operation_id : null },
    };
  }

  #some<Row>(rows: readonly Row[]): Row[] {
    return rows.slice(this.#random.below(rows.length)).slice(0, 1);
  }
}
