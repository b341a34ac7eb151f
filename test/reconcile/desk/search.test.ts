/** A case is found by what somebody has in hand, however few of the cases are shown. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDesk } from '../../../src/reconcile/desk/read.ts';
import type { CaseStatus } from '../../../src/reconcile/desk/case.ts';
import { ACCEPTED, openDesk, SAKURA, TARO, TODAY } from '../../support/desk.ts';
import { MUNICIPALITY } from '../../support/postgres.ts';

test('a case is found by slip, amount, day, name and comment, each of the words that are typed', async (t) => {
  const { db, caseOf, act } = await openDesk(t);
  await act('amount_over', { act: 'comment', text: '窓口 12-3456 に電話。控えは 1,400円' });
  await act('missing_at_provider', { act: 'assign', to: TARO.number });
  const search = async (words: string, most = { open: 100, closed: 100 }) =>
    readDesk(db, MUNICIPALITY, { today: TODAY, people: [], most, search: words });
  const finds = async (words: string): Promise<CaseStatus[]> =>
    (await search(words)).open.map(({ facts }) => facts.status);
  const [over, missing] = [await caseOf('amount_over'), await caseOf('missing_at_provider')];
  for (const each of [over, missing]) {
    const slip = each.facts.ours?.name ?? assert.fail('no slip');
    for (const number of [String(each.caseId), slip, slip.replace(/^0+/, ''), `${slip} 11/2`])
      assert.ok((await finds(number)).includes(each.facts.status), number);
  }

  const both: CaseStatus[] = ['amount_over', 'missing_at_provider'];
  const numbers: [string, CaseStatus[]][] = [
    ['400', ['amount_over']],
    ['５００円', ['amount_over']],
    ['¥500', []],
    ['1,400', ['amount_over']],
    ['140', []],
    ['00', []],
  ];
  const words: [string, CaseStatus[]][] = [
    ['ＰＡＹＰＡＹ', both],
    ['コード', both],
    ['明細にない', ['missing_at_provider']],
    ['11/2', both],
    ['11月2日', both],
    ['11月', both],
    ['11月1日', []],
    ['2026-11-02', both],
    ['2026/11/2', both],
    ['12-3456', ['amount_over']],
    ['太郎', ['missing_at_provider']],
    ['さくら', both],
    ['paypay 400', ['amount_over']],
    ['paypay 401', []],
    ['窓口 電話', ['amount_over']],
    // What is typed is no pattern, and no name of a field.
    ['%', []],
    ['p_yp_y', []],
    ['yen', []],
    ["'", []],
  ];
  for (const [typed, statuses] of [...numbers, ...words]) {
    const found = (await finds(typed)).filter((status) => both.includes(status));
    assert.deepEqual(found.toSorted(), statuses, typed);
  }

  // Of what is beyond the page it says how many, of all of them and of those that were found.
  const all = await search('');
  assert.deepEqual(all.found, all.many);
  const first = await search('paypay', { open: 1, closed: 1 });
  assert.deepEqual([first.open.length, first.found], [1, { open: 2, closed: 0 }]);
  assert.equal(first.search, 'paypay');
  assert.deepEqual(first.many, all.many);
  await act('amount_over', ACCEPTED, SAKURA, TARO);
  // By its note, by its reason's name, by words of several of its events.
  for (const typed of ['決裁のとおり', '差を決裁のうえ処理した', '決裁 電話 太郎']) {
    const { found, closed } = await search(typed);
    assert.deepEqual(
      [found, closed.map(({ facts }) => facts.status)],
      [{ open: 0, closed: 1 }, ['amount_over']],
      typed,
    );
  }
});
