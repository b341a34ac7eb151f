/** What the virtual terminal does when it is locked, is not acknowledged, or electronic money leaves too soon. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  END_OF_DAY,
  ENDED,
  REGISTER,
  REPEAT,
  SALE_1000,
  TOTALS,
  everybodyPays,
  fieldOf,
  openRegister,
  registered,
  statusOf,
  voidOf,
  type Register,
} from './register.ts';

describe('a terminal that is locked', () => {
  const LOCKS = [
    '51',
    '62',
    '9c',
    'b1',
    'b2',
    'bf',
    'c0',
    'c1',
    'c2',
    'c4',
    'cc',
    'df',
    'e0',
    'e2',
    'e4',
    'f0',
  ] as const;

  test('answers every command with its code, except those that tell or lift', async (t) => {
    const register = await registered(t, 'tcp:0');
    for (const lock of LOCKS) {
      register.virtual.change({ lock });
      for (const command of [SALE_1000, REPEAT, TOTALS, voidOf('0001')]) {
        assert.deepEqual(await register.hold(command), ['800000', `061e01${lock}`], `${lock}: ${command}`);
      }
      assert.equal((await register.hold('05 01 05 000000 03 02')).at(-1), `060f01${lock}`);
      assert.deepEqual(await register.hold('06 b0 00'), ['800000']);
      assert.equal((await register.hold(REGISTER)).at(-1)?.slice(0, 4), '060f');
    }
  });

  for (const [lock, command] of [
    ['51', '06 93 03 000000'],
    ['62', '06 91 0b 000000 aa 261124 0c 101500'],
    ['c1', '06 70 00'],
    ['c2', '06 70 00'],
    ['b1', END_OF_DAY],
    ['f0', END_OF_DAY],
  ] as const) {
    test(`${lock} is lifted by ${command.slice(0, 5)}`, async (t) => {
      const register = await registered(t, 'tcp:0');
      register.virtual.change({ lock });
      assert.match((await register.hold(command)).at(-1) ?? '', /^060f/);
      assert.equal(register.virtual.state().settings.lock, null);
    });
  }

  test('a card that is still in the reader (DC) is told and stops nothing', async (t) => {
    const register = await registered(t, 'tcp:0');
    everybodyPays(register);
    register.virtual.change({ lock: 'dc' });
    assert.equal((await register.hold('05 01 05 000000 03 02')).at(-1), '060f01dc');
    assert.equal((await register.hold(SALE_1000)).at(-1), ENDED);
  });
});

describe('a plan for the resident', () => {
  test('is of the sale whose command came in first, however late the register answers its steps', async (t) => {
    const register = await registered(t, 'tcp:0');
    const { virtual } = register;
    virtual.plan([{ do: { act: 'refuse' } }]);
    const heard = await register.hold(SALE_1000, (message) => {
      // The card is asked for; a register that was killed here has its successor answer, and sell to the next resident.
      if (message.startsWith('04ff')) virtual.plan([{ do: { act: 'present', brand: 'visa' } }]);
      return '800000';
    });
    assert.equal(heard.at(-1), '061e0105');
    assert.equal(virtual.state().plannedSteps, 1);
    assert.equal((await register.hold(SALE_1000)).at(-1), ENDED);
  });
});

describe('an approval that is not acknowledged', () => {
  const REGISTER_TLV = '06 00 08 000000 00 0392 06 00';
  const mirrorSale = (receipt: string): string =>
    `06 01 ${receipt === '' ? '0f' : '11'} 04 000000000300 49 0392 06 ${receipt === '' ? '03 1f1f 00' : `05 1f1f 02 ${receipt}`}`;
  const states = (register: Register): string[] => register.virtual.book().map(({ state }) => state);

  async function leaveUnacknowledged(
    t: Parameters<typeof openRegister>[0],
    autoReversal: 'immediate' | 'deferred' | 'none',
  ): Promise<Register> {
    const register = await openRegister(t, 'tcp:0', {
      settings: { autoReversal },
      timing: { acknowledgeMs: 30 },
    });
    await register.hold(REGISTER_TLV);
    everybodyPays(register);
    await register.hold(SALE_1000);
    await register.hold(SALE_1000, (message) => (message.startsWith('040f') ? '' : '800000'));
    return register;
  }

  test('is reversed at once (§2.2.8)', async (t) => {
    assert.deepEqual(states(await leaveUnacknowledged(t, 'immediate')), ['stored', 'reversed']);
  });

  test('is set to declined, where the terminal sends no reversal', async (t) => {
    const register = await leaveUnacknowledged(t, 'none');
    assert.deepEqual(states(register), ['stored', 'reversed']);
  });

  test('stands where the register decides (§4), until its next command mirrors the number before', async (t) => {
    const register = await leaveUnacknowledged(t, 'deferred');
    assert.deepEqual(states(register), ['stored', 'stored']);
    assert.equal(fieldOf(statusOf(await register.hold(REPEAT)), '06'), '1f1f020002');
    await register.hold(mirrorSale('0001'));
    assert.deepEqual(states(register), ['stored', 'reversed', 'stored']);
  });

  for (const [what, mirrored] of [
    ['its own number', '0002'],
    ['a number that fits nothing', '0777'],
    ['no number', ''],
  ] as const) {
    test(`stays where the next command mirrors ${what}`, async (t) => {
      const register = await leaveUnacknowledged(t, 'deferred');
      await register.hold(mirrorSale(mirrored));
      assert.deepEqual(states(register), ['stored', 'stored', 'stored']);
    });
  }

  test('is reversed in every reading when the register refuses it', async (t) => {
    for (const autoReversal of ['immediate', 'deferred', 'none'] as const) {
      const register = await registered(t, 'tcp:0', { settings: { autoReversal } });
      everybodyPays(register);
      await register.hold(SALE_1000, (message) => (message.startsWith('040f') ? '84a000' : '800000'));
      assert.deepEqual(states(register), ['reversed'], autoReversal);
    }
  });
});

type EMoney = 'transit_ic' | 'rakuten_edy' | 'waon' | 'nanaco' | 'id' | 'quicpay';

describe('electronic money that leaves the field too soon (処理未了)', () => {
  const leave = (register: Register, brand: EMoney, touchAgainAfterMs?: number): void =>
    register.virtual.plan([
      {
        do: { act: 'leave_early', brand },
        ...(touchAgainAfterMs === undefined ? {} : { touchAgainAfterMs }),
      },
    ]);

  test('and is touched again is paid', async (t) => {
    const register = await registered(t, 'tcp:0');
    leave(register, 'waon', 0);
    assert.equal((await register.hold(SALE_1000)).at(-1), ENDED);
    assert.deepEqual(
      register.virtual.book().map(({ state }) => state),
      ['stored'],
    );
  });

  for (const [brand, state, repeated] of [
    ['waon', 'pending', '27ff'],
    ['rakuten_edy', 'pending', '27ff'],
    ['transit_ic', 'pending', '27ff'],
    ['nanaco', 'stored', '2700'],
    ['id', 'reversed', undefined],
    ['quicpay', 'reversed', undefined],
  ] as const) {
    test(`with ${brand} ends with FF and is ${state} in the book`, async (t) => {
      const register = await registered(t, 'tcp:0');
      leave(register, brand);
      const sold = await register.hold(SALE_1000);
      assert.equal(fieldOf(statusOf(sold), '27'), 'ff');
      assert.equal(sold.at(-1), '061e01ff');
      assert.deepEqual(
        register.virtual.book().map((entry) => entry.state),
        [state],
      );
      assert.equal(statusOf(await register.hold(REPEAT))?.slice(6, 10), repeated);
    });
  }

  for (const [charged, state] of [
    [true, 'stored'],
    [false, 'reversed'],
  ] as const) {
    test(`and is touched again later turns out ${charged ? '' : 'not '}to be charged`, async (t) => {
      const register = await registered(t, 'tcp:0');
      leave(register, 'waon');
      await register.hold(SALE_1000);
      assert.equal(register.virtual.state().pending, true);
      assert.ok(register.virtual.resident({ act: 'touch_again', charged }));
      assert.deepEqual(
        register.virtual.book().map((entry) => entry.state),
        [state],
      );
      assert.equal(register.virtual.state().pending, false);
      assert.ok(!register.virtual.resident({ act: 'touch_again', charged }), 'nothing is left pending');
    });
  }
});
