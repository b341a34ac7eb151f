/** What a clerk's word means for the money: of a sale, of what gives one back, of the newest slip, of a 日計. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manual } from '../../../drivers/manual/manual.ts';
import type { AskClerk, Prompt, Reply } from '../../../src/terminal/prompt.ts';
import {
  TerminalError,
  type Finding,
  type Inquiry,
  type Terminal,
  type TerminalAnswer,
} from '../../../src/terminal/terminal.ts';
import { answerOf } from '../../support/sale.ts';

type Word = Reply | 'nobody is there';

const word = (outcome: string, values: Record<string, string> = {}): Reply => ({ outcome, values });
const SLIP = { slip: '00012', brand: 'visa', amount: '400' };
const SALE = { operationId: 'sale', amountYen: 400, method: 'credit', brand: null } as const;

interface Told {
  terminal: Terminal;
  /** The questions that somebody saw. */
  asked: Prompt[];
}

/** A clerk who says these words, one to each question. */
async function clerkSays(...words: Word[]): Promise<Told> {
  const asked: Prompt[] = [];
  const ask: AskClerk = (prompt) => {
    const said = words.shift() ?? assert.fail(`nobody expected ${prompt.titleJa}`);
    if (said === 'nobody is there') return Promise.reject(new TerminalError('nobody is there', false));
    asked.push(prompt);
    return Promise.resolve(said);
  };
  return { terminal: await manual.connect(ask, {}), asked };
}

/** What came of a dialogue, in a word, and what was recorded of it. */
async function comesTo(
  dialogue: (commit: (answer: TerminalAnswer) => 'acknowledge' | 'refuse') => Promise<{ kind: string }>,
): Promise<[end: string, ...verdicts: string[]]> {
  const verdicts: string[] = [];
  try {
    const { kind } = await dialogue((answer) => {
      verdicts.push(answer.isStored === true ? `${answer.verdict}, stored` : answer.verdict);
      return answer.verdict !== 'approved' || answer.amountYen === 400 ? 'acknowledge' : 'refuse';
    });
    return [kind, ...verdicts];
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    return [error.moneyMayHaveMoved ? 'may have moved' : 'did not move', ...verdicts];
  }
}

const sells = async (...words: Word[]) => {
  const { terminal, asked } = await clerkSays(...words);
  const came = await comesTo((commit) => terminal.authorizeSale(SALE, commit, () => undefined));
  return { came, questions: asked.length };
};

test('a clerk who does not know whether it was approved leaves it unknown', async () => {
  assert.deepEqual((await sells(word('doubt'))).came, ['may have moved']);
});

test('a question that nobody saw has moved nothing; the one after a wish to stop, perhaps', async () => {
  assert.deepEqual((await sells('nobody is there')).came, ['did not move']);
  const isSeen = Promise.withResolvers<undefined>();
  let questions = 0;
  const terminal = await manual.connect((_, withdrawn) => {
    questions += 1;
    if (questions > 1) return Promise.reject(new TerminalError('nobody is there', false));
    return new Promise((_resolve, reject) => {
      withdrawn.addEventListener('abort', () => reject(new TerminalError('withdrawn', true)));
      isSeen.resolve(undefined);
    });
  }, {});
  const came = comesTo((commit) => terminal.authorizeSale(SALE, commit, () => undefined));
  await isSeen.promise;
  terminal.abort();
  assert.deepEqual([await came, questions], [['may have moved'], 2]);
});

const wrong = word('approved', { ...SLIP, amount: '4000' });

test('a wrong amount is asked about until it is undone there, read rightly, or left as it is', async () => {
  const undone = await sells(wrong, word('voided', { slip: '00013' }));
  assert.deepEqual(undone.came, ['completed', 'approved', 'cancelled, stored']);
  const misread = await sells(wrong, word('misread', { amount: '4001' }), word('misread', { amount: '400' }));
  assert.deepEqual(misread, { came: ['completed', 'approved', 'approved', 'approved'], questions: 3 });
  assert.deepEqual((await sells(wrong, word('not_voided'))).came, ['completed', 'approved']);
  assert.deepEqual((await sells(wrong, word('doubt'))).came, ['completed', 'approved']);
});

test('a wrong amount of which nobody can be asked any more may have been taken', async () => {
  assert.deepEqual((await sells(wrong, 'nobody is there')).came, ['may have moved', 'approved']);
});

const of = answerOf('approved', { receiptNumber: '00012' });
const VOID = { operationId: 'void', amountYen: 400, of, settledSince: false };
const REFUND = { operationId: 'refund', amountYen: 400, of, soldAt: '2026-11-24T01:05:00.000Z' };

for (const [what, said, came] of [
  ['was made', word('voided', SLIP), ['completed', 'approved']],
  ['was refused', word('not_voided'), ['aborted', 'declined']],
  ['is not known', word('doubt'), ['may have moved']],
] as const) {
  test(`a 取消 that ${what}: ${came.join(', ')}`, async () => {
    const { terminal } = await clerkSays(said);
    const ended = await comesTo((commit) => terminal.authorizeVoid(VOID, commit, () => undefined));
    assert.deepEqual(ended, came);
  });
}

for (const [what, said, came] of [
  ['was made', word('refunded', SLIP), ['completed', 'approved']],
  ['was refused', word('not_refunded'), ['aborted', 'declined']],
  ['is not known', word('doubt'), ['may have moved']],
] as const) {
  test(`a 返品 that ${what}: ${came.join(', ')}`, async () => {
    const { terminal } = await clerkSays(said);
    const ended = await comesTo(
      (commit) => terminal.authorizeRefund?.(REFUND, commit, () => undefined) ?? assert.fail(),
    );
    assert.deepEqual(ended, came);
  });
}

test('what can be no 取消 or 返品 of that slip is never asked for', async () => {
  const { terminal } = await clerkSays();
  const none = { ...of, receiptNumber: null };
  const voids = [
    { ...VOID, of: none },
    { ...VOID, amountYen: 300 },
    { ...VOID, settledSince: true },
  ];
  for (const order of voids) {
    assert.deepEqual(await comesTo((commit) => terminal.authorizeVoid(order, commit, () => undefined)), [
      'not_sent',
    ]);
  }
  const refunds = [
    { ...REFUND, of: none },
    { ...REFUND, amountYen: 401 },
    { ...REFUND, of: { ...of, amountYen: null } },
  ];
  for (const order of refunds) {
    const ended = await comesTo(
      (commit) => terminal.authorizeRefund?.(order, commit, () => undefined) ?? assert.fail(),
    );
    assert.deepEqual(ended, ['not_sent']);
  }
});

const INQUIRY: Inquiry = {
  operationId: 'sale',
  amountYen: 400,
  armedAt: '2026-11-24T01:05:00.000Z',
  answer: null,
  previous: answerOf('approved', { receiptNumber: '00011' }),
};
const corrected = answerOf('cancelled', { receiptNumber: '00013', isStored: true });

/** What the newest slip proves. */
const FOUND: readonly [what: string, said: Reply, kind: Finding['kind'], about?: Partial<Inquiry>][] = [
  ['its own', word('found', SLIP), 'approved'],
  ['of another amount', word('found', { ...SLIP, amount: '500' }), 'inconclusive'],
  ['the one before, with the same amount', word('found', { ...SLIP, slip: '11' }), 'inconclusive'],
  ['one that nobody knows', word('last_slip', { slip: '00012', settled: 'no' }), 'inconclusive'],
  ['the one before', word('last_slip', { slip: '00011', settled: 'no' }), 'not_charged'],
  ['the one before, and nobody was asked about a 日計', word('last_slip', { slip: '00011' }), 'inconclusive'],
  [
    'that of its own 取消',
    word('last_slip', { slip: '00013', settled: 'no' }),
    'not_charged',
    { answer: corrected },
  ],
  [
    'another than its own 取消',
    word('last_slip', { slip: '00014', settled: 'no' }),
    'inconclusive',
    { answer: corrected },
  ],
  ['not printed yet', word('none'), 'inconclusive'],
  ['not to be found', word('doubt'), 'inconclusive'],
];
for (const [what, said, kind, about] of FOUND) {
  test(`the newest slip is ${what}: ${kind}`, async () => {
    const { terminal } = await clerkSays(said);
    assert.equal((await terminal.findTransaction({ ...INQUIRY, ...about })).kind, kind);
  });
}

/** Of one settlement, with the totals that were recorded before the clerk was told to press 日計. */
async function settles(
  ...words: Word[]
): Promise<{ came: string; recordedBefore: number; questions: number }> {
  const { terminal, asked } = await clerkSays(...words);
  let recordedBefore = -1;
  const [came] = await comesTo(
    () =>
      terminal.settle?.(
        {},
        () => {
          recordedBefore = asked.length;
        },
        () => undefined,
      ) ?? assert.fail(),
  );
  return { came, recordedBefore, questions: asked.length };
}

test('a 日計 is told only once its totals are on record, and a doubt about it stays one', async () => {
  assert.deepEqual(await settles(word('nothing'), word('settled')), {
    ...{ came: 'settled', recordedBefore: 1, questions: 2 },
  });
  assert.equal((await settles(word('nothing'), word('not_settled'))).came, 'open');
  assert.equal((await settles(word('nothing'), word('doubt'))).came, 'may have moved');
});

test('without totals no 日計 is asked for', async () => {
  assert.deepEqual(await settles(word('unreadable')), {
    ...{ came: 'did not move', recordedBefore: -1, questions: 1 },
  });
});
