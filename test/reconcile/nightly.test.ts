/** When the night's work is done, without a database: at the start, at its hour, one at a time, after a failure too. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startNightly } from '../../src/reconcile/nightly.ts';
import { silentLog } from '../support/log.ts';

test('the nightly work runs at the start, one at a time, and a failure does not end it', async () => {
  const order: string[] = [];
  const night = (cause: string): Promise<never> => {
    order.push(cause);
    return Promise.reject(new Error('PostgreSQL is away'));
  };
  const nightly = startNightly({ night, late: () => Promise.resolve() }, silentLog());
  const first = nightly.run(async () => {
    order.push('first begins');
    await new Promise((resolve) => setImmediate(resolve));
    order.push('first ends');
  });
  const second = nightly.run(() => {
    order.push('second');
    return Promise.resolve('done');
  });
  await first;
  assert.equal(await second, 'done');
  await nightly.stop();
  assert.deepEqual(order, ['start', 'first begins', 'first ends', 'second']);
});

test('the night is at 03:00 in Tokyo, on a holiday too, and what is late is looked for every ten minutes', async (t) => {
  // Monday 23 November is a holiday; the instants are those of its night in UTC.
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: new Date('2026-11-22T17:49:30Z') });
  const done: string[] = [];
  const work = (name: string) => (): Promise<unknown> => {
    done.push(`${name} ${new Date().toISOString().slice(11, 16)}`);
    return Promise.resolve();
  };
  const nightly = startNightly({ night: (cause) => work(cause)(), late: work('late') }, silentLog());
  for (let second = 0; second < 1_290; second += 1) {
    t.mock.timers.tick(1_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await nightly.stop();
  assert.deepEqual(done.toSorted(), ['late 17:50', 'late 18:00', 'late 18:10', 'night 18:00', 'start 17:49']);
});
