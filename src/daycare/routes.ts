/** The daycare window's day over HTTP; only for whoever works at that window, and never for a script. */
import { Router } from 'express';
import { z } from 'zod';
import type { CountedSale } from '../counted/counted.ts';
import { AppError } from '../errors.ts';
import type { PaymentView } from '../payments/view.ts';
import { mayUseWindow } from '../staff/staff.ts';
import { paidCare, renderCertificate, type CertificateHead } from './certificate.ts';
import { DAYCARE_WINDOW, DROP_REASONS, type Stays } from './daycare.ts';

const TIME = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/);
const CODE = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/);
const ENTRY = z.strictObject({
  label: z
    .string()
    .trim()
    .regex(/^[^\p{Cc}]{1,20}$/u),
  caredOn: z.iso.date(),
  class: z.union([CODE, z.literal('')]),
  care: CODE.nullable(),
  meals: z.array(CODE).max(10),
  arrivedAt: TIME,
  plannedAt: TIME.nullable(),
  pickedUpAt: TIME.nullable(),
});
const CHANGES = ENTRY.partial();
const DROPPED = z.strictObject({ reason: z.enum(DROP_REASONS) });

/** GET /daycare/stays · POST /daycare/stays · POST /daycare/stays/:id {changes} · POST /daycare/stays/:id/drop {reason} */
export function createDaycareRoutes(
  stays: Stays,
  certificates: {
    head: () => CertificateHead;
    findPayment: (id: string) => PaymentView | undefined;
    findCounted: (id: string) => CountedSale | undefined;
  },
): Router {
  const router = Router();
  router.use('/daycare', (_request, response, next) => {
    next(mayUseWindow(response.locals.person, DAYCARE_WINDOW) ? undefined : new AppError('not_your_window'));
  });
  router.get('/daycare/stays', (_request, response) => {
    response.set('Cache-Control', 'no-store').json(stays.list());
  });
  router.post('/daycare/stays', (request, response) => {
    response.status(201).json(stays.add(ENTRY.parse(request.body)));
  });
  router.post('/daycare/stays/:id', (request, response) => {
    const changes = CHANGES.parse(request.body);
    const given = Object.entries(changes).filter(([, value]) => value !== undefined);
    response.json(stays.change(request.params.id, Object.fromEntries(given)));
  });
  router.post('/daycare/stays/:id/drop', (request, response) => {
    stays.drop(request.params.id, DROPPED.parse(request.body).reason, response.locals.person);
    response.json({});
  });
  router.get('/daycare/certificates/:id', (request, response) => {
    const id = request.params.id.toLowerCase();
    const sale = paidCare(certificates.findPayment(id), certificates.findCounted(id));
    if (sale === undefined) throw new AppError('not_found');
    response.set('Cache-Control', 'no-store').type('html').send(renderCertificate(sale, certificates.head()));
  });
  return router;
}
