/** The people at the counter, who play what is planned: each story through the same functions that the screens call. */
import { setTimeout as delay } from 'node:timers/promises';
import type { ScriptStep } from '../../drivers/zvt/virtual/resident.ts';
import { businessDateOf } from '../../src/business-date.ts';
import { priceLines, type AskedLine } from '../../src/fees/pricing.ts';
import type { ReturnReason } from '../../src/payments/return-records.ts';
import type { PaymentView } from '../../src/payments/view.ts';
import { SAMPLE_STAFF } from '../../src/staff/sample.ts';
import { signatureOf, type Person, type Signature } from '../../src/staff/staff.ts';
import type { Random } from '../virtual/random.ts';
import { tenderAt, type PaidWith } from './baskets.ts';
import { uuidOf } from './chance.ts';
import type { DemoCounter } from './counter.ts';
import type { Story, Visit } from './plan.ts';
import type { Window } from './year.ts';

const person = (number: string): Person => {
  const found = SAMPLE_STAFF.find((each) => each.number === number);
  if (found === undefined) throw new Error(`nobody has the number ${number}`);
  return { number, name: found.nameJa, roles: found.roles, windows: null };
};
const HANAKO = person('1001');
export const TREASURER = person('1002');
export const ACCOUNTANT = person('1003');
const AT: Readonly<Record<Window, Person>> = {
  resident: HANAKO,
  tax: HANAKO,
  daycare: person('1005'),
  bicycle: person('1006'),
};

/** A sale that has to be given back on a later day. */
export interface ToGiveBack {
  saleId: string;
  way: 'refund' | 'promise';
}

/** A payment whose result nobody knows, with what the plan has in store for it. */
export interface Left {
  id: string;
  traceNumber: number;
  visit: Visit;
}

export interface Clerk {
  /** Plays a visit; resolves when the counter is free again. */
  serve(visit: Visit): Promise<void>;
  giveBack(which: ToGiveBack): Promise<void>;
  /** Two people put down what they have found out, and what follows from it. */
  resolve(left: Left): Promise<void>;
  /** What has come up and is for a later day, taken out. */
  readonly toGiveBack: ToGiveBack[];
  readonly left: Left[];
}

const LOOKS_AGAIN_AFTER_MS = 400;
/** A terminal that is away is back by then; else something is wrong with the play. */
const PATIENCE_MS = 300_000;

export function createClerk(counter: DemoCounter, random: Random): Clerk {
  const { payments, counted, machine, catalogue, now } = counter;
  const toGiveBack: ToGiveBack[] = [];
  const left: Left[] = [];
  const present = (brand: string): ScriptStep => ({
    do: { act: 'present', brand: brand },
    afterMs: 1_500 + random.below(6_000),
  });
  const totalOf = (window: string, lines: readonly AskedLine[]): number => {
    const approver = { number: '', name: '' };
    const priced = priceLines(catalogue, window, businessDateOf(now()), lines, () => approver);
    if ('fault' in priced) throw new Error(`${window}: ${JSON.stringify(priced)}`);
    return priced.totalYen;
  };
  const until = async (isSo: () => boolean): Promise<void> => {
    for (let waitedMs = 0; !isSo(); waitedMs += LOOKS_AGAIN_AFTER_MS) {
      if (waitedMs > PATIENCE_MS) throw new Error('the counter does not come back');
      await delay(LOOKS_AGAIN_AFTER_MS);
    }
  };
  const isReady = (): boolean => payments.terminalStatus().every(({ state }) => state === 'ready');
  const stateOf = (id: string): PaymentView => {
    const view = payments.find(id);
    if (view === undefined) throw new Error(`${id} is not on record`);
    return view;
  };
  const ended = async (id: string): Promise<PaymentView> => {
    await until(() => stateOf(id).state !== 'armed');
    await until(isReady);
    return stateOf(id);
  };
  const ask = async (
    visit: Visit,
    lines: AskedLine[],
    { method, brand }: PaidWith,
    step: ScriptStep,
  ): Promise<string> => {
    // It may just be asked how it is.
    await until(isReady);
    const id = uuidOf(random);
    const totalYen = totalOf(visit.window, lines);
    machine.resident.nextStep = () => step;
    const request = { id, window: visit.window, lines, totalYen, method, anotherResident: true };
    payments.take({ ...request, ...(method === 'emoney' && { brand }) }, AT[visit.window]);
    return id;
  };
  const pay = async (
    visit: Visit,
    lines: AskedLine[],
    paidWith: PaidWith,
    step = present(paidWith.brand),
  ): Promise<PaymentView> => ended(await ask(visit, lines, paidWith, step));
  const count = ({ window, lines }: Pick<Visit, 'window' | 'lines'>): void => {
    const totalYen = totalOf(window, lines);
    const tender = totalYen > 0 ? 'cash' : 'nothing';
    counted.count({ id: uuidOf(random), window, lines, totalYen, tender }, AT[window]);
  };
  const giveBack = async (
    sale: PaymentView,
    kind: 'void' | 'refund',
    reason: ReturnReason,
    lines?: { position: number; quantity: number }[],
  ): Promise<void> => {
    const back = lines ?? sale.linesLeft.filter(({ quantity }) => quantity > 0);
    const totalYen = back.reduce((sum, { position, quantity }) => {
      const line = sale.linesLeft.find((each) => each.position === position);
      return sum + (line?.unitPriceYen ?? 0) * quantity;
    }, 0);
    await until(isReady);
    machine.resident.nextStep = () => present(sale.brand ?? '');
    const request = { id: uuidOf(random), kind, totalYen, reason, note: '', ...(lines && { lines }) };
    payments.afterwards.giveBack(sale.id, request, TREASURER, secondFor(totalYen));
    await ended(request.id);
  };

  const stories: Record<Story, (visit: Visit, tender: PaidWith) => Promise<void>> = {
    async paid(visit, tender) {
      await pay(visit, visit.lines, tender);
    },
    async declined(visit, tender) {
      const first = tenderAt(visit.window, random);
      const why = first.method === 'credit' || first.method === 'debit' ? 'refuse' : 'insufficient';
      const act = { act: why, brand: first.brand as never } as const;
      await pay(visit, visit.lines, first, { do: act, afterMs: 2_000 });
      await delay(15_000);
      await pay(visit, visit.lines, tender);
    },
    async wrong(visit, tender) {
      const sale = await pay(visit, onceMore(visit.lines), tender);
      await delay(25_000);
      await giveBack(sale, 'void', 'wrong_item');
      await pay(visit, visit.lines, tender);
    },
    async unplugged(visit, tender) {
      const sale = await pay(visit, visit.lines, tender, {
        ...present(tender.brand),
        pullCableAt: 'stored',
      });
      await until(() => stateOf(sale.id).state !== 'unknown');
      if (stateOf(sale.id).toDecide) payments.desk.decide(sale.id, KEPT, TREASURER);
    },
    async refunded(visit, tender) {
      const sale = await pay(visit, visit.lines, tender);
      toGiveBack.push({ saleId: sale.id, way: 'refund' });
    },
    async promised(visit, tender) {
      const sale = await pay(visit, visit.lines, tender);
      toGiveBack.push({ saleId: sale.id, way: 'promise' });
    },
    async walked_away(visit, tender) {
      await pay(visit, visit.lines, tender, { do: { act: 'walk_away' }, afterMs: 45_000 });
    },
    async stopped(visit, tender) {
      await pay(visit, visit.lines, tender, { do: { act: 'stop' }, afterMs: 8_000 });
      count(visit);
    },
    async cancelled(visit, tender) {
      const id = await ask(visit, visit.lines, tender, { ...present(tender.brand), afterMs: 50_000 });
      await delay(12_000);
      payments.cancel(id, AT[visit.window]);
      await ended(id);
      count(visit);
    },
    async left(visit, tender) {
      const act = { act: 'leave_early', brand: tender.brand as never } as const;
      const sale = await pay(visit, visit.lines, tender, { do: act, afterMs: 2_500 });
      const entry = counter.book.entries().at(-1);
      if (sale.state !== 'unknown' || entry?.state !== 'pending')
        throw new Error(`${tender.brand} that left too soon is ${sale.state}`);
      left.push({ id: sale.id, traceNumber: entry.traceNumber, visit });
      // The resident is in a hurry and pays in cash.
      count(visit);
    },
  };

  return {
    toGiveBack,
    left,
    async serve(visit) {
      if (visit.tender === null) count(visit);
      else await stories[visit.story](visit, visit.tender);
    },
    async giveBack({ saleId, way }) {
      const sale = stateOf(saleId);
      const part = sale.linesLeft.find(({ quantity, care }) => quantity > 1 && care === undefined);
      const lines = part && [{ position: part.position, quantity: 1 }];
      if (way === 'refund') return giveBack(sale, 'refund', 'resident_request', lines);
      const totalYen = sale.amountYen;
      const request = { id: uuidOf(random), totalYen, reason: 'not_issued', note: '申請の取り下げ' } as const;
      payments.afterwards.promiseRefund(saleId, request, TREASURER, secondFor(totalYen));
    },
    async resolve({ id, visit }) {
      const isPaid = visit.aftermath?.touchedOn != null;
      payments.desk.resolve(id, {
        finding: isPaid ? 'approved' : 'not_charged',
        reason: isPaid ? '決済会社の明細にあることを確認' : '決済会社に照会し、売上がないことを確認',
        people: [TREASURER.name, ACCOUNTANT.name],
      });
      if (!isPaid || !stateOf(id).toDecide) return;
      // It was paid in cash too: accounting gives it back.
      const { amountYen } = stateOf(id);
      const note = '処理未了のあと現金でも支払い済み';
      const request = { id: uuidOf(random), totalYen: amountYen, reason: 'charged_twice', note } as const;
      payments.afterwards.promiseRefund(id, request, TREASURER, secondFor(amountYen));
      await delay(1_000);
    },
  };
}

const KEPT = { decision: 'keep', note: 'その場で確認' } as const;

/** The treasurer gives money back; from a certain amount on somebody else confirms it. */
const secondFor = (amountYen: number): Signature | null => (amountYen >= 5_000 ? signatureOf(HANAKO) : null);

/** The first line once more than was wanted. A pass is there once; a time is as long as it is. */
function onceMore(lines: readonly AskedLine[]): AskedLine[] {
  const [first, ...rest] = lines;
  if (first === undefined || first.inputs?.['sticker'] !== undefined) return [...lines];
  return [{ ...first, quantity: first.quantity + 1 }, ...rest];
}
