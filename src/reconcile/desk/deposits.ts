/** What a provider owes: deposits and fees that are not as its statements say, and payouts that no bank took. */
import type { Kysely } from 'kysely';
import type { Database } from '../../db/schema.ts';
import { readSettlements } from '../books/deposits.ts';
import type { SettlementView } from '../books/view.ts';
import { yenJa } from '../day.ts';
import {
  UNSAID,
  type CaseFacts,
  type CaseStatus,
  type FoundException,
  type SettledBy,
  type Side,
} from './case.ts';

export const findSettlements = async (
  db: Kysely<Database>,
  municipality: string,
): Promise<FoundException[]> => (await readSettlements(db, municipality)).flatMap(ofSettlement);

/** What became of a settlement whose case is gone: in order, or together with other batches and bank lines. */
export async function explainSettlements(
  db: Kysely<Database>,
  municipality: string,
): Promise<(gone: { subject: string; facts: CaseFacts }) => SettledBy> {
  const settlements = await readSettlements(db, municipality);
  return ({ subject, facts }) => {
    const now = settlements.filter(
      ({ acquirer, batches, deposits }) =>
        acquirer === facts.acquirer &&
        [...batches, ...deposits].some((each) => `${subject} `.includes(` ${each} `)),
    );
    if (now.some((each) => ofSettlement(each).length > 0)) return 'regrouped';
    if (!facts.status.startsWith('fee_') && now.some(({ status }) => status === 'matched')) return 'deposit';
    return now.some(({ status }) => status !== 'matched') ? 'waits' : 'changed';
  };
}

const SETTLED_WELL: readonly string[] = ['matched', 'deposit_awaited', 'statement_awaited'];

function ofSettlement(settlement: SettlementView): FoundException[] {
  const { acquirer, status, batches, deposits, faults } = settlement;
  const [fault] = faults;
  const named = SETTLED_WELL.includes(status) ? fault : (status as CaseStatus);
  if (named === undefined) return [];
  const isFee = named === 'fee_differs' || named === 'fee_missing';
  const feeOff = settlement.feeYen - (settlement.expectedFeeYen ?? settlement.feeYen);
  const differenceYen = isFee ? -feeOff : settlement.depositedYen - settlement.netYen;
  const statement: Side = {
    yen: settlement.netYen,
    feeYen: named === 'fee_missing' ? null : settlement.feeYen,
    onDate: settlement.due,
    name: batches.join('、') || null,
  };
  const bank: Side = { yen: settlement.depositedYen, onDate: settlement.paidOn, count: deposits.length };
  return [
    {
      counter: '*',
      subject: `settlement ${acquirer} ${batches.length > 0 ? batches.join(' ') : `deposit ${deposits.join(' ')}`}`,
      facts: {
        ...UNSAID,
        status: named,
        acquirer,
        onDate: settlement.due ?? settlement.paidOn,
        atStakeYen: Math.abs(differenceYen) || Math.abs(settlement.netYen),
        differenceYen,
        ours: isFee ? { yen: null, feeYen: settlement.expectedFeeYen, name: '登録した料率' } : null,
        statement: batches.length === 0 ? null : statement,
        bank: deposits.length === 0 ? null : bank,
        ...(isFee && { notes: [feeNote(settlement)] }),
      },
    },
  ];
}

const feeNote = ({ feeYen, expectedFeeYen, faults }: SettlementView): string =>
  faults[0] === 'fee_missing'
    ? `明細に手数料がないため、登録した料率の ${yenJa(feeYen)} を引いて入金と比べています。`
    : `登録した料率では手数料は ${yenJa(expectedFeeYen ?? 0)}、明細では ${yenJa(feeYen)} です。`;

/** A case until a person closes it: that it is sent again is another payout, of which the next statement tells. */
export async function findFailedPayouts(
  db: Kysely<Database>,
  municipality: string,
): Promise<FoundException[]> {
  const rows = await db
    .selectFrom('failed_payouts')
    .select(['source', 'payout_id', 'yen', 'due', 'is_canceled', 'reason'])
    .where('municipality', '=', municipality)
    .execute();
  return rows.map(({ source, payout_id: id, yen, due, is_canceled: isCanceled, reason }) => ({
    counter: '*',
    subject: `payout ${source} ${id}`,
    facts: {
      ...UNSAID,
      status: 'payout_failed' as const,
      acquirer: null,
      onDate: due,
      atStakeYen: Math.abs(yen),
      differenceYen: -yen,
      statement: { yen, onDate: due, name: id },
      notes: [
        isCanceled
          ? '送る前に取り消されました。お金は決済会社の残高にあり、次の入金に入るかを確かめてください。'
          : '銀行で受け付けられず、決済会社に戻りました。振込先の口座の登録を決済会社で確かめてください。',
        ...(reason === '' ? [] : [`決済会社の示す理由：${reason}`]),
      ],
    },
  }));
}
