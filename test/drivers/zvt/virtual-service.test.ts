/** What the virtual terminal answers to whoever keeps it in order. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { controlsOf, ENDED, everybodyPays, registered, REPEAT, SALE_1000 } from './register.ts';

describe('a terminal that is kept in order', () => {
  test('diagnosis tells the time, initialisation and the rest are answered and end', async (t) => {
    const register = await registered(t, 'tcp:0');
    assert.deepEqual(controlsOf(await register.hold('06 70 00')), ['8000', '04ff', '0401', '060f']);
    assert.deepEqual(controlsOf(await register.hold('06 93 03 000000')), ['8000', '04ff', '060f']);
    assert.deepEqual(controlsOf(await register.hold('06 1a 00')), ['8000', '060f']);
    assert.deepEqual(await register.hold('06 91 0b 000000 aa 261124 0c 101500'), ['800000', ENDED]);
    assert.deepEqual(await register.hold('08 40 01 07'), ['800000']);
    assert.deepEqual(await register.hold('08 40 01 05'), ['84fd00']);
    assert.deepEqual(await register.hold('06 e0 07 f0 05 f1 f0 f2 48 69'), ['800000']);
    assert.equal(register.virtual.state().display.title, 'Hi');
    assert.equal((await register.hold('06 23 03 87 ffff')).at(-1), '061e04b887ffff');
    assert.equal((await register.hold(REPEAT)).at(-1), '061e0183', 'nothing is stored yet');
  });

  test('receipts of the turnover store are printed once more, one or a range of them; of none there are none', async (t) => {
    const register = await registered(t, 'tcp:0');
    everybodyPays(register);
    for (let sale = 0; sale < 3; sale++) await register.hold(SALE_1000);
    const receiptsIn = (heard: string[]): string[] => [
      ...new Set(
        Buffer.from(heard.join(''), 'hex')
          .toString('latin1')
          .match(/RECEIPT \d{4}/g),
      ),
    ];
    assert.deepEqual(receiptsIn(await register.hold('06 12 05 000000 0002')), ['RECEIPT 0002']);
    const range = await register.hold('06 12 07 000000 0002 0003');
    assert.deepEqual(receiptsIn(range), ['RECEIPT 0002', 'RECEIPT 0003']);
    assert.deepEqual(controlsOf(range), ['8000', '060f']);
    assert.equal((await register.hold('06 12 05 000000 0009')).at(-1), '061e0183');
    assert.equal((await register.hold('06 12 03 000000')).at(-1), '061e0183');
  });

  test('offline transactions are sent: there are none; a host that is down says so', async (t) => {
    const register = await registered(t, 'tcp:0');
    assert.deepEqual(controlsOf(await register.hold('06 51 03 000000')), ['8000', '04ff', '060f']);
    register.virtual.planFaults([{ fault: 'host_down', command: '0651' }]);
    assert.equal((await register.hold('06 51 03 000000')).at(-1), '061e019b');
  });

  test('a reset ends its dialogue, and starts a terminal that knows no register and keeps its book', async (t) => {
    const register = await registered(t, 'tcp:0', { timing: { restartMs: 0 } });
    everybodyPays(register);
    await register.hold(SALE_1000);
    assert.deepEqual(await register.hold('06 18 00'), ['800000', ENDED]);
    assert.equal((await register.hold(SALE_1000)).at(-1), '061e016b');
    assert.equal(register.virtual.state().taken.count, 1);
  });
});
