/**
 * Who approves that something is handed over without charge. A ground says who may: the clerk who has seen the paper, or
 * a second person, whose approval is an event of its own, for one line of one sale.
 */
import { randomUUID } from 'node:crypto';
import { AppError } from '../errors.ts';
import type { Catalogue } from '../fees/catalogue.ts';
import type { Approver, ApproverOf, AskedLine } from '../fees/pricing.ts';
import type { Journal } from '../journal/journal.ts';
import { signatureOf, type Person, type Signature } from '../staff/staff.ts';
import type { Ledger } from './ledger.ts';
import { isVoided, linesOf } from './net.ts';

/** What a second person is asked to approve. */
export interface ApprovalRequest {
  window: string;
  code: string;
  quantity: number;
  ground: string;
}

/** As the journal has it. */
interface Approval extends ApprovalRequest, Signature {
  id: string;
  businessDate: string;
  approver: Approver;
}

const EVENT = 'exemption_approved';

/** Records the approval; returns its id, which the line carries. Durable when it returns. */
export function recordApproval(
  journal: Journal,
  request: ApprovalRequest,
  people: { clerk: Person; approver: Approver },
  businessDate: string,
): string {
  const approval: Approval = {
    id: randomUUID(),
    ...request,
    businessDate,
    approver: people.approver,
    ...signatureOf(people.clerk),
  };
  journal.append(EVENT, null, approval);
  return approval.id;
}

interface SaleToApprove {
  window: string;
  clerk: Person;
  businessDate: string;
}

/** Who approved each line of a sale, with a terminal or without. */
export type ApproversFor = (sale: SaleToApprove) => ApproverOf;

interface ApprovalContext extends SaleToApprove {
  journal: Journal;
  catalogue: Catalogue;
  /** Whether another sale that stands carries this approval. */
  isUsed: (approval: string) => boolean;
}

/** Who approved each line. @throws AppError where a second person's approval is missing, another line's, or used */
export function approversIn(context: ApprovalContext): ApproverOf {
  const { catalogue, clerk } = context;
  const spent = new Set<string>();
  return (line) => {
    const ground = catalogue.grounds.find(({ code }) => code === line.exemption?.ground);
    if (ground?.approval !== 'second_person') return { number: clerk.number, name: clerk.name };
    const approval = findApproval(context, line);
    if (approval === undefined) throw new AppError('approval_missing', { ground: ground.nameJa });
    if (spent.has(approval.id) || context.isUsed(approval.id)) throw new AppError('approval_used');
    spent.add(approval.id);
    return approval.approver;
  };
}

function findApproval(context: ApprovalContext, line: AskedLine): Approval | undefined {
  const { journal, window, businessDate } = context;
  const known = journal.eventsOfType(EVENT).findLast((event) => {
    const { id } = event.payload as Approval;
    return id === line.exemption?.approval;
  });
  const approval = known?.payload as Approval | undefined;
  const isForThis =
    approval?.window === window &&
    approval.code === line.code &&
    approval.quantity === line.quantity &&
    approval.ground === line.exemption?.ground &&
    approval.businessDate === businessDate;
  return isForThis ? approval : undefined;
}

/** Whether one of these payments stands, or may, and carries the approval. A voided sale was none: its approval is free again. */
export function carriesApproval(
  { onDate, returnsOf }: Pick<Ledger, 'onDate' | 'returnsOf'>,
  businessDate: string,
  approval: string,
): boolean {
  return onDate(businessDate).some(
    (payment) =>
      ['armed', 'approved', 'unknown'].includes(payment.state) &&
      linesOf(payment).some(({ exemption }) => exemption?.approval === approval) &&
      payment.armed.kind === 'sale' &&
      !isVoided(returnsOf(payment.id)),
  );
}
