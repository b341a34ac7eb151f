/** What the clerk's word about the newest slip proves, and what it does not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manual } from '../../../drivers/manual/manual.ts';
import type { Prompt } from '../../../src/terminal/prompt.ts';
import type { Finding, Inquiry } from '../../../src/terminal/terminal.ts';
import { answerOf } from '../../support/sale.ts';

const INQUIRY: Inquiry = {
  operationId: 'sale',
  amountYen: 400,
  armedAt: '2026-11-24T01:05:00.000Z',
  answer: null,
  previous: answerOf('approved', { receiptNumber: '0001' }),
};

/** The clerk reads this off the terminal's newest slip. */
async function look(
  inquiry: Inquiry,
  values: Record<string, string>,
): Promise<{ finding: Finding; prompt: Prompt }> {
  let asked: Prompt | undefined;
  const terminal = await manual.connect((prompt) => {
    asked = prompt;
    return Promise.resolve({ outcome: 'last_slip', values });
  }, {});
  const finding = await terminal.findTransaction(inquiry);
  await terminal.close();
  return { finding, prompt: asked ?? assert.fail('nobody was asked') };
}

const fieldsOf = ({ outcomes }: Prompt): string[] =>
  outcomes.find(({ code }) => code === 'last_slip')?.fields.map(({ code }) => code) ?? [];

test('the number of the payment before proves that nothing was taken, where the terminal was not settled since', async () => {
  const { finding, prompt } = await look(INQUIRY, { slip: '1', settled: 'no' });
  assert.equal(finding.kind, 'not_charged');
  assert.deepEqual(fieldsOf(prompt), ['slip', 'settled']);
});

test('after a 日計 that may have been, the same number may be the lost payment’s own', async () => {
  assert.equal((await look(INQUIRY, { slip: '0001', settled: 'maybe' })).finding.kind, 'inconclusive');
});

test('where a 日計 is on record no number proves anything, and nobody is asked about it', async () => {
  const { finding, prompt } = await look({ ...INQUIRY, settledSince: true }, { slip: '0001' });
  assert.equal(finding.kind, 'inconclusive');
  assert.deepEqual(fieldsOf(prompt), ['slip']);
});
