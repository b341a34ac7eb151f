/** Which devices stand behind a terminal's id, as the journal has it: its own, none, or another in its place. */
import type { Journal } from '../journal/journal.ts';
import type { Signature } from '../staff/staff.ts';
import type { Terminals } from '../terminal/terminals.ts';
import type { Payment } from './lifecycle.ts';

const EVENTS = ['terminal_lost', 'terminal_found', 'terminal_replaced'] as const;
type DeviceEventType = (typeof EVENTS)[number];

interface DeviceEvent {
  terminal: string;
  type: DeviceEventType;
  sequence: number;
}

/** Which devices are there, as the journal has it. */
export interface Devices {
  isLost(terminal: string): boolean;
  /** Nobody can be asked about it any more: its device has been replaced. */
  isOfAnother(payment: Pick<Payment, 'armed' | 'sequence'>): boolean;
  record(type: DeviceEventType, payload: Signature & { terminal: string; note?: string }): void;
}

/** What the journal says of each terminal's device. */
export function createDevices(journal: Journal): Devices {
  const events = deviceEvents(journal);
  return {
    isLost: (terminal) => events.findLast((each) => each.terminal === terminal)?.type === 'terminal_lost',
    isOfAnother: ({ armed, sequence }) => sequence < lastReplacement(events, armed.terminal),
    record(type, payload) {
      const { sequence } = journal.append(type, null, payload);
      events.push({ type, sequence, terminal: payload.terminal });
    },
  };
}

/** The place in the journal of a terminal's newest replacement; 0: it has its first device. */
export const replacedAt = (journal: Journal, terminal: string): number =>
  lastReplacement(deviceEvents(journal), terminal);

function lastReplacement(events: readonly DeviceEvent[], terminal: string): number {
  const last = events.findLast((each) => each.terminal === terminal && each.type === 'terminal_replaced');
  return last?.sequence ?? 0;
}

function deviceEvents(journal: Journal): DeviceEvent[] {
  return EVENTS.flatMap((type) =>
    journal.eventsOfType(type).map(({ sequence, payload }) => {
      const { terminal } = payload as { terminal: string };
      return { type, sequence, terminal };
    }),
  ).sort((a, b) => a.sequence - b.sequence);
}

/** The terminals, without those that are lost. */
export function withoutLost(terminals: Terminals, devices: Devices): Terminals {
  return {
    ...terminals,
    connection: (id) =>
      devices.isLost(id)
        ? { state: 'lost', detail: '紛失・交換中として外しています。' }
        : terminals.connection(id),
    claim: (id) => (devices.isLost(id) ? 'disconnected' : terminals.claim(id)),
    connected: (id) => (devices.isLost(id) ? undefined : terminals.connected(id)),
  };
}
