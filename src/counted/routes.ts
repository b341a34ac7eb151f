/** Sales without a terminal over HTTP, and the second person's word for what is not charged. */
import { Router } from 'express';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { businessDateOf } from '../business-date.ts';
import type { Database } from '../db/schema.ts';
import { AppError } from '../errors.ts';
import { ASKED_LINES } from '../fees/basket.ts';
import type { Journal } from '../journal/journal.ts';
import { TICKET_TEXT, withReserved, type Once } from '../once/once.ts';
import { recordApproval } from '../payments/approvals.ts';
import { NUMBER_AND_PIN, type ConfirmBySecondPerson } from '../staff/gate.ts';
import { mayUseWindow, type Person, type Role } from '../staff/staff.ts';
import type { CountedSale, CountedSales } from './counted.ts';
import { readTenders } from './office.ts';

const COUNTED = z.strictObject({
  id: z.uuid().toLowerCase(),
  window: z.string().min(1).max(40),
  lines: ASKED_LINES,
  totalYen: z.number().int().min(0).max(9_999_999),
  tender: z.enum(['cash', 'nothing']),
  ticket: TICKET_TEXT.optional(),
  ticketUnsure: z.literal(true).optional(),
});

const APPROVAL = z.strictObject({
  window: z.string().min(1).max(40),
  code: z.string().min(1).max(40),
  quantity: z.number().int().min(1).max(999),
  ground: z.string().min(1).max(40),
  second: NUMBER_AND_PIN,
});

/** Who may approve that something is handed over without charge. */
export const APPROVERS: readonly Role[] = ['treasurer', 'accounting'];

/** POST /counted · GET /counted/:id · POST /counted/:id/withdraw */
export function createCountedRoutes(counted: CountedSales, once: Once): Router {
  const router = Router();
  router.post('/counted', async (request, response) => {
    const sale = COUNTED.parse(request.body);
    const isKnown = (): boolean => counted.find(sale.id) !== undefined;
    const count = () => counted.count(sale, response.locals.person);
    response.status(201).json(await withReserved(once, sale, isKnown, count));
  });
  router.get('/counted/:id', (request, response) => {
    response.json(found(counted, request.params.id, response.locals.person));
  });
  router.post('/counted/:id/withdraw', (request, response) => {
    const { person } = response.locals;
    response.json(counted.withdraw(found(counted, request.params.id, person).id, person));
  });
  return router;
}

function found(counted: CountedSales, id: string, person: Person): CountedSale {
  const sale = counted.find(id.toLowerCase());
  if (sale === undefined) throw new AppError('not_found');
  if (!mayUseWindow(person, sale.window)) throw new AppError('not_your_window');
  return sale;
}

const DAYS = z.object({ from: z.iso.date(), until: z.iso.date() });

/** For the office: GET /tenders?from=&until= */
export function createTenderRoutes(db: Kysely<Database>, municipality: string): Router {
  const router = Router();
  router.get('/tenders', async (request, response) => {
    response.json(await readTenders(db, municipality, DAYS.parse(request.query)));
  });
  return router;
}

/** POST /approvals {window, code, quantity, ground, second} → {approval}: the line carries it, once. */
export function createApprovalRoutes(options: {
  journal: Journal;
  confirm: ConfirmBySecondPerson;
  now: () => Date;
}): Router {
  const router = Router();
  router.post('/approvals', async (request, response) => {
    const { second, ...asked } = APPROVAL.parse(request.body);
    const clerk = response.locals.person;
    const { number, nameJa } = await options.confirm(second, clerk, APPROVERS);
    const people = { clerk, approver: { number, name: nameJa } };
    const approval = recordApproval(options.journal, asked, people, businessDateOf(options.now()));
    response.status(201).json({ approval });
  });
  return router;
}
