/**
 * `npm run test:hardware -- --driver zvt --port usb:079b:0028 [--options JSON] [--without-cable]`
 *
 * The contract's cases that a real terminal allows, with a person beside it: sales of 1 yen, voided afterwards. It can
 * be tried against a virtual terminal: give the `line` that the virtual terminal prints as `--port`.
 */
import { parseArgs } from 'node:util';
import { drivers } from '../drivers/index.ts';
import { parseAddress, portOpener } from '../src/terminal/port.ts';
import { openHardwareBench } from './hardware/bench.ts';
import { cableCasesOf, casesOf, type Case } from './hardware/cases.ts';

/** Whatever has no line has nothing to try: no port leads to it. */
const lineDrivers = drivers.filter((each) => each.reach === 'line');
const { values } = parseArgs({
  options: {
    driver: { type: 'string', default: lineDrivers[0]?.model ?? '' },
    port: { type: 'string' },
    options: { type: 'string', default: '{}' },
    'without-cable': { type: 'boolean', default: false },
  },
});
const driver = lineDrivers.find(({ model }) => model === values.driver);
const address = values.port === undefined ? undefined : parseAddress(values.port);
if (driver === undefined || address === undefined) {
  console.error(
    `--driver ${lineDrivers.map(({ model }) => model).join('|')} --port usb:VENDOR:PRODUCT[:SERIAL] | serial:PATH[@BAUD] | ` +
      'tcp:HOST:PORT\n端末の接続先は npm run terminals で確かめられます / npm run terminals shows what is plugged in',
  );
  process.exit(2);
}

const options: unknown = JSON.parse(values.options);
const openPort = portOpener(address);
const bench = await openHardwareBench(() => driver.connect(openPort, options));

console.log(
  `${driver.nameJa} ${values.port ?? ''}\n1円の支払いを行い、最後に取り消します / sales of 1 yen, voided at the end`,
);
const cases: Case[] = [
  ...casesOf(bench, driver.totals),
  ...(values['without-cable'] ? [] : cableCasesOf(bench)),
  ['1円の支払いをすべて取り消す / every 1 yen is voided', () => bench.voidAll()],
];
let failures = 0;
try {
  for (const [name, run] of cases) {
    try {
      await run();
      console.log(`✔ ${name}`);
    } catch (error) {
      failures += 1;
      console.log(`✖ ${name}\n  ${String(error)}`);
      await bench.reconnect();
    }
  }
} finally {
  await bench.terminal.close();
  for (const { receiptNumber, brandName } of bench.standing) {
    console.log(
      `残っています。端末で取り消してください / still taken, void it on the terminal: ${brandName ?? ''} ${receiptNumber ?? ''}`,
    );
  }
}
console.log(failures === 0 ? '合格 / passed' : `不合格 ${failures} / failed`);
process.exitCode = failures === 0 ? 0 : 1;
