/**
 * The sample fee table for trial and training: Shiroi's own figures where they are published, the nationwide standard
 * where there is one, elsewhere another city's or an invented figure. Each row says which (`status`, `source`), and
 * an unconfirmed price is shown as such wherever it appears. Live starts with an empty table of its own.
 */
import { readFileSync } from 'node:fs';
import type { Catalogue, EntryOf, TableKind } from './catalogue.ts';
import { readEntryTable } from './entry-tables.ts';
import type { KnownWindows } from './tables.ts';

/** @throws when a row is not what its header promises */
export function readSampleFees(): Pick<Catalogue, 'windows' | 'items' | 'brands' | 'grounds'> {
  const windows = entriesIn('window', new Set());
  const known = new Set(windows.map(({ code }) => code));
  return {
    windows,
    items: entriesIn('item', known),
    brands: entriesIn('brand', known),
    grounds: entriesIn('ground', known),
  };
}

function entriesIn<Kind extends TableKind>(kind: Kind, known: KnownWindows): EntryOf[Kind][] {
  const table = readEntryTable(kind, readFileSync(new URL(FILES[kind], import.meta.url), 'utf8'), known);
  if ('faults' in table) throw new Error(`${FILES[kind]}: ${JSON.stringify(table.faults)}`);
  return table.entries;
}

const FILES: Record<TableKind, string> = {
  window: 'sample/windows.csv',
  item: 'sample/fees.csv',
  brand: 'sample/brands.csv',
  ground: 'sample/grounds.csv',
};
