/**
 * The survey's own memory: one line of JSON per answer in an append-only file. No server, no database, no way in.
 *
 * An answer is on the disk before the resident is thanked. A last line that a crash cut off was never thanked for; it
 * is cut away when the file is opened.
 */
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { z } from 'zod';
import type { Score, SurveyAnswer } from './survey.ts';

const FIRST_LINE = z.object({ store: z.uuid() });
const ANSWER_LINE = z.object({
  number: z.int().positive(),
  nonce: z.string().min(1),
  score: z.literal([1, 2, 3, 4, 5]),
  comment: z.string().nullable(),
  at: z.iso.datetime(),
});

export interface AnswerStore {
  /** Random per file: the office tells by it that a file was replaced, and begins again. */
  readonly id: string;
  has(nonce: string): boolean;
  /** On the disk when it returns; false if the nonce has answered before. @throws if the disk refuses. */
  add(answer: { nonce: string; score: Score; comment: string | null; at: string }): boolean;
  /** In the order in which they came. */
  after(number: number, limit: number): SurveyAnswer[];
  close(): void;
}

/** Opens the file or makes a new one. @throws when a line in it is not ours: it is left as it is. */
export function openAnswerStore(path: string): AnswerStore {
  const fd = openSync(path, 'a+', 0o600);
  const lines = wholeLines(fd, path);
  const append = (value: object): void => {
    const before = fstatSync(fd).size;
    try {
      writeSync(fd, `${JSON.stringify(value)}\n`);
      fdatasyncSync(fd);
    } catch (error) {
      // A line that was half written must not become the beginning of the next one.
      ftruncateSync(fd, before);
      throw error;
    }
  };

  let id: string;
  const [first, ...rest] = lines;
  if (first === undefined) {
    id = randomUUID();
    append({ store: id });
  } else {
    id = parseLine(path, 1, first, FIRST_LINE).store;
  }
  const answers: SurveyAnswer[] = rest.map((line, index) => parseLine(path, index + 2, line, ANSWER_LINE));
  const answered = new Set(answers.map(({ nonce }) => nonce));

  return {
    id,
    has: (nonce) => answered.has(nonce),
    add(answer) {
      if (answered.has(answer.nonce)) return false;
      const numbered = { number: answers.length + 1, ...answer };
      append(numbered);
      answers.push(numbered);
      answered.add(answer.nonce);
      return true;
    },
    after: (number, limit) => answers.slice(number, number + limit),
    close: () => closeSync(fd),
  };
}

/** Cuts off what follows the last line end. */
function wholeLines(fd: number, path: string): string[] {
  const bytes = readFileSync(path);
  const end = bytes.lastIndexOf('\n') + 1;
  if (end < bytes.length) {
    ftruncateSync(fd, end);
    fdatasyncSync(fd);
  }
  return bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
}

function parseLine<T>(path: string, number: number, line: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(line));
  } catch (cause) {
    throw new Error(`${path}, line ${number} is no survey answer; the file was left as it is.`, { cause });
  }
}
