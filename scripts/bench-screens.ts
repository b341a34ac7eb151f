/**
 * `npm run bench:screens [-- --json]`: how soon the counter's screen answers a touch (Event Timing, in steps of 8 ms; the goal is
 * 100 ms on the machine itself), how much of a core its page takes for all of a step, whoever else is at work on the machine, and
 * how much of it jumps (layout-shift score; the goal is 0, and a test holds it).
 */
import { parseArgs } from 'node:util';
import { openBrowser, openPage } from '../test/support/browser.ts';
import { planResidents } from '../test/support/clerk.ts';
import { openHouse } from '../test/support/house.ts';
import { lookAround, sellByKeyboard, sellCertificate } from '../test/support/screen-walk.ts';
import { readSteadiness, watchSteadiness } from '../test/support/steadiness.ts';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const undos: (() => unknown)[] = [];
const cleanup = { after: (undo: () => unknown) => void undos.push(undo) };

interface Step {
  step: string;
  /** Of its slowest touch, 0: below 16. */
  slowestMs: number;
  /** Of the page's main thread, with what came of the touches until the next: style, layout, script, paint. */
  cpuMs: number;
  shift: number;
  moved: string[];
}

try {
  const house = await openHouse(cleanup);
  await planResidents(house, [{ do: { act: 'present', brand: 'visa' } }], true);
  const { page } = await openPage(await openBrowser(cleanup), house.counter, { width: 1280, height: 800 });
  await watchSteadiness(page);
  const protocol = await page.context().newCDPSession(page);
  // Ticks of the thread itself: time in which others had the core is not in it.
  await protocol.send('Performance.enable', { timeDomain: 'threadTicks' });
  const readCpu = async (): Promise<number> => {
    const { metrics } = await protocol.send('Performance.getMetrics');
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0);
  };
  let cpuBefore = await readCpu();
  const steps: Step[] = [];
  const note = async (step: string): Promise<void> => {
    const { shifts, touches } = await readSteadiness(page);
    const slowestMs = Math.max(0, ...touches.map(({ ms }) => ms));
    const cpu = await readCpu();
    steps.push({
      step,
      slowestMs,
      cpuMs: Math.round(cpu - cpuBefore),
      shift: shifts.reduce((sum, { score }) => sum + score, 0),
      moved: shifts.flatMap(({ moved }) => moved),
    });
    cpuBefore = cpu;
  };
  for (const walk of [sellCertificate, sellByKeyboard, lookAround]) await walk(page, note);
  const slowestMs = Math.max(...steps.map((each) => each.slowestMs));
  const shift = steps.reduce((sum, each) => sum + each.shift, 0);
  if (values.json) console.log(JSON.stringify({ slowestMs, shift, steps }));
  else {
    for (const each of steps)
      console.log(
        `${each.step.padEnd(36)} ${each.slowestMs || '<16'} ms, ${each.cpuMs} ms of a core, shift ${each.shift.toFixed(4)} ${each.moved.join(' | ')}`,
      );
    console.log(`slowest touch ${slowestMs || '<16'} ms, layout shift ${shift.toFixed(4)}`);
  }
} finally {
  for (const undo of undos.reverse()) await undo();
}
