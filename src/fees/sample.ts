/**
 * The sample fee table for trial and training: Shiroi's own figures where they are published, the nationwide standard
 * where there is one, elsewhere another city's or an invented figure. Each row says which (`status`, `source`), and
 * an unconfirmed price is shown as such wherever it appears. Live starts with an empty table of its own.
 */
import { readFileSync } from 'node:fs';
import type { Catalogue } from './catalogue.ts';
import { readItems } from './fee-table.ts';
import { readBrandTable, readGrounds, readWindows, type TableResult } from './tables.ts';

/** @throws when a row is not what its header promises */
export function readSampleFees(): Pick<Catalogue, 'windows' | 'items' | 'brands' | 'grounds'> {
  return {
    windows: entriesIn('windows', readWindows),
    items: entriesIn('fees', readItems),
    brands: entriesIn('brands', readBrandTable),
    grounds: entriesIn('grounds', readGrounds),
  };
}

function entriesIn<Entry>(name: string, read: (text: string) => TableResult<Entry>): Entry[] {
  const table = read(readFileSync(new URL(`sample/${name}.csv`, import.meta.url), 'utf8'));
  if ('faults' in table) throw new Error(`${name}.csv: ${JSON.stringify(table.faults)}`);
  return table.entries;
}
