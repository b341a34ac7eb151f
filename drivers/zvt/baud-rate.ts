/**
 * The rate of a serial line (PA00P015 §2.57): a terminal begins at that of its address, 9600 as a rule, and may be asked
 * for a faster one, which holds until it is started again.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { OpenPort } from '../../src/terminal/port.ts';
import { TerminalError } from '../../src/terminal/terminal.ts';
import { baudRateChange, type BaudRate } from './commands.ts';
import { ask, type Session } from './dialogue.ts';
import { createLink, LINK_TIMING, Unheard, type Link, type LinkTiming } from './link.ts';
import { TIMING } from './timing.ts';

/** A terminal that has been registered with. */
export interface Entered {
  session: Session;
  terminalId: string | null;
}

/** Registers over a link, and closes it if that fails. */
type Enter = (link: Link) => Promise<Entered>;

/** Neither rate may cost the time in which a terminal has to be usable again. */
const FINDING: LinkTiming = {
  ...LINK_TIMING,
  firstWord: { t2Ms: TIMING.rateProbeMs, transmissions: 1 },
};

/**
 * Registers at the rate that is wished for. A terminal that agreed to it before is still there; one that was started
 * again is back at the rate of its address, and is asked anew. Where it does not want to, the old rate stays; a stream has
 * none. Each rate is a line of its own, opened anew.
 * @throws TerminalError when it is heard at neither, or no longer heard after its yes
 */
export async function enterAtRate(openPort: OpenPort, baudRate: BaudRate, enter: Enter): Promise<Entered> {
  const port = await openPort(baudRate);
  if (port.line === 'stream') return enter(createLink(port));
  const known = await unlessUnheard(enter(createLink(port, FINDING)));
  if (known !== undefined) return known;

  const slow = await enter(createLink(await openPort(), FINDING));
  if (!(await agrees(slow.session, baudRate))) return slow;
  await slow.session.line.close();
  await delay(TIMING.newRateMs);
  const fast = await unlessUnheard(enter(createLink(await openPort(baudRate), FINDING)));
  if (fast !== undefined) return fast;
  throw new TerminalError(
    `it agreed to ${baudRate} baud and is not heard at that: it has to be restarted`,
    false,
  );
}

/** @throws TerminalError without an answer; the line is closed then */
async function agrees(session: Session, baudRate: BaudRate): Promise<boolean> {
  try {
    const answer = await ask(session, baudRateChange(baudRate));
    return answer.kind === 'taken';
  } catch (error) {
    await session.line.close();
    throw error;
  }
}

async function unlessUnheard(entering: Promise<Entered>): Promise<Entered | undefined> {
  try {
    return await entering;
  } catch (error) {
    if (error instanceof Unheard) return undefined;
    throw error;
  }
}
