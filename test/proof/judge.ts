/**
 * The money checkers. They see what has become durable in the journal, what the terminal's own book says, what leaves
 * on the line and what a clerk was told, and hold them against each other after every step.
 */
import type { BookEntry } from '../../drivers/zvt/virtual/book.ts';
import type { Point } from '../../drivers/zvt/virtual/faults.ts';
import type { Settings } from '../../drivers/zvt/virtual/settings.ts';
import { applyEvent, foldPayment, type Payment, type Recorded } from '../../src/payments/lifecycle.ts';
import type { OperationEvent } from '../../src/payments/operation-events.ts';
import { createSettlementJudge } from './settlement-judge.ts';

export type Wrong =
  /** Money was taken, and nothing on record says so. */
  | 'lost'
  /** Money was taken twice, or could have been. */
  | 'doubled'
  /** What is final on record, or what a clerk was told, is not what happened. */
  | 'wrongFinals'
  /** What a terminal could tell stays open, or a counter does not come back into use. */
  | 'unresolved';

export interface Violation {
  kind: Wrong;
  text: string;
}

/** An event that a commit has made durable. */
export interface Committed {
  sequence: number;
  at: string;
  type: string;
  operationId: string | null;
  payload: string;
  hash: string;
}

/** An operation, on record and in truth. */
export interface Deed {
  id: string;
  onRecord: Payment;
  /** How many events made it so. */
  events: number;
  /** What the terminal entered while it was the newest one that was armed there, by trace number. */
  taken: Map<number, BookEntry>;
  /** The money command as it was handed to the line. */
  command: Buffer | undefined;
  /** How often. */
  transmissions: number;
}

export interface Judge {
  onCommit(event: Committed): void;
  onBook(entry: BookEntry): void;
  onPoint(point: Point): void;
  /** Bytes leave the counter. */
  onSent(bytes: Buffer): void;
  /** What a clerk's screen shows. */
  onTold(told: { id: string; state: Payment['state'] }): void;
  /** Looks at whatever has changed since the last time. */
  check(): void;
  find(id: string): Deed | undefined;
  deeds(): Iterable<Deed>;
  /** The hashes of all that a commit has made durable, in their order. */
  readonly committed: readonly string[];
  /** The one that was armed last. */
  readonly newest: Deed | undefined;
  report(kind: Wrong, text: string): void;
  readonly violations: readonly Violation[];
}

const NOT_TAKEN = new Set(['declined', 'cancelled', 'not_charged', 'not_sent']);
/** PA00P016 §3: a frame is sent three times at most; on a stream nothing is ever repeated. */
const TRANSMISSIONS = { serial: 3, stream: 1 } as const;
/** 06 01, 06 30, 06 31. */
const MONEY_COMMANDS = new Set([0x01, 0x30, 0x31]);
/** 06 50. */
const END_OF_DAY = 0x50;

export function createJudge(line: 'serial' | 'stream', autoReversal: Settings['autoReversal']): Judge {
  const deeds = new Map<string, Deed>();
  const byTrace = new Map<number, Deed>();
  const violations: Violation[] = [];
  const changed = new Set<Deed>();
  /** Armed or unknown: it may hold its terminal. */
  const open = new Set<Deed>();
  let newest: Deed | undefined;
  const committed: string[] = [];
  const report = (kind: Wrong, text: string): void => void violations.push({ kind, text });
  const settlement = createSettlementJudge(report);

  /** "An unknown locks its terminal until one query has been answered, and the answer is journalled." */
  const checkLock = ({ id, onRecord }: Deed): void => {
    for (const other of open) {
      const { armed, state, queries, lockReleased } = other.onRecord;
      const isHere = armed.terminal === onRecord.armed.terminal;
      const isAsked = queries > 0 || lockReleased;
      if (isHere && (state === 'armed' || (state === 'unknown' && !isAsked))) {
        report('doubled', `${id} was armed while ${other.id} held the terminal`);
      }
    }
  };
  const noteOpen = (deed: Deed): void => {
    const { state } = deed.onRecord;
    if (state === 'armed' || state === 'unknown') open.add(deed);
    else open.delete(deed);
  };
  const record = (id: string, event: Recorded<OperationEvent>): void => {
    const known = deeds.get(id);
    if (known !== undefined) {
      known.onRecord = applyEvent(known.onRecord, event);
      known.events += 1;
      noteOpen(known);
      changed.add(known);
      return;
    }
    const deed: Deed = {
      id,
      onRecord: foldPayment(id, [event]),
      events: 1,
      taken: new Map(),
      command: undefined,
      transmissions: 0,
    };
    checkLock(deed);
    noteOpen(deed);
    deeds.set(id, deed);
    newest = deed;
  };

  /** What was given back of a sale is at most what was taken. */
  const checkGivenBack = ({ onRecord: { armed } }: Deed): void => {
    if (armed.kind === 'sale') return;
    let yen = 0;
    for (const { onRecord, taken } of deeds.values()) {
      if (onRecord.armed.kind === 'sale' || onRecord.armed.of !== armed.of) continue;
      for (const { state, amount } of taken.values()) if (state === 'stored') yen += amount;
    }
    const paid = deeds.get(armed.of)?.onRecord.armed.amountYen ?? 0;
    if (yen > paid) report('doubled', `${yen} of ${paid} yen of ${armed.of} were given back`);
  };

  return {
    violations,
    report,
    find: (id) => deeds.get(id),
    deeds: () => deeds.values(),
    committed,
    get newest() {
      return newest;
    },
    onCommit({ sequence, at, type, operationId, payload: text, hash }) {
      if (sequence !== committed.length + 1) report('lost', `event ${sequence} follows ${committed.length}`);
      committed.push(hash);
      if (type === 'closed') {
        // The longest of all, and nothing in it is asked about.
        settlement.onCommit(type, {});
        return;
      }
      const payload = JSON.parse(text) as unknown;
      settlement.onCommit(type, payload);
      if (operationId !== null)
        record(operationId, { sequence, at, type, payload } as Recorded<OperationEvent>);
    },
    onBook(entry) {
      settlement.onBook(entry);
      const { traceNumber } = entry;
      const deed = byTrace.get(traceNumber) ?? newest;
      if (deed === undefined) {
        report('lost', `trace ${traceNumber} was taken, and nothing was ever armed`);
        return;
      }
      byTrace.set(traceNumber, deed);
      deed.taken.set(traceNumber, entry);
      changed.add(deed);
    },
    onPoint(point) {
      if (point !== 'acknowledged') return;
      if (settlement.onAcknowledged() || newest === undefined) return;
      const { answer } = newest.onRecord;
      if (answer?.verdict !== 'approved') {
        report('lost', `${newest.id} was acknowledged before its approval was on record`);
      }
    },
    onSent(bytes) {
      const at = line === 'serial' ? 2 : 0;
      if (bytes[at] === 0x06 && bytes[at + 1] === END_OF_DAY) settlement.onSent(TRANSMISSIONS[line]);
      if (bytes.length < 8 || bytes[at] !== 0x06 || !MONEY_COMMANDS.has(bytes[at + 1] ?? 0)) return;
      if (newest?.onRecord.state !== 'armed') {
        report('lost', 'a money command left, and nothing is armed');
        return;
      }
      newest.transmissions += 1;
      newest.command ??= Buffer.from(bytes);
      if (!newest.command.equals(bytes) || newest.transmissions > TRANSMISSIONS[line]) {
        report('doubled', `the command of ${newest.id} was sent again`);
      }
    },
    onTold({ id, state }) {
      const recorded = deeds.get(id)?.onRecord.state;
      // What was open a moment ago may be final by now; what is final stays so.
      const isFinal = state !== 'armed' && state !== 'unknown';
      if (isFinal && recorded !== state)
        report('wrongFinals', `${id} was shown as ${state}; on record: ${recorded}`);
    },
    check() {
      if (changed.size === 0) return;
      for (const deed of changed) {
        judge(deed, autoReversal, report);
        checkGivenBack(deed);
      }
      changed.clear();
    },
  };
}

/** One operation: what is on record against what the terminal really took. */
function judge(
  { id, onRecord, taken }: Deed,
  autoReversal: Settings['autoReversal'],
  report: Judge['report'],
): void {
  const { state, answer } = onRecord;
  const entries = [...taken.values()];
  const stored = entries.filter((entry) => entry.state === 'stored');
  if (stored.length > 1) report('doubled', `${id} was taken ${stored.length} times`);
  const [entry] = stored;
  if (NOT_TAKEN.has(state) && entry !== undefined) {
    report('lost', `${id} is ${state}, and the terminal took trace ${entry.traceNumber}`);
  }
  // Such a terminal forgets what nobody acknowledged, and the card stays charged.
  const isForgotten = autoReversal === 'none' && entries.some((each) => each.state === 'reversed');
  if (NOT_TAKEN.has(state) && isForgotten) {
    report('lost', `${id} is ${state}, and the card may have been charged all the same`);
  }
  if (NOT_TAKEN.has(state) && entries.some((each) => each.state === 'pending')) {
    report('wrongFinals', `${id} is ${state}, and only the card can tell (処理未了)`);
  }
  if (state !== 'approved') return;
  if (entry !== undefined && entry.kind !== onRecord.armed.kind) {
    report('wrongFinals', `${id} is a ${onRecord.armed.kind}, and the terminal made a ${entry.kind}`);
  }
  if (entry === undefined) report('wrongFinals', `${id} is approved, and the terminal took nothing`);
  else if (answer?.traceNumber != null && Number(answer.traceNumber) !== entry.traceNumber) {
    report(
      'wrongFinals',
      `${id} is approved by trace ${answer.traceNumber}, its own is ${entry.traceNumber}`,
    );
  } else if (entry.amount !== onRecord.armed.amountYen) {
    report('wrongFinals', `${id} is approved with ${onRecord.armed.amountYen} yen, not ${entry.amount}`);
  }
}
