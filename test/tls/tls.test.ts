/** The certificates that an installation makes for itself, as OpenSSL (through Node's TLS) judges them. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { connect, createServer } from 'node:tls';
import { makeAuthority, makeServerIdentity, type Identity } from '../../src/tls/certificate.ts';
import { openTls, TlsFault, type Tls, type TlsOptions } from '../../src/tls/tls.ts';
import { makeFolder } from '../support/folder.ts';

const DAY_MS = 24 * 3600_000;
const NOW = new Date();
const YEAR = { from: new Date(NOW.getTime() - DAY_MS), until: new Date(NOW.getTime() + 300 * DAY_MS) };

function open(t: TestContext, options: Partial<TlsOptions> = {}): Tls {
  const tls = openTls({
    files: undefined,
    dataDir: makeFolder(t),
    title: '窓口 総合窓口 1番',
    givenNames: [],
    addresses: ['127.0.0.1'],
    now: () => NOW,
    onWarning: () => undefined,
    ...options,
  });
  t.after(() => tls.stop());
  return tls;
}

/** What a client that trusts `ca` says of a server that calls itself `name`: nothing, or why not. */
async function judge(
  t: TestContext,
  { key, certificate }: Identity,
  ca: string,
  name: string,
): Promise<string> {
  const server = createServer({ key, cert: certificate }, (socket) => socket.end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const isAddress = /^[\d.]+$/.test(name);
  const socket = connect({ port, host: '127.0.0.1', ca, ...(isAddress ? {} : { servername: name }) });
  // A client checks the host that it wanted to reach.
  const [error] = (await Promise.race([
    once(socket, 'secureConnect').then(() => [undefined]),
    once(socket, 'error'),
  ])) as [(Error & { code?: string }) | undefined];
  socket.destroy();
  return error?.code === 'UNSPECIFIED' ? error.message : (error?.code ?? '');
}

test('who trusts the authority trusts the server by its address and by its names, and nobody else', async (t) => {
  const tls = open(t, { givenNames: ['pc-01.city.example.jp'] });
  const ca = tls.authority ?? '';
  assert.equal(tls.names()[0], 'pc-01.city.example.jp');
  assert.equal(await judge(t, tls.identity(), ca, '127.0.0.1'), '');
  assert.equal(await judge(t, tls.identity(), ca, 'pc-01.city.example.jp'), '');
  assert.equal(await judge(t, tls.identity(), ca, 'bank.example'), 'ERR_TLS_CERT_ALTNAME_INVALID');
  const another = open(t);
  assert.equal(
    await judge(t, tls.identity(), another.authority ?? '', '127.0.0.1'),
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  );
  assert.notEqual(another.fingerprint(), tls.fingerprint());
});

test('a stolen authority vouches for nothing beyond the private addresses and the names that it was made for', async (t) => {
  const authority = makeAuthority('窓口', ['pc-01'], YEAR);
  const forged = makeServerIdentity(authority, 'forged', ['bank.example'], YEAR);
  assert.equal(await judge(t, forged, authority.certificate, 'bank.example'), 'permitted subtree violation');
  const far = makeServerIdentity(authority, 'forged', ['203.0.113.7'], YEAR);
  assert.equal(await judge(t, far, authority.certificate, 'pc-01'), 'permitted subtree violation');
  const own = makeServerIdentity(authority, 'own', ['a.pc-01', '192.168.1.9'], YEAR);
  assert.equal(await judge(t, own, authority.certificate, 'a.pc-01'), '');
});

test('the certificates say what they are for, and tablets take them', (t) => {
  const tls = open(t);
  const server = new X509Certificate(tls.identity().certificate);
  const authority = new X509Certificate(tls.authority ?? '');
  assert.equal(authority.ca, true);
  assert.equal(server.ca, false);
  assert.equal(server.verify(authority.publicKey), true);
  assert.equal(server.checkIssued(authority), true);
  assert.deepEqual(server.keyUsage, ['1.3.6.1.5.5.7.3.1']);
  assert.match(authority.subject, /^CN=窓口 総合窓口 1番 [0-9A-F]{8}$/u);
  const days = (server.validToDate.getTime() - server.validFromDate.getTime()) / DAY_MS;
  assert.ok(days <= 398, `${String(days)} days`);
  assert.equal(tls.fingerprint(), authority.fingerprint256);
  // Beyond 2049 dates are written differently.
  const late = makeAuthority('x', [], { from: NOW, until: new Date('2056-02-03T04:05:06Z') });
  assert.equal(new X509Certificate(late.certificate).validToDate.toISOString(), '2056-02-03T04:05:06.000Z');
});

test('both outlive a restart; the server is renewed in time, with new addresses, under the same authority', (t) => {
  const dataDir = makeFolder(t);
  const first = open(t, { dataDir });
  const again = open(t, { dataDir });
  assert.equal(again.identity().certificate, first.identity().certificate);
  const later =
    (days: number): (() => Date) =>
    () =>
      new Date(NOW.getTime() + days * DAY_MS);
  assert.equal(open(t, { dataDir, now: later(300) }).identity().certificate, first.identity().certificate);
  const renewed = open(t, { dataDir, now: later(340) });
  assert.notEqual(renewed.identity().certificate, first.identity().certificate);
  assert.equal(renewed.authority, first.authority);
  const moved = open(t, { dataDir, addresses: ['127.0.0.1', '192.168.0.20'] });
  assert.deepEqual(moved.names().slice(0, 2), ['127.0.0.1', '192.168.0.20']);
  assert.match(new X509Certificate(moved.identity().certificate).subjectAltName ?? '', /192\.168\.0\.20/);
  assert.equal(moved.authority, first.authority);
  assert.notEqual(open(t, { dataDir, now: later(4000) }).authority, first.authority);
});

test('the keys are for the service’s own user alone', (t) => {
  const dataDir = makeFolder(t);
  open(t, { dataDir });
  assert.equal(
    statSync(join(dataDir, 'tls.json')).mode & 0o777,
    process.platform === 'win32' ? 0o666 : 0o600,
  );
  writeFileSync(join(dataDir, 'tls.json'), '{');
  assert.throws(() => open(t, { dataDir }), TlsFault);
});

test('an address that the authority may not vouch for is left out, and said', (t) => {
  const warnings: unknown[] = [];
  const onWarning = (_what: string, details: object): void => void warnings.push(details);
  const dataDir = makeFolder(t);
  const first = open(t, { dataDir, addresses: ['192.168.0.2', '203.0.113.8'], onWarning });
  assert.deepEqual(first.names().slice(0, 2), ['192.168.0.2', '203.0.113.8']);
  assert.deepEqual(warnings, []);
  const moved = open(t, { dataDir, addresses: ['192.168.0.3', '203.0.113.9'], onWarning });
  assert.deepEqual([moved.names()[0], moved.names().includes('203.0.113.9')], ['192.168.0.3', false]);
  assert.deepEqual(warnings, [{ names: ['203.0.113.9'] }]);
});

test('while it runs, a new certificate is in force without a restart', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const clock = { now: NOW };
  const tls = open(t, { now: () => clock.now });
  const before = tls.identity().certificate;
  const told: string[] = [];
  tls.onRenewed(({ certificate }) => told.push(certificate));
  t.mock.timers.tick(60_000);
  assert.deepEqual(told, []);
  clock.now = new Date(NOW.getTime() + 350 * DAY_MS);
  t.mock.timers.tick(60_000);
  assert.deepEqual(told, [tls.identity().certificate]);
  assert.notEqual(tls.identity().certificate, before);
});

test('the city’s own certificate is taken with the names in it, followed when it changes, and refused where it does not fit', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const dataDir = makeFolder(t);
  const files = { certificate: join(dataDir, 'city.pem'), key: join(dataDir, 'city.key') };
  const authority = makeAuthority('市の認証局', ['city.example.jp'], YEAR);
  const give = (names: readonly string[]): void => {
    const { key, certificate } = makeServerIdentity(authority, 'pc', names, YEAR);
    writeFileSync(files.certificate, certificate + authority.certificate);
    writeFileSync(files.key, key);
  };
  assert.throws(() => open(t, { files }), TlsFault);
  give(['pc-01.city.example.jp', '10.1.2.3']);
  const tls = open(t, { files });
  assert.equal(tls.authority, null);
  assert.deepEqual(tls.names(), ['pc-01.city.example.jp', '10.1.2.3']);
  give(['pc-02.city.example.jp']);
  t.mock.timers.tick(60_000);
  assert.deepEqual(tls.names(), ['pc-02.city.example.jp']);
  writeFileSync(files.key, authority.key);
  // A half exchanged pair is not taken: the one in force stays.
  t.mock.timers.tick(60_000);
  assert.deepEqual(tls.names(), ['pc-02.city.example.jp']);
  assert.throws(() => open(t, { files }), TlsFault);
  assert.throws(() => readFileSync(join(dataDir, 'tls.json')), /ENOENT/);
});
