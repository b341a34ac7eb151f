/** The way in from the LAN: the one certificate that every role shows there, and where each of them listens. */
import type { Express } from 'express';
import type { Logger } from 'pino';
import type { Config, LanPlace, Role } from './config.ts';
import { listenToLan, type Listening } from './http/listen.ts';
import type { PortWanted } from './preflight.ts';
import { openTls, type Tls } from './tls/tls.ts';

/** What the settings let in from the LAN: role and place. */
const openRoles = ({ roles, lan }: Config): { role: Role; place: LanPlace }[] =>
  roles.flatMap((role) => (lan[role] === undefined ? [] : [{ role, place: lan[role] }]));

/** The ports of the roles that are to be called from the LAN, for the check before the start. */
export const findLanPortsWanted = (config: Config): PortWanted[] =>
  openRoles(config).map(({ role, place: { port, address = '0.0.0.0' } }) => ({
    setting: `${role.toUpperCase()}_LAN`,
    port,
    address,
  }));

/** Undefined: no role is to be called from the LAN. @throws TlsFault */
export function openLanTls(config: Config, log: Logger, now: () => Date): Tls | undefined {
  const places = openRoles(config).map(({ place }) => place);
  if (places.length === 0) return undefined;
  const addresses = places.flatMap(({ address }) => address ?? []);
  return openTls({
    files: config.tlsFiles,
    dataDir: config.dataDir,
    title: `窓口 ${config.counter.nameJa}`,
    givenNames: config.allowedHosts,
    addresses: addresses.length === places.length ? addresses : undefined,
    now,
    onWarning: (what, details) => log.warn(details, what),
  });
}

/** Undefined: the settings do not want this role on the LAN. @throws the system's error when the port can't be had */
export async function serveLan(
  app: Express | undefined,
  { lan }: Config,
  role: Role,
  tls: Tls | undefined,
): Promise<Listening | undefined> {
  const place = lan[role];
  if (place === undefined || tls === undefined || app === undefined) return undefined;
  return listenToLan(app, place, tls);
}
