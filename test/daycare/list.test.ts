/** The day's list through the counter's interface: what it keeps, what it refuses, and what is never found anywhere. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import request from 'supertest';
import { businessDateOf } from '../../src/business-date.ts';
import type { Closing } from '../../src/closing/closing.ts';
import { chargeOf } from '../../src/daycare/charge.ts';
import type { Stay, StayView } from '../../src/daycare/daycare.ts';
import { DEFAULT_SETTINGS } from '../../src/fees/catalogue.ts';
import { readSampleFees } from '../../src/fees/sample.ts';
import { openLog } from '../../src/log.ts';
import { SAMPLE_PIN } from '../../src/staff/sample.ts';
import { codeOf, openApps, signIn, TOKEN, type Apps } from '../support/apps.ts';
import { makeFolder } from '../support/folder.ts';
import { readFiles, readRows } from '../support/kept.ts';
import { stayOf } from '../support/stays.ts';

const { items, grounds } = readSampleFees();
const settings = DEFAULT_SETTINGS;

/** A teacher at a tablet; everything that was answered is kept. */
interface Teacher {
  stays(): Promise<StayView[]>;
  post(path: string, body?: object): Promise<request.Response>;
  answers: string[];
}

async function signInTeacher({ counter }: Apps): Promise<Teacher> {
  const cookie = await signIn(counter, '1005', SAMPLE_PIN);
  const answers: string[] = [];
  return {
    answers,
    async stays() {
      const answer = await request(counter).get('/api/daycare/stays').set('Cookie', cookie).expect(200);
      return answer.body as StayView[];
    },
    async post(path, body = {}) {
      const answer = await request(counter).post(path).set('Cookie', cookie).send(body);
      answers.push(answer.text);
      return answer;
    },
  };
}

/** By program: the day's end is the 出納員's, not a teacher's. */
const closeDay = ({ counter }: Apps): request.Test =>
  request(counter).post('/api/closing').set('Authorization', `Bearer ${TOKEN}`).send({});

function entryOf(change: Partial<Stay> = {}): object {
  const { label, caredOn, care, meals, arrivedAt, plannedAt, pickedUpAt, ...rest } = stayOf(change);
  return { label, caredOn, class: rest.class, care, meals, arrivedAt, plannedAt, pickedUpAt };
}

async function add(teacher: Teacher, change: Partial<Stay>): Promise<StayView> {
  const answer = await teacher.post('/api/daycare/stays', entryOf(change));
  assert.equal(answer.status, 201, answer.text);
  return answer.body as StayView;
}

/** A cash sale of stays, as a tablet sends it. */
function cashFor(stays: readonly Stay[], until: string, on: string): Record<string, unknown> {
  const charges = stays.map((stay, index) => {
    const charge = chargeOf(stay, { until, child: index + 1 }, items, { on, grounds, settings });
    assert.ok(!('fault' in charge), JSON.stringify(charge));
    return charge;
  });
  return {
    id: randomUUID(),
    window: 'daycare',
    lines: charges.flatMap(({ lines }) => lines),
    totalYen: charges.reduce((sum, { totalYen }) => sum + totalYen, 0),
    tender: 'cash',
  };
}

test('a day: siblings in one payment, no stay twice, the list survives a restart, labels survive nothing', async (t) => {
  const dataDir = makeFolder(t);
  const apps = await openApps(t, { dataDir, log: openLog(dataDir, 'trace') });
  const on = businessDateOf(apps.clock.now);
  const teacher = await signInTeacher(apps);
  const labels = ['うさぎ組のはるちゃん', 'ZQ-4471', 'ZQ-4472'];
  const [haru, four, other] = await Promise.all(labels.map((label) => add(teacher, { label, caredOn: on })));
  assert.ok(haru && four && other);
  const late = await teacher.post(`/api/daycare/stays/${other.id}`, {
    arrivedAt: '10:15',
    plannedAt: '17:00',
  });
  assert.equal((late.body as StayView).arrivedAt, '10:15');

  await apps.restartCounter();
  assert.deepEqual((await teacher.stays()).map(({ label }) => label).sort(), [...labels].sort());

  const sale = cashFor([haru, four], '18:20', on);
  assert.equal((await teacher.post('/api/counted', sale)).status, 201);
  assert.equal((await teacher.post('/api/counted', sale)).status, 201, 'the same once more is the same sale');
  const again = await teacher.post('/api/counted', cashFor([four], '18:20', on));
  assert.equal(codeOf(again), 'stay_settled');
  const changed = await teacher.post(`/api/daycare/stays/${four.id}`, { pickedUpAt: '17:00' });
  assert.equal(codeOf(changed), 'stay_settled');
  const listed = await teacher.stays();
  assert.deepEqual(
    listed.map(({ id, payment, pickedUpAt }) => [id === other.id, payment, pickedUpAt]),
    [
      [false, 'paid', '18:20'],
      [false, 'paid', '18:20'],
      [true, 'none', null],
    ],
  );
  await teacher.post(`/api/counted/${String(sale['id'])}/withdraw`);
  assert.equal(
    (await teacher.stays()).every(({ payment }) => payment === 'none'),
    true,
    'taken back: payable',
  );
  const settled = cashFor([haru, four], '18:20', on);
  assert.equal((await teacher.post('/api/counted', settled)).status, 201);

  const page = await request(apps.counter)
    .get(`/api/daycare/certificates/${String(settled['id'])}`)
    .set('Cookie', await signIn(apps.counter, '1005', SAMPLE_PIN))
    .expect(200);
  assert.equal(page.text.match(/<section class="certificate"/g)?.length, 2, 'a sheet for each child');
  assert.match(page.text, /<td>令和\d+年\d+月\d+日<\/td><td>08:30〜18:20<\/td><td>一時預かり事業/);
  assert.match(page.text, /<td>18:00〜18:20<\/td><td>時間外保育/);
  assert.match(page.text, /利用料（一時預かり事業）<\/th><td>2,200円/);
  assert.match(page.text, /時間外保育（延長保育）の料金<\/th><td>100円/);
  assert.match(page.text, /特定費用（食事の提供に要する費用）<\/th><td>0円/);
  assert.doesNotMatch(
    page.text,
    /<form|<script(?! type="module" src="\/print\.js"><\/script>)|<input[^>]* name=/,
    'nothing on the page can send or keep a name',
  );

  // A refusal says nothing of whom it is about.
  for (const body of [
    entryOf({ label: `${labels[1] ?? ''} ${'x'.repeat(30)}` }),
    { ...entryOf({ label: labels[2] ?? '' }), arrivedAt: 'soon' },
  ]) {
    assert.equal((await teacher.post('/api/daycare/stays', body)).status, 400);
  }
  const answer = await closeDay(apps);
  teacher.answers.push(answer.text);
  const closing = answer.body as Closing;
  assert.deepEqual(closing.unpaidCare, { count: 1, amountYen: 2200 });
  assert.equal(closing.labelsErased, true);
  const owed = await teacher.stays();
  assert.deepEqual(
    owed.map(({ id, label, arrivedAt }) => [id, label, arrivedAt]),
    [[other.id, null, '10:15']],
  );
  const named = await teacher.post(`/api/daycare/stays/${other.id}`, {
    label: labels[2],
    pickedUpAt: '18:40',
  });
  assert.equal((named.body as StayView).label, null, 'an erased label does not come back');
  const dropped = await teacher.post(`/api/daycare/stays/${other.id}/drop`, { reason: 'billed' });
  assert.equal(dropped.status, 200);
  assert.deepEqual(await teacher.stays(), []);

  await apps.restartCounter();
  const places = [...readFiles(dataDir), ...(await readRows(apps.db))];
  const inAnswers = teacher.answers.filter((text) => text.includes('"error"'));
  places.push(['refusals', Buffer.from(inAnswers.join('\n'))]);
  const found = labels.flatMap((label) =>
    places.flatMap(([where, bytes]) => (bytes.includes(label) ? [`${label} in ${where}`] : [])),
  );
  assert.deepEqual(found, []);
  const events = await apps.db.selectFrom('events').select(['type', 'payload']).orderBy('sequence').execute();
  const payloadOf = (type: string): unknown => events.find((event) => event.type === type)?.payload;
  assert.deepEqual((payloadOf('closed') as Closing).unpaidCare, { count: 1, amountYen: 2200 });
  assert.equal(
    (payloadOf('stay_dropped') as { amountYen: number }).amountYen,
    2400,
    'on record, without a label',
  );
});

test('what a forgotten closing left has no label the next morning, and is still owed', async (t) => {
  const dataDir = makeFolder(t);
  const apps = await openApps(t, { dataDir });
  const on = businessDateOf(apps.clock.now);
  let teacher = await signInTeacher(apps);
  await add(teacher, { label: 'FORGOTTEN-1', caredOn: on, pickedUpAt: '18:40' });
  const labelIn = (name: string): boolean =>
    readFiles(dataDir).some(([where, bytes]) => where === name && bytes.includes('FORGOTTEN-1'));
  assert.equal(labelIn('daycare.sqlite'), true, 'what is looked for would be found');

  apps.clock.now = new Date(apps.clock.now.getTime() + 24 * 3600_000);
  await apps.restartCounter();
  assert.equal(labelIn('daycare.sqlite'), false);
  teacher = await signInTeacher(apps);
  const [owed] = await teacher.stays();
  assert.ok(owed);
  assert.deepEqual([owed.label, owed.caredOn, owed.pickedUpAt, owed.payment], [null, on, '18:40', 'none']);
  const today = businessDateOf(apps.clock.now);
  const treasurer = await signIn(apps.counter, '1002', SAMPLE_PIN);
  await request(apps.counter)
    .post('/api/clock')
    .set('Cookie', treasurer)
    .send({ businessDate: today })
    .expect(200);
  const paid = await teacher.post('/api/counted', cashFor([owed], '18:40', today));
  assert.equal(paid.status, 201, paid.text);
  assert.equal((await teacher.stays())[0]?.payment, 'paid');
});

test('the list is for the people of its window, never for a script; and a broken file of it stops no sale', async (t) => {
  const dataDir = makeFolder(t);
  writeFileSync(
    join(dataDir, 'daycare.sqlite'),
    'no database at all, and longer than its header would be'.repeat(9),
  );
  const apps = await openApps(t, { dataDir });
  const script = await request(apps.counter)
    .get('/api/daycare/stays')
    .set('Authorization', `Bearer ${TOKEN}`);
  assert.equal(codeOf(script), 'role_missing');
  const teacher = await signInTeacher(apps);
  const answer = await teacher.post('/api/daycare/stays', entryOf());
  assert.deepEqual([answer.status, codeOf(answer)], [503, 'daycare_unusable']);
  const cash = {
    id: randomUUID(),
    window: 'daycare',
    lines: [{ code: 'NUR-IT1', quantity: 1 }],
    totalYen: 2200,
    tender: 'cash',
  };
  assert.equal((await teacher.post('/api/counted', cash)).status, 201);
  assert.equal((await closeDay(apps)).status, 200);
});
