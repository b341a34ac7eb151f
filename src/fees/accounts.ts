/** The accounts (会計) of a city, and the numbers under which each is registered for the invoice. Pure. */
import type { FeeItem, FeeSettings } from './catalogue.ts';

/** An account as the office looks after it. */
export interface Account {
  code: string;
  nameJa: string;
  /** 登録番号; empty: not registered. */
  registrationNumber: string;
  /** How many items are booked on it, and how many of them are taxable. */
  items: number;
  taxable: number;
}

export const GENERAL_ACCOUNT = 'general';

/** Every account that an item is booked on or that the settings name, the general one first. */
export function accountsOf(items: readonly FeeItem[], settings: FeeSettings): Account[] {
  const { registrationNumbers, accountNames = {} } = settings;
  const used = items.map(({ account }) => account);
  const codes = [...new Set([...Object.keys(accountNames), ...Object.keys(registrationNumbers), ...used])];
  return [GENERAL_ACCOUNT, ...codes.filter((code) => code !== GENERAL_ACCOUNT).sort()].map((code) => {
    const booked = items.filter(({ account }) => account === code);
    return {
      code,
      nameJa: accountNames[code] ?? (code === GENERAL_ACCOUNT ? '一般会計' : code),
      registrationNumber: registrationNumbers[code] ?? '',
      items: booked.length,
      taxable: booked.filter(({ taxCategory }) => taxCategory === 'standard_10').length,
    };
  });
}

/** Why a text is no 登録番号; undefined: it is one. */
export type NumberFault = 'form' | 'check_digit';

/**
 * Whether a text is a 登録番号: T and 13 digits, the first of which checks the others: 9 − (Σ digit × weight mod 9),
 * the weight 1 and 2 in turn from the right (国税庁, 法人番号の検査用数字). The numbers that municipalities' special
 * accounts have been given (T?800020…) keep to it too.
 */
export function registrationNumberFault(text: string): NumberFault | undefined {
  if (!/^T[1-9]\d{12}$/.test(text)) return 'form';
  const digits = Array.from(text.slice(2), Number).reverse();
  const sum = digits.reduce((total, digit, index) => total + digit * (index % 2 === 0 ? 1 : 2), 0);
  return Number(text[1]) === 9 - (sum % 9) ? undefined : 'check_digit';
}
