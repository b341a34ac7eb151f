/** What the clerk has entered into a question so far. Pure; nothing of it is recorded before it is sent. */
import { findFieldFault, readScan, replyOf, type Entry } from '../../terminal/reply.ts';
import type { Prompt, PromptField } from '../../terminal/prompt.ts';

export interface Draft extends Omit<Entry, 'outcome'> {
  /** Null: what has happened is still asked. */
  outcome: string | null;
}

export type DraftAction =
  | { type: 'outcome_chosen'; outcome: string }
  | { type: 'back' }
  | { type: 'typed'; input: InputName; text: string }
  | { type: 'scanned'; text: string };

/** A field's input, or that for typing it a second time. */
export interface InputName {
  field: string;
  again: boolean;
}

export const EMPTY_DRAFT: Draft = { outcome: null, values: {}, again: {}, scan: null };

export function reduceDraft(prompt: Prompt, draft: Draft, action: DraftAction): Draft {
  switch (action.type) {
    case 'outcome_chosen':
      return { ...EMPTY_DRAFT, outcome: action.outcome };
    case 'back':
      return EMPTY_DRAFT;
    case 'typed': {
      const { input, text } = action;
      const part = input.again ? 'again' : 'values';
      return { ...draft, [part]: { ...draft[part], [input.field]: text } };
    }
    case 'scanned': {
      const scan = readable(action.text);
      const read = readScan(prompt, scan);
      return read === undefined ? draft : { ...draft, scan, values: { ...draft.values, ...read } };
    }
  }
}

/** A Japanese input method that was left on writes full-width digits. */
const readable = (text: string): string => text.normalize('NFKC').trim();

/** Whether this is a slip's barcode, wherever the scanner typed it. */
export const isScan = (prompt: Prompt, text: string): boolean =>
  readScan(prompt, readable(text)) !== undefined;

/** What the chosen outcome wants to know. */
export function fieldsOf({ outcomes }: Prompt, { outcome }: Draft): PromptField[] {
  return outcomes.find(({ code }) => code === outcome)?.fields ?? [];
}

/** What was read off the slip need not be typed again. */
export const isScanned = (prompt: Prompt, draft: Draft, { code }: PromptField): boolean =>
  draft.values[code] !== undefined && readScan(prompt, draft.scan)?.[code] === draft.values[code];

/** The first input that is empty or wrong, with what is wrong; null: it can be sent. */
export function firstFault(prompt: Prompt, draft: Draft): { input: InputName; fault: string } | null {
  const entry = entryOf(prompt, draft);
  for (const field of fieldsOf(prompt, draft)) {
    const fault = findFieldFault(prompt, field, entry);
    if (fault === null) continue;
    // Twice the same: what is wrong then is wrong with the first.
    const isFirst = findFieldFault(prompt, field, { ...entry, again: entry.values }) !== null;
    return { input: { field: field.code, again: !isFirst }, fault };
  }
  return null;
}

/** What is sent: the digits alone, as the slip has them. */
export function entryOf(prompt: Prompt, draft: Draft): Entry {
  const fields = fieldsOf(prompt, draft);
  const tidied = (values: Draft['values']): Record<string, string> =>
    Object.fromEntries(fields.map((field) => [field.code, tidy(field, values[field.code] ?? '')]));
  return {
    outcome: draft.outcome ?? '',
    values: tidied(draft.values),
    again: tidied(draft.again),
    scan: draft.scan,
  };
}

function tidy(field: PromptField, text: string): string {
  if (field.kind === 'choice') return text;
  const digits = readable(text).replace(/[\s,]/g, '');
  return field.kind === 'digits' ? digits : digits.replace(/[円件]$/, '').replace(/^0+(?=\d)/, '');
}

/** Whether it can be sent as it is. */
export const isWhole = (prompt: Prompt, draft: Draft): boolean =>
  replyOf(prompt, entryOf(prompt, draft)) !== undefined;
