/** Somebody who asks, for tests that go past the guard. */
import type { Person } from '../../src/staff/staff.ts';

export const HANAKO: Person = { number: '1001', name: '市民 花子', roles: ['cashier'], windows: null };
export const TARO: Person = { number: '1002', name: '出納 太郎', roles: ['treasurer'], windows: null };
