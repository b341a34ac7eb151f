/** The driver's own settings (`TERMINAL_OPTIONS`): which terminal stands there, and how its slip reads. */
import { z } from 'zod';
import { BRANDS, type Brand } from './brands.ts';
import type { Method } from '../../src/terminal/terminal.ts';

/** A slip number has fewer digits than any card number, so that none can be typed in its place. */
const MOST_SLIP_DIGITS = 11;

const brandsOf = (method: Method) =>
  z
    .array(z.string().refine((code) => BRANDS.some((each) => each.brand === code && each.method === method)))
    .default(() => BRANDS.filter((each) => each.method === method).map(({ brand }) => brand));

const hasSlipGroup = (pattern: string): boolean => {
  try {
    return new RegExp(pattern).source.includes('(?<slip>');
  } catch {
    // Not a pattern at all.
    return false;
  }
};

export const optionsSchema = z
  .object({
    /** What the clerks call the terminal. */
    nameJa: z.string().min(1).max(20).optional(),
    /** 端末番号 as its slips print it. */
    terminalId: z
      .string()
      .regex(/^[0-9A-Za-z-]{1,20}$/)
      .optional(),
    /** The brands that it takes, per method; left out: all. An empty list: none of that method. */
    brands: z
      .object({
        credit: brandsOf('credit'),
        debit: brandsOf('debit'),
        emoney: brandsOf('emoney'),
        qr: brandsOf('qr'),
      })
      .strict()
      .prefault({}),
    /** How many digits a 伝票番号 has. */
    slip: z
      .object({
        minDigits: z.int().min(1).max(MOST_SLIP_DIGITS),
        maxDigits: z.int().min(1).max(MOST_SLIP_DIGITS),
      })
      .strict()
      .refine(({ minDigits, maxDigits }) => minDigits <= maxDigits)
      .default({ minDigits: 3, maxDigits: 8 }),
    /** How the slip's barcode reads, with the groups `slip` and, where it is in it, `amount`; left out: it has none. */
    scanPattern: z.string().max(200).refine(hasSlipGroup).optional(),
  })
  .strict();

export type Options = z.infer<typeof optionsSchema>;

/** The brands that the settings leave. */
export const brandsTaken = ({ brands }: Options): Brand[] =>
  BRANDS.filter(({ method, brand }) => brands[method].includes(brand));
