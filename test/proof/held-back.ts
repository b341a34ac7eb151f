/** A yes that comes too late: the terminal has given it up, and takes it for the one to what it has said since. */
import { VIRTUAL_TIMING } from '../../drivers/zvt/virtual/machine.ts';
import type { Strike } from './cable.ts';
import { TIMING } from './far-end.ts';

/** 04 FF 04 (PA00P015 §3.7). */
const WAITING_FOR_HOST = 0x04;

/** Holds the counter's yes to "waiting for the host" back until half a second after the terminal has told its approval. */
export function holdBackYes(line: 'serial' | 'stream'): Strike {
  const at = line === 'serial' ? 2 : 0;
  let isNext = false;
  return (from, bytes) => {
    const control = bytes.toString('hex', at, at + 2);
    if (from === 'terminal') isNext ||= control === '04ff' && bytes[at + 3] === WAITING_FOR_HOST;
    if (from === 'terminal' || !isNext || control !== '8000') return undefined;
    isNext = false;
    return [{ bytes, lateMs: VIRTUAL_TIMING.t3Ms + TIMING.issuerMs + 500 }];
  };
}
