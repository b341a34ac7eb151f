/** The virtual terminal as other makers' register software meets it: message by message, as the clauses have it. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { findTlv } from '../../../drivers/zvt/tlv.ts';
import { makeFolder } from '../../support/folder.ts';
import { LINES } from './counter.ts';
import {
  END_OF_DAY,
  ENDED,
  REGISTER,
  REPEAT,
  SALE_1000,
  STATUS,
  TOTALS,
  controlsOf,
  everybodyPays,
  fieldOf,
  fieldsOf,
  openRegister,
  registered,
  statusOf,
  voidOf,
} from './register.ts';

for (const listen of LINES) {
  describe(`register software over ${listen === 'pty' ? 'a serial line' : 'TCP'}`, () => {
    test('registers, takes a payment with every message in its order, and reads it again', async (t) => {
      const register = await openRegister(t, listen);
      everybodyPays(register);
      const [taken, completed] = await register.hold(REGISTER);
      assert.equal(taken, '800000');
      assert.equal(completed, '060f0a1900299900000149' + '0392');
      const sold = await register.hold(SALE_1000);
      assert.deepEqual(controlsOf(sold), ['8000', '04ff', '04ff', '04ff', '040f', '060f']);
      assert.ok(sold.some((message) => message.startsWith('06d1')));
      assert.deepEqual(
        ['27', '04', '49', '87', '29'].map((bitmap) => fieldOf(statusOf(sold), bitmap)),
        ['00', '000000001000', '0392', '0001', '99000001'],
      );
      assert.equal(statusOf(await register.hold(REPEAT)), statusOf(sold));
    });

    test('undoes a sale once: B4 the second time, B5 for what is not in the turnover store', async (t) => {
      const register = await registered(t, listen);
      everybodyPays(register);
      await register.hold(SALE_1000);
      const undone = await register.hold(voidOf('0001'));
      assert.deepEqual(
        ['27', '04', '37', '87'].map((bitmap) => fieldOf(statusOf(undone), bitmap)),
        ['00', '000000001000', '000001', '0002'],
      );
      assert.equal(fieldOf(statusOf(await register.hold(REPEAT)), '87'), '0002');
      assert.equal((await register.hold(voidOf('0001'))).at(-1), '061e01b4');
      assert.equal((await register.hold(voidOf('0009'))).at(-1), '061e01b5');
      assert.equal(fieldOf(statusOf(await register.hold(TOTALS)), '04'), '000000000000');
    });

    test('an undoing that the register does not acknowledge did not happen', async (t) => {
      const register = await registered(t, listen);
      everybodyPays(register);
      await register.hold(SALE_1000);
      await register.hold(voidOf('0001'), (message) => (message.startsWith('040f') ? '84a000' : '800000'));
      assert.deepEqual(
        register.virtual.book().map(({ kind, state }) => [kind, state]),
        [
          ['sale', 'stored'],
          ['void', 'reversed'],
        ],
      );
      assert.equal(fieldOf(statusOf(await register.hold(TOTALS)), '04'), '000000001000');
    });

    test('message ids are echoed at registration, and then count through every message', async (t) => {
      const register = await openRegister(t, listen);
      everybodyPays(register);
      const heard = await register.hold('06 00 10 000000 8e 0392 06 08 26 00 1f73 03 000000');
      assert.match(heard.at(-1) ?? '', /061f7303000000$/);
      let last = 0;
      const sold = await register.hold('06 01 12 04 000000000400 49 0392 06 06 1f73 03 000001', (message) => {
        last = Number(findTlv(fieldsOf(message).tlv, '1f73')?.toString('hex') ?? last);
        return `80 00 08 06 06 1f73 03 ${String(last).padStart(6, '0')}`;
      });
      assert.equal(sold[0], '80000806061f7303000001');
      const ids = sold
        .filter((message) => !message.startsWith('06d1'))
        .map((message) => Number(/1f7303(\d{6})$/.exec(message)?.[1]));
      assert.ok(
        ids.every((id, at) => at === 0 || id > (ids[at - 1] ?? 0)),
        ids.join(' '),
      );
      assert.equal(
        (await register.hold('06 01 12 04 000000000400 49 0392 06 06 1f73 03 000099'))[0],
        '80000806061f7303000099',
      );
    });
  });
}

describe('a register that wants other things', () => {
  const withConfig = async (
    t: Parameters<typeof openRegister>[0],
    registration: string,
    sale = SALE_1000,
  ) => {
    const register = await openRegister(t, 'tcp:0');
    everybodyPays(register, 'nanaco');
    await register.hold(registration);
    return register.hold(sale);
  };

  test('no prints and no steps: the status information and the end', async (t) => {
    const sold = await withConfig(t, '06 00 06 000000 00 0392');
    assert.deepEqual(
      sold.map((message) => message.slice(0, 4)),
      ['8000', '040f', '060f'],
    );
  });

  test('composes its receipts itself (02 without 80): it is sent no print', async (t) => {
    const sold = await withConfig(t, '06 00 06 000000 0a 0392');
    assert.ok(!sold.some((message) => message.startsWith('06d')));
  });

  test('lines (06 D1) unless it permits text blocks (06 D3)', async (t) => {
    const lines = await withConfig(t, '06 00 06 000000 86 0392');
    assert.ok(lines.filter((message) => message.startsWith('06d1')).length > 2);
    const blocks = await withConfig(t, '06 00 0e 000000 86 0392 06 06 26 04 0a 02 06d3');
    assert.equal(blocks.filter((message) => message.startsWith('06d3')).length, 2);
    assert.ok(!blocks.some((message) => message.startsWith('06d1')));
  });

  test('no TLV: it is sent none; an empty container is enough to be sent some', async (t) => {
    assert.equal(fieldOf(statusOf(await withConfig(t, '06 00 06 000000 86 0392')), '06'), undefined);
    assert.equal(fieldOf(statusOf(await withConfig(t, '06 00 08 000000 86 0392 06 00')), '06'), '41028014');
  });

  test('the balance stands on the receipt and in the additional text', async (t) => {
    const sold = await withConfig(t, '06 00 06 000000 8e 0392');
    assert.ok(sold.some((message) => message.includes(Buffer.from('BALANCE 49000 JPY').toString('hex'))));
    assert.equal(fieldOf(statusOf(sold), '3c'), Buffer.from('BALANCE 49000').toString('hex'));
  });

  test('euros: names no currency anywhere, and is named none', async (t) => {
    const { hold } = await openRegister(t, 'tcp:0');
    assert.equal(fieldOf((await hold('06 00 04 000000 8e')).at(-1), '49'), '0978', 'what it then takes');
    const sold = await withConfig(t, '06 00 04 000000 8e', '06 01 07 04 000000001000');
    assert.equal(fieldOf(statusOf(sold), '27'), '00');
    assert.equal(fieldOf(statusOf(sold), '49'), undefined);
  });

  test('a currency that the terminal does not take is refused at registration and at the sale', async (t) => {
    const register = await openRegister(t, 'tcp:0', { currency: '392' });
    assert.deepEqual(await register.hold('06 00 06 000000 8e 0978'), ['841e036f0392']);
    await register.hold('06 00 04 000000 8e');
    assert.equal((await register.hold('06 01 07 04 000000001000')).at(-1), '061e036f0392');
    assert.equal((await register.hold('06 01 0a 04 000000001000 49 0840')).at(-1), '061e036f0392');
    await register.hold('06 00 06 000000 8e 0392');
    everybodyPays(register);
    assert.equal((await register.hold('06 01 07 04 000000001000')).at(-1), ENDED);
  });

  test('more time (84 9C), as often as BMP 02 says; after that it is reversed with 6C', async (t) => {
    const register = await registered(t, 'tcp:0');
    everybodyPays(register);
    let asked = 0;
    const sold = await register.hold(SALE_1000, (message) =>
      message.startsWith('040f') && asked++ < 3 ? '849c00' : '800000',
    );
    assert.equal(sold.filter((message) => message.startsWith('040f')).length, 4);
    assert.equal(sold.at(-1), ENDED);
    const exhausted = await register.hold('06 01 0c 04 000000001000 49 0392 02 02', (message) =>
      message.startsWith('040f') && message.length > 10 ? '849c00' : '800000',
    );
    assert.deepEqual(exhausted.slice(-2), ['040f02276c', '061e016c']);
    assert.equal(exhausted.filter((message) => message.startsWith('040f')).length, 4);
    assert.deepEqual(
      register.virtual.book().map(({ state }) => state),
      ['stored', 'reversed'],
    );
  });
});

describe('the commands of a counter', () => {
  test('an unknown command, an unknown bitmap and a wrong password are refused; so is money before registration', async (t) => {
    const register = await openRegister(t, 'tcp:0');
    assert.deepEqual(await register.hold('0f a1 00'), ['848300']);
    assert.deepEqual(await register.hold('06 10 03 123456'), ['843700']);
    assert.equal((await register.hold(SALE_1000)).at(-1), '061e016b');
    await register.hold(REGISTER);
    assert.deepEqual(await register.hold('06 01 0c 04 000000001000 49 0392 7f 00'), ['848300']);
    await register.hold('06 02 00');
    assert.equal((await register.hold(SALE_1000)).at(-1), '061e016b');
    assert.equal(register.virtual.state().registered, false);
  });

  test('a refund is paid out to a card, not to electronic money', async (t) => {
    const register = await registered(t, 'tcp:0');
    everybodyPays(register);
    const refund = '06 31 0d 000000 04 000000000700 49 0392';
    assert.equal(fieldOf(statusOf(await register.hold(refund)), '04'), '000000000700');
    assert.equal(register.virtual.book()[0]?.kind, 'refund');
    everybodyPays(register, 'waon');
    assert.equal((await register.hold(refund)).at(-1), '061e01c5');
  });

  test('brands keep their own rules: Edy is never undone, transit IC only as the very last', async (t) => {
    const register = await registered(t, 'tcp:0');
    register.virtual.plan(
      ['rakuten_edy', 'transit_ic', 'visa', 'transit_ic'].map((brand) => ({ do: { act: 'present', brand } })),
    );
    for (let sale = 0; sale < 4; sale++) await register.hold(SALE_1000);
    assert.equal((await register.hold(voidOf('0001'))).at(-1), '061e01b5');
    assert.equal((await register.hold(voidOf('0002'))).at(-1), '061e01b5');
    assert.equal((await register.hold(voidOf('0004', '000000001001'))).at(-1), '061e01b5');
    assert.equal((await register.hold(voidOf('0004', '000000001000'))).at(-1), ENDED);
    assert.equal((await register.hold(voidOf('0003'))).at(-1), ENDED);
  });

  test('a balance is shown and nothing is taken', async (t) => {
    const register = await registered(t, 'tcp:0');
    everybodyPays(register, 'transit_ic');
    const shown = await register.hold('06 03 00');
    assert.equal(fieldOf(statusOf(shown), '04'), '000000020000');
    everybodyPays(register, 'visa');
    assert.equal((await register.hold('06 03 00')).at(-1), '061e01c5');
    assert.deepEqual(register.virtual.book(), []);
  });

  test('the end of day sends the totals once and settles; totals before it clear nothing', async (t) => {
    const register = await registered(t, 'tcp:0');
    everybodyPays(register);
    await register.hold(SALE_1000);
    await register.hold(SALE_1000);
    const totals = statusOf(await register.hold(TOTALS));
    const closed = await register.hold(END_OF_DAY);
    assert.equal(fieldOf(statusOf(closed), '60'), fieldOf(totals, '60'));
    assert.equal(fieldOf(statusOf(closed), '04'), '000000002000');
    assert.equal(closed.at(-1), ENDED);
    assert.equal(fieldOf(statusOf(await register.hold(TOTALS)), '04'), '000000000000');
    assert.equal((await register.hold(voidOf('0002'))).at(-1), '061e01b5', 'not in the store any more');
    assert.equal(fieldOf(statusOf(await register.hold(REPEAT)), '87'), '0002', 'still the last payment');
  });

  test('an end of day whose totals are not taken leaves the day open, and payments wait for it (F0)', async (t) => {
    const register = await registered(t, 'tcp:0');
    everybodyPays(register);
    await register.hold(SALE_1000);
    const failed = await register.hold(END_OF_DAY, (message) =>
      message.startsWith('040f') ? '84a000' : '800000',
    );
    assert.equal(failed.at(-1), '061e0177');
    assert.equal((await register.hold(SALE_1000)).at(-1), '061e01f0');
    await register.hold(END_OF_DAY);
    assert.equal((await register.hold(SALE_1000)).at(-1), ENDED);
  });

  test('the terminal closes the day by itself when it is polled (04 FF 0F)', async (t) => {
    const register = await registered(t, 'tcp:0');
    everybodyPays(register);
    await register.hold(SALE_1000);
    register.virtual.change({ endOfDayDue: true });
    const polled = await register.hold(STATUS);
    assert.ok(polled.includes('04ff010f'));
    assert.ok(!controlsOf(polled).includes('040f'));
    assert.deepEqual(register.virtual.state().taken, { count: 0, amount: 0 });
    assert.ok(!(await register.hold(STATUS)).includes('04ff010f'));
  });

  test('receipt and trace numbers begin again after their last digit, and the youngest is the last', async (t) => {
    const dataDir = makeFolder(t);
    const last = { kind: 'sale', of: null, traceNumber: 999_999, receiptNumber: 9_999, amount: 400 };
    const said = { currency: '392', brand: 'visa', brandName: 'Visa', method: 'credit' };
    const kept = { at: '2026-11-24T01:00:00.000Z', state: 'stored', note: null, settled: false };
    writeFileSync(join(dataDir, 'book.jsonl'), `${JSON.stringify({ ...last, ...said, ...kept })}\n`);
    const register = await registered(t, 'tcp:0', { dataDir });
    everybodyPays(register);
    assert.equal(fieldOf(statusOf(await register.hold(REPEAT)), '87'), '9999');
    const sold = statusOf(await register.hold(SALE_1000));
    assert.deepEqual([fieldOf(sold, '87'), fieldOf(sold, '0b')], ['0001', '000001']);
    assert.equal(fieldOf(statusOf(await register.hold(REPEAT)), '87'), '0001');
  });
});
