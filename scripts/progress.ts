/** How far a long run is, on stderr: one line that is rewritten on a terminal, now and then a line anywhere else. */

const EVERY_MS = { terminal: 200, elsewhere: 10_000 } as const;

export interface Progress {
  /** What is to be shown now; most calls show nothing, so that it can be called for every case. */
  show(text: string): void;
  /** The line is over. */
  end(): void;
}

export function createProgress(): Progress {
  const { isTTY } = process.stderr;
  const everyMs = isTTY ? EVERY_MS.terminal : EVERY_MS.elsewhere;
  // The proofs take the runtime's clock; how long a person waits is not theirs.
  let shownAt = process.hrtime.bigint();
  return {
    show(text) {
      const now = process.hrtime.bigint();
      if (Number(now - shownAt) / 1e6 < everyMs) return;
      shownAt = now;
      process.stderr.write(isTTY ? `\r\x1b[K${text}` : `${text}\n`);
    },
    end() {
      if (isTTY) process.stderr.write('\r\x1b[K');
    },
  };
}
