/** Accounting at its desk: what a night has opened is taken the next working day, and every way that a case can go is gone. */
import type { Kysely } from 'kysely';
import type { Database } from '../../src/db/schema.ts';
import type { CaseStatus } from '../../src/reconcile/desk/case.ts';
import { actOn, type Act } from '../../src/reconcile/desk/acts.ts';
import { readDesk } from '../../src/reconcile/desk/read.ts';
import { businessDateOf } from '../../src/business-date.ts';
import { ACCOUNTANT, TREASURER } from './clerk.ts';

/** An act without the number of the event that it follows. */
type Said = Act extends infer One ? (One extends Act ? Omit<One, 'base'> : never) : never;

const COMMENT_OF_CARD = 'カード会社 加盟店窓口。明細の控えを依頼。';
/** What is done at once. Whatever is not named here is left as it was opened: somebody has to begin somewhere. */
const DONE_OF: Partial<Record<CaseStatus, readonly Said[]>> = {
  missing_at_provider: [
    { act: 'assign', to: ACCOUNTANT.number },
    { act: 'ask', whom: 'acquirer', text: COMMENT_OF_CARD },
  ],
  duplicate_at_provider: [
    { act: 'assign', to: ACCOUNTANT.number },
    { act: 'evidence', text: '端末の控えは1枚。お客様の利用明細も1件と確認。', references: [] },
    { act: 'ask', whom: 'acquirer', text: 'コード決済会社に二重計上を連絡。' },
  ],
  data_differs: [{ act: 'propose', reason: 'same_transaction', note: '承認番号の読み替えと回答あり' }],
  fee_differs: [
    { act: 'assign', to: TREASURER.number },
    { act: 'comment', text: '契約書の料率は 2.7%。明細は 3.0% で計算されている。' },
  ],
  chargeback: [
    { act: 'assign', to: ACCOUNTANT.number },
    { act: 'propose', reason: 'difference_accepted', note: '不正利用の申し立て。会計規則のとおり処理。' },
  ],
  file_control_differs: [{ act: 'propose', reason: 'file_replaced', note: '訂正版を受け取り、取り込んだ' }],
};
/** Another person has confirmed it by the evening. */
const CONFIRMED: readonly CaseStatus[] = ['data_differs'];

/** What was opened before today and nobody has looked at, as it is dealt with today. */
export async function workAtDesk(db: Kysely<Database>, municipality: string, now: Date): Promise<void> {
  const today = businessDateOf(now);
  const staff = [ACCOUNTANT, TREASURER];
  const { open } = await readDesk(db, municipality, {
    today,
    people: staff,
    most: { open: 1_000, closed: 1 },
  });
  const act = async (caseId: number, base: number, said: Said, by = ACCOUNTANT): Promise<void> => {
    const findPerson = (wanted: string) => Promise.resolve(staff.find(({ number }) => number === wanted));
    const context = { by, second: undefined, findPerson, now };
    await actOn(db, { municipality, caseId }, { ...said, base }, context);
  };
  for (const { caseId, facts, openedOn, number, state } of open) {
    const done = DONE_OF[facts.status];
    if (done === undefined || openedOn >= today || state !== 'open' || number > 1) continue;
    for (const [index, said] of done.entries()) await act(caseId, number + index, said);
    if (CONFIRMED.includes(facts.status))
      await act(caseId, number + done.length, { act: 'confirm' }, TREASURER);
  }
}
