/** What shall go wrong, per command and message; see README.md. A plan is data: nothing here happens by chance. */
import { z } from 'zod';

/** Where in a money dialogue something can happen; each leaves the register with another riddle. */
export const pointSchema = z.enum([
  /** A card was presented, nothing is decided. */
  'card_shown',
  /** The issuer approved, the register has not heard of it. */
  'approved',
  /** The register acknowledged the result; receipts and the end of the dialogue are missing. */
  'acknowledged',
  /** It is stored; only the end of the dialogue is missing. */
  'stored',
]);
export type Point = z.infer<typeof pointSchema>;

const ms = z.int().min(0).max(600_000);
const occurrence = {
  /** The command in whose dialogue it happens, `0601`; omitted: any. */
  command: z
    .string()
    .regex(/^[0-9a-f]{4}$/)
    .optional(),
  /** How often. */
  times: z.int().min(1).max(1_000).default(1),
};
const onLine = {
  ...occurrence,
  /** Whose message is struck. */
  from: z.enum(['terminal', 'register']).default('terminal'),
  /** Its control field, or `ack` or `nak` on a serial line; omitted: any message, but no acknowledgement. */
  message: z
    .string()
    .regex(/^([0-9a-f]{4}|ack|nak)$/)
    .optional(),
  /** Which of them, counted from the plan's beginning; a repetition counts. */
  nth: z.int().min(1).max(10_000).default(1),
};

const lineFaultSchema = z.discriminatedUnion('fault', [
  z.object({ fault: z.literal('drop'), ...onLine }).strict(),
  z.object({ fault: z.literal('double'), ...onLine }).strict(),
  /** One bit is flipped; `byte`: which byte of it, otherwise the middle one. */
  z.object({ fault: z.literal('corrupt'), ...onLine, byte: z.int().min(0).optional() }).strict(),
  z.object({ fault: z.literal('delay'), ...onLine, ms }).strict(),
  /** The line breaks after so many bytes of the message. */
  z
    .object({ fault: z.literal('cut'), ...onLine, afterBytes: z.int().min(0), backAfterMs: ms.optional() })
    .strict(),
  /** With this message the terminal falls silent: it says and hears nothing for a time. */
  z.object({ fault: z.literal('silence'), ...onLine, ms }).strict(),
]);
export type LineFault = z.infer<typeof lineFaultSchema>;

const pointFaultSchema = z.discriminatedUnion('fault', [
  z
    .object({
      fault: z.literal('pull_cable'),
      ...occurrence,
      at: pointSchema,
      backAfterMs: ms.optional(),
    })
    .strict(),
  /** The book stays; the line and the registration are lost. */
  z
    .object({
      fault: z.literal('power_loss'),
      ...occurrence,
      at: pointSchema,
      backAfterMs: ms.optional(),
    })
    .strict(),
]);

const dialogueFaultSchema = z.discriminatedUnion('fault', [
  /** The network does not answer: 9B. */
  z.object({ fault: z.literal('host_down'), ...occurrence }).strict(),
  /** 84 CC, and the status stays CC until it is set back. */
  z.object({ fault: z.literal('no_paper'), ...occurrence }).strict(),
  /** The end of day ends with 06 0F 27 E0; then nothing is answered for a time. */
  z.object({ fault: z.literal('software_update'), ...occurrence, ms }).strict(),
]);
type DialogueFault = z.infer<typeof dialogueFaultSchema>;

const faultSchema = z.discriminatedUnion('fault', [lineFaultSchema, pointFaultSchema, dialogueFaultSchema]);
export const faultsSchema = z.object({ faults: z.array(faultSchema).max(1_000) }).strict();
export type Fault = z.infer<typeof faultSchema>;
/** As it may be written: what has a default can be left out. */
export type FaultInput = z.input<typeof faultSchema>;

export interface FaultPlan {
  /** Replaces what was planned. */
  plan(faults: readonly Fault[]): void;
  /** What has not happened yet. */
  planned(): readonly Fault[];
  /** True if a message of the register may be struck. */
  readonly strikesRegister: boolean;
  /** A message passes: what strikes it. */
  takeOnLine(from: LineFault['from'], message: string, command: string | undefined): LineFault | undefined;
  takeAt(point: Point, command: string | undefined): z.infer<typeof pointFaultSchema> | undefined;
  takeInDialogue<F extends DialogueFault['fault']>(
    fault: F,
    command: string | undefined,
  ): Extract<DialogueFault, { fault: F }> | undefined;
  /** Until then (`performance.now()`) the terminal says and hears nothing. */
  silentUntil: number;
}

const isOnLine = (fault: Fault): fault is LineFault => 'from' in fault;
const isAcknowledgement = (message: string): boolean => message === 'ack' || message === 'nak';

export function createFaultPlan(): FaultPlan {
  let faults: Fault[] = [];
  const fitsCommand = (fault: Fault, command: string | undefined): boolean =>
    fault.command === undefined || fault.command === command;
  const strike = <F extends Fault>(fault: F): F => {
    fault.times -= 1;
    faults = faults.filter(({ times }) => times > 0);
    return fault;
  };
  return {
    silentUntil: 0,
    plan(planned) {
      faults = planned.map((fault) => ({ ...fault }));
    },
    planned: () => faults,
    get strikesRegister() {
      return faults.some((fault) => isOnLine(fault) && fault.from === 'register');
    },
    takeOnLine(from, message, command) {
      const fitting = faults.filter(isOnLine).filter((fault) => {
        const fits = fault.message === undefined ? !isAcknowledgement(message) : fault.message === message;
        return fits && fault.from === from && fitsCommand(fault, command);
      });
      const due = fitting.find(({ nth }) => nth <= 1);
      for (const fault of fitting) if (fault.nth > 1) fault.nth -= 1;
      return due && strike(due);
    },
    takeAt(point, command) {
      const due = faults.find((fault) => 'at' in fault && fault.at === point && fitsCommand(fault, command));
      return due !== undefined && 'at' in due ? strike(due) : undefined;
    },
    takeInDialogue<F extends DialogueFault['fault']>(kind: F, command: string | undefined) {
      const due = faults.find(
        (fault): fault is Extract<DialogueFault, { fault: F }> =>
          fault.fault === kind && fitsCommand(fault, command),
      );
      return due && strike(due);
    },
  };
}
