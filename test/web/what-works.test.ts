import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TerminalStatus } from '../../src/live.ts';
import type { Offer } from '../../src/terminal/offer.ts';
import { NOTHING_YET, type LiveState } from '../../src/web/counter/live.ts';
import { whatWorks } from '../../src/web/counter/what-works.ts';

const CARDS: Offer = {
  id: '1',
  nameJa: '1番',
  brands: { credit: ['visa'], debit: ['jdebit'], emoney: [], qr: [] },
  minimumYen: 1,
  buckets: [],
};
const TOUCH: Offer = {
  id: '2',
  nameJa: '2番',
  brands: { credit: ['visa'], debit: [], emoney: ['waon'], qr: [] },
  minimumYen: 1,
  buckets: [],
};
const at = (id: string, state: TerminalStatus['state']): TerminalStatus => ({
  id,
  nameJa: id,
  state,
  detail: null,
});
const LIVE: LiveState = {
  ...NOTHING_YET,
  connection: 'live',
  terminals: [at('1', 'ready'), at('2', 'ready')],
  record: { state: 'synced', pending: 0, detail: null, since: null },
};
const signs = (live: LiveState): Record<string, string> =>
  Object.fromEntries(whatWorks(live, [CARDS, TOUCH]).map(({ nameJa, sign }) => [nameJa, sign]));

test('every method that a terminal here takes is told, and none that nobody takes', () => {
  const all = { 現金: 'ok', クレジット: 'ok', デビット: 'ok', 電子マネー: 'ok' };
  assert.deepEqual(signs(LIVE), { ...all, 'サインイン・料金表': 'ok', 市の記録: 'ok' });
});

test('a method works as long as one of its terminals does', () => {
  const cut = { ...LIVE, terminals: [at('1', 'disconnected'), at('2', 'locked')] };
  const told = signs(cut);
  assert.deepEqual([told['クレジット'], told['デビット'], told['電子マネー']], ['ask', 'no', 'ask']);
  assert.equal(signs({ ...cut, terminals: [at('1', 'disconnected'), at('2', 'ready')] })['クレジット'], 'ok');
});

test('without PostgreSQL every method works on; without the service only cash does', () => {
  const offline = whatWorks(
    { ...LIVE, record: { state: 'offline', pending: 3, detail: null, since: '2026-11-24T00:42:00.000Z' } },
    [CARDS],
  );
  assert.match(
    offline.find(({ nameJa }) => nameJa === '市の記録')?.word ?? '',
    /11月24日\(火\) 9:42からつながっていません。.*会計は続けられます（未送信 3件）/,
  );
  assert.equal(offline.find(({ nameJa }) => nameJa === 'クレジット')?.sign, 'ok');
  assert.deepEqual(signs({ ...LIVE, connection: 'lost' }), { 現金: 'ok', キャッシュレス: 'no' });
});

test('a record that is stopped or a clock in doubt leaves cash alone', () => {
  const stopped = signs({ ...LIVE, record: { state: 'stopped', pending: null, detail: null, since: null } });
  assert.deepEqual([stopped['現金'], stopped['クレジット'], stopped['市の記録']], ['ok', 'no', 'no']);
});
