/** What a clerk enters into a question: scanned or typed, full-width or not, and what is still missing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Prompt } from '../../src/terminal/prompt.ts';
import {
  EMPTY_DRAFT,
  entryOf,
  firstFault,
  isScan,
  isWhole,
  reduceDraft,
  type DraftAction,
} from '../../src/web/counter/draft.ts';

const PROMPT: Prompt = {
  operationId: null,
  titleJa: '端末に金額を打ってください',
  amountYen: 400,
  guideJa: [],
  outcomes: [
    {
      code: 'approved',
      nameJa: '承認された',
      tone: 'good',
      fields: [
        { code: 'amount', nameJa: '伝票の金額', kind: 'yen', isTwice: false },
        { code: 'slip', nameJa: '伝票番号', kind: 'digits', minDigits: 5, maxDigits: 5, isTwice: true },
      ],
    },
    { code: 'doubt', nameJa: 'わからない', tone: 'doubt', fields: [] },
  ],
  scanPattern: '(?<slip>\\d{5})(?<amount>\\d{7})',
};

const after = (...actions: DraftAction[]) =>
  actions.reduce((draft, action) => reduceDraft(PROMPT, draft, action), EMPTY_DRAFT);
const approved: DraftAction = { type: 'outcome_chosen', outcome: 'approved' };
const typed = (field: string, text: string, again = false): DraftAction => ({
  type: 'typed',
  input: { field, again },
  text,
});

test('nothing is filled in beforehand, and the first empty field is the one to go to', () => {
  assert.deepEqual(firstFault(PROMPT, after(approved))?.input, { field: 'amount', again: false });
  assert.equal(isWhole(PROMPT, after(approved)), false);
  assert.equal(isWhole(PROMPT, after({ type: 'outcome_chosen', outcome: 'doubt' })), true);
});

test('what an input method has left full-width, and commas, arrive as digits', () => {
  const draft = after(approved, typed('amount', '１，２００円'), typed('slip', '００００７'));
  assert.deepEqual(entryOf(PROMPT, draft).values, { amount: '1200', slip: '00007' });
  assert.deepEqual(firstFault(PROMPT, draft)?.input, { field: 'slip', again: true });
});

test('a code of nothing but digits is known as one in whatever field it was typed', () => {
  assert.ok(isScan(PROMPT, '000070001200'));
  assert.ok(!isScan(PROMPT, '00007'));
  const draft = after(approved, typed('amount', '000070001200'), { type: 'scanned', text: '000070001200' });
  assert.deepEqual(entryOf(PROMPT, draft).values, { amount: '1200', slip: '00007' });
  assert.ok(isWhole(PROMPT, draft), 'what was scanned is not typed again');
});

test('what was scanned and then changed by hand is typed twice again', () => {
  const scanned: DraftAction = { type: 'scanned', text: '000070001200' };
  assert.equal(isWhole(PROMPT, after(approved, scanned, typed('slip', '00008'))), false);
  assert.equal(
    isWhole(PROMPT, after(approved, scanned, typed('slip', '00008'), typed('slip', '00008', true))),
    true,
  );
});

test('choosing again forgets what was entered', () => {
  const draft = after(approved, typed('amount', '400'), { type: 'back' }, approved);
  assert.deepEqual(entryOf(PROMPT, draft).values, { amount: '', slip: '' });
});
