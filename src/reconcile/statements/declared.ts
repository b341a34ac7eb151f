/** What the office declares: formats and acquirers, each change a new version. */
import { sql, type Kysely, type Selectable, type Transaction } from 'kysely';
import type { Database } from '../../db/schema.ts';
import { AppError } from '../../errors.ts';
import { canonicalJson } from '../../journal/chain.ts';
import { findRival, type Acquirer } from '../books/acquirer.ts';
import type { StatementFormat } from './format.ts';
import { sampleAcquirers, sampleFormats } from './samples.ts';
import type { AcquirerView, FormatView } from './view.ts';

interface Person {
  number: string;
  name: string;
}

/** The newest version of each declared format. */
export async function readFormats(db: Kysely<Database>, municipality: string): Promise<FormatView[]> {
  const rows = await db
    .selectFrom('statement_formats')
    .distinctOn('code')
    .selectAll()
    .where('municipality', '=', municipality)
    .orderBy('code')
    .orderBy('version', 'desc')
    .execute();
  return rows.map(formatView);
}

/** Every version of one, the newest first. */
export async function readFormatHistory(
  db: Kysely<Database>,
  municipality: string,
  code: string,
): Promise<FormatView[]> {
  const rows = await db
    .selectFrom('statement_formats')
    .selectAll()
    .where('municipality', '=', municipality)
    .where('code', '=', code)
    .orderBy('version', 'desc')
    .execute();
  return rows.map(formatView);
}

/** The newest version of each. */
export async function readAcquirers(db: Kysely<Database>, municipality: string): Promise<AcquirerView[]> {
  const rows = await db
    .selectFrom('acquirers')
    .distinctOn(['counter', 'code'])
    .selectAll()
    .where('municipality', '=', municipality)
    .orderBy('counter')
    .orderBy('code')
    .orderBy('version', 'desc')
    .execute();
  return rows.map(acquirerView);
}

/** Every version of one, the newest first. */
export async function readAcquirerHistory(
  db: Kysely<Database>,
  municipality: string,
  { counter, code }: { counter: string; code: string },
): Promise<AcquirerView[]> {
  const rows = await db
    .selectFrom('acquirers')
    .selectAll()
    .where('municipality', '=', municipality)
    .where('counter', '=', counter)
    .where('code', '=', code)
    .orderBy('version', 'desc')
    .execute();
  return rows.map(acquirerView);
}

const formatView = (row: Selectable<Database['statement_formats']>): FormatView => ({
  ...declaredView(row),
  definition: row.definition as StatementFormat,
});

const acquirerView = (row: Selectable<Database['acquirers']>): AcquirerView => ({
  ...declaredView(row),
  definition: row.definition as Acquirer,
});

const declaredView = (row: Selectable<Database['acquirers' | 'statement_formats']>) => ({
  ...{ version: row.version, at: row.at, reason: row.reason },
  ...{ changedByName: row.changed_by_name, confirmedByName: row.confirmed_by_name },
});

/** A new version of something, in the place of version `base` (0: there was none). */
interface Declaration<Definition> {
  base: number;
  definition: Definition;
  by: Person;
  /** Who reads it and confirms; a sample has nobody. */
  confirmed?: { by: Person; reason: string };
}

/** @throws AppError `entry_changed` if somebody else has declared a version since `base` */
export async function declareFormat(
  db: Kysely<Database>,
  municipality: string,
  { base, definition, by, confirmed }: Declaration<StatementFormat>,
): Promise<void> {
  await oneAtATime(db, municipality, async (trx) => {
    const known = (await readFormats(trx, municipality)).find(
      (each) => each.definition.code === definition.code,
    );
    if ((known?.version ?? 0) !== base) throw new AppError('entry_changed', { code: definition.code });
    if (known !== undefined && canonicalJson(known.definition) === canonicalJson(definition)) return;
    await trx
      .insertInto('statement_formats')
      .values({ municipality, ...versionOf(definition.code, base + 1, { definition, by, confirmed }) })
      .execute();
  });
}

/** @throws AppError `entry_changed`; `acquirer_overlaps` where another settles some of the same already */
export async function declareAcquirer(
  db: Kysely<Database>,
  municipality: string,
  { base, definition, by, confirmed }: Declaration<Acquirer>,
): Promise<void> {
  const { code, counter } = definition;
  await oneAtATime(db, municipality, async (trx) => {
    const declared = await readAcquirers(trx, municipality);
    const known = declared.find(({ definition: of }) => of.code === code && of.counter === counter);
    if ((known?.version ?? 0) !== base) throw new AppError('entry_changed', { code });
    const others = declared.map((each) => each.definition);
    const overlap = findRival(definition, known?.definition, others);
    if (overlap !== undefined)
      throw new AppError('acquirer_overlaps', { acquirer: overlap.rival.nameJa, brands: overlap.brands });
    await trx
      .insertInto('acquirers')
      .values({ municipality, counter, ...versionOf(code, base + 1, { definition, by, confirmed }) })
      .execute();
  });
}

const versionOf = (
  code: string,
  version: number,
  {
    definition,
    by,
    confirmed,
  }: Pick<Declaration<object>, 'definition' | 'by'> & {
    confirmed: Declaration<object>['confirmed'] | undefined;
  },
) => ({
  ...{ code, version, definition: JSON.stringify(definition) },
  ...{ changed_by: by.number, changed_by_name: by.name },
  ...(confirmed === undefined
    ? {}
    : {
        ...{ reason: confirmed.reason, confirmed_by: confirmed.by.number },
        confirmed_by_name: confirmed.by.name,
      }),
});

async function oneAtATime(
  db: Kysely<Database>,
  municipality: string,
  act: (trx: Transaction<Database>) => Promise<void>,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`declared ${municipality}`}, 0))`.execute(trx);
    await act(trx);
  });
}

/** A counter that no trial has: of its payments the sample formats of a provider's service speak. */
const NO_COUNTER = '99';

/**
 * A trial begins with the samples; what somebody has declared since stays.
 * @param serviceCounter the counter whose terminal is a provider's service; left out: there is none
 */
export async function seedSampleStatements(
  db: Kysely<Database>,
  municipality: string,
  serviceCounter = NO_COUNTER,
): Promise<void> {
  const by = { number: 'sample', name: '見本' };
  const formats = new Set((await readFormats(db, municipality)).map(({ definition }) => definition.code));
  for (const definition of sampleFormats()) {
    if (!formats.has(definition.code)) await declareFormat(db, municipality, { base: 0, definition, by });
  }
  const keyOf = ({ counter, code }: Acquirer): string => `${counter} ${code}`;
  const acquirers = new Set(
    (await readAcquirers(db, municipality)).map(({ definition }) => keyOf(definition)),
  );
  for (const definition of sampleAcquirers(serviceCounter)) {
    if (!acquirers.has(keyOf(definition)))
      await declareAcquirer(db, municipality, { base: 0, definition, by });
  }
}
