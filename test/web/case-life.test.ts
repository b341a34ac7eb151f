import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UNSAID, type CaseEvent, type CaseEventBody, type CaseFacts } from '../../src/reconcile/desk/case.ts';
import { eventJa } from '../../src/web/office/case-life.ts';

const NAMES = { brands: new Map([['waon', 'WAON']]), acquirers: new Map<string, string>() };
const SAKURA = { number: '1003', name: '会計 さくら' };
const TARO = { number: '1002', name: '出納 太郎' };

const facts = (status: CaseFacts['status'], statement: CaseFacts['statement']): CaseFacts => ({
  ...{ ...UNSAID, status, acquirer: 'emoney', onDate: '2026-11-02', atStakeYen: 100, differenceYen: 100 },
  ours: { yen: 600, brand: 'waon' },
  statement,
});

/** The sentences of a life, in its order. */
function lifeOf(...bodies: [CaseEventBody, CaseEvent['by']?][]): string[] {
  const life = bodies.map(([body, by = SAKURA], index): CaseEvent => ({
    ...body,
    ...{ number: index + 1, at: '2026-11-10T00:00:00Z', onDate: '2026-11-10', by, confirmedBy: null },
  }));
  return life.map((event) => eventJa(event, life, NAMES));
}

test('what the books say otherwise is told with what they said before', () => {
  const resolved = facts('amount_over', { yen: 650, brand: 'waon', slip: '7' });
  const [, changed, , reopened] = lifeOf(
    [{ kind: 'opened', payload: { facts: facts('amount_over', { yen: 700, brand: 'waon' }) } }],
    [{ kind: 'changed', payload: { facts: resolved } }],
    [
      {
        kind: 'resolved',
        payload: { reason: 'difference_accepted', note: '決裁', facts: resolved },
      },
    ],
    [
      {
        kind: 'reopened',
        payload: { facts: facts('missing_at_provider', null), was: 'amount_over', why: 'facts' },
      },
    ],
  );
  assert.match(changed ?? '', /明細の金額が多い。明細の金額 700円→650円、明細の端末の伝票 —→7$/);
  assert.match(reopened ?? '', /明細の金額が多い→明細にない.*また開きました。明細 650円→なし$/);
});

test('a proposal says until when it holds, and whether its own person or another took it back', () => {
  const opened: CaseEventBody = { kind: 'opened', payload: { facts: facts('amount_over', { yen: 700 }) } };
  const proposed: CaseEventBody = {
    kind: 'proposed',
    payload: { reason: 'acquirer_corrects', note: '電話で確認', until: '2026-12-08' },
  };
  const back: CaseEventBody = { kind: 'withdrawn', payload: { text: '金額が違う' } };
  const [, said, own, , others] = lifeOf([opened], [proposed], [back], [proposed], [back, TARO]);
  assert.match(said ?? '', /^提案：決済会社が次の明細で直す（12月8日\(火\)まで）。電話で確認$/);
  assert.equal(own, '提案を取り下げました。金額が違う');
  assert.equal(others, '提案を差し戻しました。金額が違う');
});
