/** The life of a case and its age, without a database. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ageInBusinessDays,
  byUrgency,
  foldCase,
  followFacts,
  type CaseEvent,
  type CaseEventBody,
  type CaseFacts,
} from '../../../src/reconcile/desk/case.ts';
import {
  ASKED_OF,
  proposeFor,
  REASONS,
  REASONS_OF,
  type Candidate,
} from '../../../src/reconcile/desk/reasons.ts';

const TODAY = '2026-11-27';
const MISSING: CaseFacts = {
  ...{ status: 'missing_at_provider', acquirer: 'qr', onDate: '2026-11-20', atStakeYen: 400 },
  ...{
    differenceYen: -400,
    ours: { yen: 400 },
    terminal: null,
    statement: null,
    bank: null,
    operationId: 'a',
  },
};
const OVER: CaseFacts = {
  ...MISSING,
  status: 'amount_over',
  differenceYen: 100,
  atStakeYen: 100,
  statement: { yen: 500 },
};
const HANAKO = { number: '1003', name: '会計 さくら' };
const TARO = { number: '1002', name: '出納 太郎' };

/** One event after the other, each a minute later. */
const life = (...bodies: (CaseEventBody & { by?: typeof HANAKO })[]): CaseEvent[] =>
  bodies.map(({ by = HANAKO, ...body }, index) => ({
    ...body,
    ...{
      number: index + 1,
      at: `2026-11-24T00:0${String(index)}:00.000Z`,
      onDate: '2026-11-24',
      by,
      confirmedBy: null,
    },
  }));

const opened: CaseEventBody = { kind: 'opened', payload: { facts: MISSING } };
const assigned: CaseEventBody = { kind: 'assigned', payload: { to: HANAKO } };
const proposed: CaseEventBody = {
  kind: 'proposed',
  payload: { reason: 'difference_accepted', note: '決裁済み' },
};
const resolved: CaseEventBody = {
  kind: 'resolved',
  payload: { reason: 'difference_accepted', note: '決裁済み', facts: MISSING },
};

const follow = (
  events: CaseEvent[],
  found: CaseFacts | undefined,
  today = TODAY,
): CaseEventBody | undefined =>
  followFacts(events.length === 0 ? undefined : foldCase(events), found, {
    today,
    same: (a, b) => JSON.stringify(a) === JSON.stringify(b),
    settledBy: () => 'statement',
  });

test('a case is opened, taken, proposed and resolved, and keeps who has it', () => {
  const states = [life(opened), life(opened, assigned), life(opened, assigned, proposed)].map(
    (events) => foldCase(events).state,
  );
  assert.deepEqual(states, ['open', 'assigned', 'proposed']);
  const done = foldCase(life(opened, assigned, proposed, resolved));
  assert.deepEqual([done.state, done.assignee, done.proposal, done.number], ['resolved', HANAKO, null, 4]);
  assert.equal(
    foldCase(life(opened, assigned, proposed, { kind: 'withdrawn', payload: { text: '違う' } })).state,
    'assigned',
  );
  assert.throws(() => foldCase(life(assigned)), /begins with being opened/);
});

test('a comment or evidence changes no state, and handing over leaves a proposal where it is', () => {
  const talk: CaseEventBody = { kind: 'commented', payload: { text: '電話した' } };
  assert.equal(foldCase(life(opened, proposed, talk)).state, 'proposed');
  const handed = foldCase(life(opened, proposed, { kind: 'assigned', payload: { to: TARO } }));
  assert.deepEqual([handed.state, handed.assignee], ['proposed', TARO]);
});

test('new data settles an open case and says how; nothing else closes it without a person', () => {
  assert.deepEqual(follow([], MISSING), opened);
  assert.equal(follow(life(opened), MISSING), undefined, 'the same again is no event');
  assert.deepEqual(follow(life(opened), undefined), { kind: 'settled', payload: { by: 'statement' } });
  assert.equal(
    foldCase(life(opened, { kind: 'settled', payload: { by: 'statement' } })).settledBy,
    'statement',
  );
  assert.equal(follow([], undefined), undefined);
});

test('other facts take a proposal back: it was about something else', () => {
  const event = follow(life(opened, assigned, proposed), OVER);
  assert.deepEqual(event, { kind: 'changed', payload: { facts: OVER } });
  const after = foldCase(life(opened, assigned, proposed, { kind: 'changed', payload: { facts: OVER } }));
  assert.deepEqual([after.state, after.proposal, after.facts.status], ['assigned', null, 'amount_over']);
});

test('what people resolved stays resolved while its facts hold, and opens again with why when they change', () => {
  const done = life(opened, resolved);
  assert.equal(follow(done, MISSING), undefined);
  assert.equal(follow(done, undefined), undefined, 'it came into order afterwards');
  const reopened: CaseEventBody = {
    kind: 'reopened',
    payload: { facts: OVER, was: 'missing_at_provider', why: 'facts' },
  };
  assert.deepEqual(follow(done, OVER), reopened);
  assert.equal(foldCase(life(opened, resolved, reopened)).state, 'open');
  const settled = life(opened, { kind: 'settled', payload: { by: 'statement' } });
  assert.equal(follow(settled, MISSING)?.kind, 'reopened', 'no person has ever accepted these facts');
});

test('what rests on somebody else’s word opens again after its day', () => {
  const promised = life(opened, {
    kind: 'resolved',
    payload: { reason: 'acquirer_corrects', note: '電話', until: TODAY, facts: MISSING },
  });
  assert.equal(follow(promised, MISSING, TODAY), undefined);
  assert.deepEqual(follow(promised, MISSING, '2026-11-28'), {
    kind: 'reopened',
    payload: { facts: MISSING, was: 'missing_at_provider', why: 'overdue' },
  });
});

test('age counts business days: over a weekend, a holiday and the year’s end', () => {
  const ages = [
    ['2026-11-27', '2026-11-27', 0],
    ['2026-11-20', '2026-11-24', 1],
    ['2026-11-27', '2026-11-30', 1],
    ['2026-12-28', '2027-01-04', 1],
    ['2026-11-02', '2026-11-27', 17],
  ] as const;
  for (const [from, until, age] of ages)
    assert.equal(ageInBusinessDays(from, until), age, `${from} ${until}`);
});

test('the oldest stand first, then the most yen', () => {
  const listed = [
    { openedOn: '2026-11-25', caseId: 9, facts: OVER },
    { openedOn: '2026-11-26', caseId: 1, facts: MISSING },
    { openedOn: '2026-11-27', caseId: 2, facts: OVER },
    { openedOn: '2026-11-27', caseId: 4, facts: MISSING },
    { openedOn: '2026-11-27', caseId: 3, facts: MISSING },
  ];
  for (const given of [listed, listed.toReversed(), [...listed.slice(2), ...listed.slice(0, 2)]])
    assert.deepEqual(
      given.toSorted(byUrgency).map(({ caseId }) => caseId),
      [9, 1, 3, 4, 2],
    );
});

test('the usual step: one candidate is offered, several are a choice, and otherwise somebody is asked once', () => {
  const candidate = { counter: '01', operationId: 'a', lineId: 7, yen: 400, onDate: TODAY } as Candidate;
  assert.deepEqual(proposeFor(MISSING, false, [candidate]), {
    kind: 'resolve',
    reason: 'paired_by_hand',
    candidate,
  });
  assert.deepEqual(proposeFor(MISSING, false, [candidate, { ...candidate, lineId: 8 }]), { kind: 'choose' });
  assert.deepEqual(proposeFor(OVER, false, []), { kind: 'ask', whom: 'acquirer' });
  assert.deepEqual(proposeFor(OVER, true, []), { kind: 'wait', whom: 'acquirer' });
  const late: CaseFacts = { ...MISSING, status: 'deposit_late', ours: null };
  assert.deepEqual(proposeFor(late, false, []), { kind: 'ask', whom: 'acquirer' });
  assert.deepEqual(proposeFor({ ...late, bank: { yen: 400, onDate: TODAY } }, false, []), {
    ...{ kind: 'resolve', reason: 'arrived_otherwise' },
  });
  // What no hand may pair is paired with nothing, however like it is.
  assert.deepEqual(proposeFor(OVER, false, [candidate]), { kind: 'ask', whom: 'acquirer' });
  const [differs, lateFile] = [
    { ...OVER, status: 'data_differs' } as const,
    { ...OVER, status: 'file_late' } as const,
  ];
  assert.deepEqual(proposeFor(differs, true, []), { kind: 'resolve', reason: 'same_transaction' });
  assert.deepEqual(proposeFor(lateFile, true, []), { kind: 'resolve', reason: 'seen' });
});

test('every status has somebody to ask; an unknown is closed by evidence alone; whatever touches money needs two', () => {
  assert.deepEqual(Object.keys(ASKED_OF).toSorted(), Object.keys(REASONS_OF).toSorted());
  assert.deepEqual([REASONS_OF.unknown_open, REASONS_OF.unknown_resolved], [[], []]);
  const alone = Object.entries(REASONS).filter(([, { fourEyes }]) => !fourEyes);
  assert.deepEqual(
    alone.map(([code]) => code),
    ['file_replaced', 'no_statement', 'seen'],
  );
});
