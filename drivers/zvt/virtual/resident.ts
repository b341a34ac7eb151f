/** The person in front of the terminal: what they do now, and what they will do by themselves (a script). */
import { z } from 'zod';
import { BRAND_PROFILE } from '../brands.ts';

const brand = z.enum(BRAND_PROFILE.map((profile) => profile.brand));

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
]);
export type ResidentAct = z.infer<typeof actSchema>;

/** Where in a sale the cable may go; each leaves the register with another riddle. */
const cutPointSchema = z.enum([
  /** A card was presented, nothing is decided. */
  'card_shown',
  /** The issuer approved, the register has not heard of it. */
  'approved',
  /** The register acknowledged the result; receipts and the end of the dialogue are missing. */
  'acknowledged',
  /** The payment is stored; only the end of the dialogue is missing. */
  'stored',
]);
export type CutPoint = z.infer<typeof cutPointSchema>;

const stepSchema = z
  .object({
    do: actSchema,
    /** How long the resident looks for their card. */
    afterMs: z.int().min(0).max(60_000).default(0),
    pullCableAt: cutPointSchema.optional(),
  })
  .strict();
type ScriptStep = z.infer<typeof stepSchema>;

/** One step per sale; `repeat`: after the last step the first comes again. */
export const scriptSchema = z
  .object({ steps: z.array(stepSchema), repeat: z.boolean().default(false) })
  .strict();
export type Script = z.infer<typeof scriptSchema>;

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
