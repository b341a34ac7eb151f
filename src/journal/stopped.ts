/**
 * A counter whose record does not fit the city's stays stopped over a restart without PostgreSQL, until PostgreSQL
 * itself says otherwise: both are events.
 */
import type { RecordStatus } from '../live.ts';
import type { Journal } from './journal.ts';

const STOPPED = 'record_stopped';
const RESUMED = 'record_resumed';

export interface StopMark {
  /** What the drain says, as it counts for this counter. */
  statusOf(status: RecordStatus): RecordStatus;
  /** Records that the drain has stopped, or that it goes on again. */
  note(status: RecordStatus): void;
}

/** The mark as the journal has it: whether PostgreSQL last refused this record outlives a restart without network. */
export function createStopMark(journal: Journal): StopMark {
  const stopped = journal.eventsOfType(STOPPED).at(-1);
  const resumed = journal.eventsOfType(RESUMED).at(-1);
  const isStopped = stopped !== undefined && stopped.sequence > (resumed?.sequence ?? 0);
  let detail = isStopped ? (stopped.payload as { detail: string }).detail : null;
  return {
    // PostgreSQL has not been reached since the start: what it last said still counts.
    statusOf: (status) =>
      detail !== null && status.pending === null
        ? { ...status, state: 'stopped', detail, since: null }
        : status,
    note(status) {
      if (status.state === 'stopped' && detail === null) {
        detail = status.detail ?? '';
        journal.append(STOPPED, null, { detail });
      }
      if (detail !== null && (status.state === 'synced' || status.state === 'behind')) {
        detail = null;
        journal.append(RESUMED, null, {});
      }
    },
  };
}
