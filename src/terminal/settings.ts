/**
 * The settings of a counter's terminals: `TERMINAL`, `TERMINAL_2` and `TERMINAL_3`, each with settings of its own after
 * its name (`TERMINAL_2_OPTIONS`). The first that can take a payment takes it.
 */
import { resolve } from 'node:path';
import { z } from 'zod';
import { METHODS } from './offer.ts';
import { parsePlace, type Place } from './place.ts';
import type { Method } from './terminal.ts';

/** A terminal as the settings name it; what its driver thinks of that is not known yet. */
export interface TerminalSettings {
  /** Its number at this counter, from 1. */
  id: string;
  /** How its settings begin, for a message about them. */
  name: string;
  model: string;
  place: Place;
  /** The driver's own settings, unparsed. */
  options: unknown;
  /** What the provider's service knows us by. */
  secret: string | undefined;
  /** What this terminal is for; undefined: all that its model can take. */
  methods: readonly Method[] | undefined;
  /** Where a line trace is kept; undefined: none is. */
  traceFile: string | undefined;
}

/** What may follow a terminal's name, with what it must look like, said when it does not. */
const PARTS = {
  '': {
    schema: z.string().transform((text, context) => {
      const [, model, rest] = /^([a-z0-9]+)@(.+)$/.exec(text) ?? [];
      const place = parsePlace(rest ?? '');
      if (model !== undefined && place !== undefined) return { model, place };
      context.addIssue('not a terminal');
      return z.NEVER;
    }),
    hint:
      '機種@usb:0403:6001:A50285BI・機種@serial:COM3・機種@tcp:192.0.2.7:20007・機種@https://api.example.com・' +
      '機種@clerk・機種@virtual のように（npm run terminals で確かめられます） / MODEL@ and then one of these ' +
      '(see npm run terminals)',
  },
  _OPTIONS: {
    schema: z.string().transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch (error) {
        context.addIssue(String(error));
        return z.NEVER;
      }
    }),
    hint: 'JSON で / as JSON',
  },
  _SECRET: {
    schema: z.string().min(8),
    hint: '事業者から受け取ったキー / the key that the provider gave you',
  },
  _METHODS: {
    schema: z
      .string()
      .transform((text) => text.split(',').map((method) => method.trim()))
      .pipe(z.array(z.enum(METHODS)).min(1)),
    hint: 'credit・debit・emoney・qr をコンマで / credit, debit, emoney, qr, separated by commas',
  },
  _TRACE: {
    schema: z.string().min(1),
    hint: '端末との通信を記録するファイル / the file for a trace of the terminal’s line',
  },
} as const;

const NAMES = ['TERMINAL', 'TERMINAL_2', 'TERMINAL_3'] as const;

/** The terminals in their order, or every fault in plain words; a secret is in no fault. */
export function readTerminals(
  environment: Record<string, string | undefined>,
): { terminals: TerminalSettings[]; payouts: TerminalSettings | undefined } | { faults: string[] } {
  const faults: string[] = [];
  const terminals = NAMES.flatMap((name, index) =>
    readTerminal(name, String(index + 1), environment, faults),
  );
  // Where an office fetches what was paid out is said in the same words: MODEL@https://… and its secret.
  const [payouts] = readTerminal('PAYOUTS', 'payouts', environment, faults);
  return faults.length > 0 ? { faults } : { terminals, payouts };
}

function readTerminal(
  name: string,
  id: string,
  environment: Record<string, string | undefined>,
  faults: string[],
): TerminalSettings[] {
  const read = <Part extends keyof typeof PARTS>(part: Part) => {
    const text = environment[name + part]?.trim();
    if (text === undefined || text === '') return undefined;
    const { schema, hint } = PARTS[part];
    const { success, data } = schema.safeParse(text);
    if (!success) faults.push(`${name}${part}${part === '_SECRET' ? '' : ` ("${text}")`}: ${hint}`);
    return data as z.infer<(typeof PARTS)[Part]['schema']> | undefined;
  };
  const terminal = read('');
  const [options, secret, methods, traceFile] = [
    read('_OPTIONS'),
    read('_SECRET'),
    read('_METHODS'),
    read('_TRACE'),
  ];
  if (terminal !== undefined) {
    const trace = traceFile === undefined ? undefined : resolve(traceFile);
    return [{ id, name, ...terminal, options: options ?? {}, secret, methods, traceFile: trace }];
  }
  const isNamed = (environment[name] ?? '').trim() !== '';
  if (!isNamed && [options, secret, methods, traceFile].some((part) => part !== undefined)) {
    faults.push(
      `${name}: ${name}_… の設定があるのに ${name} がありません / ${name} is missing, its settings are there`,
    );
  }
  return [];
}
