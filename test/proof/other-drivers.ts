/**
 * Crash points with the drivers whose far end can't be played in virtual time: the counter on a disk and a database of
 * ours, at the other end what the driver contract plays (test/drivers/contract.ts). Whatever leaves passes its wire, so
 * that the points find themselves. Time is the real one, and nothing waits for it.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../src/errors.ts';
import type { Archive } from '../../src/journal/archive.ts';
import type { Entry } from '../../src/terminal/reply.ts';
import type { PaymentView } from '../../src/payments/view.ts';
import type { Driver } from '../../src/terminal/driver.ts';
import type { AskClerk, Reply } from '../../src/terminal/prompt.ts';
import type { Terminal } from '../../src/terminal/terminal.ts';
import type { TerminalSetup } from '../../src/terminal/terminals.ts';
import type { FarEnd, Subject, Wire } from '../drivers/contract.ts';
import type { Cleanup } from '../support/cleanup.ts';
import { createArchiveModel, type ArchiveModel } from './archive-model.ts';
import { differences } from './books.ts';
import { HANAKO } from './clerk.ts';
import { openCounter, type Counter } from './counter.ts';
import type { Failure, Tally } from './crashpoints.ts';
import { createDisk } from './disk.ts';
import type { Violation } from './judge.ts';
import { createLife, Death, type Life } from './life.ts';
import { sell, type OtherScene, type Wish } from './other-scenes.ts';

const PAYS = { act: 'present', brand: 'visa' } as const;
/** A life that finds no peace by then never will. */
const PATIENCE_MS = 30_000;

/** Plays it undisturbed, and then with a death at each so-manieth point; each time with amounts of its own. */
export async function playOthers(
  t: Cleanup,
  { name, subjects, wishes }: OtherScene,
  { every }: { every: number },
  onCase: () => void = () => undefined,
): Promise<Tally> {
  const farEnds = await Promise.all(subjects.map((subject) => subject.open(t)));
  for (const farEnd of farEnds) await farEnd.plan();
  const tally: Tally = { points: 0, cases: 0, failures: [] };
  let quantity = 0;
  const run = async (at: number): Promise<number> => {
    quantity += 10;
    const played = await play({ subjects, farEnds, quantity, wishes: wishes(quantity) }, at);
    const failure: Failure = { scene: name, accidents: at === 0 ? [] : [{ kind: 'death', at }], ...played };
    if (played.violations.length > 0) tally.failures.push(failure);
    tally.cases += 1;
    onCase();
    return played.moments;
  };
  tally.points = await run(0);
  for (let at = every === 1 ? 1 : Math.ceil(every / 2); at <= tally.points; at += every) await run(at);
  return tally;
}

interface Stage {
  subjects: readonly Subject[];
  farEnds: readonly FarEnd[];
  quantity: number;
  wishes: Wish[];
}

interface Living {
  life: Life;
  died: Promise<'died'>;
}

/** From a new journal to a death, and on in the life after it, until nothing is left to do. */
async function play(
  { subjects, farEnds, quantity, wishes }: Stage,
  dieAt: number,
): Promise<{ moments: number; violations: Violation[] }> {
  const disk = createDisk(() => undefined);
  const archive = createArchiveModel();
  const before = await Promise.all(farEnds.map(async (farEnd) => (await farEnd.book()).length));
  const outside = new Set<Promise<void>>();
  /** What somebody could not do: of interest where there was no peace in the end. */
  const complaints: string[] = [];
  const complain = (error: unknown): void => void complaints.push(String(error));
  let moments = 0;
  let isCounting = false;
  const beBorn = (): Living => {
    const { promise: died, resolve } = Promise.withResolvers<'died'>();
    const onMoment = (): boolean => {
      if (isCounting) moments += 1;
      return isCounting && moments === dieAt;
    };
    const life = createLife('counter', onMoment, () => {
      disk.letGo();
      archive.cut();
      resolve('died');
    });
    return { life, died };
  };
  const start = ({ life }: Living): Counter => {
    const counter: Counter = openCounter({
      path: 'journal.sqlite',
      openFile: disk.openFor(life),
      archive: archiveOf(archive, life),
      terminals: subjects.map((subject, index) =>
        setupOf(String(index + 1), subject, farEnds[index], { life, outside, complain }, () => counter),
      ),
      now: () => new Date(),
      onError: (_what, error) => complain(error),
      onFatal: () => life.end(),
    });
    return counter;
  };
  let living = beBorn();
  let counter = start(living);
  await plan(farEnds, 1);
  // Only once all are there is it the first terminal that takes it: one that remembers the last alone needs one before.
  await untilDone(counter, living, []);
  await untilDone(counter, living, [sell(quantity)]);
  await plan(farEnds, wishes.length);
  isCounting = true;
  let over = await untilDone(counter, living, wishes);
  isCounting = false;
  if (over === 'died') {
    // What the dead left behind on this machine waits for nothing any more.
    counter.stop().catch(() => undefined);
    // A clerk finishes what they do with their hands, and a request that has left arrives.
    await Promise.allSettled(outside);
    await Promise.all(farEnds.map((farEnd) => farEnd.isIdle()));
    await plan(farEnds, wishes.length);
    living = beBorn();
    counter = start(living);
    over = await untilDone(counter, living, wishes);
  }
  const books = await Promise.all(farEnds.map(async (farEnd, at) => (await farEnd.book()).slice(before[at])));
  const violations = differences(counter.payments.board(), books.flat());
  if (over !== 'done') {
    const open = counter.payments.board().filter(({ state }) => state === 'unknown');
    const stories = open.map(({ id, terminal }) => `${id} at ${terminal.id}: ${storyOf(counter, id)}`);
    const text = [`in the end: ${over}`, ...new Set(complaints), ...stories].join('; ');
    violations.push({ kind: 'unresolved', text });
  }
  await counter.stop();
  disk.letGo();
  return { moments, violations };
}

/** What is on record about a payment, for whoever has to find out why it stayed open. */
const storyOf = ({ payments }: Counter, id: string): string =>
  payments
    .history(id)
    .map((event) => (event.type === 'evidence' ? `${event.type} (${event.payload.reason})` : event.type))
    .join(', ');

/** The dead begin no transaction any more: none of theirs may stand in the way of the living. */
function archiveOf(model: ArchiveModel, life: Life): Archive {
  const own = model.connect((what, act) => life.doesLater('database', what, () => Promise.resolve(act())));
  return {
    transact: (journal, act) =>
      life.isGone ? new Promise<never>(() => undefined) : own.transact(journal, act),
  };
}

/** Everybody pays, at whichever terminal their sale comes to. */
async function plan(farEnds: readonly FarEnd[], sales: number): Promise<void> {
  await Promise.all(farEnds.map((farEnd) => farEnd.plan(...Array.from({ length: sales }, () => PAYS))));
}

/** A terminal of this counter: what leaves for it is an effect of its life, and so is what the clerk answers. */
function setupOf(
  id: string,
  { driver, options }: Subject,
  farEnd: FarEnd | undefined,
  {
    life,
    outside,
    complain,
  }: { life: Life; outside: Set<Promise<void>>; complain: (error: unknown) => void },
  counter: () => Counter,
): TerminalSetup {
  const connect = (ask: AskClerk): Promise<Terminal> => {
    const wire: Wire = {
      pass: (message, send) =>
        life.doesLater('line', message.toString('utf8', 0, 40), () => {
          const sent = send();
          outside.add(sent);
          return sent;
        }),
      screen: (clerk) => onScreen(id, { ask, clerk, complain }, life, counter),
    };
    // The dead try to connect no more: what they opened would be closed by nobody.
    if (life.isGone) return new Promise(() => undefined);
    return farEnd?.connect(options, wire) ?? Promise.reject(new Error('no far end'));
  };
  return { id, driver: driver satisfies Driver, connect };
}

/** The question stands on the counter's screen; the clerk does what it says, and answers there. */
function onScreen(
  terminal: string,
  { ask, clerk, complain }: { ask: AskClerk; clerk: AskClerk; complain: (error: unknown) => void },
  life: Life,
  counter: () => Counter,
): AskClerk {
  return async (prompt, withdrawn) => {
    const answered = ask(prompt, withdrawn);
    const type = (reply: Reply): void => {
      const { prompts } = counter().payments;
      const open = prompts.open().find((each) => each.prompt === prompt);
      const entry: Entry = { ...reply, again: reply.values, scan: null };
      if (open !== undefined)
        life.does('http', 'reply', () => prompts.reply(terminal, open.id, entry, HANAKO));
    };
    // Whoever can't answer any more is told so by `answered`.
    clerk(prompt, withdrawn).then(type).catch(complain);
    return answered;
  };
}

/** Presses until each wish was taken, and waits until nothing is under way and nothing can still be found out. */
async function untilDone(
  counter: Counter,
  { life, died }: Living,
  wishes: readonly Wish[],
): Promise<'done' | 'died' | 'no peace'> {
  const { payments, live, drain } = counter;
  let open = [...wishes];
  const isTaken = (wish: Wish): boolean => {
    try {
      life.does('http', 'request', () => wish(counter));
      return true;
    } catch (error) {
      if (error instanceof AppError || error instanceof Death) return false;
      throw error;
    }
  };
  const isDone = (): boolean => {
    if (payments.terminalStatus().some(({ state }) => state === 'ready')) {
      open = open.filter((wish) => !isTaken(wish));
    }
    if (life.isGone) return false;
    // Queries go on: what the first of them could not tell, a later one may. Of a void that was not made none may.
    const isOpen = ({ kind, state, queries }: PaymentView): boolean =>
      state === 'armed' || (state === 'unknown' && (kind !== 'void' || queries === 0));
    const isUnderWay = payments.board().some(isOpen);
    const isFree = payments.terminalStatus().every(({ state }) => state === 'ready');
    return open.length === 0 && !isUnderWay && isFree && drain.status.state === 'synced';
  };
  const over = new AbortController();
  const done = new Promise<'done'>((resolve) => {
    const look = (): void => {
      if (!life.isGone && !over.signal.aborted && isDone()) resolve('done');
    };
    const unsubscribe = live.subscribe(() => setImmediate(look));
    over.signal.addEventListener('abort', unsubscribe, { once: true });
    setImmediate(look);
  });
  const enough = delay(PATIENCE_MS, 'no peace' as const, { signal: over.signal });
  enough.catch(() => undefined);
  try {
    return await Promise.race([done, died, enough]);
  } finally {
    over.abort();
  }
}
