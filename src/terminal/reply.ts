/** Whether a reply answers its prompt. Pure; the service and the screen ask the same. */
import type { Prompt, PromptField, Reply } from './prompt.ts';

/** What the clerk has entered so far. */
export interface Entry {
  outcome: string;
  /** Per field of the outcome. */
  values: Readonly<Record<string, string>>;
  /** The second entry of what is typed twice. */
  again: Readonly<Record<string, string>>;
  /** The slip's barcode as it was read; null: everything was typed. */
  scan: string | null;
}

/** Nine digits: a day's totals fit, a card number does not. */
const MOST_YEN = 999_999_999;
const MOST_COUNT = 99_999;

/** What is wrong with one field, for the clerk; null: nothing. */
export function findFieldFault(prompt: Prompt, field: PromptField, entry: Entry): string | null {
  const text = entry.values[field.code] ?? '';
  const fault = findTextFault(field, text);
  if (fault !== null) return fault;
  if (field.kind === 'choice' || !field.isTwice) return null;
  if (readScan(prompt, entry.scan)?.[field.code] === text) return null;
  const again = entry.again[field.code] ?? '';
  if (again === '') return 'もう一度入力してください';
  return again === text ? null : '2回の入力が違います。伝票を見て入力し直してください';
}

function findTextFault(field: PromptField, text: string): string | null {
  switch (field.kind) {
    case 'choice':
      return field.choices.some(({ code }) => code === text) ? null : '選んでください';
    case 'digits': {
      const { minDigits, maxDigits } = field;
      if (/^\d+$/.test(text) && text.length >= minDigits && text.length <= maxDigits) return null;
      return minDigits === maxDigits
        ? `${String(minDigits)}桁の数字です`
        : `${String(minDigits)}～${String(maxDigits)}桁の数字です`;
    }
    case 'count':
    case 'yen': {
      const most = field.kind === 'yen' ? MOST_YEN : MOST_COUNT;
      if (/^(0|[1-9]\d*)$/.test(text) && Number(text) <= most) return null;
      return field.kind === 'yen' ? '金額を円で入力してください' : '件数を入力してください';
    }
  }
}

/** What a slip's barcode says, by field; undefined: it is not a slip of this terminal. Leading zeros of yen fall. */
export function readScan(prompt: Prompt, scan: string | null): Record<string, string> | undefined {
  if (prompt.scanPattern === undefined || scan === null) return undefined;
  const groups = new RegExp(`^(?:${prompt.scanPattern})$`).exec(scan)?.groups;
  if (groups === undefined) return undefined;
  const fields = prompt.outcomes.flatMap((outcome) => outcome.fields);
  const isNumber = (code: string): boolean =>
    fields.some((field) => field.code === code && (field.kind === 'yen' || field.kind === 'count'));
  return Object.fromEntries(
    Object.entries(groups).map(([code, text]) => [code, isNumber(code) ? String(Number(text)) : text]),
  );
}

/** The reply that an entry makes; undefined: something is missing or wrong. */
export function replyOf(prompt: Prompt, entry: Entry): Reply | undefined {
  const outcome = prompt.outcomes.find(({ code }) => code === entry.outcome);
  if (outcome === undefined) return undefined;
  if (outcome.fields.some((field) => findFieldFault(prompt, field, entry) !== null)) return undefined;
  return {
    outcome: outcome.code,
    values: Object.fromEntries(outcome.fields.map(({ code }) => [code, entry.values[code] ?? ''])),
  };
}
