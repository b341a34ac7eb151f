/**
 * A counter as a process of its own, on a real file and a real line, that ends itself by SIGKILL at the moment that it
 * is told: `node counter-program.ts FOLDER LINE DIE_AT [SALE QUANTITY]`. DIE_AT counts the moments from the sale on, or
 * from the start if there is none; 0: it does not die. It prints what is on record once it is in use again, and once
 * more when the sale is over; then it stops.
 */
import { join } from 'node:path';
import { zvt } from '../../drivers/zvt/zvt.ts';
import { openSqlite } from '../../src/journal/file.ts';
import { parseAddress, portOpener } from '../../src/terminal/port.ts';
import { guarded } from './cable.ts';
import { HANAKO, saleOf } from './clerk.ts';
import { openCounter, type Counter } from './counter.ts';
import { guardedSqlite } from './disk.ts';
import { createLife } from './life.ts';

/** What it prints, one a line. */
export interface OnRecord {
  payments: { id: string; state: string; amountYen: number }[];
  /** Passed since the sale, or since the start. */
  moments: number;
}

const [folder = '', line = '', dieAt = '0', sale, quantity] = process.argv.slice(2);
const address = parseAddress(line);
if (address === undefined) throw new Error('FOLDER, LINE and DIE_AT are needed');

let moments = 0;
const life = createLife(
  'counter',
  () => {
    moments += 1;
    return moments === Number(dieAt) && isCounting;
  },
  () => process.kill(process.pid, 'SIGKILL'),
);
let isCounting = sale === undefined;
const openPort = portOpener(address);
const fail = (error: unknown): never => {
  console.error(error);
  process.exit(1);
};

const counter = openCounter({
  path: join(folder, 'journal.sqlite'),
  openSqlite: (path) => life.does('journal', 'open', () => guardedSqlite(openSqlite(path), life)),
  archive: { transact: () => Promise.reject(new Error('no PostgreSQL today')) },
  terminals: [
    { id: '1', driver: zvt, connect: () => zvt.connect(async () => guarded(await openPort(), life), {}) },
  ],
  now: () => new Date(),
  onError: () => undefined,
  onFatal: fail,
});

function isAtRest({ payments }: Counter): boolean {
  const isOpen = payments.board().some(({ state }) => state === 'armed');
  return !isOpen && payments.terminalStatus().every(({ state }) => state === 'ready');
}

/** Whatever changes is published, to screens and to us. */
function atRest(): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!isAtRest(counter)) return;
      unsubscribe();
      resolve();
    };
    const unsubscribe = counter.live.subscribe(() => setImmediate(look));
    setImmediate(look);
  });
}

function print(): void {
  const payments = counter.payments.board().map(({ id, state, amountYen }) => ({ id, state, amountYen }));
  console.log(JSON.stringify({ payments, moments } satisfies OnRecord));
}

await atRest();
print();
if (sale !== undefined) {
  [moments, isCounting] = [0, true];
  counter.payments.take(saleOf(sale, Number(quantity)), HANAKO);
  await atRest();
  print();
}
isCounting = false;
await counter.payments.stop();
counter.journal.close();
process.exit(0);
