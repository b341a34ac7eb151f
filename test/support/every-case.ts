/** Four books in which everything goes wrong that can: each kind of case once, out of real journals and real files. */
import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import iconv from 'iconv-lite';
import { sql, type Kysely } from 'kysely';
import type { Database } from '../../src/db/schema.ts';
import { reconcileDay } from '../../src/reconcile/reconcile.ts';
import { sellByCode } from './books.ts';
import { openTestCounter, type TestCounter } from './drained.ts';
import { testGrain } from './grain.ts';
import { MUNICIPALITY } from './postgres.ts';
import { answerOf, armedSale } from './sale.ts';

/** The day on which most of it happens, a Monday; later days each have one settlement of their own. */
const DAY = '2026-11-02';
/** What is looked at then is due, and nothing is too late to be asked about. */
export const TODAY = new Date('2026-12-10T00:00:00Z');

/** By card, with the slip that the acquirer's statement names; or with a brand that nobody settles. */
function sellByCard(counter: TestCounter, slip: string, amountYen: number, brand = 'visa'): void {
  const id = randomUUID();
  const [line] = armedSale().lines;
  if (line === undefined) throw new Error('the sample sale has no line');
  const lines = [{ ...line, unitPriceYen: amountYen, amountYen }];
  counter.record(id, { type: 'armed', payload: armedSale({ amountYen, lines, businessDate: DAY }) });
  const answer = answerOf('approved', { amountYen, brand, receiptNumber: slip, approvalCode: `A${slip}` });
  counter.record(id, { type: 'answer', payload: { answer, refused: null } });
  counter.record(id, { type: 'ended', payload: { kind: 'completed' } });
}

/** By code, and the answer was lost. */
function lose(counter: TestCounter, amountYen: number): string {
  const id = randomUUID();
  const way = { method: 'qr', brand: 'paypay' } as const;
  counter.record(id, { type: 'armed', payload: armedSale({ amountYen, businessDate: DAY, ...way }) });
  counter.record(id, { type: 'interrupted', payload: { reason: 'the line broke' } });
  return id;
}

const CODE_HEAD =
  '取引日時\t決済番号\t加盟店取引ID\tサービス\t取引種別\t端末ID\t金額\t手数料\t精算ID\t振込予定日';

interface CodeLine {
  day?: string;
  reference?: string;
  yen: number;
  brand?: string;
  kind?: string;
  fee?: string;
  batch?: string;
  paysOn?: string;
}

function codeFile(lines: readonly CodeLine[]): Buffer {
  const rows = lines.map((each, index) =>
    [
      ...[`${each.day ?? DAY} 09:10:05`, `n${String(index)}`, each.reference ?? '', each.brand ?? 'PayPay'],
      ...[each.kind ?? '支払い', '52500041', each.yen, each.fee ?? Math.round(each.yen * 0.0324)],
      ...[each.batch ?? 'QR20261102', each.paysOn ?? '2026-11-06'],
    ].join('\t'),
  );
  return Buffer.from(`${[CODE_HEAD, ...rows].join('\n')}\n`);
}

type CardLine = readonly [slip: string, yen: number, kind?: string];

/** @param off yen by which the file's own total is wrong */
function cardFile(lines: readonly CardLine[], { off = 0, whose = '白井市' } = {}): Buffer {
  const amount = (yen: number): string => (yen < 0 ? `△${String(-yen)}` : String(yen));
  // Nothing is given back of the fee for what is charged back.
  const fee = (yen: number): number => Math.round(Math.max(0, yen) * 0.0324);
  const total = (of: (yen: number) => number): number => lines.reduce((sum, [, yen]) => sum + of(yen), 0);
  const rows = lines.map(([slip, yen, kind = '売上']) =>
    [
      ...['明細', 'R08/11/02', '52500041', slip, `A${slip}`, 'VISA', amount(yen), amount(fee(yen)), kind],
    ].join(','),
  );
  const end = `合計,${String(lines.length)},,,,,${amount(total((yen) => yen) + off)},${amount(total(fee))},`;
  const head = [`ご利用代金明細書,${whose}`, '精算番号,KC202611', 'お支払日,令和8年12月28日'];
  const names = '区分,ご利用日,端末番号,伝票番号,承認番号,カード種別,ご利用金額,手数料,精算区分';
  return iconv.encode(`${[...head, names, ...rows, end].join('\r\n')}\r\n`, 'cp932');
}

/** Deposits in the bank's 200 places, of the code company where nobody else is named. */
function bankFile(deposits: readonly (readonly [yymmdd: string, yen: number, payer?: string])[]): Buffer {
  const record = (text: string): string => text.padEnd(200, ' ');
  const details = deposits.map(([day, yen, payer = 'ｺｰﾄﾞｹﾂｻｲ'], index) =>
    record(
      `2${String(index + 1).padStart(8, '0')}${day}${day}111${String(yen).padStart(12, '0')}${'0'.repeat(45)}${payer}`,
    ),
  );
  const total = deposits.reduce((sum, [, yen]) => sum + yen, 0);
  const end = `8${String(deposits.length).padStart(6, '0')}${String(total).padStart(13, '0')}${'0'.repeat(19)}`;
  return iconv.encode(
    [record('103'.padEnd(63) + '0001234567'), ...details, record(end), record('9')].join(''),
    'cp932',
  );
}

/** A settlement of one sale on a day of its own, with what the bank makes of it; what does not agree lies far apart. */
const SETTLEMENTS = [
  { day: '2026-08-03', paysOn: '2026-08-06', yen: 10_000, paid: [['080806', 9_000]] },
  { day: '2026-09-01', paysOn: '2026-09-04', yen: 20_000, paid: [['080904', 19_900]] },
  {
    ...{ day: '2026-10-01', paysOn: '2026-10-06', yen: 30_000 },
    paid: [
      ['081006', 5_000],
      ['081006', 1_000],
    ],
  },
  { day: '2026-11-20', paysOn: '2026-11-26', yen: 40_000, fee: '1500', paid: [['081126', 38_500]] },
  { day: '2026-11-24', paysOn: '2026-11-27', yen: 50_000, fee: '', paid: [['081127', 48_380]] },
  { day: '2026-11-30', paysOn: '2026-12-03', yen: 60_000, paid: [] },
] as const;

/** The first day's batch less its fees, which is paid as it should be. */
const FIRST_NET = 3_626;

/** What an office is handed on that morning: a format's code, a name, the bytes. */
export type Handed = readonly [format: string, name: string, bytes: Buffer];

/** Sells at five counters, and returns the files that an office is handed. */
export async function plantEveryCase(t: TestContext, db: Kysely<Database>): Promise<Handed[]> {
  const [main, replaced, forgotten, other] = ['02', '03', '04', '05'].map((name) =>
    openTestCounter(t, db, name),
  ) as [TestCounter, TestCounter, TestCounter, TestCounter];
  const lines = sellWrong(main);
  closeWrong(main, replaced);
  forgotten.sell({ amountYen: 1_200, businessDate: DAY });
  for (const { day, yen, paysOn, ...rest } of SETTLEMENTS) {
    const reference = sellByCode(other, { slip: day.slice(8), amountYen: yen, businessDate: day });
    const fee = 'fee' in rest ? { fee: rest.fee } : {};
    lines.push({ day, yen, reference, ...fee, batch: `QR${day.replaceAll('-', '')}`, paysOn });
    other.close(day, [{ bucket: 'other', count: 1, amountYen: yen }]);
  }
  for (const counter of [main, replaced, forgotten, other]) await counter.drain();
  for (const counter of ['02', '03'])
    await reconcileDay(db, { municipality: MUNICIPALITY, counter, businessDate: DAY }, () => testGrain);
  const card: CardLine[] = [
    ['0012', 410],
    ['0020', 620],
    ['0020', 620],
    ['0030', 900],
    ['0030', -900, 'チャージバック'],
  ];
  return [
    ['card-monthly', '合計違い.csv', cardFile(card, { off: 1_000 })],
    ['card-monthly', 'よその市.csv', cardFile(card, { whose: '隣野市' })],
    ['card-monthly', 'カード11月.csv', cardFile(card)],
    ['qr-daily', '壊れた.tsv', Buffer.from(`${codeFile([]).toString()}${DAY}\tx\n`)],
    ['qr-daily', 'コード11月.tsv', codeFile(lines)],
    [
      ...(['zengin-account', '口座11月.dat'] as const),
      // The last is none of ours, and shows that the register reaches the last pay day.
      bankFile([
        ['081106', FIRST_NET],
        ...SETTLEMENTS.flatMap(({ paid }) => [...paid]),
        ['081203', 3_000, 'ｼﾐﾝｾﾞｲ'],
      ]),
    ],
  ];
}

/** What each of these is, the code company's lines say. */
function sellWrong(counter: TestCounter): CodeLine[] {
  const sell = (amountYen: number): string =>
    sellByCode(counter, { slip: String(amountYen), amountYen, businessDate: DAY });
  counter.readTotals('opening', DAY, []);
  const twice = sell(250);
  const back = sell(260);
  sell(1_500);
  const lines: CodeLine[] = [
    { reference: sell(400), yen: 500 },
    { reference: sell(300), yen: 200 },
    { reference: sell(350), yen: -350, kind: '返金' },
    { reference: sell(450), yen: 450, brand: 'd払い' },
    { reference: 'somebody else', yen: 777 },
    { reference: twice, yen: 250 },
    { reference: twice, yen: 250 },
    { reference: back, yen: 260 },
    { reference: back, yen: 260, kind: '返金失敗' },
    { reference: lose(counter, 820), yen: 820 },
  ];
  lose(counter, 810);
  const doubted = sell(330);
  lines.push({ reference: doubted, yen: 330 });
  const finding = {
    source: 'terminal_query',
    finding: 'not_charged',
    reason: 'older',
    answer: null,
  } as const;
  counter.record(doubted, { type: 'evidence', payload: finding });
  // A slip that two payments carry, one that both books have twice, and one that is charged back.
  for (const [slip, yen] of [
    ['0012', 410],
    ['0012', 410],
    ['0020', 620],
    ['0020', 620],
    ['0030', 900],
  ] as const)
    sellByCard(counter, slip, yen);
  sellByCard(counter, '0040', 640, 'house_card');
  return lines;
}

/** One terminal has counted 100 yen more than we know of; another was replaced, and nobody has read what it held. */
function closeWrong(main: TestCounter, replaced: TestCounter): void {
  main.close(DAY, [{ bucket: 'card', count: 6, amountYen: 3_700 }]);
  replaced.readTotals('opening', DAY, []);
  replaced.sell({ amountYen: 980, businessDate: DAY, brand: 'mastercard' });
  replaced.settleByItself();
  replaced.close(DAY, []);
}

/** Money that a provider sent and no bank took: the services that tell it are tested beside their driver. */
export async function plantFailedPayout(db: Kysely<Database>): Promise<void> {
  const row = { source: 'stripe', payout_id: 'po_1', yen: 3_400, due: '2026-10-30', is_canceled: false };
  await db
    .insertInto('failed_payouts')
    .values({ ...row, municipality: MUNICIPALITY, reason: 'account_closed' })
    .execute();
}

/** A comparison that can't explain all of its difference is a fault of ours: none is known, so that one is written by hand. */
export async function plantUnexplained(db: Kysely<Database>): Promise<void> {
  await sql`
    INSERT INTO match_runs (municipality, run_id, as_of, cause, seen_line, ours, theirs, changed, summary)
    SELECT municipality, run_id + 1, as_of, 'test', seen_line, ours, theirs, changed,
      jsonb_set(summary, '{edges,0,remainderYen}', '123')
    FROM match_runs WHERE municipality = ${MUNICIPALITY} ORDER BY run_id DESC LIMIT 1`.execute(db);
}
