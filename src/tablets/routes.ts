/** Letting tablets in at the counter's own screen, and the door of the LAN: only a paired tablet passes it. */
import { X509Certificate } from 'node:crypto';
import express, { Router, type RequestHandler, type Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import type { Credentials } from '../staff/sessions.ts';
import { PAGE_POLICY, pairingPage, type PairingPage } from './page.ts';
import type { Tablet, Tablets } from './tablets.ts';
import type { TabletInvitation, TabletsView } from './view.ts';

declare module 'express-serve-static-core' {
  interface Locals {
    /** Whose request it is, on the LAN; set by the door. */
    tablet?: Tablet;
  }
}

/** What the LAN finds the counter by. */
export interface LanReach {
  /** `https://…`, the one to use first. */
  urls(): readonly string[];
  /** The authority to be trusted, in PEM; null: the city's own. */
  authority: string | null;
  fingerprint(): string;
}

const NAME = z.strictObject({
  name: z
    .string()
    .trim()
    .regex(/^[^\p{Cc}]{1,20}$/u),
});
const CODE = z.object({ code: z.string().max(40) });

/**
 * GET /tablets · POST /tablets {name}: a code for one tablet · POST /tablets/:id/end · GET /tablets/authority: the
 * certificate to trust, as a file. `lan` undefined: the settings let no tablet in.
 */
export function createTabletRoutes(tablets: Tablets, lan: LanReach | undefined): Router {
  const router = Router();
  router.get('/tablets', (_request, response) => {
    const reach = lan && { urls: lan.urls(), fingerprint: lan.fingerprint(), isOwn: lan.authority !== null };
    const view: TabletsView = { lan: reach ?? null, tablets: tablets.list() };
    response.set('Cache-Control', 'no-store').json(view);
  });
  router.post('/tablets', async (request, response) => {
    if (lan === undefined) throw new AppError('not_found');
    const { code, name, until } = tablets.invite(NAME.parse(request.body).name, response.locals.person);
    const { default: QRCode } = await import('qrcode');
    const ways = lan.urls().map(async (url) => ({
      url,
      code: await QRCode.toDataURL(`${url}/?code=${code}`, {
        margin: 2,
        errorCorrectionLevel: 'M',
        width: 232,
      }),
    }));
    const invitation: TabletInvitation = { code, name, until, ways: await Promise.all(ways) };
    response.set('Cache-Control', 'no-store').status(201).json(invitation);
  });
  router.post('/tablets/:id/end', (request, response) => {
    tablets.end(request.params.id, response.locals.person);
    response.status(204).end();
  });
  router.get('/tablets/authority', (_request, response) => sendAuthority(response, lan?.authority ?? null));
  return router;
}

/** In DER, as iPadOS and Android take it from a page. */
function sendAuthority(response: Response, authority: string | null): void {
  if (authority === null) throw new AppError('not_found');
  response
    .set({
      'Content-Type': 'application/x-x509-ca-cert',
      'Content-Disposition': 'attachment; filename="madoguchi.crt"',
    })
    .send(new X509Certificate(authority).raw);
}

const COOKIE = '__Host-madoguchi_device';
/** The longest that browsers keep one (RFC 6265bis); set anew whenever the page is opened. */
const LIFETIME_SECONDS = 400 * 24 * 3600;

/** The token in a request's cookies; undefined: none. */
function tokenIn({ cookie }: Credentials): string | undefined {
  const pairs = (cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
}

/** By the cookie that it was given when it was paired; undefined: it is not paired, or not any more. */
export function tabletOf(tablets: Tablets, credentials: Credentials): Tablet | undefined {
  const token = tokenIn(credentials);
  return token === undefined ? undefined : tablets.find(token);
}

/** Lets paired tablets through, and shows everybody else the one page on which a tablet is paired. */
export function createTabletDoor(tablets: Tablets, lan: LanReach, page: () => PairingPage): RequestHandler {
  const pairing = createPairing(tablets, lan, page);
  const open = trackOpen(tablets);
  return (request, response, next) => {
    const token = tokenIn(request.headers);
    const tablet = token === undefined ? undefined : tablets.find(token);
    if (token === undefined || tablet === undefined) {
      pairing(request, response, next);
      return;
    }
    tablets.seen(tablet.id);
    open(tablet.id, response);
    response.locals.tablet = tablet;
    if (request.path === '/') response.setHeader('Set-Cookie', cookieOf(token));
    next();
  };
}

const cookieOf = (token: string): string =>
  `${COOKIE}=${token}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=${LIFETIME_SECONDS}`;

/** What is on its way to a tablet, the stream of events above all, ends with its pairing. */
function trackOpen(tablets: Tablets): (id: string, response: Response) => void {
  const byTablet = new Map<string, Set<Response>>();
  tablets.onEnded((id) => {
    for (const response of byTablet.get(id) ?? []) response.destroy();
    byTablet.delete(id);
  });
  return (id, response) => {
    const responses = byTablet.get(id) ?? new Set();
    byTablet.set(id, responses.add(response));
    response.on('close', () => responses.delete(response));
  };
}

/** Against guessing by machine; the code is one of 10^12 and good for five minutes. */
const TRIES_PER_MINUTE = 10;

/** GET /: the page · GET /authority.crt · POST /pair {code}. Nothing else is answered. */
function createPairing(tablets: Tablets, lan: LanReach, page: () => PairingPage): Router {
  const router = Router();
  const show = (response: Response, status: number, state: { code: string; fault: string | null }): void => {
    response
      .set({
        'Content-Security-Policy': PAGE_POLICY,
        // With no-referrer browsers post forms with `Origin: null`, and the page's own form would be refused.
        'Referrer-Policy': 'same-origin',
        'Cache-Control': 'no-store',
      })
      .status(status)
      .type('html')
      .send(pairingPage(page(), state));
  };
  const showRefusal = (response: Response, refusal: AppError): void =>
    show(response, refusal.status, { code: '', fault: refusal.message });
  const limit = rateLimit({
    windowMs: 60_000,
    limit: TRIES_PER_MINUTE,
    legacyHeaders: false,
    standardHeaders: true,
    handler: (_request, response) => showRefusal(response, new AppError('too_many_codes')),
  });
  router.get('/', (request, response) => {
    const { data } = CODE.safeParse(request.query);
    show(response, 200, { code: data?.code ?? '', fault: null });
  });
  router.get('/authority.crt', (_request, response) => sendAuthority(response, lan.authority));
  const form = express.urlencoded({ extended: false, limit: '1kb', parameterLimit: 2 });
  router.post('/pair', limit, form, (request, response) => {
    try {
      const { token } = tablets.pair(CODE.safeParse(request.body).data?.code ?? '');
      response.setHeader('Set-Cookie', cookieOf(token));
      response.redirect(303, '/');
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      showRefusal(response, error);
    }
  });
  router.use(() => {
    throw new AppError('not_paired');
  });
  return router;
}
