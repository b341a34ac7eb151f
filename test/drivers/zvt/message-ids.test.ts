import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { decodeApdu } from '../../../drivers/zvt/apdu.ts';
import { parseFields } from '../../../drivers/zvt/bitmaps.ts';
import {
  ABORT,
  authorisation,
  BALANCE_INQUIRY,
  baudRateChange,
  DIAGNOSIS,
  displayText,
  endOfDay,
  headBytesOf,
  initialisation,
  LOG_OFF,
  NOT_TAKEN,
  refund,
  registration,
  repeatReceipt,
  reversal,
  STATUS_ENQUIRY,
  turnoverTotals,
} from '../../../drivers/zvt/commands.ts';
import {
  idAfter,
  isRepetition,
  isSaidAgain,
  messageIdOf,
  withMessageId,
} from '../../../drivers/zvt/message-ids.ts';
import { TAKEN } from '../../../drivers/zvt/messages.ts';
import { findTlv } from '../../../drivers/zvt/tlv.ts';
import { bookStates, LINES, openCounter } from './counter.ts';
import { hear, register, say, tell } from './played.ts';
import { hex } from './support.ts';

const PASSWORD = '000000';
const NUMBERED = '06 0f 0f 29 99000001 19 00 06 06 1f73 03 000000';
/** The container that a message with this id ends with. */
const id = (digits: string): string => `06061f7303${digits}`;
const APPROVED = '2700 04000000000400 490392 0b000007 870003 2999000001';

describe('a message id', () => {
  const commands: readonly (readonly [string, Buffer])[] = [
    ['registration', registration(PASSWORD)],
    ['authorisation', authorisation(603)],
    ['authorisation with a mirrored receipt', authorisation(603, { receiptNumber: '0006' })],
    ['reversal', reversal(PASSWORD, '0606', 603)],
    ['refund', refund(PASSWORD, 603)],
    ['balance inquiry', BALANCE_INQUIRY],
    ['repeat receipt', repeatReceipt(PASSWORD)],
    ['turnover totals', turnoverTotals(PASSWORD)],
    ['end of day', endOfDay(PASSWORD)],
    ['diagnosis', DIAGNOSIS],
    ['initialisation', initialisation(PASSWORD)],
    ['abort', ABORT],
    ['log-off', LOG_OFF],
    ['display text', displayText(['A'], 1, false)],
    ['baud rate', baudRateChange(9_600)],
    ['acknowledgement', TAKEN],
    ['refusal', NOT_TAKEN],
  ];
  for (const [what, command] of commands) {
    test(`stands in the one container of ${what}, and nothing else changes`, () => {
      const numbered = withMessageId(command, 42, PASSWORD);
      const { control, data } = decodeApdu(numbered) ?? assert.fail();
      const before = decodeApdu(command) ?? assert.fail();
      assert.equal(control, before.control);
      const head = headBytesOf(control);
      const parsed = parseFields(data.subarray(head));
      const parsedBefore = parseFields(before.data.subarray(head));
      assert.equal(parsed.rest.length, 0);
      assert.equal(findTlv(parsed.tlv.slice(-1), '1f73')?.toString('hex'), '000042');
      assert.deepEqual(parsed.tlv.slice(0, -1), parsedBefore.tlv);
      const withoutContainer = (fields: typeof parsed.fields) =>
        fields.filter(({ bitmap }) => bitmap !== '06');
      assert.deepEqual(withoutContainer(parsed.fields), withoutContainer(parsedBefore.fields));
      assert.equal(messageIdOf(numbered), '000042');
    });
  }

  test('makes a status enquiry say its password: a container may only stand behind it', () => {
    const numbered = withMessageId(STATUS_ENQUIRY, 1, '123456');
    assert.equal(numbered.toString('hex'), `05010b123456${id('000001')}`);
  });

  test('999999 is followed by 000001, and no other id is 0', () => {
    assert.equal(idAfter(0), 1);
    assert.equal(idAfter(999_999), 1);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_998 }), (last) => {
        assert.equal(idAfter(last), last + 1);
      }),
    );
  });

  test('tells a repetition together with what is said: another result under the same id is another answer', () => {
    const said = (data: string): Buffer =>
      hex(`040f${(hex(data).length + 256).toString(16).slice(1)}${data}`);
    assert.ok(isRepetition(said('2700'), said('2700')));
    assert.ok(!isRepetition(said('2700'), said('2705')));
    assert.ok(isRepetition(said(`2700${id('000003')}`), said(`2700${id('000003')}`)));
    assert.ok(!isRepetition(said(`2700${id('000003')}`), said(`2700${id('000004')}`)));
    assert.ok(!isRepetition(said(`2700${id('000003')}`), said(`2705${id('000003')}`)));
    assert.ok(isSaidAgain(said(`2700${id('000003')}`), said(`2700${id('000004')}`)));
    assert.ok(!isSaidAgain(said(`2700${id('000003')}`), said(`2705${id('000003')}`)));
  });
});

describe('a terminal with message ids', () => {
  test('gets 000001 first, its own echoed, and the next one after its last', async () => {
    const { far, terminal } = await register({}, NUMBERED);
    const checked = terminal.checkHealth();
    await hear(far, `05010b000000${id('000001')}`);
    await say(far, `80 00 08 ${id('000001')}`);
    await tell(far, `06 0f 09 00 ${id('000002')}`, `800008${id('000002')}`);
    assert.equal((await checked).ready, true);
    const again = terminal.checkHealth();
    await hear(far, `05010b000000${id('000003')}`);
    await say(far, `80 00 08 ${id('000003')}`);
    await tell(far, `06 0f 09 00 ${id('000004')}`, `800008${id('000004')}`);
    await again;
  });

  test('may say the same twice: a new id is a new answer, the same id is a repetition', async () => {
    const { far, terminal } = await register({}, NUMBERED);
    let answers = 0;
    const ending = terminal.authorizeSale(
      { operationId: 'sale', amountYen: 400, method: 'credit', brand: null },
      () => {
        answers += 1;
        return 'acknowledge';
      },
      () => undefined,
    );
    await hear(far, `06011204000000000400490392${id('000001')}`);
    await say(far, `80 00 08 ${id('000001')}`);
    await tell(far, `04 0f 1e ${APPROVED} ${id('000002')}`, `800008${id('000002')}`);
    await tell(far, `04 0f 1e ${APPROVED} ${id('000002')}`, `800008${id('000002')}`);
    assert.equal(answers, 1);
    await tell(far, `04 0f 1e ${APPROVED} ${id('000003')}`, `800008${id('000003')}`);
    assert.equal(answers, 2);
    await tell(far, `06 0f 08 ${id('000004')}`, `800008${id('000004')}`);
    assert.deepEqual(await ending, { kind: 'completed' });
  });

  test('that does not echo them gets none', async () => {
    const { far, terminal } = await register();
    const checked = terminal.checkHealth();
    await hear(far, '050100');
    await say(far, '80 00 00');
    await tell(far, '06 0f 01 00');
    await checked;
  });

  for (const listen of LINES) {
    for (const messageIds of [true, false]) {
      test(`${messageIds ? 'with' : 'without'} them takes sale, void and settlement over ${listen}`, async (t) => {
        const counter = await openCounter(t, listen);
        counter.virtual.change({ messageIds });
        const terminal = await counter.reconnect();
        counter.virtual.plan([{ do: { act: 'present', brand: 'visa' } }], true);
        const [of] = (await counter.sell(400)).answers;
        assert.ok(of !== undefined);
        const voided = await terminal.authorizeVoid(
          { operationId: 'void', amountYen: 400, of },
          () => 'acknowledge',
          () => undefined,
        );
        assert.deepEqual(voided, { kind: 'completed' });
        assert.deepEqual(bookStates(counter.virtual), ['stored', 'stored']);
        const settled = await terminal.settle(
          {},
          () => undefined,
          () => undefined,
        );
        assert.equal(settled.kind, 'settled');
        assert.equal((await terminal.checkHealth()).ready, true);
      });
    }
  }
});
