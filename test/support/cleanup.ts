/** What a whole file shares is taken down after its last test, newest first. Call it at the top of the file. */
import { after } from 'node:test';

export interface Cleanup {
  after(undo: () => unknown): void;
}

export function createCleanup(): Cleanup {
  const undos: (() => unknown)[] = [];
  after(async () => {
    for (const undo of undos.reverse()) await undo();
  });
  return {
    after(undo) {
      undos.push(undo);
    },
  };
}
