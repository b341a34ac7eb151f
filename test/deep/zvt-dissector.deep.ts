/** Wireshark reads what we read: field by field, on all that we say and on captures of real terminals. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeApdu } from '../../drivers/zvt/apdu.ts';
import { registration, REGISTRATION_WISHES } from '../../drivers/zvt/commands.ts';
import { describeApdu, type Description } from '../../drivers/zvt/describe.ts';
import { makeFolder } from '../support/folder.ts';
import { builtMessages, capturedMessages, recordedMessages } from './corpus.ts';
import { dissect, findTshark, type Dissection } from './dissector.ts';

/**
 * Where the dissector stops although the specification goes on (tshark 4.0, packet-zvt.c): bitmaps that its table does
 * not list, so that it can't know their length, and track 2, whose length it reads as if it were the end.
 */
const STOPS_BEFORE: Readonly<Record<string, string>> = {
  '37': 'original trace number, not listed',
  '60': 'totals, not listed',
  '88': 'turnover record number, not listed',
  '8b': 'card name, not listed by older versions',
  '8c': 'card type of the network, not listed',
  a0: 'host result code, not listed',
};
const STOPS_AFTER: Readonly<Record<string, string>> = { '23': 'track 2' };

/** Messages of which it reads no bitmaps at all, whose data have none in older versions of the specification. */
const WITHOUT_BITMAPS: Readonly<Record<string, string>> = {
  '0650': 'end of day: a password only, before TLV 1F1F and 1F26',
  '0670': 'diagnosis: nothing, before TLV 1B',
  '060f': 'completion of a status enquiry: version and status before the container',
};

/** Constructed tags that it shows as bytes. */
const NOT_OPENED = new Set(['27']);

/** Commands of PA00P015 that the dissector passes over without reading anything. */
const NOT_DISSECTED = new Set(
  [
    '0401',
    '0501',
    '0602',
    '0603',
    '0610',
    '0612',
    '0620',
    '0622',
    '0623',
    '0624',
    '0625',
    '0626',
    '0631',
    '0691',
    '06b0',
  ].concat(['06c0', '06e0', '0814', '0840']),
);

interface Judged {
  messages: number;
  fields: number;
  passedOver: number;
}

/** Compares the two readings of each message. */
function judge(program: string, apdus: readonly Buffer[], folder: string): Judged {
  const judged: Judged = { messages: 0, fields: 0, passedOver: 0 };
  const dissections = dissect(program, apdus, folder);
  assert.equal(dissections.length, apdus.length);
  for (const [at, apdu] of apdus.entries()) {
    const theirs = dissections[at] ?? {};
    const ours = describeApdu(apdu);
    const what = `${ours.control ?? '?'} ${JSON.stringify(ours.fields)}`;
    assert.equal(ours.error, null, what);
    if (Object.keys(theirs).length === 0) {
      assert.ok(NOT_DISSECTED.has(ours.control ?? ''), `${what} is not dissected`);
      judged.passedOver += 1;
      continue;
    }
    judged.messages += 1;
    for (const [field, expected] of Object.entries(expectedFrom(ours, apdu))) {
      const found = theirs[field];
      if (found === undefined) continue;
      assert.deepEqual(normalise(found), normalise(expected), `${field} of ${what}`);
      judged.fields += 1;
    }
    for (const field of Object.keys(theirs))
      assert.ok(COMPARED.has(field), `${field} is compared with nothing`);
    judged.fields += compareBitmaps(theirs, ours, what);
  }
  return judged;
}

/** Letters beyond ASCII are read in another character set there, and empty texts are left out. */
const normalise = (values: readonly string[]): string[] =>
  values.map((value) => value.replace(/[^\x21-\x7e]+/g, ' ').trim()).filter((value) => value !== '');

const COMPARED = new Set(
  [
    'control_field',
    'ccrc',
    'aprc',
    'length_field',
    'result_code',
    'int_status',
    'password',
    'reg.config_byte',
    'cc',
  ]
    .concat([
      'amount',
      'time',
      'date',
      'trace_number',
      'terminal_id',
      'card_type',
      'card_number',
      'expiry_date',
    ])
    .concat(['card_name', 'additional_data', 'bmp', 'tlv.tag', 'tlv.text_lines.line', 'tlv.receipt_type'])
    .concat(['tlv.permitted_command', 'characters_per_line']),
);

/** Our reading, written as the dissector writes its own. */
function expectedFrom({ control, fields, tlv }: Description, apdu: Buffer): Record<string, string[]> {
  const text = (name: string): string => {
    const value = fields[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : `no ${name}`;
  };
  const isAnswer = control?.startsWith('8') === true;
  const nodes = flatten(tlv);
  const tagged = (tag: string): string[] =>
    nodes.filter((node) => node.tag === tag).map(({ value }) => value);
  return {
    control_field: [`0x${control ?? ''}`],
    ccrc: [`0x${control?.slice(0, 2) ?? ''}`],
    aprc: [`0x${control?.slice(2) ?? ''}`],
    length_field: [String(decodeApdu(apdu)?.data.length)],
    ...(isAnswer ? {} : { result_code: [`0x${text('resultCode')}`] }),
    int_status: [`0x${text('intermediateStatus')}`],
    password: [apdu.toString('hex', 3, 6)],
    'reg.config_byte': [`0x${text('configByte')}`],
    cc: [`0x0${text('currency')}`],
    amount: [text('amountYen')],
    time: [text('time').replace(/(..)(..)(..)/, '$1:$2:$3')],
    date: [text('date').replace(/(..)(..)/, '$1/$2')],
    expiry_date: [text('expiryDate').replace(/(..)(..)/, '$1/$2')],
    trace_number: [text('traceNumber')],
    terminal_id: [text('terminalId')],
    card_type: [text('cardType')],
    card_number: [text('cardNumber').replaceAll('*', '?')],
    card_name: [text('cardName')],
    additional_data: [text('additionalText')],
    characters_per_line: tagged('12'),
    'tlv.tag': nodes.map(({ tag }) => `0x${tag.padStart(8, '0')}`),
    'tlv.text_lines.line': tagged('07').map((hex) => Buffer.from(hex, 'hex').toString('latin1')),
    'tlv.receipt_type': tagged('1f07').map((hex) => `0x${hex.padStart(4, '0')}`),
    'tlv.permitted_command': tagged('0a').map((hex) => `0x${hex}`),
  };
}

/** The nodes in the order in which they stand, without what is in containers that the dissector does not open. */
function flatten(nodes: Description['tlv']): Description['tlv'] {
  return nodes.flatMap((node) =>
    NOT_OPENED.has(node.tag) ? [node] : [node, ...flatten(node.children ?? [])],
  );
}

/** The bitmaps agree in their order, up to where the dissector is known to stop. @returns how many were compared */
function compareBitmaps(theirs: Dissection, ours: Description, what: string): number {
  const found = (theirs['bmp'] ?? []).map((bitmap) => bitmap.slice(2));
  assert.deepEqual(found, ours.bitmaps.slice(0, found.length), `bitmaps of ${what}`);
  const missed = ours.bitmaps[found.length];
  const isAnswer = ours.control?.startsWith('8') === true;
  if (missed !== undefined && !isAnswer) {
    const last = found.at(-1) ?? '';
    const isWithout = found.length === 0 && (ours.control ?? '') in WITHOUT_BITMAPS;
    assert.ok(
      isWithout || missed in STOPS_BEFORE || last in STOPS_AFTER,
      `${missed} of ${what} is not read by the judge`,
    );
  }
  return found.length;
}

const tshark = findTshark();

describe("Wireshark's dissector agrees with our decoder", () => {
  if ('missing' in tshark) {
    test('it is installed where the build runs', (t) => {
      t.diagnostic(tshark.missing);
      assert.notEqual(process.env['CI'], 'true', tshark.missing);
    });
    return;
  }
  const { program } = tshark;

  test('on every message that our encoder builds', (t) => {
    const { apdus, withoutSample } = builtMessages();
    assert.deepEqual(withoutSample, []);
    t.diagnostic(JSON.stringify(judge(program, apdus, makeFolder(t))));
  });

  test('on how wide a printed line may be, which is a number in BCD', (t) => {
    const apdu = registration('000000', { ...REGISTRATION_WISHES, printerColumns: 24 });
    assert.deepEqual(dissect(program, [apdu], makeFolder(t))[0]?.['characters_per_line'], ['24']);
  });

  test('on what driver and virtual terminal say to each other in a day', async (t) => {
    const apdus = await recordedMessages(t);
    const judged = judge(program, apdus, makeFolder(t));
    assert.ok(judged.messages > 100, `${judged.messages} messages were judged`);
    t.diagnostic(JSON.stringify(judged));
  });

  test('on captures of real terminals, as many as there are', (t) => {
    const { folder, apdus } = capturedMessages();
    t.diagnostic(`${folder}: ${JSON.stringify(judge(program, apdus, makeFolder(t)))}`);
  });
});
