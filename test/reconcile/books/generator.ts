/**
 * Two books of any size from one seed, with every status of a line planted, and the right answer for each row.
 *
 * An acquirer's statement carries one kind of key, as a real one does: the provider's id, our reference, terminal and
 * slip, or nothing but amount and time. Whatever is not planted is `matched`. A line's number is that of its payment,
 * so that a judge can tell a right pair from a wrong one of the same amount.
 */
import { createRandom } from '../../../scripts/virtual/random.ts';
import { addDays } from '../../../src/reconcile/books/calendar.ts';

export const AS_OF = '2026-11-26';
export const TIMING_FROM = '2026-11-19';
export const STATUSES = [
  ...([
    'matched',
    'amount_over',
    'amount_under',
    'kind_differs',
    'data_differs',
    'missing_at_provider',
  ] as const),
  ...(['missing_in_ledger', 'duplicate_at_provider', 'duplicate_in_ledger', 'timing', 'awaited'] as const),
  ...(['ambiguous', 'unknown_resolved', 'unknown_open', 'chargeback', 'refund_failed'] as const),
];
export type Status = (typeof STATUSES)[number];
type Planted = Exclude<Status, 'matched'>;

/** As `match_ours` has it. */
export interface OursRow {
  n: number;
  counter: string;
  id: string;
  of_id: string | null;
  acquirer: string;
  kind: 'sale' | 'refund';
  yen: number;
  unknown: boolean;
  on_date: string;
  at: string | null;
  brand: string | null;
  terminal_id: string | null;
  slip: string | null;
  approval: string | null;
  provider_id: string | null;
  due: string;
}

/** As `match_theirs` has it. */
export interface TheirsRow {
  n: number;
  counter: string;
  acquirer: string;
  kind: 'sale' | 'refund' | 'chargeback' | 'refund_failed';
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

export const OURS_COLUMNS = [
  ...(['n', 'counter', 'id', 'of_id', 'acquirer', 'kind', 'yen', 'unknown', 'on_date', 'at'] as const),
  ...(['brand', 'terminal_id', 'slip', 'approval', 'provider_id', 'due'] as const),
];
export const THEIRS_COLUMNS = [
  ...(['n', 'counter', 'acquirer', 'kind', 'yen', 'on_date', 'at', 'brand', 'terminal_id'] as const),
  ...(['slip', 'approval', 'provider_id', 'reference'] as const),
];

/** What belongs together: the rows of both books, and what has to be said of those that are not `matched`. */
export interface Group {
  ours: OursRow[];
  theirs: TheirsRow[];
  status: Planted | 'matched';
  /** The rows of the group that have the status; the others are matched. */
  of: { ours: string[]; theirs: number[] };
}

type KeyKind = 'provider_id' | 'reference' | 'slip' | 'amount';
const ACQUIRERS: readonly { acquirer: string; key: KeyKind; brand: string; other: string; share: number }[] =
  [
    { acquirer: 'psp', key: 'provider_id', brand: 'visa', other: 'mastercard', share: 0.7 },
    { acquirer: 'gateway', key: 'reference', brand: 'jcb', other: 'amex', share: 0.1 },
    { acquirer: 'card', key: 'slip', brand: 'mastercard', other: 'visa', share: 0.15 },
    { acquirer: 'qr', key: 'amount', brand: 'paypay', other: 'd_barai', share: 0.05 },
  ];
/** No statement of it has come. */
const AWAITED = { acquirer: 'month', key: 'slip', brand: 'diners', other: 'visa' } as const;

export const COVERED: readonly { acquirer: string; until: string }[] = ACQUIRERS.map(({ acquirer }) => ({
  acquirer,
  until: AS_OF,
}));

/** Where each status can be planted at all, by the key that the statement carries. */
const PLACES: Record<Planted, readonly KeyKind[]> = {
  amount_over: ['provider_id', 'reference', 'slip'],
  amount_under: ['provider_id', 'reference', 'slip'],
  kind_differs: ['provider_id', 'reference', 'slip'],
  data_differs: ['provider_id', 'reference', 'slip'],
  missing_at_provider: ['provider_id', 'reference', 'slip', 'amount'],
  missing_in_ledger: ['provider_id', 'reference', 'slip', 'amount'],
  duplicate_at_provider: ['provider_id', 'reference', 'slip'],
  duplicate_in_ledger: ['provider_id', 'slip'],
  timing: ['provider_id', 'reference', 'slip', 'amount'],
  awaited: ['slip'],
  ambiguous: ['amount'],
  unknown_resolved: ['reference', 'amount'],
  unknown_open: ['provider_id', 'reference', 'slip', 'amount'],
  chargeback: ['provider_id', 'reference'],
  refund_failed: ['provider_id', 'reference'],
};
const PLANTED = Object.keys(PLACES) as Planted[];
/** Of a large book, about one row in fifty is planted; of a small one, each status at least so often. */
const PLANT_EVERY = 50;
const LEAST_EACH = 3;
const FEES_YEN = [200, 300, 300, 300, 350, 400, 450, 750, 1300];
/** Rows beside a pair that is numbered already: as far away as a book can be large. */
const EXTRA = 100_000_000;

/** Groups until our book has about so many rows. */
export function* generateBooks(rows: number, seed: number): Generator<Group> {
  const random = createRandom(seed).next;
  const plantEach = Math.max(LEAST_EACH, Math.floor(rows / PLANT_EVERY / PLANTED.length));
  const plants = PLANTED.flatMap((status) =>
    Array.from({ length: plantEach }, (_, index) => ({ status, index })),
  );
  const every = Math.max(1, Math.floor(rows / plants.length));
  for (let n = 1; n <= rows; n += 1) {
    const plant = n % every === 0 ? plants.pop() : undefined;
    if (plant === undefined) {
      yield matchedGroup(n, random);
      continue;
    }
    const places = PLACES[plant.status];
    const place = places[plant.index % places.length];
    const party = plant.status === 'awaited' ? AWAITED : ACQUIRERS.find(({ key }) => key === place);
    if (party === undefined) throw new Error('no acquirer has this key');
    yield plantedGroup(plant.status, plant.index, pairOf(n, party, random), party.other, random);
  }
  for (const [index, { status }] of plants.entries())
    throw new Error(`too few rows to plant ${status} (${index} left)`);
}

interface Pair {
  ours: OursRow;
  theirs: TheirsRow;
}

function matchedGroup(n: number, random: () => number): Group {
  let left = random();
  const party = ACQUIRERS.find(({ share }) => (left -= share) < 0) ?? ACQUIRERS[0];
  if (party === undefined) throw new Error('there are acquirers');
  const { ours, theirs } = pairOf(n, party, random);
  const group: Group = { ours: [ours], theirs: [theirs], status: 'matched', of: { ours: [], theirs: [] } };
  const refund = { kind: 'refund', yen: -ours.yen, n: n + EXTRA } as const;
  const back: OursRow = { ...ours, ...refund, id: idOf(n + EXTRA), of_id: ours.id, slip: `r${n}` };
  if (party.key === 'provider_id' && random() < 0.01) {
    // Given back under the same number of the provider.
    group.ours.push(back);
    group.theirs.push({ ...theirs, ...refund });
  } else if (party.key === 'slip' && random() < 0.01) {
    // Voided before the acquirer heard of it.
    group.ours.push(back);
    group.theirs.pop();
  }
  return group;
}

/** A bijection of 48 bits, in front, as in a random UUID: ids come in no order, and differ in their first letters. */
export function idOf(n: number): string {
  const mixed = (BigInt(n) * 0x5deece66dn) & 0xffffffffffffn;
  const hex = mixed.toString(16).padStart(12, '0');
  return `${hex.slice(4)}-${hex.slice(0, 4)}-4c6d-9e3a-0d0c8a2e4b1f`;
}

function pairOf(
  n: number,
  { acquirer, key, brand }: { acquirer: string; key: KeyKind; brand: string },
  random: () => number,
): Pair {
  const yen = FEES_YEN[Math.floor(random() * FEES_YEN.length)] ?? 300;
  // Forty payments a terminal and day, more than ten minutes apart; the next forty are another terminal's.
  const place = Math.floor(n / 40);
  const on = addDays(AS_OF, -10 - (place % 50));
  const terminal = `6${String(Math.floor(place / 50)).padStart(7, '0')}`;
  const at = new Date(Date.parse(`${on}T08:30:00+09:00`) + (n % 40) * 11 * 60_000).toISOString();
  const approval = String(Math.floor(random() * 900_000) + 100_000);
  const ours: OursRow = {
    ...{
      n,
      counter: `0${(n % 7) + 1}`,
      id: idOf(n),
      of_id: null,
      acquirer,
      kind: 'sale',
      yen,
      unknown: false,
    },
    ...{ on_date: on, at, brand, terminal_id: terminal, slip: String((n % 9000) + 1), approval },
    ...{ provider_id: key === 'provider_id' ? `pi_${idOf(n).slice(0, 13)}` : null, due: addDays(AS_OF, 5) },
  };
  const nothing = {
    ...{ at: null, terminal_id: null, slip: null, approval: null },
    ...{ provider_id: null, reference: null },
  };
  const carried: Record<KeyKind, Partial<TheirsRow>> = {
    provider_id: { provider_id: ours.provider_id, at },
    reference: { reference: ours.id },
    slip: { terminal_id: terminal, slip: ours.slip, approval },
    amount: { terminal_id: terminal, at },
  };
  const theirs = { n, counter: '*', acquirer, kind: 'sale', yen, on_date: on, brand } as const;
  return { ours, theirs: { ...nothing, ...theirs, ...carried[key] } };
}

function plantedGroup(
  status: Planted,
  index: number,
  pair: Pair,
  other: string,
  random: () => number,
): Group {
  const { ours, theirs } = pair;
  const group = (o: OursRow[], t: TheirsRow[], of = { ours: o, theirs: t }): Group => ({
    ours: o,
    theirs: t,
    status,
    of: { ours: of.ours.map(({ id }) => id), theirs: of.theirs.map(({ n }) => n) },
  });
  const soon = addDays(TIMING_FROM, Math.floor(random() * 5));
  // Where nothing but the amount tells rows apart, planted ones have one of their own.
  const ownYen = 1_000_000 + ours.n;
  switch (status) {
    case 'amount_over':
      return group([ours], [{ ...theirs, yen: theirs.yen + 100 }]);
    case 'amount_under':
      return group([ours], [{ ...theirs, yen: theirs.yen - 100 }]);
    case 'kind_differs':
      return group([ours], [{ ...theirs, kind: 'refund', yen: -theirs.yen }]);
    case 'data_differs':
      return group([ours], [{ ...theirs, brand: other }]);
    case 'missing_at_provider':
    case 'awaited':
      return group([ours], []);
    case 'missing_in_ledger':
      return group([], [theirs]);
    case 'duplicate_at_provider': {
      const again = { ...theirs, n: theirs.n + EXTRA };
      return group([ours], [theirs, again], { ours: [], theirs: [again] });
    }
    case 'duplicate_in_ledger': {
      const at = new Date(Date.parse(ours.at ?? '') + 1000).toISOString();
      const again = { ...ours, n: ours.n + EXTRA, id: idOf(ours.n + EXTRA), at };
      return group([ours, again], [theirs], { ours: [again], theirs: [] });
    }
    case 'timing':
      return index % 2 === 0
        ? group([{ ...ours, on_date: soon }], [])
        : group([], [{ ...theirs, on_date: soon }]);
    case 'unknown_open':
      return group([{ ...ours, ...UNKNOWN, yen: ownYen }], []);
    case 'unknown_resolved':
      return group([{ ...ours, ...UNKNOWN, yen: ownYen }], [{ ...theirs, yen: ownYen }]);
    case 'ambiguous':
      return ambiguousGroup(index, group, { ...ours, yen: ownYen }, { ...theirs, yen: ownYen });
    case 'chargeback':
    case 'refund_failed': {
      const sign = status === 'chargeback' ? -1 : 1;
      const about = { ...theirs, n: theirs.n + EXTRA, kind: status, yen: sign * theirs.yen };
      return group([ours], [theirs, about], { ours: [], theirs: [about] });
    }
  }
}

/** The answer was lost, and with it everything that the terminal would have told. */
const UNKNOWN = { unknown: true, slip: null, approval: null, provider_id: null };

function ambiguousGroup(
  index: number,
  group: (ours: OursRow[], theirs: TheirsRow[]) => Group,
  ours: OursRow,
  theirs: TheirsRow,
): Group {
  const later = new Date(Date.parse(ours.at ?? '') + 60_000).toISOString();
  const secondOurs = { ...ours, n: ours.n + EXTRA, id: idOf(ours.n + EXTRA), at: later, slip: `s${ours.n}` };
  const secondTheirs = { ...theirs, n: theirs.n + EXTRA, at: later };
  if (index % 3 === 0) return group([ours, secondOurs], [theirs, secondTheirs]);
  return index % 3 === 1 ? group([ours], [theirs, secondTheirs]) : group([ours, secondOurs], [theirs]);
}
