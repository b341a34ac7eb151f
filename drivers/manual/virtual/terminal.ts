/** The virtual terminal itself: keypad, card reader and printer. Nobody but its own keys tells it anything. */
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { BRANDS, METHODS, type Brand } from '../brands.ts';
import type { Book, Entry } from './book.ts';

const MOST_YEN = 9_999_999;
const PAPERS_KEPT = 6;

/** What the resident does while a card is awaited. */
export const residentSchema = z.discriminatedUnion('act', [
  z.object({ act: z.literal('present'), brand: z.string() }).strict(),
  z.object({ act: z.enum(['insufficient', 'refuse', 'walk_away', 'stop']) }).strict(),
]);
export type Resident = z.infer<typeof residentSchema>;

/** What is pressed on the terminal. */
export const keySchema = z.discriminatedUnion('key', [
  z.object({ key: z.literal('sale'), amountYen: z.int().min(1).max(MOST_YEN) }).strict(),
  z
    .object({
      key: z.literal('refund'),
      slip: z.string().regex(/^\d{1,5}$/),
      amountYen: z.int().min(1).max(MOST_YEN),
    })
    .strict(),
  z.object({ key: z.literal('void'), slip: z.string().regex(/^\d{1,5}$/) }).strict(),
  z.object({ key: z.enum(['stop', 'report', 'settle', 'reprint']) }).strict(),
]);
export type Key = z.infer<typeof keySchema>;

/** A piece of paper from the printer. */
export interface Paper {
  title: string;
  lines: [label: string, value: string][];
  /** What its barcode says, and the picture of it. */
  code: { text: string; svg: string } | null;
}

export interface State {
  phase: 'idle' | 'waiting' | 'processing' | 'done';
  /** How the last operation ended. */
  result: 'approved' | 'declined' | 'cancelled' | 'voided' | 'refunded' | 'refused' | 'printed' | null;
  amountYen: number | null;
  title: string;
  detail: string;
  /** Newest first. */
  papers: Paper[];
}

export interface VirtualTerminal {
  state(): State;
  book(): readonly Entry[];
  /** False: the terminal does not take that key now. */
  press(key: Key): Promise<boolean>;
  /** False: no card is awaited. */
  resident(act: Resident): Promise<boolean>;
  /** What the residents of the next sales do by themselves. */
  plan(acts: readonly Resident[]): void;
  subscribe(listener: () => void): () => void;
}

const IDLE: Omit<State, 'papers'> = {
  phase: 'idle',
  result: null,
  amountYen: null,
  title: 'いらっしゃいませ',
  detail: '金額を打ってください',
};

const yen = (amount: number): string => `${amount.toLocaleString('ja-JP')}円`;
const brandOf = (code: string): Brand | undefined => BRANDS.find(({ brand }) => brand === code);

/** The sales that no void has taken back. */
const standing = (entries: readonly Entry[]): Entry[] =>
  entries.filter(
    ({ kind, slip }) => kind === 'sale' && !entries.some((each) => each.kind === 'void' && each.of === slip),
  );

/** What refunds have given back of a sale. */
const refundedOf = (entries: readonly Entry[], slip: string): number =>
  entries
    .filter(({ kind, of }) => kind === 'refund' && of === slip)
    .reduce((sum, { amountYen }) => sum + amountYen, 0);

/** What the functions below share. */
interface Machine {
  book: Book;
  issuerMs: number;
  state: State;
  planned: Resident[];
  /** What the awaited card is for: a sale if it is none of an earlier one. */
  refunding: Entry | null;
  show: (change: Partial<State>) => void;
}

/** A terminal at rest. @param issuerMs how long the issuer takes to answer */
export function createTerminal(book: Book, issuerMs: number): VirtualTerminal {
  const listeners = new Set<() => void>();
  const machine: Machine = {
    book,
    issuerMs,
    state: { ...IDLE, papers: [] },
    planned: [],
    refunding: null,
    show(change) {
      machine.state = { ...machine.state, ...change };
      for (const listener of listeners) listener();
    },
  };
  return {
    state: () => machine.state,
    book: () => book.entries(),
    press: (key) => press(machine, key),
    resident: (act) => actAsResident(machine, act),
    plan(acts) {
      machine.planned.splice(0, machine.planned.length, ...acts);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function print({ state, show }: Machine, paper: Paper): void {
  show({ papers: [paper, ...state.papers].slice(0, PAPERS_KEPT) });
}

function finish(
  { show }: Machine,
  result: NonNullable<State['result']>,
  title: string,
  detail: string,
): void {
  show({ phase: 'done', result, title, detail });
}

async function actAsResident(machine: Machine, act: Resident): Promise<boolean> {
  const { phase, amountYen } = machine.state;
  if (phase !== 'waiting' || amountYen === null) return false;
  if (act.act === 'stop' || act.act === 'walk_away') {
    finish(machine, 'cancelled', '中止しました', 'お支払いはされていません');
    return true;
  }
  const brand = act.act === 'present' ? brandOf(act.brand) : undefined;
  if (act.act === 'present' && brand === undefined) return false;
  machine.show({ phase: 'processing', title: '処理しています', detail: 'カードはそのままお待ちください' });
  if (machine.issuerMs > 0) await delay(machine.issuerMs);
  if (brand === undefined) {
    const why = act.act === 'insufficient' ? '残高が足りません' : 'カード会社が承認しませんでした';
    finish(machine, 'declined', 'お取り扱いできません', why);
    return true;
  }
  if (machine.refunding !== null) return payBack(machine, machine.refunding, amountYen);
  await store(machine, { kind: 'sale', amountYen, method: brand.method, brand: brand.brand, of: null });
  finish(machine, 'approved', '承認されました', `${brand.nameJa} ${yen(amountYen)}`);
  return true;
}

async function payBack(machine: Machine, { slip, method, brand }: Entry, amountYen: number): Promise<true> {
  await store(machine, { kind: 'refund', amountYen, method, brand, of: slip });
  finish(machine, 'refunded', '返品しました', `もとの伝票番号 ${slip} ${yen(amountYen)}`);
  return true;
}

/** On the disk first, then on paper. */
async function store(machine: Machine, moved: Omit<Entry, 'slip' | 'at'>): Promise<void> {
  const { book } = machine;
  const entry = { ...moved, slip: book.nextSlip(), at: new Date().toISOString() };
  book.add(entry);
  print(machine, await slipOf(entry));
}

async function press(machine: Machine, key: Key): Promise<boolean> {
  const { state, show, book } = machine;
  if (key.key === 'stop') {
    if (state.phase === 'waiting') return actAsResident(machine, { act: 'stop' });
    if (state.phase === 'done') show(IDLE);
    return state.phase !== 'processing';
  }
  if (state.phase === 'waiting' || state.phase === 'processing') return false;
  switch (key.key) {
    case 'sale':
      machine.refunding = null;
      await awaitCard(machine, key.amountYen);
      break;
    case 'refund':
      await beginRefund(machine, key.slip.padStart(5, '0'), key.amountYen);
      break;
    case 'void':
      await cancel(machine, key.slip.padStart(5, '0'));
      break;
    case 'reprint': {
      const last = book.entries().at(-1);
      if (last !== undefined) print(machine, await slipOf(last));
      finish(machine, 'printed', last === undefined ? '伝票がありません' : '再印字しました', '');
      break;
    }
    case 'report':
      print(machine, totalsOf(book.running(), '中間計'));
      finish(machine, 'printed', '中間計を印字しました', '合計は消えていません');
      break;
    case 'settle':
      print(machine, totalsOf(book.running(), '日計'));
      book.settle();
      finish(machine, 'printed', '日計が終わりました', '売上を送信し、合計を0に戻しました');
      break;
  }
  return true;
}

async function awaitCard(machine: Machine, amountYen: number): Promise<void> {
  const title = machine.refunding === null ? 'カードをどうぞ' : '返品です。カードをどうぞ';
  machine.show({ phase: 'waiting', result: null, amountYen, title, detail: yen(amountYen) });
  const act = machine.planned.shift();
  if (act !== undefined) await actAsResident(machine, act);
}

/** Of a sale of any day, as far as it stands. */
async function beginRefund(machine: Machine, slip: string, amountYen: number): Promise<void> {
  const entries = machine.book.entries();
  const sale = standing(entries).find((entry) => entry.slip === slip);
  if (sale === undefined || refundedOf(entries, slip) + amountYen > sale.amountYen) {
    finish(machine, 'refused', '返品できません', `伝票番号 ${slip} に ${yen(amountYen)} は残っていません`);
    return;
  }
  machine.refunding = sale;
  await awaitCard(machine, amountYen);
}

async function cancel(machine: Machine, slip: string): Promise<void> {
  const entries = machine.book.running();
  const sale = standing(entries).find((entry) => entry.slip === slip && refundedOf(entries, slip) === 0);
  if (sale === undefined) {
    finish(machine, 'refused', '取り消せません', `伝票番号 ${slip} の支払いがありません`);
    return;
  }
  const { amountYen, method, brand } = sale;
  await store(machine, { kind: 'void', amountYen, method, brand, of: slip });
  machine.show({ amountYen });
  finish(machine, 'voided', '取り消しました', `伝票番号 ${slip} ${yen(amountYen)}`);
}

async function slipOf(entry: Entry): Promise<Paper> {
  const { default: QRCode } = await import('qrcode');
  const text = `SLIP${entry.slip}-${String(entry.amountYen).padStart(7, '0')}`;
  return {
    title: { sale: '売上票', void: '取消票', refund: '返品票' }[entry.kind],
    lines: [
      ['伝票番号', entry.slip],
      ['種類', brandOf(entry.brand)?.nameJa ?? entry.brand],
      ['金額', `${entry.kind === 'sale' ? '' : '-'}${yen(entry.amountYen)}`],
      ...(entry.of === null ? [] : [['もとの伝票', entry.of] satisfies [string, string]]),
    ],
    code: { text, svg: await QRCode.toString(text, { type: 'svg', margin: 0 }) },
  };
}

/** What is standing, per kind of payment: a void takes its sale out of the count too. */
function totalsOf(entries: readonly Entry[], title: string): Paper {
  const counted = standing(entries);
  const refunds = entries.filter(({ kind }) => kind === 'refund');
  const sumOf = (some: readonly Entry[]): string =>
    `${some.length}件 ${yen(some.reduce((sum, { amountYen }) => sum + amountYen, 0))}`;
  return {
    title,
    lines: [
      ...METHODS.map(({ method, nameJa }): [string, string] => [
        nameJa,
        sumOf(counted.filter((entry) => entry.method === method)),
      ]),
      ['合計', sumOf(counted)],
      ...(refunds.length === 0 ? [] : [['返品', sumOf(refunds)] satisfies [string, string]]),
    ],
    code: null,
  };
}
