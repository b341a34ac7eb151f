/**
 * START. The tablets that may come in from the LAN: each is paired once, at the counter's own screen, and is known by a
 * token from then on until somebody ends that. What is kept is the token's hash, in the journal, with who did it.
 */
import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto';
import { AppError } from '../errors.ts';
import type { Journal } from '../journal/journal.ts';
import { signatureOf, type Person } from '../staff/staff.ts';

/** A paired tablet, as the counter's screen lists it. */
export interface Tablet {
  id: string;
  name: string;
  /** ISO 8601, UTC. */
  pairedAt: string;
  /** Who let it in. */
  pairedBy: string;
  /** ISO 8601, UTC; null: not since it was paired. */
  lastSeenAt: string | null;
}

/** A code that lets one tablet in, once. */
export interface Invitation {
  code: string;
  name: string;
  /** ISO 8601, UTC. */
  until: string;
}

export interface Tablets {
  list(): Tablet[];
  /** In place of an invitation before it. @throws AppError `tablet_name_taken` */
  invite(name: string, by: Person): Invitation;
  /** @throws AppError `wrong_code`: another one, used already, too late */
  pair(code: string): { tablet: Tablet; token: string };
  /** Undefined: no tablet of ours, or no longer. */
  find(token: string): Tablet | undefined;
  seen(id: string): void;
  /** At once, also for what is on its way. @throws AppError `not_found` */
  end(id: string, by: Person): void;
  onEnded(listener: (id: string) => void): void;
}

/** When a tablet was last here; kept over a restart. */
export interface Sightings {
  of(id: string): string | null;
  note(id: string, at: string): void;
}

const PAIRED = 'tablet_paired';
const ENDED = 'tablet_ended';
const CODE_FOR_MS = 5 * 60_000;
/** None that look alike; 31^8 is more than 2^39. */
const LETTERS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const CODE_LENGTH = 8;

interface Known extends Omit<Tablet, 'lastSeenAt'> {
  tokenHash: string;
}

/** The pairings that the journal has. An invitation is kept nowhere: a restart ends it. */
export function createTablets(options: { journal: Journal; sightings: Sightings; now: () => Date }): Tablets {
  const { journal, sightings, now } = options;
  const known = readKnown(journal);
  const listeners: ((id: string) => void)[] = [];
  let invitation: { codeHash: string; name: string; until: string; by: Person } | undefined;
  const viewOf = ({ id, name, pairedAt, pairedBy }: Known): Tablet => ({
    ...{ id, name, pairedAt, pairedBy },
    lastSeenAt: sightings.of(id),
  });
  return {
    list: () => [...known.values()].map(viewOf),
    invite(name, by) {
      if ([...known.values()].some((each) => each.name === name)) throw new AppError('tablet_name_taken');
      const code = Array.from({ length: CODE_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
      const until = new Date(now().getTime() + CODE_FOR_MS).toISOString();
      invitation = { codeHash: hashOf(code), name, until, by };
      return { code, name, until };
    },
    pair(code) {
      const given = hashOf(code.toUpperCase().replaceAll(/[\s-]/g, ''));
      const open = invitation;
      if (open?.codeHash !== given || open.until <= now().toISOString()) throw new AppError('wrong_code');
      // Used up before it is on record: a disk that refuses costs a new code, never two tablets.
      invitation = undefined;
      const token = randomBytes(32).toString('base64url');
      const facts = { tablet: randomUUID(), name: open.name, tokenHash: hashOf(token) };
      const { at } = journal.append(PAIRED, null, { ...facts, ...signatureOf(open.by) });
      const tablet = knownOf(facts, at, open.by.name);
      known.set(tablet.tokenHash, tablet);
      return { tablet: viewOf(tablet), token };
    },
    find(token) {
      const tablet = known.get(hashOf(token));
      return tablet && viewOf(tablet);
    },
    seen: (id) => sightings.note(id, now().toISOString()),
    end(id, by) {
      const tablet = [...known.values()].find((each) => each.id === id);
      if (tablet === undefined) throw new AppError('not_found');
      journal.append(ENDED, null, { tablet: id, name: tablet.name, ...signatureOf(by) });
      known.delete(tablet.tokenHash);
      for (const listener of listeners) listener(id);
    },
    onEnded: (listener) => void listeners.push(listener),
  };
}

/** By their tokens' hashes, oldest first. */
function readKnown(journal: Journal): Map<string, Known> {
  const ended = new Set(
    journal.eventsOfType(ENDED).map(({ payload }) => (payload as { tablet: string }).tablet),
  );
  const paired = journal.eventsOfType(PAIRED).map(({ at, payload }) => {
    const facts = payload as { tablet: string; name: string; tokenHash: string; clerk: string };
    return knownOf(facts, at, facts.clerk);
  });
  return new Map(paired.filter(({ id }) => !ended.has(id)).map((each) => [each.tokenHash, each]));
}

const knownOf = (
  { tablet, name, tokenHash }: { tablet: string; name: string; tokenHash: string },
  pairedAt: string,
  pairedBy: string,
): Known => ({ id: tablet, name, tokenHash, pairedAt, pairedBy });

/** What is random and long needs no salt, and a look-up by its hash tells nothing by its time. */
const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');
