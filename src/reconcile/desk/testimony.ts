/** Who says what of a payment whose sources contradict each other: the terminal itself, and whatever was asked later. */
import { sql, type Kysely } from 'kysely';
import type { Database } from '../../db/schema.ts';
import type { OperationEvent } from '../../payments/operation-events.ts';
import type { CaseFacts, FoundException, Testimony } from './case.ts';

/** By counter and operation: whatever was sure of it, in the order in which it was said. */
export async function readTestimony(
  db: Kysely<Database>,
  municipality: string,
  operationIds: readonly string[],
): Promise<Map<string, Testimony[]>> {
  if (operationIds.length === 0) return new Map();
  const { rows } = await sql<Saying & { key: string; at: string }>`
    SELECT counter || ' ' || operation_id AS key, at, type, payload FROM events
    WHERE municipality = ${municipality} AND operation_id = ANY(${operationIds})
      AND type IN ('answer', 'ended', 'evidence')
    ORDER BY journal_id, sequence`.execute(db);
  const groups = Map.groupBy(rows, ({ key }) => key);
  return new Map([...groups].map(([key, some]) => [key, some.flatMap(saidBy)]));
}

type Saying = Extract<OperationEvent, { type: 'answer' | 'ended' | 'evidence' }>;

function saidBy(event: Saying & { at: string }): Testimony[] {
  const { at } = event;
  switch (event.type) {
    case 'answer': {
      const { answer, refused } = event.payload;
      if (answer.verdict === 'unlisted' || refused !== null) return [];
      return [{ source: 'terminal', at, isPaid: answer.verdict === 'approved' }];
    }
    case 'ended':
      return event.payload.kind === 'completed' ? [] : [{ source: 'terminal', at, isPaid: false }];
    case 'evidence': {
      const { source, finding } = event.payload;
      return finding === 'inconclusive' ? [] : [{ source, at, isPaid: finding === 'approved' }];
    }
  }
}

/** A payment has one case: where the books differ about it, that is the case, and it says that the evidence differs too. */
export const withTestimony = (found: FoundException, testimony: CaseFacts['testimony']): FoundException =>
  testimony === undefined
    ? found
    : {
        ...found,
        facts: { ...found.facts, testimony, notes: [...(found.facts.notes ?? []), EVIDENCE_DIFFERS] },
      };

const EVIDENCE_DIFFERS =
  'この支払いは、払われたかどうかの証拠も食い違っています。済みにする前に、窓口にも確かめてください。';
