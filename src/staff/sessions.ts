/**
 * Who is at the screen. A session is a signed cookie, so it works without PostgreSQL and survives a restart; scripts
 * send the API token instead. Cookies are shared by all ports of a host, so each role has a cookie of its own.
 *
 * Only the number is in the cookie: roles are looked up at each request, so that a change is in force at once, and a
 * PIN that was set anew ends the sessions of the old one.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { API, personOf, type Person, type StaffMember } from './staff.ts';

export interface Sessions {
  /** The `Set-Cookie` value that signs a member in. */
  signIn(member: StaffMember): string;
  /** The `Set-Cookie` value that signs whoever it is out. */
  signOut(): string;
  /** Who is behind a request's headers; undefined: nobody. */
  find(headers: {
    cookie?: string | undefined;
    authorization?: string | undefined;
  }): Promise<Found | undefined>;
  /** True if the token is the configured one, without telling by time how much of it fits. */
  isToken(token: string): boolean;
}

export interface Found {
  person: Person;
  /** A fresh `Set-Cookie` value, once the old one is half used: no session ends while somebody works. */
  renewed: string | undefined;
}

/** One working day: a clerk signs in each morning. */
const LIFETIME_SECONDS = 12 * 3600;

export function createSessions(options: {
  role: string;
  secret: string;
  apiToken: string;
  findMember: (number: string) => StaffMember | undefined | Promise<StaffMember | undefined>;
  now: () => Date;
}): Sessions {
  const cookieName = `madoguchi_${options.role}`;
  const cookie = (value: string, seconds: number): string =>
    `${cookieName}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}`;
  const sign = (text: string, { pinHash }: StaffMember): string =>
    createHmac('sha256', options.secret).update(`${options.role}.${text}.${pinHash}`).digest('base64url');
  const isToken = (token: string): boolean => same(token, options.apiToken);
  const nowSeconds = (): number => Math.floor(options.now().getTime() / 1000);
  const signIn = (member: StaffMember): string => {
    const text = `${member.number}.${nowSeconds() + LIFETIME_SECONDS}`;
    return cookie(`${text}.${sign(text, member)}`, LIFETIME_SECONDS);
  };

  const findByCookie = async (header: string | undefined): Promise<Found | undefined> => {
    const value = header
      ?.split(';')
      .map((pair) => pair.trim())
      .find((pair) => pair.startsWith(`${cookieName}=`))
      ?.slice(cookieName.length + 1);
    const [number, expires, signature] = value?.split('.') ?? [];
    if (number === undefined || expires === undefined || signature === undefined) return undefined;
    const left = Number(expires) - nowSeconds();
    if (!(left >= 0)) return undefined;
    const member = await options.findMember(number);
    if (member?.isActive !== true || !same(signature, sign(`${number}.${expires}`, member))) return undefined;
    return { person: personOf(member), renewed: left < LIFETIME_SECONDS / 2 ? signIn(member) : undefined };
  };

  return {
    isToken,
    signIn,
    signOut: () => cookie('', 0),
    async find({ cookie: header, authorization }) {
      const bearer = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
      if (bearer === undefined) return findByCookie(header);
      return isToken(bearer) ? { person: API, renewed: undefined } : undefined;
    },
  };
}

function same(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHmac('sha256', 'compare').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
