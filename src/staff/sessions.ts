/**
 * Who is at the screen. A session is a signed cookie, so it works without PostgreSQL and survives a restart; scripts
 * send the API token instead. Cookies are shared by all ports of a host, so each role has a cookie of its own.
 *
 * Only the number and the beginning are in the cookie. The signature also covers the PIN's hash and how often this
 * person has signed out here: a new PIN and a sign-out end every copy of the cookie, without a list of sessions and
 * whatever the clock says. Roles are looked up at each request, so that a change is in force at once.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { API, personOf, type Person, type StaffMember } from './staff.ts';

/** Where sign-outs are counted. */
export interface SignOuts {
  of(number: string): number | Promise<number>;
  note(person: Person): void | Promise<void>;
}

/** What a request says about who makes it. */
export interface Credentials {
  cookie?: string | undefined;
  authorization?: string | undefined;
}

export interface Sessions {
  /** The `Set-Cookie` value that signs a member in; whoever was signed in at this screen is signed out. */
  signIn(member: StaffMember, before: Credentials): Promise<string>;
  /** The `Set-Cookie` value that signs whoever it is out. */
  signOut(before: Credentials): Promise<string>;
  /** Undefined: nobody. */
  find(credentials: Credentials): Promise<Person | undefined>;
  /** True if the token is the configured one, without telling by time how much of it fits. */
  isToken(token: string): boolean;
}

/** A working day and its overtime: a clerk signs in each morning, and in no evening in the middle of a sale. */
const LIFETIME_SECONDS = 16 * 3600;
/** What a time server may correct; a session from further ahead was begun under a wrong clock. */
const AHEAD_SECONDS = 300;

/** Sessions in signed cookies: nothing is kept here, and a restart signs nobody out. */
export function createSessions(options: {
  role: string;
  /** Where the role has several screens with sessions of their own: which one. */
  screen?: string;
  secret: string;
  /** Undefined: no script comes in here. */
  apiToken: string | undefined;
  /** The page comes by TLS, and its cookie goes by nothing else. */
  isSecure: boolean;
  findMember: (number: string) => StaffMember | undefined | Promise<StaffMember | undefined>;
  signOuts: SignOuts;
  now: () => Date;
}): Sessions {
  const { role, screen, secret, apiToken, findMember, signOuts } = options;
  const { isSecure } = options;
  // A name of its own: a browser does not let plain HTTP on the same host replace a cookie of TLS.
  const cookieName = `${isSecure ? '__Host-' : ''}madoguchi_${role}`;
  const cookie = (value: string, seconds: number): string =>
    `${cookieName}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}${isSecure ? '; Secure' : ''}`;
  const nowSeconds = (): number => Math.floor(options.now().getTime() / 1000);
  const sign = async (text: string, { number, pinHash }: StaffMember): Promise<string> => {
    const place = screen === undefined ? role : `${role} ${screen}`;
    const covered = [place, text, pinHash, await signOuts.of(number)].join('\n');
    return createHmac('sha256', secret).update(covered).digest('base64url');
  };
  const isToken = (token: string): boolean => apiToken !== undefined && same(token, apiToken);

  const findByCookie = async (header: string | undefined): Promise<Person | undefined> => {
    const value = header
      ?.split(';')
      .map((pair) => pair.trim())
      .find((pair) => pair.startsWith(`${cookieName}=`))
      ?.slice(cookieName.length + 1);
    const [number, began, signature] = value?.split('.') ?? [];
    if (number === undefined || began === undefined || signature === undefined) return undefined;
    const age = nowSeconds() - Number(began);
    if (!(age >= -AHEAD_SECONDS && age < LIFETIME_SECONDS)) return undefined;
    const member = await findMember(number);
    if (member?.isActive !== true) return undefined;
    return same(signature, await sign(`${number}.${began}`, member)) ? personOf(member) : undefined;
  };
  const end = async ({ cookie: header }: Credentials): Promise<void> => {
    const person = await findByCookie(header);
    if (person !== undefined) await signOuts.note(person);
  };

  return {
    isToken,
    async signIn(member, before) {
      await end(before);
      const text = `${member.number}.${nowSeconds()}`;
      return cookie(`${text}.${await sign(text, member)}`, LIFETIME_SECONDS);
    },
    async signOut(before) {
      await end(before);
      return cookie('', 0);
    },
    async find({ cookie: header, authorization }) {
      const bearer = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
      if (bearer === undefined) return findByCookie(header);
      return isToken(bearer) ? API : undefined;
    },
  };
}

function same(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHmac('sha256', 'compare').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
