/**
 * The PIN and its lock-out. Tries are kept where they survive a restart: on a counter in the journal, in the office in
 * PostgreSQL. One check at a time, so that a hundred guesses at once are still counted one by one.
 */
import { hash, verify } from '@node-rs/argon2';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import type { Person, Role, StaffMember } from './staff.ts';

export const TRIES = 5;
export const LOCKED_MINUTES = 15;

export interface Try {
  /** ISO 8601, UTC. */
  at: string;
  isRight: boolean;
  /** Which PIN was tried: when it was set. A new one starts anew, whatever the clocks of office and counter say. */
  pinSetAt: string | null;
}

export type Purpose = 'sign_in' | 'second_person' | 'new_pin';

/** Where the tries are kept. */
export interface TryBook {
  /** Oldest first; as far back as the last right one is enough. */
  of(member: StaffMember): readonly Try[] | Promise<readonly Try[]>;
  note(member: StaffMember, isRight: boolean, purpose: Purpose): void | Promise<void>;
}

export interface Gate {
  /** The member whose number and PIN these are. @throws AppError `wrong_pin`, `locked_out` */
  check(number: string, pin: string, purpose: Purpose): Promise<StaffMember>;
}

/** Number and PIN, as signing in and a second person's confirmation send them. */
export const NUMBER_AND_PIN = z.strictObject({
  number: z.string().regex(/^\d{1,10}$/),
  pin: z.string().min(1).max(64),
});
/** What a second person types. */
export type SecondPerson = z.infer<typeof NUMBER_AND_PIN>;

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

/** A refusal comes this long after the question, whatever it was: its time tells nothing about the number. */
const REFUSED_AFTER_MS = 250;

/**
 * Undefined: the number may be tried. Otherwise until when it may not. A lock whose last try is further away than
 * its length, also in the future, is over: after a clock was set right nobody waits for a day that is long to come.
 */
export function lockedUntil(tries: readonly Pick<Try, 'at' | 'isRight'>[], now: Date): Date | undefined {
  const wrong = tries.slice(tries.findLastIndex(({ isRight }) => isRight) + 1);
  const last = wrong.at(-1);
  if (last === undefined || wrong.length < TRIES) return undefined;
  const lockMs = LOCKED_MINUTES * 60_000;
  const lastMs = Date.parse(last.at);
  return Math.abs(now.getTime() - lastMs) < lockMs ? new Date(lastMs + lockMs) : undefined;
}

/**
 * A gate over the staff and the tries on record. @param refusedAfterMs when a refusal is told, counted from the
 * question: not sooner for one reason than for another
 */
export function createGate(
  options: {
    find: (number: string) => StaffMember | undefined | Promise<StaffMember | undefined>;
    tries: TryBook;
    now: () => Date;
  },
  refusedAfterMs = REFUSED_AFTER_MS,
): Gate {
  const { find, tries, now } = options;
  const strangers = createStrangerTries(now);
  const refuseLocked = (made: readonly Pick<Try, 'at' | 'isRight'>[]): void => {
    const until = lockedUntil(made, now());
    if (until !== undefined) throw new AppError('locked_out', { until: until.toISOString() });
  };
  const checkMember = async (member: StaffMember, pin: string, purpose: Purpose): Promise<StaffMember> => {
    const triesOfPin = async (): Promise<Try[]> =>
      (await tries.of(member)).filter(({ pinSetAt }) => pinSetAt === member.pinSetAt);
    refuseLocked(await triesOfPin());
    const isRight = await verify(member.pinHash, pin);
    await tries.note(member, isRight, purpose);
    if (isRight) return member;
    refuseLocked(await triesOfPin());
    throw new AppError('wrong_pin');
  };
  /** Nobody has this number: answered as if somebody had. */
  const refuseStranger = async (number: string, pin: string): Promise<never> => {
    refuseLocked(strangers.of(number));
    await hashPin(pin);
    refuseLocked(strangers.note(number));
    throw new AppError('wrong_pin');
  };
  const check: Gate['check'] = async (number, pin, purpose) => {
    const member = await find(number);
    return member?.isActive === true ? checkMember(member, pin, purpose) : refuseStranger(number, pin);
  };
  let last: Promise<unknown> = Promise.resolve();
  return {
    async check(number, pin, purpose) {
      const earliest = delay(refusedAfterMs);
      const next = last.then(() => check(number, pin, purpose));
      // The next check waits for this one, whatever became of it; its caller hears of it.
      last = next.catch(() => undefined);
      try {
        return await next;
      } catch (error) {
        await earliest;
        throw error;
      }
    },
  };
}

/**
 * Tries at numbers that nobody has, in memory alone: what somebody types into the wrong field may be a PIN, and is not
 * written down. Forgotten after a lock's time.
 */
function createStrangerTries(now: () => Date): {
  of(number: string): readonly Pick<Try, 'at' | 'isRight'>[];
  note(number: string): readonly Pick<Try, 'at' | 'isRight'>[];
} {
  const book = new Map<string, { at: string; isRight: false }[]>();
  const isRecent = ({ at }: { at: string }): boolean =>
    Math.abs(now().getTime() - Date.parse(at)) < LOCKED_MINUTES * 60_000;
  return {
    of: (number) => book.get(number) ?? [],
    note(number) {
      for (const [each, made] of book) if (!made.some(isRecent)) book.delete(each);
      const made = [...(book.get(number) ?? []), { at: now().toISOString(), isRight: false as const }];
      book.set(number, made);
      return made;
    },
  };
}

/**
 * Lets a second person confirm at the gate. @throws AppError `same_person`, `second_person_role`, and as `gate.check`
 */
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
