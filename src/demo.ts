/** Whether a data folder holds demo data: nothing in it has happened, and every screen of it says so. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** As `npm run demo-data` leaves it. */
export interface DemoMark {
  /** 令和6年度 as R6. */
  year: string;
  /** First and last business date, `YYYY-MM-DD`. */
  from: string;
  until: string;
  seed: number;
}

export const DEMO_FILE = 'demo-data.json';

/** The sentence for screens and console; null: the folder holds no demo data. */
export function readDemo(dataDir: string): string | null {
  const path = join(dataDir, DEMO_FILE);
  if (!existsSync(path)) return null;
  const { year, from, until } = JSON.parse(readFileSync(path, 'utf8')) as DemoMark;
  const dateJa = (date: string): string => date.replaceAll('-', '/');
  return `見本データ（${year}・${dateJa(from)}〜${dateJa(until)}）：すべて架空の支払いです`;
}
