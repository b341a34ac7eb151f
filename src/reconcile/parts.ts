/**
 * A terminal's readings as its settlement periods: what lies between which two readings, and what between none. Pure; the
 * counter asks at its closing and the office at night, of the same record.
 */
import { TOKYO_AHEAD_MS } from '../business-date.ts';
import type { TerminalTotals } from '../terminal/terminal.ts';
import type { Reading } from './compare.ts';

/** A place in a journal, with its instant. */
export interface Place {
  sequence: number;
  at: string;
}

/**
 * The counter's record of a terminal's totals (`totals`). `check`: read in between (点検); `closing`: at the closing;
 * `settlement`: those of the 日計, the last of their period; `opening`: what it held when a period began.
 */
export interface TotalsRecord {
  terminal: string;
  model: string;
  businessDate: string;
  purpose: 'opening' | 'check' | 'closing' | 'settlement';
  /** The settlement period's number, where it is known. */
  period?: number;
  totals: TerminalTotals;
}

export type ReadTotals = TotalsRecord & Place & { type: 'totals' };

/** `own`: the terminal settled by itself, and nobody has read what it held. Older events do not say. */
export interface PeriodBegan extends Place {
  type: 'period_began';
  terminal: string;
  because?: 'settled' | 'own' | 'replaced';
}

export type PeriodRecord = ReadTotals | PeriodBegan;

/** Payments between two readings, with what the terminal counted in between. */
interface Part {
  /** Null: nothing is known of before. */
  base: Reading | null;
  /** Undefined: from the very beginning. */
  after: Place | undefined;
  until: ReadTotals;
  /** How it ended: another device came, it was settled, or it goes on. */
  ended: 'replaced' | 'settled' | null;
}

/** What the part of a terminal is called where there are several in a day. */
export function nameOf(terminal: string, { ended, until }: Pick<Part, 'ended' | 'until'>): string {
  if (ended === 'replaced') return `${terminal}（替わる前）`;
  return ended === 'settled' ? `${terminal}（${timeJa(until.at)} の日計まで）` : terminal;
}

/** `hh:mm` in Japan. */
const timeJa = (at: string): string => new Date(Date.parse(at) + TOKYO_AHEAD_MS).toISOString().slice(11, 16);

/** `settled`: the terminal settled by itself. */
export type LeftOutBecause = 'lost' | 'replaced' | 'settled';

export interface Parts {
  compared: Part[];
  gaps: { after: Place; until: Place; because: LeftOutBecause }[];
}

/** One device's readings between two settlements. */
interface Stretch {
  /** What the terminal is known to have held when it began; null: that is not known. */
  base: { reading: Reading; place: Place } | null;
  began: Place | undefined;
  /** What ended the stretch before it. */
  because: 'settled' | 'own' | 'replaced' | undefined;
  readings: ReadTotals[];
}

const NOTHING: Reading = { rows: [], totalYen: 0 };

/**
 * @param records one terminal's readings and beginnings before the closing, in order
 * @param day only what lies between these closings is this day's to name
 */
export function findParts(
  records: readonly PeriodRecord[],
  businessDate: string,
  day: Place & { previous: Place | undefined },
  isLost: boolean,
): Parts {
  const isOfDay = (reading: ReadTotals): boolean =>
    reading.purpose !== 'opening' && reading.businessDate === businessDate;
  const stretches = stretchesOf(records);
  const compared: Part[] = [];
  const gaps: Parts['gaps'] = [];
  stretches.forEach((stretch, index) => {
    const next = stretches[index + 1];
    const until = stretch.readings.findLast(isOfDay);
    if (until !== undefined) {
      const before = stretch.readings.findLast(
        (reading) => reading.sequence < until.sequence && !isOfDay(reading),
      );
      const [base, after] =
        before === undefined ? [stretch.base?.reading, stretch.base?.place] : [before.totals, before];
      const ended = next === undefined ? null : next.because === 'replaced' ? 'replaced' : 'settled';
      compared.push({ base: base ?? null, after: after ?? stretch.began, until, ended });
    }
    const gap = gapAfter(stretch, next, isLost ? day : undefined, day.previous);
    if (gap !== undefined) gaps.push(gap);
  });
  return { compared, gaps };
}

/** What the terminal took after its last reading, where another period, or nothing, follows. */
function gapAfter(
  { readings, base }: Stretch,
  next: Stretch | undefined,
  lostAt: Place | undefined,
  previous: Place | undefined,
): Parts['gaps'][number] | undefined {
  const last = readings.at(-1) ?? base?.place;
  const until = next?.began ?? lostAt;
  if (last === undefined || until === undefined) return undefined;
  const after = previous !== undefined && previous.sequence > last.sequence ? previous : last;
  if (after.sequence >= until.sequence) return undefined;
  const because = next === undefined ? 'lost' : next.because === 'replaced' ? 'replaced' : 'settled';
  return { after, until, because };
}

/** A stretch begins with a settlement, or with the first reading of a device. */
function stretchesOf(records: readonly PeriodRecord[]): Stretch[] {
  const stretches: Stretch[] = [];
  records.forEach((record, index) => {
    const stretch = stretches.at(-1);
    if (record.type === 'period_began') stretches.push(beginningOf(record, records[index + 1]));
    else if (record.purpose === 'opening') {
      // After a settlement a period begins at nothing, whatever the terminal says: if it is more, that is a difference.
      if (record.period !== undefined) return;
      const base = { reading: record.totals, place: record };
      const isOfDevice = stretch?.base === null && stretch.readings.length === 0;
      if (isOfDevice) stretches.splice(-1, 1, { ...stretch, base });
      else stretches.push({ base, began: record, because: 'replaced', readings: [] });
    } else if (record.purpose !== 'check') {
      if (stretch === undefined)
        stretches.push({ base: null, began: undefined, because: undefined, readings: [record] });
      else stretch.readings.push(record);
    }
  });
  return stretches;
}

/** Older events do not say why: a new device's are followed by what it held. */
function beginningOf(began: PeriodBegan, next: PeriodRecord | undefined): Stretch {
  const isDevice = next?.type === 'totals' && next.purpose === 'opening';
  const because = began.because ?? (isDevice ? 'replaced' : 'own');
  const base = because === 'replaced' ? null : { reading: NOTHING, place: began };
  return { base, began, because, readings: [] };
}
