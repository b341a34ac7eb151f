/** GET /support: what whoever helps on the telephone wants to know. */
import { Router } from 'express';
import { describeSupport, type SupportSources } from './support.ts';

export function createSupportRoutes(sources: SupportSources): Router {
  const router = Router();
  router.get('/support', (_request, response) => {
    response.json(describeSupport(sources));
  });
  return router;
}
