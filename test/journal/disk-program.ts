/**
 * A journal on a disk that refuses, in a process of its own: `disk-program.ts FILE append|open [uid]`. Says as JSON what
 * was recorded before the disk refused, and how it was refused.
 */
import { AppError } from '../../src/errors.ts';
import { JournalFault, openJournal } from '../../src/journal/journal.ts';

const [path = '', act, uid] = process.argv.slice(2);
// Everything is loaded by now: who may not write is somebody else than who started this.
if (uid !== undefined) process.setuid?.(Number(uid));

function describe(error: unknown): string {
  if (error instanceof AppError) return error.code;
  return error instanceof JournalFault ? error.message : String(error);
}

const recorded: number[] = [];
const refused: string[] = [];
const refuse = (attempt: () => void): void => {
  try {
    attempt();
  } catch (error) {
    refused.push(describe(error));
  }
};
refuse(() => {
  const identity = { municipality: '122327', counter: '01', book: 'trial' } as const;
  const journal = openJournal(path, identity, () => new Date());
  const append = (): void =>
    void recorded.push(journal.append('tick', null, { text: 'x'.repeat(500) }).sequence);
  if (act === 'append') {
    refuse(() => {
      for (;;) append();
    });
    refuse(append);
  }
  recorded.push(...journal.eventsAfter(0, 10_000).map(({ sequence }) => sequence));
});
console.log(JSON.stringify({ recorded, refused }));
