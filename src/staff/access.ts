/**
 * Who may do what: one row per route of the counter's and the office's interface. A route without a row answers 404,
 * so nothing is open because somebody forgot it; a test walks both apps and every role.
 *
 * `api` is a script with the API token, on record as `API`. It may do by machine what a clerk and accounting do, and may
 * close a day, at night. It opens no counter, confirms nothing as a second person and looks after no staff: a token is
 * nobody's word.
 */
import { KEEPERS, TAKES_MONEY, type Role } from './staff.ts';

export type Principal = Role | 'api';
/** `anyone`: also without signing in; `counter_only`: at the counter's own screen, whoever it is. */
export type Rule = 'anyone' | 'counter_only' | readonly Principal[];
/** `METHOD /path/:parameter` → who may. */
export type Routes = Readonly<Record<string, Rule>>;

const STAFF: Rule = ['cashier', 'daycare', 'bicycle', 'accounting', 'treasurer', 'administrator'];
const ALL: Rule = [...STAFF, 'api'];
/** Who takes money; at which windows says `mayUseWindow`. */
const CLERKS = TAKES_MONEY;
const OFFICE: Rule = ['accounting', 'treasurer', 'administrator', 'api'];

/** Who brings statements in; a script may fetch them from where they are. */
const STATEMENTS: Rule = ['accounting', 'administrator', 'api'];
/** Who says how they are read and who pays when. */
export const DECLARERS: readonly Role[] = ['accounting', 'administrator'];

/** Who works at the exceptions desk and confirms there; a token is nobody's word. */
export const DESK: readonly Role[] = ['accounting', 'treasurer'];

/** Who reads the reports: a file that is handed on has a person's name on it. */
const REPORTS: Rule = ['accounting', 'treasurer', 'administrator'];

/** Who changes the fee table; a token is nobody's word. */
const FEES: Rule = ['accounting', 'administrator'];

/** Who may see the daycare window's list: labels are for people, not for scripts or the office. */
const DAYCARE: Rule = ['cashier', 'daycare', 'treasurer'];

export const COUNTER_ROUTES: Routes = {
  'GET /api/sign-in': 'anyone',
  'POST /api/session': 'anyone',
  'DELETE /api/session': 'anyone',
  'GET /api/session': ALL,
  'GET /api/windows': ALL,
  'GET /api/brands': ALL,
  'GET /api/fees': ALL,
  'GET /api/events': ALL,
  'GET /api/support': ALL,
  'POST /api/opening': ['treasurer'],
  'GET /api/clock': ALL,
  'POST /api/clock': ['treasurer'],
  'POST /api/payments': CLERKS,
  'GET /api/payments': ALL,
  'GET /api/payments/:id': ALL,
  'GET /api/payments/:id/slip': ALL,
  'GET /api/payments/:id/history': ALL,
  'POST /api/payments/:id/cancel': CLERKS,
  'GET /api/payments/:id/options': ALL,
  'POST /api/payments/:id/void': CLERKS,
  'POST /api/payments/:id/refund': CLERKS,
  'POST /api/payments/:id/outside': CLERKS,
  'POST /api/payments/:id/outside/:refund/withdraw': CLERKS,
  'POST /api/payments/:id/correct': CLERKS,
  'POST /api/payments/:id/void-entry': CLERKS,
  'POST /api/entries': CLERKS,
  'POST /api/payments/:id/ask': [...CLERKS, 'accounting'],
  'POST /api/payments/:id/release': ['treasurer'],
  'POST /api/payments/:id/balance': CLERKS,
  'POST /api/payments/:id/resolve': ['cashier', 'daycare', 'bicycle', 'treasurer', 'accounting'],
  'POST /api/payments/:id/decide': [...CLERKS, 'accounting'],
  'POST /api/counted': CLERKS,
  'GET /api/counted/:id': ALL,
  'POST /api/counted/:id/withdraw': CLERKS,
  'POST /api/approvals': CLERKS,
  'POST /api/tickets': CLERKS,
  'POST /api/tickets/:reference/cancel': CLERKS,
  'GET /api/stickers': ALL,
  'POST /api/terminals/:id/prompt/:prompt': CLERKS,
  'POST /api/terminals/:id/lost': KEEPERS,
  'POST /api/terminals/:id/found': KEEPERS,
  'POST /api/terminals/:id/replaced': KEEPERS,
  'GET /api/tablets': KEEPERS,
  'POST /api/tablets': KEEPERS,
  'POST /api/tablets/:id/end': KEEPERS,
  'GET /api/tablets/authority': KEEPERS,
  'POST /api/turns': CLERKS,
  'DELETE /api/turns': CLERKS,
  'GET /api/daycare/stays': DAYCARE,
  'POST /api/daycare/stays': DAYCARE,
  'POST /api/daycare/stays/:id': DAYCARE,
  'POST /api/daycare/stays/:id/drop': DAYCARE,
  'GET /api/daycare/certificates/:id': DAYCARE,
  'POST /api/closing': ['treasurer', 'api'],
  'POST /api/closing/check': CLERKS,
  'GET /api/closing': ALL,
  'GET /api/closing/:date/slip': ALL,
};

/** Selling at the daycare window, and seeing what became of it; everything else is done at the counter's own screen. */
const ON_TABLETS: ReadonlySet<string> = new Set([
  'GET /api/sign-in',
  'POST /api/session',
  'DELETE /api/session',
  'GET /api/session',
  'GET /api/windows',
  'GET /api/brands',
  'GET /api/fees',
  'GET /api/events',
  'GET /api/support',
  'POST /api/payments',
  'GET /api/payments',
  'GET /api/payments/:id',
  'GET /api/payments/:id/slip',
  'GET /api/payments/:id/history',
  'POST /api/payments/:id/cancel',
  'POST /api/payments/:id/ask',
  'POST /api/counted',
  'GET /api/counted/:id',
  'POST /api/counted/:id/withdraw',
  'POST /api/approvals',
  'POST /api/terminals/:id/prompt/:prompt',
  'POST /api/turns',
  'DELETE /api/turns',
  'GET /api/daycare/stays',
  'POST /api/daycare/stays',
  'POST /api/daycare/stays/:id',
  'POST /api/daycare/stays/:id/drop',
  'GET /api/daycare/certificates/:id',
]);

/** What a paired tablet may ask the counter for. What comes to be a route later is not among it by itself. */
export const TABLET_ROUTES: Routes = Object.fromEntries(
  Object.entries(COUNTER_ROUTES).map(([route, rule]) => [
    route,
    ON_TABLETS.has(route) ? withoutScripts(rule) : 'counter_only',
  ]),
);

function withoutScripts(rule: Rule): Rule {
  return typeof rule === 'string' ? rule : rule.filter((who) => who !== 'api');
}

export const OFFICE_ROUTES: Routes = {
  'GET /api/sign-in': 'anyone',
  'POST /api/setup': 'anyone',
  'POST /api/session': 'anyone',
  'DELETE /api/session': 'anyone',
  'GET /api/session': ALL,
  'POST /api/pin': STAFF,
  'GET /api/office/brands': OFFICE,
  'GET /api/office/windows': OFFICE,
  'GET /api/office/reconciliations': OFFICE,
  'GET /api/office/waiting': OFFICE,
  'POST /api/office/reconcile': ['accounting', 'treasurer', 'api'],
  'GET /api/office/morning': OFFICE,
  'GET /api/office/closings/:date': OFFICE,
  'GET /api/office/cases': OFFICE,
  'GET /api/office/cases/:id': OFFICE,
  'POST /api/office/cases/:id/acts': DESK,
  'GET /api/office/books': OFFICE,
  'POST /api/office/books/match': ['accounting', 'treasurer', 'api'],
  'GET /api/office/statements': OFFICE,
  'GET /api/office/statements/files/:id/lines': OFFICE,
  'GET /api/office/statements/uploads/:id': OFFICE,
  'POST /api/office/statements/files': STATEMENTS,
  'POST /api/office/statements/fetch': STATEMENTS,
  'POST /api/office/statements/preview': STATEMENTS,
  'POST /api/office/statements/look': STATEMENTS,
  'POST /api/office/statements/formats': DECLARERS,
  'GET /api/office/statements/formats/:code/history': OFFICE,
  'POST /api/office/statements/acquirers': DECLARERS,
  'GET /api/office/statements/acquirers/:counter/:code/history': OFFICE,
  'GET /api/office/payments': OFFICE,
  'GET /api/office/open': OFFICE,
  'GET /api/office/tickets': OFFICE,
  'GET /api/office/stickers': OFFICE,
  'GET /api/office/once': OFFICE,
  'POST /api/office/once/release': ['accounting', 'treasurer', 'administrator'],
  'POST /api/office/once/settle': ['accounting', 'treasurer'],
  'GET /api/office/tenders': OFFICE,
  'GET /api/office/reports': REPORTS,
  'GET /api/office/reports/days': OFFICE,
  'GET /api/office/reports/lines': REPORTS,
  'GET /api/office/reports/file': REPORTS,
  'GET /api/office/outside-refunds': OFFICE,
  'POST /api/office/outside-refunds/:counter/:id/paid': ['accounting', 'treasurer'],
  'GET /api/office/fees': OFFICE,
  'GET /api/office/fees/draft': OFFICE,
  'POST /api/office/fees/draft': FEES,
  'POST /api/office/fees/revisions': FEES,
  'POST /api/office/fees/confirmations': FEES,
  'POST /api/office/fees/settings': FEES,
  'GET /api/office/entries/:kind': OFFICE,
  'GET /api/office/entries/:kind/csv': OFFICE,
  'GET /api/office/entries/:kind/:code/history': OFFICE,
  'POST /api/office/entries/:kind/look': FEES,
  'POST /api/office/entries/:kind/import': FEES,
  'POST /api/office/entries/brand': FEES,
  'POST /api/office/entries/ground': FEES,
  'POST /api/office/entries/window': FEES,
  'GET /api/office/survey': OFFICE,
  'GET /api/office/staff': ['administrator'],
  'POST /api/office/staff': ['administrator'],
  'POST /api/office/staff/:number': ['administrator'],
  'POST /api/office/staff/:number/release': ['administrator'],
  'GET /api/office/staff/:number/history': ['administrator'],
};

/** The rule of a request; undefined: there is no such route. HEAD is a GET without its body. */
export function findRule(routes: Routes, method: string, path: string): Rule | undefined {
  const asked = `${method === 'HEAD' ? 'GET' : method} ${path.replace(/(?<=.)\/$/, '')}`;
  const row = Object.entries(routes).find(([route]) => patternOf(route).test(asked));
  return row?.[1];
}

function patternOf(route: string): RegExp {
  return new RegExp(`^${route.replace(/:\w+/g, '[^/]+')}$`);
}
