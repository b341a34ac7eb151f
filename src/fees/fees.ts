/**
 * START. The fee catalogue in PostgreSQL, and the snapshot of it that a counter works from.
 *
 * A counter never asks PostgreSQL for a price: it pulls the whole catalogue as one versioned snapshot and prices from
 * that (pricing.ts), so that a day without network sells at the prices of the day.
 */
import { sql, type Kysely, type Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import { canonicalJson, sha256 } from '../journal/chain.ts';
import type { Brand, Catalogue, FeeItem, FeeWindow } from './pricing.ts';
import { readSampleFees, type SampleFees } from './sample.ts';

const VERSION_DIGITS = 12;

/** The catalogue as it is now, read in one snapshot. Items, windows and brands are in the order of the screen. */
export async function readCatalogue(db: Kysely<Database>, municipality: string): Promise<Catalogue> {
  const content = await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => ({
      windows: await readWindows(trx, municipality),
      items: await readItems(trx, municipality),
      brands: await readBrands(trx, municipality),
    }));
  return { version: versionOf(content), ...content };
}

/** The same content has the same version everywhere; any change makes another. */
export function versionOf(content: Omit<Catalogue, 'version'>): string {
  const { windows, items, brands } = content;
  return sha256(canonicalJson({ windows, items, brands })).slice(0, VERSION_DIGITS);
}

async function readWindows(trx: Transaction<Database>, municipality: string): Promise<FeeWindow[]> {
  return trx
    .selectFrom('windows')
    .select(['code', 'name_ja as nameJa', 'name_en as nameEn'])
    .where('municipality', '=', municipality)
    .orderBy('position')
    .orderBy('code')
    .execute();
}

async function readItems(trx: Transaction<Database>, municipality: string): Promise<FeeItem[]> {
  const items = await trx
    .selectFrom('fee_items')
    .selectAll()
    .where('municipality', '=', municipality)
    .orderBy('position')
    .orderBy('code')
    .execute();
  const prices = await trx
    .selectFrom('fee_prices')
    .innerJoin('fee_items', 'fee_items.id', 'fee_prices.fee_item_id')
    .selectAll('fee_prices')
    .where('municipality', '=', municipality)
    .orderBy('valid_from', (order) => order.asc().nullsFirst())
    .execute();
  const startMonths = await trx
    .selectFrom('fee_start_month_prices')
    .innerJoin('fee_items', 'fee_items.id', 'fee_start_month_prices.fee_item_id')
    .selectAll('fee_start_month_prices')
    .where('municipality', '=', municipality)
    .execute();
  const pricesOf = Map.groupBy(prices, (price) => price.fee_item_id);
  const startMonthsOf = Map.groupBy(startMonths, (row) => row.fee_item_id);
  return items.map((item) => {
    const months = startMonthsOf.get(item.id);
    return {
      code: item.code,
      window: item.window_code,
      nameJa: item.name_ja,
      nameEn: item.name_en,
      unit: item.unit,
      unitRule: item.unit_rule,
      itemClass: item.item_class,
      taxCategory: item.tax_category,
      revenueAccount: item.revenue_account,
      cashless: item.cashless,
      prices: (pricesOf.get(item.id) ?? []).map((price) => ({
        from: price.valid_from,
        until: price.valid_until,
        priceYen: price.price_yen,
        status: price.status,
        source: price.source,
      })),
      priceByStartMonth:
        months === undefined
          ? null
          : Object.fromEntries(months.map((row) => [String(row.start_month), row.price_yen])),
    };
  });
}

async function readBrands(trx: Transaction<Database>, municipality: string): Promise<Brand[]> {
  return trx
    .selectFrom('brands')
    .select([
      'code',
      'method',
      'name_ja as nameJa',
      'name_en as nameEn',
      'ceiling_yen as ceilingYen',
      'unknown_rule as unknownRule',
      'cancel_rule as cancelRule',
      'cancel_days as cancelDays',
    ])
    .where('municipality', '=', municipality)
    .orderBy('position')
    .orderBy('code')
    .execute();
}

/**
 * Puts the sample fee table into a municipality that has none; what is there stays as it is. For trial and training.
 * Safe when several start at once. True: this call put it there.
 */
export async function seedSampleFees(db: Kysely<Database>, municipality: string): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    await sql`SELECT pg_advisory_xact_lock(hashtext('seed sample fees'))`.execute(trx);
    const known = await trx
      .selectFrom('windows')
      .select('code')
      .where('municipality', '=', municipality)
      .limit(1)
      .executeTakeFirst();
    if (known !== undefined) return false;
    await insertSample(trx, municipality, readSampleFees());
    return true;
  });
}

async function insertSample(
  trx: Transaction<Database>,
  municipality: string,
  sample: SampleFees,
): Promise<void> {
  const placed = <Row>(rows: readonly Row[]): (Row & { municipality: string; position: number })[] =>
    rows.map((row, index) => ({ ...row, municipality, position: index + 1 }));
  await trx.insertInto('windows').values(placed(sample.windows)).execute();
  await trx.insertInto('brands').values(placed(sample.brands)).execute();

  // An item with two periods of validity has two rows.
  const items = [...Map.groupBy(sample.fees, ({ code }) => code).values()].flatMap(([row]) => row ?? []);
  const inserted = await trx
    .insertInto('fee_items')
    .values(
      placed(items).map((row) => ({
        municipality,
        code: row.code,
        window_code: row.window,
        name_ja: row.name_ja,
        name_en: row.name_en,
        unit: row.unit,
        unit_rule: row.unit_rule,
        item_class: row.class,
        tax_category: row.tax,
        revenue_account: row.revenue_account,
        cashless: row.cashless,
        position: row.position,
      })),
    )
    .returning(['id', 'code'])
    .execute();
  const ids = new Map(inserted.map(({ code, id }) => [code, id]));
  const idOf = (code: string): number => {
    const id = ids.get(code);
    if (id === undefined) throw new Error(`the sample prices ${code}, which is not an item`);
    return id;
  };
  await trx
    .insertInto('fee_prices')
    .values(
      sample.fees.map((row) => ({
        fee_item_id: idOf(row.code),
        valid_from: row.valid_from,
        valid_until: row.valid_to,
        price_yen: row.price_yen,
        status: row.status,
        source: row.source,
      })),
    )
    .execute();
  await trx
    .insertInto('fee_start_month_prices')
    .values(sample.startMonths.map(({ code, ...row }) => ({ fee_item_id: idOf(code), ...row })))
    .execute();
}
