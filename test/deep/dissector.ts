/** Wireshark's ZVT dissector as a judge: messages in, its reading of each out, by way of a capture file. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** ZVT's usual TCP port (PA00P016 §2.2). */
const PORT = 20_007;

/** By the dissector's field name; a field that comes twice has two values. Empty if it read nothing. */
export type Dissection = Readonly<Record<string, readonly string[]>>;

export const FIELDS = [
  'control_field',
  'ccrc',
  'aprc',
  'length_field',
  'result_code',
  'int_status',
  'password',
  'reg.config_byte',
  'cc',
  'amount',
  'time',
  'date',
  'trace_number',
  'terminal_id',
  'card_type',
  'card_number',
  'card_name',
  'expiry_date',
  'additional_data',
  'bmp',
  'tlv.tag',
  'tlv.text_lines.line',
  'tlv.receipt_type',
  'tlv.permitted_command',
  'characters_per_line',
] as const;

/** How to call tshark here, after an attempt to install it where this is a root's Debian; or why there is none. */
export function findTshark(): { program: string } | { missing: string } {
  const program = 'tshark';
  if (answers(program)) return { program };
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    return { missing: 'tshark is not installed: apt-get install --no-install-recommends tshark' };
  }
  const install = ['install', '-y', '--no-install-recommends', 'tshark'];
  const outputs = [['update'], install].map((step) =>
    spawnSync('apt-get', step, {
      encoding: 'utf8',
      timeout: 300_000,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }),
  );
  if (answers(program)) return { program };
  const reasons = outputs.map(({ stderr, error }) => (error?.message ?? stderr).trim().split('\n').at(-1));
  return { missing: `tshark is not installed and apt-get could not get it: ${reasons.join('; ')}` };
}

function answers(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
}

/** What the dissector reads in each message. @throws if it does not run */
export function dissect(program: string, apdus: readonly Buffer[], folder: string): Dissection[] {
  const capture = join(folder, 'messages.pcap');
  writeFileSync(capture, captureOf(apdus));
  const names = FIELDS.map((field) => `zvt.${field}`);
  const { status, stdout, stderr, error } = spawnSync(
    program,
    [
      '-n',
      '-r',
      capture,
      '-d',
      `tcp.port==${PORT},zvt`,
      '-T',
      'json',
      ...names.flatMap((name) => ['-e', name]),
    ],
    { encoding: 'utf8', maxBuffer: 256_000_000, timeout: 120_000 },
  );
  if (status !== 0) throw new Error(`tshark: ${error?.message ?? stderr}`);
  const packets = JSON.parse(stdout) as { _source: { layers?: Record<string, string[]> } }[];
  return packets.map(({ _source: { layers = {} } }) =>
    Object.fromEntries(Object.entries(layers).map(([name, values]) => [name.replace(/^zvt\./, ''), values])),
  );
}

/** A pcap file (link type 101, raw IP) with each message in a TCP segment and connection of its own. */
function captureOf(apdus: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(0x40000, 16);
  header.writeUInt32LE(101, 20);
  return Buffer.concat([header, ...apdus.flatMap((apdu, at) => packetOf(apdu, 1_024 + (at % 18_000)))]);
}

function packetOf(apdu: Buffer, fromPort: number): Buffer[] {
  const headers = Buffer.alloc(40);
  headers.writeUInt8(0x45, 0);
  headers.writeUInt16BE(headers.length + apdu.length, 2);
  headers.writeUInt8(64, 8);
  headers.writeUInt8(6, 9);
  headers.writeUInt32BE(0x7f000001, 12);
  headers.writeUInt32BE(0x7f000001, 16);
  headers.writeUInt16BE(fromPort, 20);
  headers.writeUInt16BE(PORT, 22);
  headers.writeUInt32BE(1, 24);
  headers.writeUInt32BE(1, 28);
  // Header length 20 bytes; PSH and ACK; the whole window.
  headers.writeUInt8(0x50, 32);
  headers.writeUInt8(0x18, 33);
  headers.writeUInt16BE(0xffff, 34);
  const record = Buffer.alloc(16);
  record.writeUInt32LE(headers.length + apdu.length, 8);
  record.writeUInt32LE(headers.length + apdu.length, 12);
  return [record, headers, apdu];
}
