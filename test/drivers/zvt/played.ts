/** A terminal that is played message by message. */
import assert from 'node:assert/strict';
import { registration } from '../../../drivers/zvt/commands.ts';
import { zvt } from '../../../drivers/zvt/zvt.ts';
import type { Terminal } from '../../../src/terminal/terminal.ts';
import { heldLine, hex, type FarEnd } from './support.ts';

export const TAKEN = '800000';

/** Hears an APDU from the register and acknowledges the frame. */
export async function hear(far: FarEnd, apdu: string): Promise<void> {
  assert.equal(await far.hear(), apdu);
  far.put(hex('06'));
}

/** Says something and hears that it was received, and how it was answered. */
export async function tell(far: FarEnd, apdu: string, answer = TAKEN): Promise<void> {
  far.putFrame(apdu);
  assert.equal(await far.hear(), 'ack');
  await hear(far, answer);
}

/** Says what wants no answer. */
export async function say(far: FarEnd, apdu: string): Promise<void> {
  far.putFrame(apdu);
  assert.equal(await far.hear(), 'ack');
}

/** Takes a command, and ends its dialogue with this. */
export async function serve(far: FarEnd, command: string, end: string): Promise<void> {
  await hear(far, command);
  await say(far, '80 00 00');
  await tell(far, end);
}

export async function register(
  options: unknown = {},
  completion = '06 0f 07 29 99000001 19 00',
): Promise<{ far: FarEnd; terminal: Required<Terminal> }> {
  const far = heldLine();
  const connecting = zvt.connect(() => Promise.resolve(far.port), options);
  await serve(far, registration('000000').toString('hex'), completion);
  return { far, terminal: await connecting };
}
