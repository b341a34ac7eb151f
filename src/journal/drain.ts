/**
 * The journal's way up to PostgreSQL: every event exactly once, in order, resumable at any point.
 *
 * PostgreSQL's own head says what has arrived, so nothing about the drain is stored on the counter. One transaction
 * locks that head, checks sequence = head + 1 and previous hash = head, inserts, moves the head. A second journal
 * under a known counter, or one restored from an old backup, does not fit; it is not drained and the counter stops.
 */
import type { Book } from '../book.ts';
import type { RecordStatus } from '../live.ts';
import type { Archive, ArchiveTransaction, KnownJournal } from './archive.ts';
import { findBreak, type Place } from './audit.ts';
import type { Journal } from './journal.ts';

export interface Drain {
  readonly status: RecordStatus;
  /** Drain now, or as soon as PostgreSQL answers. */
  wake(): void;
  /** Asked from outside, PostgreSQL did not answer: that is the status until it does. */
  noteSilence(error: unknown): void;
  /** Resolves when the attempt that is under way has ended, however it did. */
  tried(): Promise<void>;
  /** Resolves when a last attempt has ended. */
  stop(): Promise<void>;
}

const BATCH = 2_000;
const RETRY_MS = 5_000;

export interface DrainOptions {
  journal: Journal;
  archive: Archive;
  now: () => Date;
  onStatus: (status: RecordStatus) => void;
  onError: (error: unknown) => void;
}

/** Sends nothing before it is woken. Without PostgreSQL it tries again by itself, and loses nothing. */
export function createDrain(options: DrainOptions): Drain {
  const { journal, archive } = options;
  /** How far PostgreSQL has it; null: it has not been reached yet. */
  let arrived: number | null = null;
  let running: Promise<void> | undefined;
  let isWanted = false;
  let isStopping = false;
  let retry: NodeJS.Timeout | undefined;

  const { current, report } = followStatus(options, () => arrived);
  const run = async (): Promise<void> => {
    while (isWanted) {
      isWanted = false;
      const step = await drainBatch(archive, journal);
      if ('stopped' in step) {
        isWanted = false;
        report('stopped', step.stopped);
        return;
      }
      arrived = step.arrived;
      isWanted ||= arrived < journal.head.sequence;
      report(isWanted ? 'behind' : 'synced');
    }
  };
  const fail = (error: unknown): void => {
    options.onError(error);
    report('offline');
    clearTimeout(retry);
    if (!isStopping) retry = setTimeout(wake, RETRY_MS);
  };
  const wake = (): void => {
    clearTimeout(retry);
    isWanted = true;
    if (running !== undefined || isStopping || current().state === 'stopped') return;
    running = run()
      .catch((error: unknown) => {
        isWanted = false;
        fail(error);
      })
      .finally(() => {
        running = undefined;
        if (isWanted) wake();
      });
  };

  return {
    get status() {
      return current();
    },
    wake,
    noteSilence(error) {
      // What is being sent finds out by itself; a record that was stopped stays that.
      if (running === undefined && current().state === 'synced') fail(error);
    },
    tried: () => running ?? Promise.resolve(),
    async stop() {
      wake();
      isStopping = true;
      await running;
      clearTimeout(retry);
    },
  };
}

/** @param arrivedSoFar how far PostgreSQL has it; null: it has not been reached yet */
function followStatus({ journal, now, onStatus }: DrainOptions, arrivedSoFar: () => number | null) {
  let last: Omit<RecordStatus, 'pending'> = { state: 'behind', detail: null, since: null };
  /** As it is now: what was recorded since the last step has not arrived. */
  const current = (): RecordStatus => {
    const arrived = arrivedSoFar();
    const pending = arrived === null ? null : journal.head.sequence - arrived;
    return { ...last, pending, state: last.state === 'synced' && pending !== 0 ? 'behind' : last.state };
  };
  return {
    current,
    report: (state: RecordStatus['state'], detail: string | null = null): void => {
      const since = state === 'offline' ? (last.since ?? now().toISOString()) : null;
      last = { state, detail, since };
      onStatus(current());
    },
  };
}

/**
 * From now on whatever is recorded is drained, and nobody who records has to think of it. Whoever records goes on first,
 * to the end of what it does in one go: a terminal waits for its acknowledgement, and what belongs together is on record
 * by then.
 */
export function keepDraining(journal: Journal, { wake }: Pick<Drain, 'wake'>): void {
  let isSoon = false;
  journal.onRecorded(() => {
    if (isSoon) return;
    isSoon = true;
    setImmediate(() => {
      isSoon = false;
      wake();
    });
  });
  wake();
}

/** How far PostgreSQL has it, or why this journal may not drain. */
type Step = { arrived: number } | { stopped: string };

/** Moves one batch; the whole step is one transaction. */
export async function drainBatch(archive: Archive, journal: Journal): Promise<Step> {
  return archive.transact(journal, async (trx) => {
    const head = await lockHead(trx, journal);
    if (typeof head === 'string') return { stopped: head };
    if (journal.hashAt(head.sequence) !== head.hash) return { stopped: diverged(journal, head.sequence) };
    const events = journal.eventsAfter(head.sequence, BATCH);
    const broken = findBreak(head, events);
    if (broken !== undefined) return { stopped: edited(broken) };
    const newest = events.at(-1);
    if (newest === undefined) return { arrived: head.sequence };
    await trx.insert(events);
    await trx.moveHead(newest);
    await trx.project([...new Set(events.flatMap(({ operationId }) => operationId ?? []))]);
    return { arrived: newest.sequence };
  });
}

/** The head of this journal, locked; or why this journal may not drain. */
async function lockHead(trx: ArchiveTransaction, journal: Journal): Promise<Place | string> {
  const known = await trx.lockJournals();
  const otherBook = await trx.findOtherBook();
  if (otherBook !== undefined) return mixed(journal, otherBook);
  const own = known.find(({ journalId }) => journalId === journal.journalId);
  const active = known.find(({ status }) => status === 'active');
  if (own === undefined) {
    const status = active === undefined ? 'active' : 'quarantined';
    const head = { sequence: 0, hash: journal.hashAt(0) ?? '' };
    await trx.register(head, status);
    return status === 'active' ? head : quarantined(journal, active);
  }
  return own.status === 'active' ? own.head : quarantined(journal, active);
}

function mixed({ book }: Journal, other: Book): string {
  return `この PostgreSQL には BOOK=${other} の記録があり、${book} の記録は混ぜられません。DATABASE_URL か BOOK を確かめてください。`;
}

/** What no copy brings back any more is in PostgreSQL as far as it had arrived; the counter's number is not used again. */
const AFRESH =
  'それがもうないときは、新しい窓口番号（COUNTER）と空の DATA_DIR で始めます（手順は src/journal/README.md）。';
const STOPPED = '会計を止めました。市の記録は変えていません。';
/** Where two histories went apart nobody can tell from here: what was paid behind that place may be in this file alone. */
const ONLY_HERE =
  'この窓口で受けた支払いが、この記録にしかなく、市の記録に入っていないことがあります。もう一度受け取らず、' +
  '「今日の支払い」と「前の日の支払い」を端末の控えと合わせて、会計課に知らせてください。';

function quarantined({ counter }: Journal, active: KnownJournal | undefined): string {
  const other = active === undefined ? '別の記録' : `別の記録（${active.head.sequence}番まで）`;
  return (
    `窓口番号 ${counter} では${other}がすでに使われています。この記録は隔離し、${STOPPED}${ONLY_HERE}` +
    'このパソコンの COUNTER を確かめてください。パソコンを取り替えたときは、前のパソコンの journal.sqlite を移してください。' +
    AFRESH
  );
}

function diverged({ head }: Journal, arrived: number): string {
  const [what, cause] =
    head.sequence < arrived
      ? [
          `市の記録には ${arrived}番までありますが、この窓口の記録は ${head.sequence}番で終わっています。`,
          '古い控えから戻したためと思われます。',
        ]
      : [
          `この窓口の記録の ${arrived}番は、市の記録の ${arrived}番と違います。`,
          '古い控えから戻したあとに会計をしたか、同じ記録の写しが別のパソコンで動いています。',
        ];
  return (
    `${what}${cause}${STOPPED}${ONLY_HERE}この記録も消さずに残し、写しがあれば止め、いちばん新しい journal.sqlite に戻すよう` +
    `管理者に連絡してください。${AFRESH}`
  );
}

function edited(sequence: number): string {
  return (
    `この窓口の記録の ${sequence}番が、前の記録とつながりません。書き換えられたか、壊れています。${STOPPED}${ONLY_HERE}` +
    'journal.sqlite を消さずに残し、管理者に連絡してください（npm run verify-journal で調べられます）。'
  );
}
