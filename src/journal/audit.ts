/**
 * Whether a journal's events are the ones that were recorded, and where not. Pure: from the stored texts alone, so
 * that the file on the counter, a copy of it and PostgreSQL's rows are all read by the same eye.
 */
import { chainHash, genesisHash } from './chain.ts';

/** An event as it is stored. */
export interface StoredEvent {
  sequence: number;
  at: string;
  type: string;
  operationId: string | null;
  /** In canonical JSON. */
  payloadText: string;
  previousHash: string;
  hash: string;
}

/** A place in a chain. */
export interface Place {
  sequence: number;
  hash: string;
}

/** The sequence of the first event that does not follow the one before it; undefined: the chain is whole. */
export function findBreak(after: Place, events: readonly StoredEvent[]): number | undefined {
  let { sequence, hash } = after;
  for (const event of events) {
    sequence += 1;
    if (event.sequence !== sequence || event.previousHash !== hash || !isItself(event)) return sequence;
    ({ hash } = event);
  }
  return undefined;
}

/** Whether an event's hash is that of what it says. */
function isItself(event: StoredEvent): boolean {
  return chainHash(event.previousHash, event, event.payloadText) === event.hash;
}

/** What a chain is made of, without what the events say: years of it fit into memory. */
export interface ChainLink extends Place {
  previousHash: string;
  isItself: boolean;
}

/** The event as a link: whether its content is what its hash says. */
export function linkOf(event: StoredEvent): ChainLink {
  const { sequence, previousHash, hash } = event;
  return { sequence, previousHash, hash, isItself: isItself(event) };
}

/** One thing that is not as it was recorded. */
export interface Damage {
  /** Where; the first of them where it is several. */
  sequence: number;
  kind: 'missing' | 'edited' | 'inserted' | 'moved' | 'unlinked' | 'genesis';
  /** The last of several that are missing, or where a moved event stands. */
  other?: number;
}

/**
 * Every break of a chain, told apart as well as the chain alone can: it knows that two neighbours do not fit, and
 * what stands around them.
 */
export function findDamage(journalId: string, links: readonly ChainLink[]): Damage[] {
  const found: Damage[] = [];
  const standsAfter = new Map(links.map((link) => [link.previousHash, link.sequence]));
  const hashes = new Set(links.map(({ hash }) => hash));
  let before: Place = { sequence: 0, hash: genesisHash(journalId) };
  for (const link of links) {
    const { sequence, hash } = link;
    const isNext = sequence === before.sequence + 1;
    if (!isNext) found.push({ sequence: before.sequence + 1, kind: 'missing', other: sequence - 1 });
    else if (link.previousHash !== before.hash) {
      found.push(explainBreak(link, before, standsAfter, hashes));
    } else if (!link.isItself) found.push({ sequence, kind: 'edited' });
    before = { sequence, hash };
  }
  return found;
}

function explainBreak(
  { sequence, previousHash, isItself }: ChainLink,
  before: Place,
  standsAfter: ReadonlyMap<string, number>,
  hashes: ReadonlySet<string>,
): Damage {
  if (before.sequence === 0) return { sequence, kind: 'genesis' };
  const belongsHere = standsAfter.get(before.hash);
  // It follows nothing that there is, and the one that belongs here stands right behind it.
  if (belongsHere === sequence + 1 && !hashes.has(previousHash)) return { sequence, kind: 'inserted' };
  if (belongsHere !== undefined) return { sequence, kind: 'moved', other: belongsHere };
  return { sequence, kind: isItself ? 'unlinked' : 'edited' };
}
