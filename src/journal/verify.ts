/**
 * Whether a journal still is what was recorded, against everything that knows of it: its own chain, the city's copy in
 * PostgreSQL, and the checkpoints of closing slips. Reads only; the service may be running.
 */
import Database from 'better-sqlite3';
import { sql, type Kysely } from 'kysely';
import { actFor } from '../db/own-rows.ts';
import type { Database as Tables } from '../db/schema.ts';
import { findDamage, linkOf, type ChainLink, type Damage, type StoredEvent } from './audit.ts';
import { canonicalJson } from './chain.ts';
import type { JournalIdentity } from './file.ts';
import { openSnapshot } from './snapshot.ts';

/** How a journal stood at a closing: as the screen shows it, or as PostgreSQL keeps it. */
export interface Checkpoint {
  sequence: number;
  /** In hex; at least the first sixteen digits. */
  hash: string;
  /** Approved payments of the day; undefined: not given. */
  count?: number | undefined;
  totalYen?: number | undefined;
}

export interface Finding {
  /** Whose record is not as it was: this file's, or the city's. */
  record: 'file' | 'city';
  sequence: number | null;
  /** In plain words. */
  text: string;
}

export interface Verification {
  journal: JournalIdentity & { journalId: string };
  /** Events in the file. */
  events: number;
  head: { sequence: number; hash: string };
  /** How far the city has it; null: not compared. */
  citySequence: number | null;
  checkpoints: number;
  findings: Finding[];
}

/** @throws if the file can't be read at all, or PostgreSQL not be reached */
export async function verifyJournal(
  path: string,
  city: Kysely<Tables> | undefined,
  slips: readonly Checkpoint[],
): Promise<Verification> {
  const { journal, links, closings, faults } = readFile(path);
  const findings: Finding[] = [
    ...faults.map((text): Finding => ({ record: 'file', sequence: null, text })),
    ...findDamage(journal.journalId, links).map((damage) => explain('file', damage)),
  ];
  const own = new Map(links.map(({ sequence, hash }) => [sequence, hash]));
  const kept = await city?.transaction().execute(async (trx) => {
    await actFor(trx, journal.municipality);
    return readCity(trx, journal);
  });
  if (kept !== undefined) findings.push(...compareWithCity(journal.journalId, links, own, kept));
  const checkpoints = [...slips, ...(kept?.checkpoints ?? [])];
  for (const checkpoint of checkpoints) findings.push(...compareCheckpoint(checkpoint, own, closings));
  const newest = links.at(-1);
  return {
    journal,
    events: links.length,
    head: { sequence: newest?.sequence ?? 0, hash: newest?.hash ?? '' },
    citySequence: kept?.headSequence ?? null,
    checkpoints: checkpoints.length,
    findings: withoutRepetition(findings),
  };
}

interface FileContent {
  journal: Verification['journal'];
  links: ChainLink[];
  closings: Checkpoint[];
  faults: string[];
}

function readFile(path: string): FileContent {
  const snapshot = openSnapshot(path);
  try {
    const { db } = snapshot;
    const { journal_id: journalId, ...identity } = db
      .prepare('SELECT * FROM meta')
      .get() as JournalIdentity & {
      journal_id: string;
    };
    const content: FileContent = { journal: { ...identity, journalId }, links: [], closings: [], faults: [] };
    const found = db.pragma('integrity_check(5)') as { integrity_check: string }[];
    for (const { integrity_check: text } of found) {
      if (text !== 'ok') content.faults.push(`ファイルが壊れています / the file is damaged: ${text}`);
    }
    readEvents(db, content);
    return content;
  } finally {
    snapshot.close();
  }
}

function readEvents(db: Database.Database, { links, closings, faults }: FileContent): void {
  const rows = db.prepare(
    `SELECT sequence, at, type, operation_id AS operationId, payload AS payloadText,
       previous_hash AS previousHash, hash FROM events NOT INDEXED ORDER BY sequence`,
  );
  try {
    for (const event of rows.iterate() as Iterable<StoredEvent>) {
      links.push(linkOf(event));
      if (event.type === 'closed' && event.operationId === null)
        closings.push(...closingOf(event.payloadText));
    }
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
    const after = links.at(-1)?.sequence ?? 0;
    faults.push(
      `${after}番のあとを読めません。ファイルが壊れています / damaged after event ${after}: ${error.message}`,
    );
  }
}

/** What a closing says of the journal; nothing if it is not readable as one any more. */
function closingOf(payloadText: string): Checkpoint[] {
  let payload: Record<string, unknown>;
  try {
    payload = JSON.parse(payloadText) as Record<string, unknown>;
  } catch {
    return []; // An edit that left no JSON: the chain says so.
  }
  const { headSequence: sequence, headHash: hash, count, totalYen } = payload;
  return typeof sequence === 'number' && typeof hash === 'string'
    ? [{ sequence, hash, count: Number(count), totalYen: Number(totalYen) }]
    : [];
}

interface City {
  /** Null: the city does not know this journal. */
  headSequence: number | null;
  /** How far the counter's active journal has come, if that is another. */
  otherSequence: number | null;
  links: ChainLink[];
  checkpoints: Checkpoint[];
}

const ROWS_AT_ONCE = 5_000;

async function readCity(db: Kysely<Tables>, journal: Verification['journal']): Promise<City> {
  const known = await db
    .selectFrom('journals')
    .selectAll()
    .where('municipality', '=', journal.municipality)
    .where('counter', '=', journal.counter)
    .execute();
  const own = known.find(({ journal_id }) => journal_id === journal.journalId);
  const other = known.find(
    ({ journal_id, status }) => journal_id !== journal.journalId && status === 'active',
  );
  const { rows } = await sql<Checkpoint>`
    SELECT head_sequence AS sequence, head_hash AS hash, count, total_yen AS "totalYen" FROM checkpoints
    WHERE municipality = ${journal.municipality} AND counter = ${journal.counter}
      AND journal_id = ${journal.journalId} ORDER BY sequence`.execute(db);
  return {
    headSequence: own?.head_sequence ?? null,
    otherSequence: other?.head_sequence ?? null,
    links: await readCityChain(db, journal),
    checkpoints: rows,
  };
}

async function readCityChain(db: Kysely<Tables>, journal: Verification['journal']): Promise<ChainLink[]> {
  const links: ChainLink[] = [];
  for (;;) {
    const rows = await db
      .selectFrom('events')
      .selectAll()
      .where('municipality', '=', journal.municipality)
      .where('counter', '=', journal.counter)
      .where('journal_id', '=', journal.journalId)
      .where('sequence', '>', links.at(-1)?.sequence ?? 0)
      .orderBy('sequence')
      .limit(ROWS_AT_ONCE)
      .execute();
    for (const { sequence, at, type, operation_id, payload, previous_hash, hash } of rows) {
      const event = { sequence, at, type, operationId: operation_id, previousHash: previous_hash, hash };
      links.push(linkOf({ ...event, payloadText: canonicalJson(payload) }));
    }
    if (rows.length < ROWS_AT_ONCE) return links;
  }
}

function compareWithCity(
  journalId: string,
  links: readonly ChainLink[],
  own: ReadonlyMap<number, string>,
  city: City,
): Finding[] {
  const findings = findDamage(journalId, city.links).map((damage) => explain('city', damage));
  const add = (sequence: number, text: string): void =>
    void findings.push({ record: 'file', sequence, text });
  if (city.headSequence === null && city.otherSequence !== null) {
    add(
      1,
      `市の記録が知っているこの窓口の記録は別のもの（${city.otherSequence}番まで）です。ファイルごと取り替えられています / ` +
        'the city knows another journal of this counter: the whole file has been exchanged',
    );
  }
  const last = links.at(-1)?.sequence ?? 0;
  const cityLast = Math.max(city.headSequence ?? 0, city.links.at(-1)?.sequence ?? 0);
  if (cityLast > last) {
    add(
      last + 1,
      `${last + 1}番から${cityLast}番までがこのファイルにありません。終わりが切り取られています（市の記録には残っています） / ` +
        `events ${last + 1} to ${cityLast} are cut off; the city has them`,
    );
  }
  const differing = city.links.find(({ sequence, hash }) => own.has(sequence) && own.get(sequence) !== hash);
  if (differing !== undefined) {
    add(
      differing.sequence,
      `${differing.sequence}番から、市の記録と違います。書き直されています / differs from the city's record from event ` +
        `${differing.sequence} on: rewritten`,
    );
  }
  return findings;
}

function compareCheckpoint(
  { sequence, hash, count, totalYen }: Checkpoint,
  own: ReadonlyMap<number, string>,
  closings: readonly Checkpoint[],
): Finding[] {
  const finding = (text: string): Finding[] => [{ record: 'file', sequence, text }];
  const found = own.get(sequence);
  if (found === undefined) {
    return finding(
      `締めの控えは ${sequence}番まであったと言いますが、このファイルにありません。終わりが切り取られています / ` +
        `a closing knew event ${sequence}: the tail has been cut off`,
    );
  }
  if (!found.startsWith(hash)) {
    return finding(
      `${sequence}番が締めの控えと違います。そこまでの記録が書き直されたか、取り替えられています / event ${sequence} is ` +
        'not the one of the closing slip: the record up to there has been rewritten or exchanged',
    );
  }
  const closing = closings.find((each) => each.sequence === sequence);
  const isSame = (given: number | undefined, kept: number | undefined): boolean =>
    given === undefined || given === kept;
  if (isSame(count, closing?.count) && isSame(totalYen, closing?.totalYen)) return [];
  return finding(
    `${sequence}番の締めの件数か金額が、控えと違います / count or total of the closing at ${sequence} is not the slip's`,
  );
}

function explain(record: Finding['record'], { sequence, kind, other }: Damage): Finding {
  const whose = record === 'file' ? '' : '市の記録: ';
  const words: Record<Damage['kind'], string> = {
    missing:
      other === sequence
        ? `${sequence}番がありません / event ${sequence} is missing`
        : `${sequence}番から${other ?? sequence}番までがありません / events ${sequence} to ${other ?? sequence} are missing`,
    edited: `${sequence}番の内容が書き換えられています / event ${sequence} has been edited`,
    inserted: `${sequence}番は、あとから差し込まれています / event ${sequence} has been inserted`,
    moved: `${sequence}番には、いま${other ?? '?'}番にある記録があるはずです。順番が入れ替えられています / event ${other ?? '?'} belongs at ${sequence}: reordered`,
    unlinked: `${sequence}番が、前の記録とつながりません。${sequence - 1}番か${sequence}番が取り替えられたか、間が抜かれています / event ${sequence} does not follow the one before it`,
    genesis:
      '1番が、このファイルの番号とつながりません。別のファイルの記録と取り替えられています / event 1 does not belong to this file: exchanged',
  };
  return { record, sequence, text: whose + words[kind] };
}

function withoutRepetition(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [finding.text, finding])).values()];
}
