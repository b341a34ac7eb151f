/** The person in front of the terminal: what they do now, and what they will do by themselves (a script). */
import { z } from 'zod';
import { BRAND_PROFILE } from '../brands.ts';
import { pointSchema } from './faults.ts';

const brand = z.enum(BRAND_PROFILE.map((profile) => profile.brand));
const emoney = z.enum(
  BRAND_PROFILE.filter(({ method }) => method === 'emoney').map((profile) => profile.brand),
);

/** What a resident can do while the terminal waits for a card. */
export const actSchema = z.discriminatedUnion('act', [
  z.object({ act: z.literal('present'), brand }).strict(),
  /** Presents a card or phone with too little on it. */
  z.object({ act: z.literal('insufficient'), brand: brand.optional() }).strict(),
  /** Presents a card that its issuer does not approve. */
  z.object({ act: z.literal('refuse'), brand: brand.optional() }).strict(),
  /** Goes away; the terminal's time runs out. */
  z.object({ act: z.literal('walk_away') }).strict(),
  /** Presses the stop key. */
  z.object({ act: z.literal('stop') }).strict(),
  /** Takes electronic money away while it is being written (処理未了). */
  z.object({ act: z.literal('leave_early'), brand: emoney }).strict(),
  /** Touches it again: at once, or later, when it tells what became of the payment that was left pending. */
  z.object({ act: z.literal('touch_again'), charged: z.boolean().default(true) }).strict(),
]);
export type ResidentAct = z.infer<typeof actSchema>;

const stepSchema = z
  .object({
    do: actSchema,
    /** How long the resident looks for their card. */
    afterMs: z.int().min(0).max(60_000).default(0),
    pullCableAt: pointSchema.optional(),
    /** After `leave_early`: when the card is touched again; omitted: never within this sale. */
    touchAgainAfterMs: z.int().min(0).max(60_000).optional(),
  })
  .strict();
export type ScriptStep = z.infer<typeof stepSchema>;

/** One step per sale; `repeat`: after the last step the first comes again. */
export const scriptSchema = z
  .object({ steps: z.array(stepSchema), repeat: z.boolean().default(false) })
  .strict();
export type Script = z.infer<typeof scriptSchema>;
/** As it may be written: what has a default can be left out. */
export type ScriptInput = z.input<typeof scriptSchema>;

export interface Resident {
  /** Replaces what was planned. */
  plan(script: Script): void;
  /** What happens at the sale that begins now; undefined: somebody will say. */
  nextStep(): ScriptStep | undefined;
  readonly plannedSteps: number;
}

export function createResident(): Resident {
  let steps: ScriptStep[] = [];
  let repeat = false;
  return {
    plan(script) {
      steps = [...script.steps];
      repeat = script.repeat;
    },
    nextStep() {
      const step = steps.shift();
      if (step !== undefined && repeat) steps.push(step);
      return step;
    },
    get plannedSteps() {
      return steps.length;
    },
  };
}
