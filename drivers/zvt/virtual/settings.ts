/** How this terminal behaves where terminals differ, and the state that it is put into; changed while it runs. */
import { z } from 'zod';

/**
 * Terminal status (PA00P015 §11) that can be set. While one of them stands the terminal answers every command with
 * 06 1E and the code, except those of §7.2; `dc` (a card is in the reader) is shown, and stops nothing.
 */
const LOCKS = [
  ...['51', '62', '9c', '9d', 'b1', 'b2', 'bf', 'c0', 'c1', 'c2', 'c4', 'cc'],
  ...['dc', 'df', 'e0', 'e1', 'e2', 'e3', 'e4', 'f0', 'f6'],
] as const;

const settingsSchema = z
  .object({
    /**
     * What becomes of an approval that the register does not acknowledge. `immediate` (§2.2.8): it is reversed.
     * `deferred` (§4): it stands, and the register decides with TLV 1F1F of its next command. `none`: the terminal
     * sets it to declined in its own store, and sends no reversal.
     */
    autoReversal: z.enum(['immediate', 'deferred', 'none']),
    lock: z.enum(LOCKS).nullable(),
    /** It knows message ids (TLV 1F73, §5). */
    messageIds: z.boolean(),
    /** At the next status enquiry it closes the day by itself (04 FF 0F). */
    endOfDayDue: z.boolean(),
    /** Receipt numbers begin at 1 again with each settlement period, as those of many real terminals do. */
    restartsReceipts: z.boolean(),
    /** With each settlement it forgets the last payment: nothing is left to repeat, as with some real terminals. */
    forgetsSettled: z.boolean(),
    /** Status informations carry its time and date (BMP 0C, 0D). */
    tellsTime: z.boolean(),
    /** On a pty it understands only a register at its own rate; otherwise one at any, as a pty itself does. */
    mindsBaudRate: z.boolean(),
  })
  .strict();
export type Settings = z.infer<typeof settingsSchema>;

/** What is not named stays as it is. */
export const changeSchema = settingsSchema.partial();
export type SettingsChange = z.infer<typeof changeSchema>;

/** The settings with the change in them. @throws ZodError if one of them is none */
export function changeSettings(settings: Settings, change: SettingsChange): Settings {
  const named = Object.entries(change).filter(([, value]) => value !== undefined);
  return settingsSchema.parse({ ...settings, ...Object.fromEntries(named) });
}

export const DEFAULT_SETTINGS: Settings = {
  autoReversal: 'immediate',
  lock: null,
  messageIds: true,
  endOfDayDue: false,
  restartsReceipts: false,
  forgetsSettled: false,
  tellsTime: true,
  mindsBaudRate: false,
};
