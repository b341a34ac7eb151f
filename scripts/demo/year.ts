/**
 * R6 (令和6年度) as the city's own sheet of figures has it: cashless began on 1 October 2024; 6,512 payments by 31 March
 * 2025; 135 answers to the survey of 23 November 2024, a Saturday and holiday on which the counters were closed, with a
 * mean of 4.8. How the payments spread over windows, days and hours nobody has published: that is invented here.
 */
import { addDays, isBusinessDay } from '../../src/reconcile/books/calendar.ts';

export interface DemoYear {
  name: string;
  from: string;
  until: string;
  /** Approved payments that were not undone. */
  payments: number;
  survey: { on: string; answers: number; mean: number };
}

export const R6: DemoYear = {
  name: 'R6',
  from: '2024-10-01',
  until: '2025-03-31',
  payments: 6_512,
  survey: { on: '2024-11-23', answers: 135, mean: 4.8 },
};

/** By 白井市の休日: no Saturday, Sunday, holiday, and none from 29 December to 3 January. */
export function businessDaysOf({ from, until }: Pick<DemoYear, 'from' | 'until'>): string[] {
  const days: string[] = [];
  for (let day = from; day <= until; day = addDays(day, 1)) if (isBusinessDay(day)) days.push(day);
  return days;
}

export const WINDOWS = ['resident', 'tax', 'daycare', 'bicycle'] as const;
export type Window = (typeof WINDOWS)[number];

/** How the half year's payments fall to the windows. */
const SHARES: Readonly<Record<Window, number>> = { resident: 46, tax: 25, daycare: 12, bicycle: 17 };

/** Monthly, October to March: residents learn of it; 確定申告 in February and March, moves and bicycle passes in March. */
const SEASON: Readonly<Record<Window, readonly number[]>> = {
  resident: [0.7, 0.75, 0.75, 0.9, 1.0, 1.8],
  tax: [0.6, 0.6, 0.6, 0.9, 1.9, 1.7],
  daycare: [0.8, 0.9, 0.9, 1.0, 1.1, 1.2],
  bicycle: [0.7, 0.6, 1.1, 0.7, 0.9, 2.6],
};

/** Monday to Friday. */
const WEEKDAYS = [1.25, 1.0, 0.92, 0.9, 1.1];

const MONTHS = ['10', '11', '12', '01', '02', '03'];

/** How busy a window is on a day beside others. */
export function weightOf(window: Window, day: string, isFirstAfterBreak: boolean): number {
  const [month, date] = [day.slice(5, 7), Number(day.slice(8))];
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  const season = SEASON[window][MONTHS.indexOf(month)] ?? 1;
  const ordinary = season * (WEEKDAYS[weekday - 1] ?? 1) * (isFirstAfterBreak ? 1.15 : 1);
  if (window === 'tax' && month === '03' && date > 17) return ordinary * 0.45;
  // Fees by the month are paid in its first days.
  if (window === 'daycare') return ordinary * (date <= 7 ? 2.2 : date >= 25 ? 1.2 : 0.7);
  if (window === 'bicycle' && month === '12') return ordinary * (date >= 16 ? 1.5 : 0.6);
  if (window === 'bicycle' && month === '03') return ordinary * (date >= 15 ? 1.6 : 0.8);
  return ordinary;
}

export const shareOfWindow = (window: Window): number => SHARES[window];

/** Half hours from 8:30 to 17:00, how many come in each. */
export const HOURS: Readonly<Record<Window, readonly number[]>> = {
  resident: [3, 6, 8, 9, 9, 8, 6, 5, 6, 7, 7, 7, 6, 6, 5, 4, 3],
  tax: [2, 6, 9, 10, 9, 7, 4, 3, 5, 7, 8, 7, 6, 5, 4, 3, 2],
  daycare: [9, 8, 4, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 5, 7, 9, 9],
  bicycle: [7, 5, 4, 4, 4, 3, 4, 4, 3, 3, 4, 4, 5, 7, 8, 8, 6],
};
export const FIRST_HALF_HOUR_MS = 8.5 * 3_600_000;
