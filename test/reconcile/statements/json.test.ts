/** Large JSON is parsed part by part: the same values, the same refusals, and rests in between. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { parseJson } from '../../../src/reconcile/statements/json.ts';
import { lookAt } from '../../../src/reconcile/statements/look.ts';
import { sampleFormats } from '../../../src/reconcile/statements/samples.ts';
import { atOnce, givingWay, type InSlices } from '../../../src/reconcile/statements/slices.ts';
import { readStatement } from '../../../src/reconcile/statements/statement.ts';

/** Brackets, commas and quotes where they divide nothing, long lists within lists, an empty one of each. */
const row = (index: number) => ({
  ...{ id: `txn_${String(index)}`, note: 'a "b\\", [c] {d}, 支払い', empty: [], none: {}, amount: -index },
  source: { payment_intent: null, fees: [1, 2.5, true, [index]] },
});
const LARGE = {
  payout: { id: 'po_1', amount: 12 },
  pages: [Array.from({ length: 2_000 }, (_, index) => row(index)), ['x'.repeat(300_000)]],
  balance_transactions: Array.from({ length: 2_000 }, (_, index) => row(index)),
  __proto__x: 'a name like another',
};

function outcomeOf(parse: () => unknown): unknown {
  try {
    return parse();
  } catch {
    return 'refused';
  }
}

test('parsed in parts, the values are those of one parse', () => {
  for (const value of [LARGE, LARGE.pages, [LARGE, 1, '', null], {}, [], 'x', 1]) {
    for (const indent of [0, 2]) {
      const text = ` ${JSON.stringify(value, null, indent)}\n`;
      assert.ok(isDeepStrictEqual(atOnce(parseJson(text)), JSON.parse(text)), text.slice(0, 40));
    }
  }
  // A member that would be a prototype is a member.
  const odd = JSON.stringify({ list: LARGE.pages }).replace('{"list"', '{"__proto__":{"a":1},"list"');
  assert.deepEqual(Object.keys(atOnce(parseJson(odd)) as object), ['__proto__', 'list']);
});

test('what is no JSON is none in parts either: cut, or without any one letter', () => {
  const text = JSON.stringify(LARGE);
  const places = Array.from({ length: 20 }, (_, index) => (index * 99_991) % text.length);
  const broken = [
    ...places.map((at) => text.slice(0, at)),
    ...places.map((at) => text.slice(0, at) + text.slice(at + 1)),
    ...[`[${text}],[${text}]`, `[${text},]`, `[,${text}]`, `${text}]`, `{${text}}`, `[${text} ${text}]`],
  ];
  for (const each of broken) {
    const whole = outcomeOf(() => JSON.parse(each));
    const inParts = outcomeOf(() => atOnce(parseJson(each)));
    // A difference of megabytes is not shown.
    assert.ok(isDeepStrictEqual(inParts, whole), `${each.slice(0, 40)} ${String(each.length)}`);
  }
});

const rests = async (work: InSlices<unknown>): Promise<number> => {
  let many = 0;
  await givingWay(work, () => (many += 1));
  return many;
};

test('looking at a large file rests as reading it does, whatever its layout', async () => {
  const json = sampleFormats().find(({ code }) => code === 'payouts-api');
  assert.ok(json !== undefined);
  const rows = Array.from({ length: 30_000 }, (_, index) => row(index));
  const bytes = Buffer.from(JSON.stringify({ payout: { id: 'po_1' }, balance_transactions: rows }));
  // Parsed, and looked through, in many parts: some of 1,000 rows, and some of 256 kB.
  assert.ok((await rests(readStatement(bytes, json))) > 60);
  const unsaid = { shape: null, places: [] };
  assert.ok((await rests(lookAt(bytes, unsaid))) > 60);
  const fixed = Buffer.from('2'.repeat(200 * 30_000));
  const zengin = Buffer.concat([
    ...[Buffer.from('103'.padEnd(200)), fixed],
    ...[Buffer.from('8'.padEnd(200)), Buffer.from('9'.padEnd(200))],
  ]);
  assert.ok((await rests(lookAt(zengin, unsaid))) > 120);
  const text = Buffer.from(`日付,金額,区分\n${'2026/11/24,300,売上\n'.repeat(30_000)}`);
  assert.ok((await rests(lookAt(text, unsaid))) > 150);
});
