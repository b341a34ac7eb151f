/** Who works here, as Kysely sees their tables; `migrations/` is the truth, and says what each column means. */
import type { ColumnType } from 'kysely';

type Role = 'cashier' | 'daycare' | 'bicycle' | 'accounting' | 'treasurer' | 'administrator';

/** Written once. */
type Fixed<T> = ColumnType<T, T, never>;

export interface StaffDatabase {
  staff: StaffTable;
  staff_tries: StaffTriesTable;
  staff_sign_outs: StaffSignOutsTable;
}

interface StaffTable {
  municipality: Fixed<string>;
  number: Fixed<string>;
  version: Fixed<number>;
  at: ColumnType<string, never, never>;
  changed_by: Fixed<string>;
  name_ja: Fixed<string>;
  roles: Fixed<Role[]>;
  windows: Fixed<string[] | null>;
  pin_hash: Fixed<string>;
  pin_set_at: Fixed<string>;
  is_active: Fixed<boolean>;
  is_sample: Fixed<boolean>;
}

interface StaffTriesTable {
  municipality: Fixed<string>;
  number: Fixed<string>;
  at: ColumnType<string, never, never>;
  is_right: Fixed<boolean>;
  purpose: Fixed<string>;
  pin_set_at: Fixed<string | null>;
}

interface StaffSignOutsTable {
  municipality: Fixed<string>;
  number: Fixed<string>;
  at: ColumnType<string, never, never>;
}
