/**
 * The PIN and its lock-out. Tries are kept where they survive a restart: on a counter in the journal, in the office in
 * PostgreSQL. One check at a time, so that a hundred guesses at once are still counted one by one.
 */
import { hash, verify } from '@node-rs/argon2';
import { AppError } from '../errors.ts';
import type { Person, Role, StaffMember } from './staff.ts';

export const TRIES = 5;
export const LOCKED_MINUTES = 15;

export interface Try {
  /** ISO 8601, UTC. */
  at: string;
  isRight: boolean;
}

export type Purpose = 'sign_in' | 'second_person';

/** Where the tries are kept. */
export interface TryBook {
  /** Oldest first; as far back as the last right one is enough. */
  of(number: string): readonly Try[] | Promise<readonly Try[]>;
  note(member: StaffMember, isRight: boolean, purpose: Purpose): void | Promise<void>;
}

export interface Gate {
  /** The member whose number and PIN these are. @throws AppError `wrong_pin`, `locked_out` */
  check(number: string, pin: string, purpose: Purpose): Promise<StaffMember>;
}

/** What a second person types. */
export interface SecondPerson {
  number: string;
  pin: string;
}

/**
 * Another person than `first`, who has one of the roles, types number and PIN: counted against the lock-out like a
 * sign-in. @throws AppError `same_person`, `wrong_pin`, `locked_out`, `second_person_role`; nothing was done then
 */
export type ConfirmBySecondPerson = (
  second: SecondPerson,
  first: Pick<Person, 'number'>,
  roles: readonly Role[],
) => Promise<StaffMember>;

/** argon2id at 19 MiB and two passes (OWASP's smallest): about 30 ms on a counter's PC. */
export const hashPin = (pin: string): Promise<string> => hash(pin);

/** Undefined: the number may be tried. Otherwise until when it may not. */
export function lockedUntil(tries: readonly Try[], now: Date): Date | undefined {
  const wrong = tries.slice(tries.findLastIndex(({ isRight }) => isRight) + 1);
  const last = wrong.at(-1);
  if (last === undefined || wrong.length < TRIES) return undefined;
  const until = new Date(Date.parse(last.at) + LOCKED_MINUTES * 60_000);
  return until > now ? until : undefined;
}

export function createGate(options: {
  find: (number: string) => StaffMember | undefined | Promise<StaffMember | undefined>;
  tries: TryBook;
  now: () => Date;
}): Gate {
  const { find, tries, now } = options;
  const refuseLocked = async ({ number, pinSetAt }: StaffMember): Promise<void> => {
    const since = (await tries.of(number)).filter(({ at }) => at > pinSetAt);
    const until = lockedUntil(since, now());
    if (until !== undefined) throw new AppError('locked_out', { until: until.toISOString() });
  };
  const check: Gate['check'] = async (number, pin, purpose) => {
    const member = await find(number);
    if (member?.isActive !== true) {
      // As long as a known number takes.
      await hashPin(pin);
      throw new AppError('wrong_pin');
    }
    await refuseLocked(member);
    const isRight = await verify(member.pinHash, pin);
    await tries.note(member, isRight, purpose);
    if (isRight) return member;
    await refuseLocked(member);
    throw new AppError('wrong_pin');
  };
  let last: Promise<unknown> = Promise.resolve();
  return {
    check(number, pin, purpose) {
      const next = last.then(() => check(number, pin, purpose));
      // The next check waits for this one, whatever became of it; its caller hears of it.
      last = next.catch(() => undefined);
      return next;
    },
  };
}

export function createSecondPersonCheck(gate: Gate): ConfirmBySecondPerson {
  return async (second, first, roles) => {
    if (second.number === first.number) throw new AppError('same_person');
    const member = await gate.check(second.number, second.pin, 'second_person');
    if (!member.roles.some((role) => roles.includes(role))) {
      throw new AppError('second_person_role', { roles });
    }
    return member;
  };
}
