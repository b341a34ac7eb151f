/**
 * Who is at the screen. A session is a signed cookie, so it works without PostgreSQL and survives a restart; scripts
 * send the API token instead. Cookies are shared by all ports of a host, so each role has a cookie of its own.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface Sessions {
  /** The `Set-Cookie` value that signs a person in. */
  signIn(name: string): string;
  /** The person behind a request's headers; undefined: nobody. */
  personOf(headers: { cookie?: string | undefined; authorization?: string | undefined }): string | undefined;
  /** True if the token is the configured one, without telling by time how much of it fits. */
  isToken(token: string): boolean;
}

/** One working day: a clerk signs in each morning. */
const LIFETIME_SECONDS = 12 * 3600;

export function createSessions(options: {
  role: string;
  secret: string;
  apiToken: string;
  now: () => Date;
}): Sessions {
  const cookieName = `madoguchi_${options.role}`;
  const sign = (text: string): string =>
    createHmac('sha256', options.secret).update(`${options.role}.${text}`).digest('base64url');
  const isToken = (token: string): boolean => same(token, options.apiToken);

  const personInCookie = (header: string | undefined): string | undefined => {
    const value = header
      ?.split(';')
      .map((pair) => pair.trim())
      .find((pair) => pair.startsWith(`${cookieName}=`))
      ?.slice(cookieName.length + 1);
    const [name, expires, signature] = value?.split('.') ?? [];
    if (name === undefined || expires === undefined || signature === undefined) return undefined;
    if (!same(signature, sign(`${name}.${expires}`)) || Number(expires) * 1000 < options.now().getTime()) {
      return undefined;
    }
    return Buffer.from(name, 'base64url').toString('utf8');
  };

  return {
    isToken,
    signIn(name) {
      const expires = Math.floor(options.now().getTime() / 1000) + LIFETIME_SECONDS;
      const text = `${Buffer.from(name, 'utf8').toString('base64url')}.${expires}`;
      return `${cookieName}=${text}.${sign(text)}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${LIFETIME_SECONDS}`;
    },
    personOf({ cookie, authorization }) {
      const bearer = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
      if (bearer !== undefined) return isToken(bearer) ? 'API' : undefined;
      return personInCookie(cookie);
    },
  };
}

function same(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHmac('sha256', 'compare').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
