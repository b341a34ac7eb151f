/** What an item has to know beyond how many, declared as data: one entry on the screen asks for all of it. */

interface Choice {
  code: string;
  nameJa: string;
  nameEn: string;
}

/**
 * One thing to be asked. `default` null: it has to be entered; otherwise the item can be rung up with one touch, and
 * the entry is there for who needs another value.
 */
export interface InputSpec {
  code: string;
  /** `time`: `HH:MM` · `date`: `YYYY-MM-DD` · `month`: `YYYY-MM`, one of the choices · `text`: a sticker's number and the like. */
  kind: 'count' | 'choice' | 'time' | 'date' | 'month' | 'text';
  labelJa: string;
  labelEn: string;
  /** Behind a count: 人, 日. Empty for others. */
  unitJa: string;
  /** Of a count: the smallest and largest; of a date: how many days before (negative) and after the day of the sale. */
  min: number;
  max: number;
  choices: Choice[];
  default: string | null;
  /** False: it may be left empty. */
  isRequired: boolean;
}

/** As a request carries them. */
export type Inputs = Readonly<Record<string, string | number>>;

/** As a line keeps it: what was asked, and the answer as a person reads it. */
export interface LineInput {
  code: string;
  labelJa: string;
  value: string;
  textJa: string;
}

const TEXT = /^[\p{L}\p{N}-]{1,20}$/u;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

const spec = (
  kind: InputSpec['kind'],
  code: string,
  [labelJa, labelEn]: readonly [string, string],
  rest: Partial<InputSpec> = {},
): InputSpec => ({
  code,
  kind,
  labelJa,
  labelEn,
  unitJa: '',
  min: 0,
  max: 0,
  choices: [],
  default: null,
  isRequired: true,
  ...rest,
});

type Label = readonly [ja: string, en: string];

/** A whole number from 1; 1 unless something else is entered. */
export const countInput = (code: string, label: Label, unitJa: string, max: number): InputSpec =>
  spec('count', code, label, { unitJa, min: 1, max, default: '1' });

/** A count that has to be entered: 1 would be a guess. */
export const askedCountInput = (code: string, label: Label, unitJa: string, max: number): InputSpec =>
  spec('count', code, label, { unitJa, min: 1, max });

/** Without a `usual` one it has to be chosen. */
export const choiceInput = (
  code: string,
  label: Label,
  choices: Choice[],
  usual: string | null = null,
): InputSpec => spec('choice', code, label, { choices, default: usual });

/** A time of day, `HH:MM`. */
export const timeInput = (code: string, label: Label): InputSpec => spec('time', code, label);

/** A day, the day of the sale unless another is entered; at most so many days before and after it. */
export const dateInput = (code: string, label: Label, min: number, max: number): InputSpec =>
  spec('date', code, label, { min, max, default: 'today' });

/** The month in which a pass begins; the choices are those of the day of the sale (`monthsOnSale`). */
export const startMonthInput = (): InputSpec =>
  spec('month', 'startMonth', ['使い始める月', 'First month'], { default: 'today' });

/** Words; those that are not required are empty unless something is entered. */
export const textInput = (code: string, label: Label, isRequired: boolean): InputSpec =>
  spec('text', code, label, { isRequired, default: isRequired ? null : '' });

/** The specification as it stands on a day: `today` and the months on sale are filled in. */
export function inputOn(input: InputSpec, on: string): InputSpec {
  if (input.kind === 'date' && input.default === 'today') return { ...input, default: on };
  if (input.kind !== 'month') return input;
  return { ...input, choices: monthsOnSale(on), default: on.slice(0, 7) };
}

/**
 * The months with which a pass sold on a day may begin: this one to the end of the fiscal year, and from December the
 * next year's April too (a year's pass is sold from December on: the year of use is not the year of the sale).
 */
function monthsOnSale(on: string): Choice[] {
  const month = Number(on.slice(5, 7));
  const left = (15 - month) % 12;
  const ahead = month === 12 || month <= 3 ? left + 1 : left;
  return Array.from({ length: ahead + 1 }, (_, index) => {
    const code = monthAfter(on.slice(0, 7), index);
    const [year = '', number = ''] = code.split('-');
    return { code, nameJa: `${year}年${Number(number)}月`, nameEn: code };
  });
}

function monthAfter(month: string, count: number): string {
  return new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)) - 1 + count, 1))
    .toISOString()
    .slice(0, 7);
}

/** Minutes since midnight of `HH:MM`. */
export function minutesOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}

/** The answer as the line keeps it; undefined: it is missing or can't be meant. `input` is that of the day (`inputOn`). */
export function readInput(
  input: InputSpec,
  given: string | number | undefined,
  on: string,
): LineInput | undefined {
  const value = given === undefined || given === '' ? input.default : String(given);
  if (value === null) return undefined;
  if (value === '') return input.isRequired ? undefined : lineInput(input, '', '');
  switch (input.kind) {
    case 'count':
      return /^\d{1,4}$/.test(value) && Number(value) >= input.min && Number(value) <= input.max
        ? lineInput(input, String(Number(value)), `${String(Number(value))}${input.unitJa}`)
        : undefined;
    case 'choice':
    case 'month': {
      const choice = input.choices.find(({ code }) => code === value);
      return choice && lineInput(input, value, choice.nameJa);
    }
    case 'time':
      return TIME.test(value) ? lineInput(input, value, value.replace(/^0/, '')) : undefined;
    case 'date': {
      const days = daysBetween(on, value);
      if (days === undefined || days < input.min || days > input.max) return undefined;
      return lineInput(input, value, `${Number(value.slice(5, 7))}月${Number(value.slice(8))}日`);
    }
    case 'text':
      return TEXT.test(value) ? lineInput(input, value, value) : undefined;
  }
}

const lineInput = ({ code, labelJa }: InputSpec, value: string, textJa: string): LineInput => ({
  code,
  labelJa,
  value,
  textJa,
});

/** Undefined: no day of the calendar. */
function daysBetween(from: string, to: string): number | undefined {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  if (!DATE.test(to) || Number.isNaN(end) || new Date(end).toISOString().slice(0, 10) !== to)
    return undefined;
  return Math.round((end - start) / 86_400_000);
}
