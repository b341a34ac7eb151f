/**
 * What the columns of a file may mean, by what they are called and by what stands in them. A guess to begin with: it is
 * shown, and a person says how it is. What nothing speaks for is left open. Pure.
 */
import { isRegisterOfBank, BANK_REGISTER } from './bank-register.ts';
import type { DateForm, LineKind, Records, Shape, StatementFormat } from './format.ts';
import type { FileRecord } from './records.ts';
import { inSlices, type InSlices } from './slices.ts';
import { readDate, readInstant, readYen } from './values.ts';
import type { FileLook, LookColumn, Meaning } from './view.ts';

type FieldName = keyof StatementFormat['fields'];
type Role = FieldName | 'kind' | 'brand' | 'merchant';

/** Whose it is, and no number of the city's own for a sale (加盟店取引ID). */
const MERCHANT =
  /^(加盟店|店舗|ショップ)(番号|コード|ID)$|^口座番号$|^(merchant|shop|store)_?(id|number|code)$/i;
/** Within what an account's number counts. */
const BRANCH = /^(取引)?(銀行|金融機関|支店|店)(番号|コード|番)$/;

/** As acquirers, code providers and PSPs call them; the more special name stands before the more general one. */
const NAMES: readonly (readonly [role: Role, name: RegExp])[] = [
  ['paysOn', /(振込|支払|入金|精算)予定?日|arrival_date|payout_effective_at$/i],
  ['batch', /(精算|締め?|振込)(番号|ID)|payout_?id|settlement|batch/i],
  ['kind', /(精算|取引|売上|決済)(区分|種別)|reporting_category|^(transaction_)?type$|^種別$/i],
  [
    'brand',
    /(カード|ブランド|決済)(種別|名|種類)|^(サービス|ブランド)$|(card_)?(brand|scheme)$|payment_method_type/i,
  ],
  // Beside a fee without its tax, the one with it is what is paid.
  ['fee', /^(加盟店)?手数料(合計|\(税込\))$|^total_fee$/i],
  ['fee', /^(加盟店)?手数料額?$|^fee$/i],
  ['terminalId', /端末(番号|ID|識別)|terminal/i],
  ['slip', /伝票(番号)?|receipt|slip/i],
  ['merchant', MERCHANT],
  ['approval', /承認(番号)?|approval|auth/i],
  ['reference', /加盟店.*(ID|番号)|注文番号|管理番号|order_?id|reference|metadata/i],
  // A sale's own, before that of its booking.
  ['providerId', /payment_intent/i],
  ['providerId', /(決済|取引)(番号|ID)|payment_intent|(transaction|payment|charge)_?id$/i],
  ['payer', /依頼人|振込人|摘要|payer/i],
  ['onDate', /(ご?利用|取引|売上|処理)日|^(日付|日時|年月日)$|^created(_at)?$|^(transaction_)?date$/i],
  ['yen', /^(ご?利用|取引|売上|決済|支払)?(金額|代金)$|^(gross|amount)$/i],
];

/** What a value of the kind's column means, wherever it is said in words. */
const KINDS: readonly (readonly [kind: LineKind | 'ignore', value: RegExp])[] = [
  ['refund_failed', /返金(失敗|不能|の戻り)|refund_failure/i],
  ['chargeback', /チャージバック|^(dispute|chargeback$)/i],
  ['refund', /取消|返品|返金|^(partial_)?refund$/i],
  ['carried', /繰越/],
  ['fee', /^手数料$|^fee$/i],
  ['ignore', /^payout$/i],
  ['deposit', /^入金$/],
  ['withdrawal', /^(出金|引落)$/],
  ['sale', /^(売上|売上確定|支払い?|決済|charge|pay|payment|sale)$/i],
];
const TRAILER = /^(合計|総合計|総計|計|トレーラ|trailer|total)$/i;
/** Details whose values are looked at. */
const MOST_SAMPLES = 50;
/** More kinds of record than that are none. */
const MOST_MARKS = 6;

interface Looked {
  shape: Shape;
  columns: readonly LookColumn[];
  common: FileLook['common'];
  records: readonly FileRecord[];
}

/** What the columns are likely to mean; a person decides. */
export function* guessMeaning({ shape, columns, common, records: all }: Looked): InSlices<Meaning> {
  if (shape.layout.kind === 'fixed') return yield* meaningOfFixed(all, shape.layout);
  const records = yield* marksIn(columns, all);
  // As many as are looked at; what marks a line stands in all of them.
  const details = all
    .slice(0, MOST_SAMPLES * 2)
    .filter(({ value }) => records === undefined || isDetail(value(records.from), records));
  const roles = rolesOf(columns.filter(({ from }) => from !== records?.from));
  const samples = (from: string): string[] =>
    details
      .slice(0, MOST_SAMPLES)
      .map(({ value }) => value(from) ?? '')
      .filter((text) => text !== '');
  const kindFrom = roles.get('kind');
  const values = new Set(kindFrom === undefined ? [] : samples(kindFrom));
  const yen = roles.get('yen');
  const isSigned = yen === undefined || samples(yen).some((text) => (readYen(text) ?? 0) < 0);
  return {
    ...NOTHING,
    ...(records === undefined ? {} : { records }),
    common: commonOf(common, roles),
    fields: fieldsOf(roles, samples),
    sign: isSigned || kindFrom === undefined ? 'signed' : 'by_kind',
    kind: kindFrom === undefined ? { always: 'sale' } : { from: kindFrom, values: kindsOf(values) },
    brandFrom: roles.get('brand') ?? null,
    merchantFrom: merchantOf(common, roles, columns),
  };
}

/** Places have no names: all that can be told is the standard's own layout, and lines marked in its way. */
function* meaningOfFixed(
  records: readonly FileRecord[],
  layout: Extract<Shape['layout'], { kind: 'fixed' }>,
): InSlices<Meaning> {
  const marks = new Set(yield* inSlices(records, ({ value }) => value('1') ?? ''));
  if (isRegisterOfBank(records[0], marks, layout)) return BANK_REGISTER;
  const isMarked = marks.has('2') && marks.has('8') && [...marks].every((mark) => '1289'.includes(mark));
  return isMarked ? { ...NOTHING, records: BANK_REGISTER.records } : NOTHING;
}

const NOTHING: Meaning = {
  ...{ book: 'provider', common: {}, fields: {}, sign: 'signed', kind: null, brandFrom: null },
  ...{ merchantFrom: null, controls: [] },
};

const isDetail = (mark: string | undefined, { trailer, ignore }: Records): boolean =>
  !trailer.includes(mark ?? '') && !ignore.includes(mark ?? '');

/** The column by which the last line says that it is a total. */
function* marksIn(
  columns: readonly LookColumn[],
  records: readonly FileRecord[],
): InSlices<Records | undefined> {
  const last = records.at(-1);
  for (const { from } of columns) {
    const mark = last?.value(from) ?? '';
    if (!TRAILER.test(mark.normalize('NFKC'))) continue;
    const marks = [...new Set(yield* inSlices(records, ({ value }) => value(from) ?? ''))];
    if (marks.length > MOST_MARKS || marks.length < 2) continue;
    return { from, detail: marks.filter((each) => each !== mark), trailer: [mark], ignore: [] };
  }
  return undefined;
}

/** Each role to the first column that is called so; a column has one. */
function rolesOf(columns: readonly LookColumn[]): Map<Role, string> {
  const roles = new Map<Role, string>();
  const taken = new Set<string>();
  for (const [role, name] of NAMES) {
    if (roles.has(role)) continue;
    const found = columns.find(({ from, nameJa }) => {
      const last = nameJa.normalize('NFKC').replace(/^\d+ /, '');
      return !taken.has(from) && name.test(last);
    });
    if (found === undefined) continue;
    roles.set(role, found.from);
    taken.add(found.from);
  }
  return roles;
}

function fieldsOf(
  roles: ReadonlyMap<Role, string>,
  samples: (from: string) => string[],
): Partial<StatementFormat['fields']> {
  const dated = (from: string | undefined): { from: string; form: DateForm } | undefined =>
    from === undefined ? undefined : { from, form: guessDateForm(samples(from)) ?? 'iso' };
  const [onDate, paysOn] = [dated(roles.get('onDate')), dated(roles.get('paysOn'))];
  const plain = (
    ['fee', 'terminalId', 'slip', 'approval', 'providerId', 'reference', 'batch', 'payer'] as const
  )
    .map((role) => [role, roles.get(role)] as const)
    .filter(([, from]) => from !== undefined);
  const at = onDate === undefined ? undefined : instantOf(onDate.from, samples(onDate.from));
  const yen = roles.get('yen');
  return {
    ...(onDate === undefined ? {} : { onDate }),
    ...(at === undefined ? {} : { at }),
    ...(paysOn === undefined ? {} : { paysOn }),
    ...(yen === undefined ? {} : { yen }),
    ...Object.fromEntries(plain),
  };
}

/** A day with its time in one cell. */
function instantOf(from: string, texts: readonly string[]): StatementFormat['fields']['at'] {
  const form = (['iso', 'epoch'] as const).find(
    (each) => texts.length > 0 && texts.every((text) => readInstant(text, each) !== undefined),
  );
  return form === undefined ? undefined : { from, form };
}

const FORMS: readonly DateForm[] = ['iso', 'yyyymmdd', 'era', 'epoch', 'yymmdd', 'era_yymmdd'];

/** The form in which all of these are days; of two, the one whose days are nearer to now. Undefined: none is. */
export function guessDateForm(texts: readonly string[], now = new Date()): DateForm | undefined {
  const [first] = texts;
  if (first === undefined) return undefined;
  const away = (form: DateForm): number => Math.abs(Date.parse(readDate(first, form) ?? '') - now.getTime());
  return FORMS.filter((form) => texts.every((text) => readDate(text, form) !== undefined)).toSorted(
    (a, b) => away(a) - away(b),
  )[0];
}

function kindsOf(values: ReadonlySet<string>): Record<string, LineKind | 'ignore'> {
  return Object.fromEntries(
    [...values].flatMap((value) => {
      const found = KINDS.find(([, words]) => words.test(value.normalize('NFKC')));
      return found === undefined ? [] : [[value, found[0]]];
    }),
  );
}

function merchantOf(
  common: FileLook['common'],
  roles: ReadonlyMap<Role, string>,
  columns: readonly LookColumn[],
): Meaning['merchantFrom'] {
  const column = roles.get('merchant');
  if (column !== undefined) {
    const within = columns.filter(({ from }) => BRANCH.test(from.normalize('NFKC'))).map(({ from }) => from);
    return { from: column, above: false, ...(within.length > 0 && within.length <= 4 ? { within } : {}) };
  }
  const above = behind(common, MERCHANT);
  return above === undefined ? null : { from: above.from, above: true };
}

/** What is called so once above the lines: in JSON the path is the name; in a preamble the value stands behind it. */
function behind(common: FileLook['common'], name: RegExp): FileLook['common'][number] | undefined {
  const at = common.findIndex(({ nameJa, value }) => name.test(value) || name.test(nameJa));
  const found = common[at];
  return found === undefined || name.test(found.nameJa) ? found : common[at + 1];
}

/** What stands once above the lines, where no column says it. */
function commonOf(common: FileLook['common'], roles: ReadonlyMap<Role, string>): StatementFormat['common'] {
  const batch = roles.has('batch') ? undefined : behind(common, /(精算|締め?)番号|payout\.id$/);
  const paysOn = roles.has('paysOn') ? undefined : behind(common, /(支払|入金|振込)(予定)?日|arrival_date$/);
  const form = paysOn === undefined ? undefined : guessDateForm([paysOn.value]);
  return {
    ...(batch === undefined ? {} : { batch: batch.from }),
    ...(paysOn === undefined || form === undefined ? {} : { paysOn: { from: paysOn.from, form } }),
  };
}
