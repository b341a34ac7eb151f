/**
 * START. What a service that is called from the LAN shows for itself: the city's own certificate, or one that this
 * installation makes, with an authority of its own that each tablet trusts once. No internet, nobody to renew it.
 */
import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isIP, isIPv4 } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import {
  makeAuthority,
  makeServerIdentity,
  mayVouchFor,
  type Authority,
  type Identity,
} from './certificate.ts';

export interface Tls {
  /** Host names and IPv4 addresses by which others may call, the one to hand out first. */
  names: () => readonly string[];
  identity(): Identity;
  /** The authority that a tablet has to trust, in PEM; null: the city's own, which it knows already. */
  authority: string | null;
  /** SHA-256 of the authority, or of the city's certificate, as devices show it. */
  fingerprint(): string;
  /** Another certificate is in force from now on. */
  onRenewed(listener: (identity: Identity) => void): void;
  stop(): void;
}

/** The city's certificate can't be used; in plain words. */
export class TlsFault extends Error {
  override readonly name = 'TlsFault';
}

export interface TlsOptions {
  /** Where the city's certificate (with what it was issued by) and its key are, in PEM; undefined: our own. */
  files: { certificate: string; key: string } | undefined;
  dataDir: string;
  /** The place, as a tablet's list of authorities shows it. */
  title: string;
  /** Names that the administrator has given; tablets are sent to the first of them. */
  givenNames: readonly string[];
  /** The addresses listened on; undefined: all that this machine has. */
  addresses: readonly string[] | undefined;
  now: () => Date;
  onWarning: (what: string, details: object) => void;
}

const LOOKS_EVERY_MS = 60_000;
const DAY_MS = 24 * 3600_000;
/** Tablets refuse a server's certificate of more than 825 days (Apple HT210176, also below one's own authority). */
const SERVER_DAYS = 397;
const RENEWED_BEFORE_DAYS = 60;
/** Longer than a tablet lives: a new authority means going round to every one of them. */
const AUTHORITY_DAYS = 3653;
/** Clocks on the LAN differ. */
const BACKDATED_DAYS = 1;

/** Reads what there is, makes what is missing, and looks after it until it is stopped. @throws TlsFault */
export function openTls(options: TlsOptions): Tls {
  const source = options.files === undefined ? ownSource(options) : givenSource(options.files, options);
  const listeners: ((identity: Identity) => void)[] = [];
  let { identity, names } = source.look();
  const timer = setInterval(() => {
    try {
      const found = source.look();
      const isNew = found.identity.certificate !== identity.certificate;
      ({ identity, names } = found);
      if (isNew) for (const listener of listeners) listener(identity);
    } catch (error) {
      options.onWarning('the certificate could not be looked after; the one in force stays', { err: error });
    }
  }, LOOKS_EVERY_MS);
  return {
    names: () => names,
    identity: () => identity,
    authority: source.authority,
    fingerprint: () => new X509Certificate(source.authority ?? identity.certificate).fingerprint256,
    onRenewed: (listener) => void listeners.push(listener),
    stop: () => clearInterval(timer),
  };
}

interface Source {
  authority: string | null;
  /** What is in force now. */
  look(): { identity: Identity; names: readonly string[] };
}

/** What this installation keeps about it, for the service's own user alone. */
interface Kept {
  authority: Authority;
  server: Identity & { names: readonly string[] };
}

function ownSource(options: TlsOptions): Source {
  const path = join(options.dataDir, 'tls.json');
  const { now, title } = options;
  const wanted = (): string[] => wantedNames(options);
  let kept = readKept(path);
  if (kept === undefined || !isInForce(kept.authority, now(), 0)) {
    const authority = makeAuthority(title, wanted(), validityOf(now(), AUTHORITY_DAYS));
    kept = { authority, server: makeServer(authority, options) };
    writeKept(path, kept);
    // Without its key: what goes out to other machines.
    writeFileSync(join(options.dataDir, 'tls-authority.pem'), authority.certificate);
  }
  const { authority } = kept;
  let { server } = kept;
  const left = wanted().filter((name) => !mayVouchFor(authority, name));
  if (left.length > 0) options.onWarning('the authority was not made for these names', { names: left });
  return {
    authority: authority.certificate,
    look() {
      const names = wanted().filter((name) => mayVouchFor(authority, name));
      if (names.join() !== server.names.join() || !isInForce(server, now(), RENEWED_BEFORE_DAYS)) {
        server = makeServer(authority, options);
        writeKept(path, { authority, server });
      }
      return { identity: server, names: server.names };
    },
  };
}

function makeServer(authority: Authority, options: TlsOptions): Kept['server'] {
  const names = wantedNames(options).filter((name) => mayVouchFor(authority, name));
  const validity = validityOf(options.now(), SERVER_DAYS);
  const until = new Date(Math.min(validity.until.getTime(), lastDayOf(authority).getTime()));
  return { ...makeServerIdentity(authority, options.title, names, { ...validity, until }), names };
}

function validityOf(now: Date, days: number): { from: Date; until: Date } {
  const at = (offset: number): Date => new Date(now.getTime() + offset * DAY_MS);
  return { from: at(-BACKDATED_DAYS), until: at(days) };
}

/** One that was made under a clock that ran ahead is not in force either. */
function isInForce({ certificate }: Identity, now: Date, daysLeft: number): boolean {
  const { validFromDate } = new X509Certificate(certificate);
  const left = lastDayOf({ certificate }).getTime() - now.getTime();
  return validFromDate <= now && left > daysLeft * DAY_MS;
}

const lastDayOf = ({ certificate }: Pick<Identity, 'certificate'>): Date =>
  new X509Certificate(certificate).validToDate;

/** @throws TlsFault: made anew it would send everybody round to the tablets, so a person decides that. */
function readKept(path: string): Kept | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readText(path)) as Kept;
  } catch (cause) {
    throw new TlsFault(
      `${path}: 読み取れません。控えから戻すか、消して作り直してください（タブレットには証明書を入れ直します） / ` +
        'damaged: restore it, or remove it, and every tablet has to trust the new one',
      { cause },
    );
  }
}

/** In whole or not at all: a torn file would send everybody round to the tablets. */
function writeKept(path: string, kept: Kept): void {
  const aside = `${path}.new`;
  writeFileSync(aside, JSON.stringify(kept, undefined, 2), { mode: 0o600, flush: true });
  renameSync(aside, path);
}

/** Given ones first, then addresses, then what the machine calls itself. */
function wantedNames({ givenNames, addresses }: TlsOptions): string[] {
  const own = hostname().toLowerCase();
  const names = [
    ...givenNames,
    ...(addresses ?? ownAddresses()),
    own,
    own.includes('.') ? own : `${own}.local`,
  ];
  return [...new Set(names)].filter((name) => isIPv4(name) || isHostName(name));
}

const isHostName = (name: string): boolean => isIP(name) === 0 && /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(name);

function ownAddresses(): string[] {
  const found = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return found.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address);
}

/** The city's own: read again when its file has changed, as whoever renews it does not know this service. */
function givenSource(files: { certificate: string; key: string }, { givenNames }: TlsOptions): Source {
  return {
    authority: null,
    look() {
      const identity = { certificate: readText(files.certificate), key: readText(files.key) };
      try {
        createSecureContext({ cert: identity.certificate, key: identity.key });
        const named = namesIn(new X509Certificate(identity.certificate));
        return { identity, names: [...new Set([...givenNames, ...named])] };
      } catch (cause) {
        throw new TlsFault(
          `${files.certificate}・${files.key}: 証明書と鍵の組として使えません / not a certificate and its key (${String(cause)})`,
          { cause },
        );
      }
    },
  };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new TlsFault(`${path}: 読めません / can't be read (${String(cause)})`, { cause });
  }
}

/** `DNS:a.example, IP Address:192.0.2.1`; a wildcard is no name to send anybody to. */
function namesIn({ subjectAltName }: X509Certificate): string[] {
  return (subjectAltName ?? '')
    .split(', ')
    .flatMap((each) => /^(?:DNS|IP Address):([^*]+)$/.exec(each)?.[1]?.toLowerCase() ?? []);
}
