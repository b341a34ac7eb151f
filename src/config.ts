/** The settings: environment and `.env` in, one frozen object out, every fault at once. */
import { existsSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { Book } from './book.ts';
import { parseAddress, type Address } from './terminal/port.ts';
import { readTerminals, type TerminalSettings } from './terminal/settings.ts';

const ROLES = ['counter', 'office', 'survey'] as const;
export type Role = (typeof ROLES)[number];

export interface Config {
  book: Book;
  roles: readonly Role[];
  dataDir: string;
  /** Names by which others call, besides the machine's own: through a proxy, or from the LAN. */
  allowedHosts: readonly string[];
  /** On the machine's own loopback, in plain HTTP. */
  ports: Record<Role | 'virtualTerminal', number>;
  /** Where a role answers the LAN, in TLS; a role without one does not. */
  lan: Readonly<Partial<Record<Role, LanPlace>>>;
  /** The city's own certificate and key; undefined: the service makes its own. */
  tlsFiles: { certificate: string; key: string } | undefined;
  municipality: { code: string; nameJa: string };
  counter: { id: string; nameJa: string };
  /** Undefined: a trial or training starts a PostgreSQL of its own. */
  databaseUrl: string | undefined;
  /** Where PostgreSQL's own programs are, for a trial; found by itself if left out. */
  postgresBin: string | undefined;
  /** None: a trial or training starts a virtual terminal. */
  terminals: readonly TerminalSettings[];
  /** The provider's service that the office fetches statements from; undefined: none. */
  payouts: TerminalSettings | undefined;
  /** Undefined: a trial or training makes its own. */
  apiToken: string | undefined;
  /** Whom to call when something is out of order, for the counter's 「困ったとき」. */
  helpdesk: readonly string[];
  /** From this amount on a void, refund or correction needs a second person, in yen. */
  secondPersonFromYen: number;
  /** Closing the day needs a second person, whatever the amount. */
  closingNeedsSecondPerson: boolean;
  /** The desks' public keys for charge tickets. */
  ticketKeys: string;
  /** A scanner on a serial line; undefined: none, or one that types as a keyboard. */
  scanner: Address | undefined;
  survey: { url: string | undefined; secret: string | undefined };
  logLevel: string;
}

export interface LanPlace {
  /** IPv4; undefined: every address of this machine. */
  address: string | undefined;
  port: number;
}

/** What is wrong with the settings or the place, in plain words; all of it. */
export class StartFaults extends Error {
  override readonly name = 'StartFaults';
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.faults = faults;
  }
}

const port = z.coerce.number().int().min(1).max(65_532);

/** `PORT` or `ADDRESS:PORT`. */
const lanPlace = z.string().transform((text, context): LanPlace => {
  const [, address, digits] = /^(?:([\d.]+):)?(\d+)$/.exec(text) ?? [];
  const { data } = port.safeParse(digits);
  if (data !== undefined && (address === undefined || isIPv4(address))) return { address, port: data };
  context.addIssue({ code: 'custom', message: 'no port' });
  return z.NEVER;
});

const SETTINGS = z.object({
  BOOK: z.enum(['trial', 'training', 'live']).default('trial'),
  ROLES: z
    .string()
    .default(ROLES.join(','))
    .transform((text) => text.split(',').map((role) => role.trim()))
    .pipe(z.array(z.enum(ROLES)).min(1)),
  DATA_DIR: z.string().min(1).default('./data'),
  ALLOWED_HOSTS: z
    .string()
    .default('')
    .transform((text) =>
      text
        .toLowerCase()
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    ),
  PORT: port.default(8600),
  OFFICE_PORT: port.optional(),
  SURVEY_PORT: port.optional(),
  VIRTUAL_TERMINAL_PORT: port.optional(),
  COUNTER_LAN: lanPlace.optional(),
  OFFICE_LAN: lanPlace.optional(),
  SURVEY_LAN: lanPlace.optional(),
  TLS_CERT: z.string().min(1).optional(),
  TLS_KEY: z.string().min(1).optional(),
  MUNICIPALITY: z
    .string()
    .regex(/^\d{6}$/)
    .default('122327'),
  MUNICIPALITY_NAME: z.string().min(1).default('白井市'),
  COUNTER: z
    .string()
    .regex(/^[\w-]{1,16}$/)
    .default('01'),
  COUNTER_NAME: z.string().min(1).default('総合窓口 1番'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  PG_BIN: z.string().min(1).optional(),
  API_TOKEN: z.string().min(20).optional(),
  HELPDESK: z
    .string()
    .max(400)
    .default('')
    .transform((text) =>
      text
        .split(';')
        .map((contact) => contact.trim())
        .filter((contact) => contact !== ''),
    ),
  SECOND_PERSON_FROM_YEN: z.coerce.number().int().min(1).default(5_000),
  CLOSING_SECOND_PERSON: z.enum(['yes', 'no']).default('no'),
  TICKET_KEYS: z.string().min(1).optional(),
  SCANNER: z
    .string()
    .transform((text) => parseAddress(text))
    .refine((address) => address?.line === 'serial')
    .optional(),
  SURVEY_URL: z.url({ protocol: /^https?$/ }).optional(),
  SURVEY_SECRET: z.string().min(20).optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
});

const LAN_HINT =
  '8610 か 192.168.0.5:8610 のように、番号かアドレス付きの番号（IPv4 だけ。IPv6 では開きません） / ' +
  'a port, or ADDRESS:PORT (IPv4 only; nothing listens on IPv6)';

/** What a setting must look like; said when it does not. */
const HINTS: Record<keyof typeof SETTINGS.shape, string> = {
  BOOK: 'trial・training・live のどれか / one of trial, training, live',
  ROLES: 'counter・office・survey をコンマで / counter, office, survey, separated by commas',
  DATA_DIR: 'データを置くフォルダー / the folder for the data',
  ALLOWED_HOSTS:
    'ほかのパソコンから開くときの名前をコンマで / the names by which other machines call, separated by commas',
  PORT: '1〜65532 の番号 / a number from 1 to 65532',
  OFFICE_PORT: '1〜65532 の番号 / a number from 1 to 65532',
  SURVEY_PORT: '1〜65532 の番号 / a number from 1 to 65532',
  VIRTUAL_TERMINAL_PORT: '1〜65532 の番号 / a number from 1 to 65532',
  COUNTER_LAN: LAN_HINT,
  OFFICE_LAN: LAN_HINT,
  SURVEY_LAN: LAN_HINT,
  TLS_CERT: '証明書のファイル（PEM）。TLS_KEY と一緒に / the certificate’s file (PEM), together with TLS_KEY',
  TLS_KEY: '証明書の鍵のファイル（PEM）。TLS_CERT と一緒に / the key’s file (PEM), together with TLS_CERT',
  MUNICIPALITY: '6桁の団体コード / the six-digit municipality code',
  MUNICIPALITY_NAME: '団体名 / the municipality’s name',
  COUNTER: '英数字16文字まで / up to 16 letters or digits',
  COUNTER_NAME: '窓口の名前 / the counter’s name',
  DATABASE_URL: 'postgres://利用者:パスワード@ホスト/データベース / postgres://user:password@host/database',
  PG_BIN: 'postgres・initdb・pg_ctl のあるフォルダー / the folder of postgres, initdb and pg_ctl',
  API_TOKEN: '20文字以上 / at least 20 characters',
  HELPDESK: '連絡先を ; で区切って400文字まで / whom to call, separated by ; (400 characters)',
  SECOND_PERSON_FROM_YEN: '1以上の金額（円） / an amount in yen, at least 1',
  CLOSING_SECOND_PERSON: 'yes か no / yes or no',
  TICKET_KEYS: '会計票の公開鍵のファイル / the file of the public keys for charge tickets',
  SCANNER:
    'usb:05f9:4204・serial:COM5@9600 のように（npm run terminals で確かめられます） / usb:VENDOR:PRODUCT or serial:PATH, @BAUD (see npm run terminals)',
  SURVEY_URL: 'https:// で始まるアドレス / an address that begins with https://',
  SURVEY_SECRET: '20文字以上 / at least 20 characters',
  LOG_LEVEL: 'trace・debug・info・warn・error のどれか / one of trace, debug, info, warn, error',
};

/** Reads `.env` in the working folder, where there is one, into the environment; what is set already stays. */
export function loadEnvFile(): void {
  if (existsSync('.env')) process.loadEnvFile('.env');
}

/** @throws StartFaults with every fault of the settings. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(
    Object.keys(SETTINGS.shape).flatMap((name) => {
      const value = environment[name]?.trim();
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
  const read = readTerminals(environment);
  const parsed = SETTINGS.safeParse(given);
  if (!parsed.success) {
    const names = [...new Set(parsed.error.issues.map(({ path }) => String(path[0])))];
    const faults = names.map((name) => {
      const shown = /TOKEN|SECRET|URL/.test(name) ? '' : ` ("${given[name] ?? ''}")`;
      return `${name}${shown}: ${HINTS[name as keyof typeof HINTS]}`;
    });
    throw new StartFaults([...faults, ...('faults' in read ? read.faults : [])]);
  }
  const settings = parsed.data;
  const faults = [...missingForBook(settings), ...findExposed(environment['HOST']), ...findHalf(settings)];
  const terminals = 'terminals' in read ? read.terminals : [];
  const payouts = 'terminals' in read ? read.payouts : undefined;
  faults.push(...('faults' in read ? read.faults : findMisplaced(settings, terminals)));
  if (faults.length > 0) throw new StartFaults(faults);
  return Object.freeze({
    book: settings.BOOK,
    roles: settings.ROLES,
    dataDir: resolve(settings.DATA_DIR),
    allowedHosts: settings.ALLOWED_HOSTS,
    ports: {
      counter: settings.PORT,
      office: settings.OFFICE_PORT ?? settings.PORT + 1,
      survey: settings.SURVEY_PORT ?? settings.PORT + 2,
      virtualTerminal: settings.VIRTUAL_TERMINAL_PORT ?? settings.PORT + 3,
    },
    lan: lanOf(settings),
    tlsFiles: tlsFilesOf(settings),
    municipality: { code: settings.MUNICIPALITY, nameJa: settings.MUNICIPALITY_NAME },
    counter: { id: settings.COUNTER, nameJa: settings.COUNTER_NAME },
    databaseUrl: settings.DATABASE_URL,
    postgresBin: settings.PG_BIN,
    terminals,
    payouts,
    apiToken: settings.API_TOKEN,
    helpdesk: settings.HELPDESK,
    secondPersonFromYen: settings.SECOND_PERSON_FROM_YEN,
    closingNeedsSecondPerson: settings.CLOSING_SECOND_PERSON === 'yes',
    ticketKeys: resolve(settings.TICKET_KEYS ?? join(settings.DATA_DIR, 'ticket-keys.json')),
    scanner: settings.SCANNER,
    survey: { url: settings.SURVEY_URL?.replace(/\/$/, ''), secret: settings.SURVEY_SECRET },
    logLevel: settings.LOG_LEVEL,
  });
}

type Settings = z.infer<typeof SETTINGS>;

function lanOf({ COUNTER_LAN, OFFICE_LAN, SURVEY_LAN }: Settings): Config['lan'] {
  const places = Object.entries({ counter: COUNTER_LAN, office: OFFICE_LAN, survey: SURVEY_LAN });
  return Object.fromEntries(places.filter(([, place]) => place !== undefined));
}

const tlsFilesOf = ({ TLS_CERT, TLS_KEY }: Settings): Config['tlsFiles'] =>
  TLS_CERT === undefined || TLS_KEY === undefined
    ? undefined
    : { certificate: resolve(TLS_CERT), key: resolve(TLS_KEY) };

function findHalf({ TLS_CERT, TLS_KEY }: Settings): string[] {
  if ((TLS_CERT === undefined) === (TLS_KEY === undefined)) return [];
  const name = TLS_CERT === undefined ? 'TLS_CERT' : 'TLS_KEY';
  return [`${name}: ${HINTS[name]}`];
}

/** Plain HTTP leaves the machine no more, whatever the book: people's PINs would go over the LAN for all to read. */
function findExposed(host: string | undefined): string[] {
  if (host === undefined || ['', '127.0.0.1', 'localhost', '::1'].includes(host.trim())) return [];
  return [
    `HOST="${host}": この設定はなくなりました。平文の HTTP はこのパソコンの中（127.0.0.1）だけで待ち受けます。` +
      '消して、タブレットからは COUNTER_LAN=8610、会計課のパソコンからは OFFICE_LAN=8611（どちらも TLS）にしてください / ' +
      'is gone: plain HTTP stays on this machine. Remove it, and set COUNTER_LAN, OFFICE_LAN or SURVEY_LAN to a port for TLS',
  ];
}

/** Live takes nothing that a trial makes up for itself. */
function missingForBook(settings: Settings): string[] {
  const { BOOK, ROLES: roles } = settings;
  if (BOOK !== 'live') return [];
  const wanted: [keyof Settings, boolean][] = [
    ['DATABASE_URL', roles.includes('counter') || roles.includes('office')],
    ['API_TOKEN', roles.includes('counter') || roles.includes('office')],
    ['SURVEY_SECRET', roles.includes('survey') || settings.SURVEY_URL !== undefined],
  ];
  return wanted
    .filter(([name, isWanted]) => isWanted && settings[name] === undefined)
    .map(([name]) => `${name}: BOOK=live に必要です / needed for BOOK=live. ${HINTS[name]}`);
}

/** Live takes no virtual terminal, a trial no real one: a lost setting can't make a real counter take pretend money. */
function findMisplaced({ BOOK, ROLES: roles }: Settings, terminals: readonly TerminalSettings[]): string[] {
  if (BOOK === 'live') {
    if (terminals.length === 0 && roles.includes('counter')) {
      return [
        'TERMINAL: BOOK=live に必要です（npm run terminals） / needed for BOOK=live (see npm run terminals)',
      ];
    }
    return terminals
      .filter(({ place }) => place.reach === 'virtual')
      .map(({ name }) => `${name}: live では仮想端末を使えません / a live book takes no virtual terminal`);
  }
  return terminals
    .filter(({ place }) => place.reach !== 'virtual')
    .map(
      ({ name, model }) =>
        `${name}: ${BOOK} では本物の端末を使えません。${name}=${model}@virtual にするか、BOOK=live にしてください / ` +
        `a ${BOOK} takes no real terminal: set ${name}=${model}@virtual, or BOOK=live`,
    );
}
