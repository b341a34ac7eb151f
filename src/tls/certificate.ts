/**
 * X.509 certificates of an installation's own (RFC 5280): an authority that tablets trust once, and what it vouches for.
 *
 * Written here, in a hundred lines of DER, because the packages that could do it bring twenty more with them; keys and
 * signatures are node:crypto's, and the tests let OpenSSL and Chromium judge what comes out.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
} from 'node:crypto';
import { isIPv4 } from 'node:net';
import {
  bits,
  integer,
  objectId,
  octets,
  retagged,
  sequence,
  set,
  tagged,
  time,
  TRUE,
  utf8,
  type Der,
} from './der.ts';

/** A private key and its certificate, in PEM. */
export interface Identity {
  key: string;
  certificate: string;
}

/** What vouches for servers, and for which names it may. */
export interface Authority extends Identity {
  subject: string;
  names: readonly string[];
}

export interface Validity {
  from: Date;
  until: Date;
}

const ECDSA_WITH_SHA256 = sequence(objectId('1.2.840.10045.4.3.2'));
const COMMON_NAME = objectId('2.5.4.3');
const SERVER_AUTH = objectId('1.3.6.1.5.5.7.3.1');

/**
 * What an authority may vouch for as addresses, as network and mask: those that are nobody's in the internet (RFC 1918,
 * 6598, 3927) and the machine itself. Whoever steals its key can't stand in for anything out there.
 */
const PRIVATE_NETWORKS = [
  ['10.0.0.0', '255.0.0.0'],
  ['172.16.0.0', '255.240.0.0'],
  ['192.168.0.0', '255.255.0.0'],
  ['100.64.0.0', '255.192.0.0'],
  ['169.254.0.0', '255.255.0.0'],
  ['127.0.0.0', '255.0.0.0'],
] as const;

/**
 * An authority that may vouch for private addresses, and for these host names (and what is below them) and addresses; for
 * nothing else.
 */
export function makeAuthority(title: string, names: readonly string[], validity: Validity): Authority {
  const key = makeKey();
  const mark = keyIdOf(key).toString('hex').slice(0, 8).toUpperCase();
  const permitted = [
    ...PRIVATE_NETWORKS.map(([network, mask]) =>
      retagged(7, Buffer.concat([octetsOf(network), octetsOf(mask)])),
    ),
    ...names.map((name) =>
      isIPv4(name)
        ? retagged(7, Buffer.concat([octetsOf(name), octetsOf('255.255.255.255')]))
        : retagged(2, Buffer.from(name)),
    ),
  ].map((base) => sequence(base));
  // Told apart from the authority of another counter, or of one before it, in a tablet's list.
  const subject = `${title} ${mark}`;
  const identity = issue({
    key,
    subject,
    validity,
    extensions: [
      // An authority, and none below it.
      extension('2.5.29.19', sequence(TRUE, integer(Buffer.from([0]))), 'critical'),
      // keyCertSign, cRLSign
      extension('2.5.29.15', bits(Buffer.from([0x06]), 1), 'critical'),
      extension('2.5.29.30', sequence(tagged(0, ...permitted)), 'critical'),
    ],
  });
  return { ...identity, subject, names };
}

/** Whether an authority may vouch for a host name or IPv4 address. */
export function mayVouchFor({ names }: Pick<Authority, 'names'>, name: string): boolean {
  if (names.includes(name)) return true;
  if (!isIPv4(name)) return names.some((each) => !isIPv4(each) && name.endsWith(`.${each}`));
  const address = octetsOf(name);
  return PRIVATE_NETWORKS.some(([network, mask]) => {
    const [wanted, ones] = [octetsOf(network), octetsOf(mask)];
    return address.every((octet, index) => (octet & (ones[index] ?? 0)) === wanted[index]);
  });
}

/** A server's certificate for host names and IPv4 addresses, with a key of its own. */
export function makeServerIdentity(
  authority: Authority,
  title: string,
  names: readonly string[],
  validity: Validity,
): Identity {
  const alternatives = names.map((name) =>
    isIPv4(name) ? retagged(7, octetsOf(name)) : retagged(2, Buffer.from(name)),
  );
  return issue({
    key: makeKey(),
    by: authority,
    subject: title,
    validity,
    extensions: [
      extension('2.5.29.19', sequence(), 'critical'),
      // digitalSignature
      extension('2.5.29.15', bits(Buffer.from([0x80]), 7), 'critical'),
      extension('2.5.29.37', sequence(SERVER_AUTH)),
      extension('2.5.29.17', sequence(...alternatives)),
    ],
  });
}

/** Signed by `by`, or by itself. */
function issue(order: {
  key: string;
  by?: Authority;
  subject: string;
  validity: Validity;
  extensions: readonly Der[];
}): Identity {
  const { key, subject, validity } = order;
  const issuer = order.by ?? { key, subject };
  const signed = sequence(
    tagged(0, integer(Buffer.from([2]))),
    integer(randomBytes(16)),
    ECDSA_WITH_SHA256,
    nameOf(issuer.subject),
    sequence(time(validity.from), time(validity.until)),
    nameOf(subject),
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
    tagged(
      3,
      sequence(
        ...order.extensions,
        extension('2.5.29.14', octets(keyIdOf(key))),
        extension('2.5.29.35', sequence(retagged(0, keyIdOf(issuer.key)))),
      ),
    ),
  );
  const signature = sign('sha256', signed, issuer.key);
  return { key, certificate: pemOf(sequence(signed, ECDSA_WITH_SHA256, bits(signature))) };
}

const extension = (id: string, value: Der, weight?: 'critical'): Der =>
  sequence(objectId(id), ...(weight === undefined ? [] : [TRUE]), octets(value));

const nameOf = (commonName: string): Der => sequence(set(sequence(COMMON_NAME, utf8(commonName))));

/** P-256: what every tablet's browser takes. */
const makeKey = (): string =>
  generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;

/** RFC 5280 §4.2.1.2 leaves the method open; here the first 20 octets of SHA-256 over the whole public key. */
function keyIdOf(key: string): Buffer {
  const spki = createPublicKey(createPrivateKey(key)).export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest().subarray(0, 20);
}

const octetsOf = (address: string): Buffer => Buffer.from(address.split('.').map(Number));

function pemOf(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
