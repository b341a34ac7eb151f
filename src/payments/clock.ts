/**
 * Whether this computer's clock may date a payment: not while it stands behind the last event, or more
 * than five minutes from PostgreSQL's or a terminal's. Then no sale is taken until it is right again, or the 出納員 has
 * confirmed the date. Nothing here sets a clock.
 */
import { businessDateOf } from '../business-date.ts';
import { AppError } from '../errors.ts';
import type { Journal } from '../journal/journal.ts';
import type { ClockFault, Live } from '../live.ts';
import { signatureOf, type Person } from '../staff/staff.ts';

const MOST_APART_MS = 300_000;
/** What a time server may correct without a word. */
const SLACK_MS = 5_000;
const CONFIRMED = 'clock_confirmed';

export interface ClockWatch {
  /** PostgreSQL's clock says this now. */
  hearDatabase(theirs: Date): void;
  /** A terminal's clock says this now, `MM-DDThh:mm:ss` in Japan; some give the year too. */
  hearTerminal(id: string, terminalTime: string): void;
  /** A terminal is connected anew: what its clock said before counts no more. */
  forgetTerminal(id: string): void;
  /** Undefined: today's date may be trusted. */
  fault(): ClockFault | undefined;
  /**
   * The 出納員's word that today is `businessDate`, which counts for that day; on record.
   * @throws AppError if the computer's date is another
   */
  confirm(businessDate: string, person: Person): void;
}

/** What another clock said, and when that was on a clock that nobody sets. */
interface Heard {
  source: 'database' | 'terminal';
  theirsMs: number;
  atMs: number;
}

/** A watch that goes by what is on record; it reads no clock but `now`, and asks nobody the time. */
export function createClockWatch(options: { journal: Journal; now: () => Date; live: Live }): ClockWatch {
  const { journal, now, live } = options;
  const heard = new Map<string, Heard>();
  let confirmed = findConfirmed(journal);
  /**
   * The newest instant on record since the date was last confirmed. Not the last event's: once the clock is behind, every
   * event that follows is too.
   */
  let newest = journal.latestAfter((confirmed?.sequence ?? 1) - 1) ?? '';
  journal.onRecorded(() => {
    const { at } = journal.head;
    if (at !== null && at > newest) newest = at;
  });
  const findFault = (): ClockFault | undefined => {
    const ours = now();
    if (newest !== '' && ours.getTime() < Date.parse(newest) - SLACK_MS) {
      return { source: 'journal', ours: ours.toISOString(), theirs: newest };
    }
    for (const { source, theirsMs, atMs } of heard.values()) {
      const theirs = new Date(theirsMs + performance.now() - atMs);
      if (Math.abs(theirs.getTime() - ours.getTime()) > MOST_APART_MS) {
        return { source, ours: ours.toISOString(), theirs: theirs.toISOString() };
      }
    }
    return undefined;
  };
  const isToday = (businessDate: string): boolean => businessDate === businessDateOf(now());
  const fault = (): ClockFault | undefined =>
    confirmed !== undefined && isToday(confirmed.businessDate) ? undefined : findFault();
  const publish = (): void => live.publish('clock', fault() ?? null);
  const hear = (name: string, source: Heard['source'], theirs: Date): void => {
    heard.set(name, { source, theirsMs: theirs.getTime(), atMs: performance.now() });
    publish();
  };

  return {
    hearDatabase: (theirs) => hear('database', 'database', theirs),
    hearTerminal(id, terminalTime) {
      const theirs = nearestInstant(terminalTime, now());
      if (theirs !== undefined) hear(`terminal ${id}`, 'terminal', theirs);
    },
    forgetTerminal(id) {
      if (heard.delete(`terminal ${id}`)) publish();
    },
    fault,
    confirm(businessDate, person) {
      const today = businessDateOf(now());
      if (businessDate !== today) throw new AppError('other_date', { today });
      const payload = { businessDate, fault: findFault() ?? null, ...signatureOf(person) };
      const { sequence, at } = journal.append(CONFIRMED, null, payload);
      confirmed = { sequence, businessDate };
      newest = at;
      publish();
    },
  };
}

/** @throws AppError while the clock may not date a sale */
export function refuseDoubtfulClock({ fault }: Pick<ClockWatch, 'fault'>): void {
  const found = fault();
  if (found === undefined) return;
  throw new AppError(found.source === 'journal' ? 'clock_behind' : 'clock_differs', { ...found });
}

function findConfirmed(journal: Journal): { sequence: number; businessDate: string } | undefined {
  const event = journal.eventsOfType(CONFIRMED).at(-1);
  if (event === undefined) return undefined;
  const { businessDate } = event.payload as { businessDate: string };
  return { sequence: event.sequence, businessDate };
}

/** Undefined: it is no time. Where the year is missing it is the one that brings it nearest. */
function nearestInstant(terminalTime: string, near: Date): Date | undefined {
  const year = near.getUTCFullYear();
  const isYearMissing = /^\d\d-\d\dT/.test(terminalTime);
  const dated = isYearMissing
    ? [year - 1, year, year + 1].map((each) => `${String(each)}-${terminalTime}`)
    : [terminalTime];
  const zone = /(Z|[+-]\d\d:\d\d)$/.test(terminalTime) ? '' : '+09:00';
  const distance = (instant: Date): number => Math.abs(instant.getTime() - near.getTime());
  return dated
    .map((text) => new Date(`${text}${zone}`))
    .filter((instant) => !Number.isNaN(instant.getTime()))
    .sort((a, b) => distance(a) - distance(b))[0];
}
