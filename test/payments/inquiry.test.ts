/** What a terminal's answer proves, and what it does not: asked through the real ledger, journal and connections. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { drivers } from '../../drivers/index.ts';
import { openJournal } from '../../src/journal/journal.ts';
import type { Evidence } from '../../src/payments/evidence.ts';
import { createDevices } from '../../src/payments/devices.ts';
import { createInquiries } from '../../src/payments/inquiry.ts';
import { createLedger, type Ledger } from '../../src/payments/ledger.ts';
import type { Payment, Recorded } from '../../src/payments/lifecycle.ts';
import type { ArmedReturn, ArmedSale, OperationEvent } from '../../src/payments/operation-events.ts';
import type { Driver } from '../../src/terminal/driver.ts';
import type {
  Finding,
  Inquiry,
  Terminal,
  TerminalAnswer,
  TerminalTotals,
} from '../../src/terminal/terminal.ts';
import { createTerminals } from '../../src/terminal/terminals.ts';
import { makeFolder } from '../support/folder.ts';
import { answerOf, armedSale, armedVoid } from '../support/sale.ts';

const NOW = new Date('2026-11-24T01:00:00.000Z');
const TERMINAL_ID = '52500041';

const totals = (totalYen: number, terminalId = TERMINAL_ID): TerminalTotals => ({
  terminalId,
  rows: [{ bucket: 'other', count: totalYen === 0 ? 0 : 1, amountYen: totalYen }],
  totalYen,
  raw: '',
});

/** A terminal that answers as it is told; every dialogue but the two queries is out of place here. */
function answering(
  { finding, onAsk }: Pick<Scene, 'finding' | 'onAsk'>,
  now: TerminalTotals,
  terminalId: string,
): Terminal {
  const closed = Promise.withResolvers<void>();
  const outOfPlace = (): never => assert.fail('a query moves no money');
  return {
    terminalId,
    closed: closed.promise,
    close() {
      closed.resolve();
      return closed.promise;
    },
    findTransaction(inquiry) {
      onAsk?.(inquiry);
      return Promise.resolve(finding);
    },
    reportTotals: () => Promise.resolve(now),
    checkHealth: () => Promise.resolve({ terminalId, ready: true, status: 'ready', remedy: 'none' }),
    abort: outOfPlace,
    authorizeSale: outOfPlace,
    authorizeVoid: outOfPlace,
    authorizeRefund: outOfPlace,
    settle: outOfPlace,
  };
}

interface Scene {
  finding: Finding;
  /** What the query throws instead of answering. */
  breaks?: Error;
  opening?: TerminalTotals;
  now?: TerminalTotals;
  connected?: string;
  armed?: Partial<ArmedSale>;
  before?: (ledger: Ledger) => void;
  /** The terminal is on record to have settled since. */
  hasSettled?: boolean;
  /** Another device stands in its place since. */
  isReplaced?: boolean;
  onAsk?: (inquiry: Inquiry) => void;
  onEnd?: (history: Recorded<OperationEvent>[]) => void;
  /** Its own dialogue was told so before the line broke. */
  told?: TerminalAnswer;
  remembers?: 'last' | 'each';
  reach?: Driver['reach'];
}

/** One interrupted sale of 400 yen, asked about once. */
async function ask(t: TestContext, scene: Scene): Promise<Payment> {
  const journal = openJournal(
    join(makeFolder(t), 'journal.sqlite'),
    { municipality: '122327', counter: '01', book: 'trial' },
    () => NOW,
  );
  const asked = Promise.withResolvers<void>();
  const ledger = createLedger(journal, () => undefined);
  journal.append('totals', null, { terminal: '1', totals: scene.opening ?? totals(0) });
  scene.before?.(ledger);
  const id = randomUUID();
  ledger.record(id, { type: 'armed', payload: armedSale({ terminalId: TERMINAL_ID, ...scene.armed }) });
  if (scene.told) ledger.record(id, { type: 'answer', payload: { answer: scene.told, refused: null } });
  ledger.record(id, { type: 'interrupted', payload: { reason: 'the line broke' } });
  if (scene.hasSettled === true) journal.append('period_began', null, { terminal: '1' });
  if (scene.isReplaced === true) journal.append('terminal_replaced', null, { terminal: '1' });
  const [driver] = drivers;
  assert.ok(driver !== undefined);
  const terminal = answering(scene, scene.now ?? totals(0), scene.connected ?? TERMINAL_ID);
  const terminals = createTerminals(
    [
      {
        id: '1',
        driver: { ...driver, remembers: scene.remembers ?? 'last', reach: scene.reach ?? 'line' } as Driver,
        connect: () =>
          Promise.resolve({
            ...terminal,
            ...(scene.breaks && { findTransaction: () => Promise.reject(scene.breaks ?? assert.fail()) }),
          }),
      },
    ],
    {
      askFor: () => () => assert.fail('no clerk is asked'),
      onChange: () => undefined,
      onConnected: () => Promise.resolve(),
      onReady(id) {
        inquiries.wake(id);
        // Whoever is asked is asked by now; and whoever is not asked tells nobody.
        if (scene.isReplaced === true) asked.resolve();
      },
      onHealth: () => undefined,
      onError: (_id, error) => asked.reject(error),
    },
  );
  const inquiries = createInquiries({
    journal,
    ledger,
    terminals,
    devices: createDevices(journal),
    onAsked: () => {
      if (scene.finding.kind === 'in_progress' || ledger.find(id)?.queries !== 0) asked.resolve();
    },
    onError: () => asked.reject(new Error('taken for silence')),
    onFatal: asked.reject,
  });
  terminals.start();
  await asked.promise.finally(() => Promise.all([inquiries.stop(), terminals.stop()]));
  const payment = ledger.find(id);
  scene.onEnd?.(ledger.history(id));
  journal.close();
  assert.ok(payment !== undefined);
  return payment;
}

const stored = (change = {}): Finding => ({ kind: 'approved', answer: answerOf('approved', change) });
const nothing: Finding = { kind: 'inconclusive', reason: 'no last payment' };

test('a stored payment that fits is the sale', async (t) => {
  const payment = await ask(t, { finding: stored() });
  assert.equal(payment.state, 'approved');
  assert.equal(payment.late, true);
});

test('a bug in a query ends the process: it is no silence of the terminal', async (t) => {
  const breaks = new TypeError('a bug');
  await assert.rejects(ask(t, { finding: nothing, breaks }), breaks);
});

test('the evidence names who was asked: a terminal, or the provider behind a service', async (t) => {
  for (const [reach, source] of [
    ['line', 'terminal_query'],
    ['clerk', 'terminal_query'],
    ['service', 'provider_api'],
  ] as const) {
    const onEnd: Scene['onEnd'] = (history) => {
      const evidence = history.findLast(({ type }) => type === 'evidence');
      assert.equal((evidence?.payload as Evidence).source, source);
    };
    await ask(t, { finding: stored(), reach, onEnd });
  }
});

test('a stored payment of another amount is not: an answer that was refused can not come back as approved', async (t) => {
  const payment = await ask(t, { finding: stored({ amountYen: 4000 }) });
  assert.equal(payment.state, 'unknown');
  assert.equal(payment.queries, 1);
});

test('the terminal is asked with the payment stored before, and whether its numbers have begun anew since', async (t) => {
  const sold = answerOf('approved', { receiptNumber: '0041' });
  const before = (ledger: Ledger): void => {
    ledger.record('before', { type: 'armed', payload: armedSale({ terminalId: TERMINAL_ID }) });
    ledger.record('before', { type: 'answer', payload: { answer: sold, refused: null } });
    ledger.record('before', { type: 'ended', payload: { kind: 'completed' } });
  };
  const asked: unknown[] = [];
  const onAsk = ({ previous, settledSince }: Inquiry): void =>
    void asked.push([previous?.receiptNumber, settledSince]);
  await ask(t, { finding: nothing, before, onAsk });
  await ask(t, { finding: nothing, before, onAsk, hasSettled: true });
  assert.deepEqual(asked, [
    ['0041', false],
    ['0041', true],
  ]);
});

test('a terminal that is still busy has established nothing: it holds its place, and is asked again', async (t) => {
  const payment = await ask(t, { finding: { kind: 'in_progress', reason: 'the terminal is still busy' } });
  assert.deepEqual([payment.state, payment.queries], ['unknown', 0]);
});

test('another terminal on the same line proves nothing, and the query still counts', async (t) => {
  for (const finding of [stored(), { kind: 'not_charged', reason: 'older' } as const]) {
    const payment = await ask(t, { finding, connected: '99999999' });
    assert.deepEqual([payment.state, payment.queries], ['unknown', 1]);
  }
});

const loseRival = (ledger: Ledger): void => lose(ledger, armedSale({ terminalId: TERMINAL_ID }));

function lose(ledger: Ledger, payload: ArmedSale | ArmedReturn): void {
  const rival = randomUUID();
  ledger.record(rival, { type: 'armed', payload });
  ledger.record(rival, { type: 'interrupted', payload: { reason: 'the line broke' } });
}

test('while another sale of the terminal is unknown, one stored payment proves neither', async (t) => {
  assert.equal((await ask(t, { finding: stored(), before: loseRival })).state, 'unknown');
});

test('what is unknown on another terminal, or a void, which names what it has undone, is no rival: the stored sale proves this one', async (t) => {
  for (const other of [armedSale({ terminal: '2' }), armedVoid(randomUUID())]) {
    const payment = await ask(t, { finding: stored(), before: (ledger) => lose(ledger, other) });
    assert.equal(payment.state, 'approved', other.kind);
  }
});

test('a refund of the same amount that is unknown may be what is stored, as a sale may be in the place of a refund', async (t) => {
  const refund = armedVoid(randomUUID(), { kind: 'refund', terminalId: TERMINAL_ID });
  const payment = await ask(t, { finding: stored(), before: (ledger) => lose(ledger, refund) });
  assert.equal(payment.state, 'unknown');
  const other = { ...refund, amountYen: refund.amountYen + 100 };
  const proven = await ask(t, { finding: stored(), before: (ledger) => lose(ledger, other) });
  assert.equal(proven.state, 'approved');
});

test('nobody is asked about what an earlier device took: the new one knows nothing of it', async (t) => {
  const payment = await ask(t, { finding: stored(), isReplaced: true });
  assert.deepEqual([payment.state, payment.queries], ['unknown', 0]);
});

test('the numbers that its own dialogue was told prove it, whatever else is unknown; other numbers do not', async (t) => {
  const told = answerOf('approved');
  const proven = await ask(t, { finding: stored(), before: loseRival, told });
  assert.equal(proven.state, 'approved');
  const finding = stored({ traceNumber: '000999' });
  assert.equal((await ask(t, { finding, before: loseRival, told })).state, 'unknown');
  const declined = answerOf('declined');
  assert.equal((await ask(t, { finding: stored(), before: loseRival, told: declined })).state, 'unknown');
  // A number that neither of them names is no number.
  const untold = {
    told: answerOf('approved', { traceNumber: null }),
    finding: stored({ traceNumber: null }),
  };
  assert.equal((await ask(t, { ...untold, before: loseRival })).state, 'unknown');
});

test('a terminal that finds each sale by its own id proves this one, whatever else is unknown', async (t) => {
  const payment = await ask(t, { finding: stored(), before: loseRival, remembers: 'each' });
  assert.equal(payment.state, 'approved');
});

test('where each sale is found by its own id, the successor of a broken terminal can say what became of it', async (t) => {
  const payment = await ask(t, { finding: stored(), connected: '99999999', remembers: 'each' });
  assert.equal(payment.state, 'approved');
  const another = stored({ terminalId: '99999999' });
  assert.equal(
    (await ask(t, { finding: another, connected: '99999999', remembers: 'each' })).state,
    'unknown',
  );
});

test('a terminal that holds nothing proves nothing, whatever its totals were: it may have settled unseen', async (t) => {
  for (const scene of [{}, { opening: totals(400) }, { now: totals(400) }, { hasSettled: true }]) {
    const payment = await ask(t, { finding: nothing, ...scene });
    assert.deepEqual([payment.state, payment.queries], ['unknown', 1]);
  }
});
