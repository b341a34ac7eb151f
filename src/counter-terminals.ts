/** The counter's terminals as the settings name them: each with its driver, and a virtual one started where wanted. */
import { join } from 'node:path';
import type { Logger } from 'pino';
import { drivers } from '../drivers/index.ts';
import { StartFaults, type Config } from './config.ts';
import type { PortWanted } from './preflight.ts';
import { parsePlace, type Place } from './terminal/place.ts';
import { portOpener, type OpenPort } from './terminal/port.ts';
import type { TerminalSettings } from './terminal/settings.ts';
import type { Driver, LineDriver } from './terminal/driver.ts';
import type { TerminalSetup } from './terminal/terminals.ts';
import { openTrace } from './terminal/trace.ts';
import { isVirtualTerminalRunning, openVirtualTerminal } from './terminal/virtual-terminal.ts';

/** A virtual terminal's page, on which one plays the resident. */
export interface VirtualPage {
  terminal: string;
  url: string;
}

interface CounterTerminals {
  setups: TerminalSetup[];
  pages: VirtualPage[];
}

export interface TerminalsOptions {
  config: Config;
  log: Logger;
  now: () => Date;
  stops: (() => Promise<void> | void)[];
}

/** What the settings want; a trial that names none gets the first that there is. */
function wantedBy({ terminals, roles }: Config): readonly TerminalSettings[] {
  if (!roles.includes('counter')) return [];
  if (terminals.length > 0) return terminals;
  const model = drivers.find(({ virtual }) => virtual !== undefined)?.model ?? '';
  const place: Place = { reach: 'virtual' };
  const none = { secret: undefined, methods: undefined, traceFile: undefined };
  return [{ id: '1', name: 'TERMINAL', model, place, options: {}, ...none }];
}

const findDriver = (model: string): Driver | undefined => drivers.find((driver) => driver.model === model);

const virtualDir = ({ dataDir }: Config, id: string): string =>
  join(dataDir, id === '1' ? 'virtual-terminal' : `virtual-terminal-${id}`);

const virtualPort = ({ ports }: Config, id: string): number => ports.virtualTerminal + Number(id) - 1;

/** The ports that virtual terminals will want, but for those that an earlier run left behind. */
export async function findPortsWanted(config: Config): Promise<PortWanted[]> {
  const wanted: PortWanted[] = [];
  for (const { id, place } of wantedBy(config)) {
    if (place.reach !== 'virtual' || (await isVirtualTerminalRunning(virtualDir(config, id)))) continue;
    wanted.push({ setting: 'VIRTUAL_TERMINAL_PORT', port: virtualPort(config, id) });
  }
  return wanted;
}

/** What the drivers have against the settings, in plain words; options that hold a secret are not repeated. */
export function findTerminalFaults(config: Config): string[] {
  return wantedBy(config).flatMap(({ name, model, place, options, secret, methods, traceFile }) => {
    const driver = findDriver(model);
    if (driver === undefined) {
      const known = drivers.map((each) => each.model).join(', ');
      return [`${name}: ${model} という機種は知りません / unknown model; known: ${known}`];
    }
    const faults: string[] = [];
    if (place.reach !== 'virtual' && place.reach !== driver.reach) {
      const how = { line: 'usb:・serial:・tcp:', service: 'https://', clerk: 'clerk' }[driver.reach];
      faults.push(`${name}: ${model} の接続先は ${how} です / ${model} is reached by ${how}`);
    }
    if (place.reach === 'service' && secret === undefined) {
      faults.push(`${name}_SECRET: ${model} に必要です / needed for ${model}`);
    }
    if (driver.reach === 'service' && secret !== undefined) {
      const isLive = driver.isLiveSecret(secret);
      if (isLive !== (config.book === 'live')) {
        faults.push(
          isLive
            ? `${name}_SECRET: 本番のキーです。${config.book} では使えません / a live key, of no use in a ${config.book}`
            : `${name}_SECRET: 試験用のキーです。live では使えません / a test key, of no use in a live book`,
        );
      }
    }
    if (methods?.some((method) => driver.brands[method].length === 0) === true) {
      faults.push(`${name}_METHODS: ${model} で扱えない方法があります / ${model} can't take them all`);
    }
    if (traceFile !== undefined && (driver.reach !== 'line' || driver.trace === undefined)) {
      faults.push(`${name}_TRACE: ${model} は記録できません / ${model} can't be traced`);
    }
    const { error } = driver.options.safeParse({
      ...(place.reach === 'virtual' && driver.virtual?.options),
      ...(options as object),
    });
    const told = error?.issues.map(({ path, message }) => `${name}_OPTIONS ${path.join('.')}: ${message}`);
    return [...faults, ...(told ?? [])];
  });
}

/** Starts the virtual ones, stopped with the rest. @throws StartFaults */
export async function openCounterTerminals(options: TerminalsOptions): Promise<CounterTerminals> {
  const opened: CounterTerminals = { setups: [], pages: [] };
  for (const settings of wantedBy(options.config)) {
    const driver = findDriver(settings.model);
    if (driver === undefined) throw new Error(`no driver ${settings.model}`);
    const { id, methods } = settings;
    const { place, given, url } = await findPlace(settings, driver, options);
    if (url !== undefined) opened.pages.push({ terminal: id, url });
    const connect = connector(driver, place, given, settings, options);
    const configured = driver.configured?.(given.options) ?? driver;
    opened.setups.push({ id, driver: configured, ...(methods && { methods }), connect });
  }
  return opened;
}

/** What a driver is given to connect with. */
interface Given {
  options: object;
  secret: string;
}

/** Where the terminal really is: a virtual one is started first. */
async function findPlace(
  { id, place, options, secret = '' }: TerminalSettings,
  driver: Driver,
  { config, stops }: TerminalsOptions,
): Promise<{ place: Place; given: Given; url?: string }> {
  const own = options as object;
  if (place.reach !== 'virtual') return { place, given: { options: own, secret } };
  if (driver.virtual === undefined) throw new Error(`${driver.model} has no virtual terminal`);
  const { program, options: wanted, secret: known = '' } = driver.virtual;
  const virtual = await openVirtualTerminal({
    program,
    reach: driver.reach,
    dataDir: virtualDir(config, id),
    httpPort: virtualPort(config, id),
  });
  stops.push(() => virtual.stop());
  const found = parsePlace(virtual.line);
  if (found === undefined) throw new Error(`the virtual terminal can't be reached at ${virtual.line}`);
  return { place: found, given: { options: { ...wanted, ...own }, secret: known }, url: virtual.http };
}

function connector(
  driver: Driver,
  place: Place,
  { options, secret }: Given,
  { name, traceFile }: TerminalSettings,
  { log, now }: TerminalsOptions,
): TerminalSetup['connect'] {
  if (driver.reach === 'line' && place.reach === 'line') {
    const openPort = traced(driver, portOpener(place.address), { name, traceFile, log, now });
    return () => driver.connect(openPort, options);
  }
  if (driver.reach === 'service' && place.reach === 'service') {
    return () => driver.connect({ url: place.url, secret }, options);
  }
  if (driver.reach === 'clerk' && place.reach === 'clerk') {
    return (ask) => driver.connect(ask, options);
  }
  throw new Error(`${driver.model} is not reached by ${place.reach}`);
}

/** Leaves a trace of the line where the settings want one. @throws StartFaults if it can't */
function traced(
  driver: LineDriver,
  openPort: OpenPort,
  {
    name,
    traceFile,
    log,
    now,
  }: Pick<TerminalsOptions, 'log' | 'now'> & Pick<TerminalSettings, 'name' | 'traceFile'>,
): OpenPort {
  if (traceFile === undefined || driver.trace === undefined) return openPort;
  const onEnd = (reason: string): void => log.info({ reason }, 'the line trace has ended');
  try {
    return driver.trace(openPort, openTrace(traceFile, { now, onEnd }));
  } catch (error) {
    throw new StartFaults([`${name}_TRACE: ${error instanceof Error ? error.message : String(error)}`]);
  }
}
