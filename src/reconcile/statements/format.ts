/** How a statement is laid out, declared as data: whatever an acquirer or a bank sends is a format and not code. */
import { z } from 'zod';

export const LINE_KINDS = [
  ...(['sale', 'refund', 'chargeback', 'refund_failed', 'fee', 'carried', 'deposit', 'withdrawal'] as const),
];
export type LineKind = (typeof LINE_KINDS)[number];

const CODE = z.string().regex(/^[a-z0-9_-]{1,40}$/);
/** A column by its name in the header, by its number from 1, by bytes `from-to` counted from 1, or a path in JSON. */
const FROM = z.string().trim().min(1).max(80);

/**
 * `era`: 令和8年11月30日, R8.11.30. `era_yymmdd`: 081130, the year of 令和. `epoch`: seconds since 1970. A day or an instant
 * in `iso` that names no zone is Japan's; one that names its zone (`Z`, `+00:00`) is the day that it was in Japan then.
 */
const DATE_FORM = z.enum(['iso', 'yyyymmdd', 'yymmdd', 'era', 'era_yymmdd', 'epoch']);
export type DateForm = z.infer<typeof DATE_FORM>;

const DATE = z.strictObject({ from: FROM, form: DATE_FORM });

const LAYOUT = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('delimited'), delimiter: z.enum([',', '\t', ';']), header: z.boolean() }),
  /** One record a line; places are bytes, as half-width and full-width letters have different ones. */
  z.strictObject({ kind: z.literal('fixed'), recordBytes: z.number().int().min(1).max(4000) }),
  /** `rows`: the path to the list; empty: the whole. */
  z.strictObject({ kind: z.literal('json'), rows: z.string().trim().max(80) }),
]);
export type Layout = z.infer<typeof LAYOUT>;

/** A total that the file states about itself. With a kind: of those lines alone, without sign. */
const CONTROL = z.strictObject({
  what: z.enum(['count', 'yen', 'fee', 'net']),
  kind: z.enum(LINE_KINDS).optional(),
  from: FROM,
});
export type Control = z.infer<typeof CONTROL>;

const SHAPE_PARTS = {
  encoding: z.enum(['utf-8', 'cp932']),
  layout: LAYOUT,
  /** Lines before the header or the first record. */
  preambleLines: z.number().int().min(0).max(50),
};

/** What has to be known of a file to see its rows and columns, before anything is said of their meaning. */
export const SHAPE = z.strictObject(SHAPE_PARTS);
export type Shape = z.infer<typeof SHAPE>;

/** What kind of record a line is; left out: every line is a detail. A value that is in no list is a fault. */
export const RECORDS = z.strictObject({
  from: FROM,
  detail: z.array(z.string().max(40)).max(20),
  trailer: z.array(z.string().max(40)).max(20),
  ignore: z.array(z.string().max(40)).max(20),
});
export type Records = z.infer<typeof RECORDS>;

/** How a file is to be looked at. */
export const LOOK = z.strictObject({
  /** Null: it is guessed, and with it what the columns may mean. */
  shape: SHAPE.nullable(),
  /** Places of fixed records of which somebody wants to see what stands there. */
  places: z.array(FROM).max(60),
  /** Which of the lines are details: values are those of details. */
  records: RECORDS.optional(),
});

export type AskedLook = z.infer<typeof LOOK>;

/**
 * Whose statement it is: a merchant's number, a shop's or a terminal's, or a bank account's; in the lines, or `above` them
 * as `common` has it. A file that names another number than these is not the city's.
 */
const MERCHANT = z.strictObject({
  from: FROM,
  above: z.boolean(),
  /** Compared without leading zeros, spaces and hyphens. */
  numbers: z.array(z.string().trim().min(1).max(40)).min(1).max(60),
  /** Where it says within what the number counts: an account's bank and branch. */
  within: z.array(FROM).max(4).optional(),
});
export type Merchant = z.infer<typeof MERCHANT>;

const FIELDS_OF_FORMAT = z.strictObject({
  code: CODE,
  nameJa: z.string().trim().min(1).max(60),
  book: z.enum(['provider', 'bank']),
  /** Whose statement it is; null on a bank's, where each line's payer says it. */
  acquirer: CODE.nullable(),
  ...SHAPE_PARTS,
  records: RECORDS.optional(),
  /** Left out: nobody has said it, and whose a file is is not looked at. */
  merchant: MERCHANT.optional(),
  /** The bank account of all these files, where they do not name it: two accounts may have the same line. */
  account: z.string().trim().min(1).max(40).optional(),
  /** Of all lines: in JSON a path from the top, else `line:column` within the preamble. */
  common: z.strictObject({ batch: FROM.optional(), paysOn: DATE.optional() }),
  fields: z.strictObject({
    onDate: DATE,
    /** With the date: `hhmm`, `hhmmss` or `hh:mm:ss` in Japan; or an instant of its own. */
    time: FROM.optional(),
    at: z.strictObject({ from: FROM, form: z.enum(['iso', 'epoch']) }).optional(),
    yen: FROM,
    fee: FROM.optional(),
    terminalId: FROM.optional(),
    slip: FROM.optional(),
    approval: FROM.optional(),
    /** By kind where a sale and its refund carry it in different places. */
    providerId: z.union([FROM, z.partialRecord(z.enum(LINE_KINDS), FROM)]).optional(),
    reference: FROM.optional(),
    batch: FROM.optional(),
    paysOn: DATE.optional(),
    payer: FROM.optional(),
  }),
  /** `by_kind`: amounts carry no sign, the kind does. */
  sign: z.enum(['signed', 'by_kind']),
  /** What a value means. One that is not listed stops the whole file: it is never skipped. */
  kind: z.union([
    z.strictObject({ always: z.enum(LINE_KINDS) }),
    z.strictObject({
      from: FROM,
      values: z.record(z.string().max(40), z.enum([...LINE_KINDS, 'ignore'])),
    }),
  ]),
  brand: z.union([
    z.strictObject({ always: CODE.nullable() }),
    z.strictObject({ from: FROM, values: z.record(z.string().max(40), CODE) }),
  ]),
  /** In the trailer; with JSON, from the top. */
  controls: z.array(CONTROL).max(12),
});

const BANK_KINDS: readonly string[] = ['deposit', 'withdrawal', 'ignore'];

/** Kinds that a line of this book can have. */
export const kindsOf = (book: 'provider' | 'bank'): readonly (LineKind | 'ignore')[] =>
  [...LINE_KINDS, 'ignore' as const].filter(
    (kind) => kind === 'ignore' || BANK_KINDS.includes(kind) === (book === 'bank'),
  );

/** A provider's lines are somebody's, a bank's whoever paid; each book has kinds of its own. */
export const FORMAT = FIELDS_OF_FORMAT.refine(
  ({ book, acquirer }) => (book === 'bank') === (acquirer === null),
  {
    path: ['acquirer'],
  },
)
  .refine(
    ({ book, kind }) =>
      ('always' in kind ? [kind.always] : Object.values(kind.values)).every((each) =>
        kindsOf(book).includes(each),
      ),
    { path: ['kind'] },
  )
  .refine(({ book, merchant, account }) => account === undefined || (book === 'bank' && !merchant), {
    path: ['account'],
  });

/** As it may be declared from now on: of a bank's file somebody has to know which account it is of. */
export const NEW_FORMAT = FORMAT.refine(
  ({ book, merchant, account }) =>
    book !== 'bank' || merchant !== undefined || accountOf([account ?? '']) !== '',
  { path: ['account'] },
);

/**
 * An account by the runs of digits that name it (`123 0001234567` is `-123-1234567`), so that two ways to write it are
 * one: the one that says less is the end of the other. Numbers shorter than three digits are none. Empty: nobody knows.
 */
export function accountOf(texts: readonly string[]): string {
  const runs = texts.flatMap((text) => text.normalize('NFKC').match(/\d{3,}/g) ?? []);
  return runs.map((run) => `-${run.replace(/^0+(?=.)/, '')}`).join('');
}

export type StatementFormat = z.infer<typeof FORMAT>;

/** One line of a statement, whoever sent it. Integer yen, positive towards the city. */
export interface StatementLine {
  lineNumber: number;
  kind: LineKind;
  yen: number;
  feeYen: number | null;
  onDate: string;
  at: string | null;
  brand: string | null;
  terminalId: string | null;
  slip: string | null;
  approval: string | null;
  providerId: string | null;
  reference: string | null;
  batch: string | null;
  paysOn: string | null;
  payer: string | null;
  /** Of a bank's line, as `accountOf` has it. */
  account: string;
}

/** Why a file is not taken: for the person who has it open. Line 0: the file as a whole. */
export interface FileFault {
  line: number;
  column: string;
  message: string;
}
