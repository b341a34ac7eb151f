/** What the pages of the fee tables have in common. */
import type { EntryKind, FeeWindow } from '../../fees/catalogue.ts';
import type { WindowName } from '../../fees/describe.ts';
import type { OfficeSession } from './service.ts';

/** Who may confirm what somebody else changes in the fee table; the service decides. */
export const CONFIRMERS = ['accounting', 'treasurer', 'administrator'] as const;

/** Whether somebody changes the tables, or only reads them. */
export const mayChangeFees = ({ roles }: OfficeSession['person']): boolean =>
  roles.some((role) => role === 'accounting' || role === 'administrator');

/** An entry whose history is shown. */
export interface Shown {
  kind: EntryKind;
  code: string;
  nameJa: string;
}

/** A window that is no longer known stays its code. */
export const nameOfWindow =
  (windows: readonly Pick<FeeWindow, 'code' | 'nameJa'>[]): WindowName =>
  (code) =>
    windows.find((window) => window.code === code)?.nameJa ?? code;
