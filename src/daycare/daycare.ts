/**
 * START. The daycare window's day: which child is here, since when, until when, and what has been paid.
 *
 * A child is known by the teacher's own label (a number or nickname). Labels stay on this counter: not in the journal,
 * not in PostgreSQL, not in a log, not in a refusal. The closing erases them, and what a forgotten closing has left goes
 * with the next day. A stay that nobody has paid is not forgotten with its label: it stays as owed (未収), by its day,
 * class and times, until it is paid or a person says what became of it; that is on record, without the label.
 *
 * Whether a stay is paid is never kept here: it is what the sale that took it is (`SaleState`), so that a crash between
 * two records can't make it paid, or payable twice.
 */
import { randomUUID } from 'node:crypto';
import { businessDateOf } from '../business-date.ts';
import { AppError } from '../errors.ts';
import type { BeforeSale } from '../fees/basket.ts';
import type { Catalogue } from '../fees/catalogue.ts';
import type { Journal } from '../journal/journal.ts';
import type { DaycareStatus } from '../live.ts';
import { signatureOf, type Person } from '../staff/staff.ts';
import { chargeOf } from './charge.ts';
import type { StayStore } from './store.ts';

export const DAYCARE_WINDOW = 'daycare';

/** What the teacher enters; times `HH:MM` in Tokyo. */
export interface StayEntry {
  /** Null only after it was erased. */
  label: string | null;
  /** The day of care, `YYYY-MM-DD`. */
  caredOn: string;
  /** The fee's class on that day: by age, by residence. */
  class: string;
  /** The fee of the care; null: care after hours only. */
  care: string | null;
  /** Fees of meals. */
  meals: string[];
  arrivedAt: string;
  plannedAt: string | null;
  pickedUpAt: string | null;
}

export interface Stay extends StayEntry {
  id: string;
  /** The day on which it was put on the list: labels are erased by it. */
  listedOn: string;
  /** The sale that has taken it last. */
  saleId: string | null;
}

/** What a sale is to a stay: `none` leaves it payable. */
export type SaleState = 'none' | 'paying' | 'unknown' | 'paid';

/** A stay as the list shows it. */
export interface StayView extends Stay {
  payment: SaleState;
}

/** What became of a stay that is not paid here. */
export const DROP_REASONS = ['entered_wrongly', 'did_not_come', 'billed', 'free'] as const;
export type DropReason = (typeof DROP_REASONS)[number];

/** Stays that nobody has paid; the amount is of those whose end is known, in yen. */
export interface Owed {
  count: number;
  amountYen: number;
}

export interface Stays {
  /** Today's and what is still owed; labels of earlier days are erased before. @throws AppError `daycare_unusable` */
  list(): StayView[];
  add(entry: StayEntry): StayView;
  /** @throws AppError `stay_gone`, `stay_settled` */
  change(id: string, changes: Partial<StayEntry>): StayView;
  /** Takes it off the list; recorded without its label. @throws AppError `stay_gone`, `stay_settled` */
  drop(id: string, reason: DropReason, clerk: Person): void;
  /** A sale takes its stays. @throws AppError `stay_settled`, `stay_gone` */
  settle: BeforeSale;
  owed(): Owed;
  /** The day is closed: labels are erased, what is paid is gone. False: the disk refused; the next day's list tries again. */
  closeDay(): boolean;
  status(): DaycareStatus;
  /** A sale has changed: whoever shows its stays looks again. */
  saleChanged(id: string): void;
  close(): void;
}

export interface StaysOptions {
  /** Undefined: the file can't be used. */
  store: StayStore | undefined;
  journal: Pick<Journal, 'append'>;
  catalogue: () => Catalogue;
  saleState: (saleId: string) => SaleState;
  now: () => Date;
  onChange: (status: DaycareStatus) => void;
}

/** The day's stays of one counter, as the store has them; what is charged is judged by the journal, not kept. */
export function createStays(options: StaysOptions): Stays {
  const { now, store } = options;
  const judge = judgeOf(options);
  const today = (): string => businessDateOf(now());
  let version = now().getTime();
  const status = (): DaycareStatus => ({ version, owed: sheet.all().filter(judge.isOwed).length });
  const sheet = createSheet(store, () => tell());
  const tell = (): void => {
    version += 1;
    options.onChange(status());
  };
  const payable = (id: string): Stay => {
    const stay = sheet.all().find((each) => each.id === id);
    if (stay === undefined) throw new AppError('stay_gone');
    if (judge.payment(stay) !== 'none') throw new AppError('stay_settled');
    return stay;
  };
  const save = (stay: Stay): StayView => {
    sheet.save([stay]);
    return viewOf(stay);
  };
  const viewOf = (stay: Stay): StayView => ({ ...stay, payment: judge.payment(stay) });
  return {
    status,
    list() {
      usable(store);
      // A forgotten closing leaves no label for the next day.
      sheet.erase(
        (stay) => stay.listedOn < today() && (stay.label !== null || !judge.isOwed(stay)),
        judge.isOwed,
      );
      return sheet.all().map(viewOf);
    },
    owed: () => judge.sum(sheet.all()),
    add: (entry) => save({ ...entry, id: randomUUID(), listedOn: today(), saleId: null }),
    change(id, { label, ...changes }) {
      const stay = payable(id);
      // An erased label does not come back.
      return save({ ...stay, ...changes, label: stay.label === null ? null : (label ?? stay.label) });
    },
    drop(id, reason, clerk) {
      recordDropped(options, payable(id), judge, reason, clerk);
      sheet.remove([id]);
    },
    settle(saleId, lines) {
      const taken = new Map(
        lines.flatMap(({ care }) => (care === undefined ? [] : [[care.stay, care.until]])),
      );
      const settled = [...taken].map(([id, until]): Stay => {
        const stay = payable(id);
        // What was owed from an earlier day is on today's list now: a cash sale by mistake is taken back the same day.
        return { ...stay, listedOn: today(), pickedUpAt: stay.pickedUpAt ?? until, saleId };
      });
      sheet.save(settled);
    },
    closeDay: () => tryErasing(() => sheet.erase(() => true, judge.isOwed)),
    saleChanged(id) {
      if (sheet.all().some(({ saleId }) => saleId === id)) tell();
    },
    close: () => store?.close(),
  };
}

interface Sheet {
  all(): readonly Stay[];
  /** @throws AppError `daycare_unusable`; nothing was changed */
  save(stays: readonly Stay[]): void;
  remove(ids: readonly string[]): void;
  /** Those that are still owed lose their label alone, the others go with it. */
  erase(which: (stay: Stay) => boolean, isOwed: (stay: Stay) => boolean): void;
}

/** Written through: the file is read once, and a disk that fails later keeps nobody from reading the list. */
function createSheet(store: StayStore | undefined, onChange: () => void): Sheet {
  let kept = store?.all() ?? [];
  const sheet: Sheet = {
    all: () => kept,
    save(stays) {
      if (stays.length === 0) return;
      usable(store).save(stays);
      const ids = new Set(stays.map(({ id }) => id));
      kept = [...kept.filter(({ id }) => !ids.has(id)), ...stays].sort(inOrder);
      onChange();
    },
    remove(ids) {
      if (ids.length === 0) return;
      usable(store).remove(ids);
      kept = kept.filter(({ id }) => !ids.includes(id));
      onChange();
    },
    erase(which, isOwed) {
      const [owed, rest] = [kept.filter((stay) => which(stay) && isOwed(stay)), kept.filter(which)];
      sheet.save(owed.map((stay) => ({ ...stay, label: null })));
      sheet.remove(rest.filter((stay) => !owed.includes(stay)).map(({ id }) => id));
    },
  };
  return sheet;
}

/** What was not paid here is on record, without whose it was. */
function recordDropped(
  { journal }: StaysOptions,
  stay: Stay,
  judge: Judge,
  reason: DropReason,
  clerk: Person,
): void {
  const { caredOn, care, meals, arrivedAt, pickedUpAt } = stay;
  const facts = { caredOn, class: stay.class, care, meals, arrivedAt, pickedUpAt };
  const { amountYen } = judge.sum([stay]);
  journal.append('stay_dropped', null, { ...facts, amountYen, reason, ...signatureOf(clerk) });
}

function tryErasing(erase: () => void): boolean {
  try {
    erase();
    return true;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

/** @throws AppError `daycare_unusable` */
function usable(store: StayStore | undefined): StayStore {
  if (store === undefined) throw new AppError('daycare_unusable');
  return store;
}

const inOrder = (one: Stay, other: Stay): number =>
  `${one.caredOn} ${one.arrivedAt}`.localeCompare(`${other.caredOn} ${other.arrivedAt}`);

/** What a stay is worth and whether somebody has still to pay it. */
interface Judge {
  payment: (stay: Stay) => SaleState;
  isOwed: (stay: Stay) => boolean;
  sum: (stays: readonly Stay[]) => Owed;
}

function judgeOf({ catalogue, saleState, now }: StaysOptions): Judge {
  const payment = ({ saleId }: Stay): SaleState => (saleId === null ? 'none' : saleState(saleId));
  /** Undefined: its end, or a price, is not known. */
  const priceOf = (stay: Stay): number | undefined => {
    const until = stay.pickedUpAt ?? stay.plannedAt;
    if (until === null) return undefined;
    const { items, grounds, settings } = catalogue();
    const day = { on: businessDateOf(now()), grounds, settings };
    const charge = chargeOf(stay, { until, child: 1 }, items, day);
    return 'fault' in charge ? undefined : charge.totalYen;
  };
  // Whoever is picked up before care after hours begins, and comes for that alone, owes nothing.
  const isOwed = (stay: Stay): boolean =>
    payment(stay) !== 'paid' && (stay.pickedUpAt === null || priceOf(stay) !== 0);
  return {
    payment,
    isOwed,
    sum(stays) {
      const open = stays.filter(isOwed);
      return { count: open.length, amountYen: open.reduce((sum, stay) => sum + (priceOf(stay) ?? 0), 0) };
    },
  };
}
