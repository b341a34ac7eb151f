/**
 * A counter as a process of its own, on a real file, a real line and the real PostgreSQL, that ends itself by SIGKILL at
 * the moment that it is told: `node counter-program.ts ORDER`, JSON. It prints what is on record once it is in use
 * again, and once more when all its deeds are done; then it stops.
 */
import { join } from 'node:path';
import { zvt } from '../../drivers/zvt/zvt.ts';
import { closeDay } from '../../src/closing/closing.ts';
import { projectOperations } from '../../src/counter-core.ts';
import { openDb } from '../../src/db/db.ts';
import { createArchive, type Archive, type ArchiveTransaction } from '../../src/journal/archive.ts';
import { fileOpener, openSqlite } from '../../src/journal/file.ts';
import type { PaymentView } from '../../src/payments/view.ts';
import { parseAddress, portOpener } from '../../src/terminal/port.ts';
import { guarded } from './cable.ts';
import { HANAKO, returnOf, saleOf, TARO } from './clerk.ts';
import { IDENTITY, openCounter } from './counter.ts';
import { guardedSqlite } from './disk.ts';
import { createLife, type Life } from './life.ts';

export type Deed =
  | { do: 'sell'; id: string; quantity: number }
  | { do: 'give back'; kind: 'void' | 'refund'; id: string; of: string; totalYen: number }
  | { do: 'close' }
  /** PostgreSQL, which was gone until now, is there again. */
  | { do: 'drain' };

export interface Order {
  folder: string;
  line: string;
  database: string;
  /** Counted from the last deed on, or from the start if there is none; 0: it does not die. */
  dieAt: number;
  deeds: readonly Deed[];
}

/** What it prints, one a line. */
export interface OnRecord {
  payments: (Pick<PaymentView, 'id' | 'kind' | 'state' | 'amountYen' | 'reason'> & { of: string | null })[];
  head: { sequence: number; hash: string };
  /** Passed since the last deed began, or since the start. */
  moments: number;
}

const { folder, line, database, dieAt, deeds } = JSON.parse(process.argv[2] ?? '') as Order;
const address = parseAddress(line);
if (address === undefined) throw new Error(`no line: ${line}`);

let moments = 0;
let isCounting = deeds.length === 0;
let isReachable = deeds.every((deed) => deed.do !== 'drain');
const life = createLife(
  'counter',
  () => {
    moments += 1;
    return isCounting && moments === dieAt;
  },
  () => process.kill(process.pid, 'SIGKILL'),
);
const openPort = portOpener(address);
const db = openDb(database, () => undefined, IDENTITY.municipality);

/** Each statement is an effect, and the commit is one. */
function guardedArchive(archive: Archive, own: Life): Archive {
  const statements = (trx: ArchiveTransaction): ArchiveTransaction => ({
    lockJournals: () => own.doesLater('database', 'lock', () => trx.lockJournals()),
    findOtherBook: () => own.doesLater('database', 'select', () => trx.findOtherBook()),
    register: (head, status) => own.doesLater('database', 'register', () => trx.register(head, status)),
    insert: (events) => own.doesLater('database', 'insert', () => trx.insert(events)),
    moveHead: (head) => own.doesLater('database', 'update', () => trx.moveHead(head)),
    project: (ids) => own.doesLater('database', 'project', () => trx.project(ids)),
  });
  return {
    transact(journal, act) {
      if (!isReachable) return Promise.reject(new Error('PostgreSQL is gone'));
      return own.doesLater('database', 'transaction', () =>
        archive.transact(journal, (trx) => act(statements(trx))),
      );
    },
  };
}

const counter = openCounter({
  path: join(folder, 'journal.sqlite'),
  openFile: fileOpener((path) => life.does('journal', 'open', () => guardedSqlite(openSqlite(path), life))),
  archive: guardedArchive(createArchive(db, projectOperations), life),
  terminals: [
    { id: '1', driver: zvt, connect: () => zvt.connect(async () => guarded(await openPort(), life), {}) },
  ],
  now: () => new Date(),
  onError: () => undefined,
  onFatal(error) {
    console.error(error);
    process.exit(1);
  },
});
const { payments, journal, drain, live } = counter;

function isAtRest(): boolean {
  const isOpen = payments.board().some(({ state }) => state === 'armed');
  const hasArrived = !isReachable || drain.status.state === 'synced';
  return !isOpen && hasArrived && payments.terminalStatus().every(({ state }) => state === 'ready');
}

/** Whatever changes is published, to screens and to us. */
function atRest(): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!isAtRest()) return;
      unsubscribe();
      resolve();
    };
    const unsubscribe = live.subscribe(() => setImmediate(look));
    setImmediate(look);
  });
}

/** A counter without a daycare window. */
const NO_CARE = { count: 0, amountYen: 0 };

async function act(deed: Deed): Promise<void> {
  if (deed.do === 'sell') payments.take(saleOf(deed.id, deed.quantity), HANAKO);
  if (deed.do === 'give back') {
    const { kind, id, of, totalYen } = deed;
    payments.afterwards.giveBack(of, returnOf(kind, totalYen, id), HANAKO, null);
  }
  if (deed.do === 'close')
    await closeDay(
      {
        ...counter,
        now: () => new Date(),
        owedCare: () => NO_CARE,
        onProgress: () => undefined,
      },
      { clerk: TARO, confirmedBy: null, note: '確かめた' },
    );
  if (deed.do === 'drain') {
    isReachable = true;
    drain.wake();
  }
}

function print(): void {
  const onRecord: OnRecord = {
    payments: payments.board().map(({ of, id, kind, state, amountYen, reason }) => ({
      ...{ id, kind, state, amountYen, reason },
      of: of?.id ?? null,
    })),
    head: { sequence: journal.head.sequence, hash: journal.head.hash },
    moments,
  };
  console.log(JSON.stringify(onRecord));
}

await atRest();
print();
for (const [index, deed] of deeds.entries()) {
  if (index === deeds.length - 1) [moments, isCounting] = [0, true];
  await act(deed);
  await atRest();
}
if (deeds.length > 0) print();
isCounting = false;
await counter.stop();
await db.destroy();
process.exit(0);
