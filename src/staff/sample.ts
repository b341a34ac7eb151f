/** The people of a trial and a training. A live book reads none of them, and takes their PIN from nobody. */
import type { Role } from './staff.ts';

/** Shown on the sign-in page of a trial. */
export const SAMPLE_PIN = '123456';

export const SAMPLE_STAFF: readonly { number: string; nameJa: string; roles: readonly Role[] }[] = [
  { number: '1001', nameJa: '市民 花子', roles: ['cashier'] },
  { number: '1002', nameJa: '出納 太郎', roles: ['treasurer'] },
  { number: '1003', nameJa: '会計 さくら', roles: ['accounting'] },
  { number: '1004', nameJa: '管理 一郎', roles: ['administrator'] },
  { number: '1005', nameJa: '保育 みどり', roles: ['daycare'] },
  { number: '1006', nameJa: '駐輪 健', roles: ['bicycle'] },
];

/** Whom a trial's page signs in by itself. */
export const SAMPLE_CLERK = '1001';
export const SAMPLE_ACCOUNTANT = '1003';
