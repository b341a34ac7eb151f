/** Why a fee can't be touched, and why a sale can't be sent just now. Pure; it stands where the button's words would. */
import type { PricedItem } from '../../fees/pricing.ts';
import type { ClockFault, RecordStatus, TerminalStatus } from '../../live.ts';
import { TAKES_MONEY } from '../../staff/staff.ts';
import { METHOD_NAMES, METHODS, brandsOf, offersFor, takes, type Offer } from '../../terminal/offer.ts';
import type { Method } from '../../terminal/terminal.ts';
import { formatYen } from '../shared/format.ts';
import type { LiveState } from './live.ts';
import type { Sale } from './sale.ts';
import type { Session } from './session.ts';

/** `label` replaces the button's words; `help` says what to do where that is not plain. */
export interface Hindrance {
  label: string;
  help: string | null;
  /** Only another payment is in the way: one can wait for its end. */
  isBusy?: boolean;
}

/** Why a fee can't be touched; null: it can. A live book takes no price that nobody has confirmed. */
export function closedBecause(item: PricedItem, book: Session['book']): string | null {
  if (item.priceYen === null) return 'この日の料金がありません';
  return book === 'live' && !item.confirmed ? '未確認の料金のため使えません' : null;
}

/** What of a basket decides whether it may be sent. */
interface Basket {
  lines: readonly { item: { cashless: boolean }; amountYen: number }[];
  totalYen: number;
}

/** Undefined: it may be recorded without a terminal. */
export function countingHindrance(live: LiveState): Hindrance | undefined {
  return serviceHindrance(live);
}

/** A ticket that another counter may have used: the resident is asked first. */
export function ticketHindrance(
  ticket: { isSure: boolean; isVouched: boolean } | undefined,
): Hindrance | undefined {
  if (ticket === undefined || ticket.isSure || ticket.isVouched) return undefined;
  return { label: '先に会計票を確かめてください', help: null };
}

/** A ticket's line whose item has still to know something costs nothing yet, and must not be left out. */
export function entryHindrance({ missing }: { missing: readonly object[] }): Hindrance | undefined {
  return missing.length === 0 ? undefined : { label: '先に「入力する」で入れてください', help: null };
}

/** A basket in which nothing is charged: it is handed over and recorded, and no terminal is asked. */
export const isFree = ({ lines, totalYen }: Basket): boolean => lines.length > 0 && totalYen === 0;

/** Undefined: it may be sent. What the clerk has left out comes last: first what the clerk can't help. */
export function findHindrance(
  sale: Sale,
  basket: Basket,
  live: LiveState,
  offers: readonly Offer[],
): Hindrance | undefined {
  return (
    serviceHindrance(live) ??
    questionHindrance(live) ??
    terminalHindrance(ableFirst(sale, live.terminals, offers)) ??
    saleHindrance(sale, basket) ??
    offerHindrance(sale, basket.totalYen, live.terminals, offers)
  );
}

/** Undefined: somebody is signed in who takes money, and the 出納員 has opened the counter, or need not. */
export function personHindrance(
  { isOpen, clerk }: Pick<Session, 'isOpen' | 'clerk'>,
  isLocked: boolean,
): Hindrance | undefined {
  if (isLocked) return { label: 'サインインしてください', help: null };
  if (!clerk.roles.some((role) => TAKES_MONEY.includes(role))) {
    return {
      label: 'この役割では会計できません',
      help: '会計課と管理者は、窓口の画面を見ることはできますが、支払いは受けられません。窓口の担当者に代わってください。',
    };
  }
  if (isOpen) return undefined;
  return {
    label: '窓口を開く前です',
    help: '出納員が「窓口を開く」を押すと、会計を始められます。',
  };
}

function serviceHindrance(live: LiveState): Hindrance | undefined {
  if (live.connection === 'connecting') return { label: 'サービスにつないでいます', help: null };
  if (live.connection === 'lost') {
    return {
      label: 'サービスとつながっていません',
      help: 'つながるまで支払いは始められません。お急ぎのときは現金でお受けください。',
    };
  }
  return recordHindrance(live.record) ?? clockHindrance(live.clock);
}

function clockHindrance(clock: ClockFault | null): Hindrance | undefined {
  if (clock === null) return undefined;
  return {
    label: '時計が合っていません',
    help: '時計を直すか、出納員が画面の上の欄で今日の日付を確かめると、会計を続けられます。お急ぎのときは現金でお受けください。',
  };
}

function recordHindrance(record: RecordStatus | null): Hindrance | undefined {
  if (record?.state !== 'stopped') return undefined;
  return {
    label: '会計を止めています',
    help: '画面の上の説明を管理者に伝え、会計は別の窓口でお受けください。やむを得ず現金で受けたときは、この画面に記録できないので、紙に控えてください。',
  };
}

/** Only an answer of the clerk's frees the terminal, and no other is ready. */
function questionHindrance({ prompts, terminals }: LiveState): Hindrance | undefined {
  if (prompts.length === 0 || terminalHindrance(terminals) === undefined) return undefined;
  return {
    label: '先に端末の質問に答えてください',
    help: '答えると会計を始められます。お急ぎのときは現金でお受けください。',
  };
}

const TERMINAL_HINDRANCES: Record<Exclude<TerminalStatus['state'], 'ready' | 'disconnected'>, Hindrance> = {
  connecting: { label: '端末につないでいます', help: null },
  busy: { label: '端末は別の支払いの途中です', help: null, isBusy: true },
  locked: {
    label: '前の支払いを確かめています',
    help: '端末が一度答えるまで次の支払いは始められません。お急ぎのときは現金でお受けください。',
  },
  lost: {
    label: '端末は紛失・交換中です',
    help: '出納員か管理者が「困ったとき」の画面で戻すまで使えません。現金でお受けください。',
  },
};

/** What to look after depends on how a terminal is reached; its status says it. */
const cutOff = ({ detail }: TerminalStatus): Hindrance => ({
  label: '端末とつながっていません',
  help: `${detail ?? ''}お急ぎのときは現金でお受けください。`,
});

/** One terminal that is ready is enough. */
export function terminalHindrance(terminals: readonly TerminalStatus[]): Hindrance | undefined {
  if (terminals.some(({ state }) => state === 'ready')) return undefined;
  const [first] = terminals;
  if (first?.state === 'disconnected') return cutOff(first);
  return TERMINAL_HINDRANCES[first === undefined || first.state === 'ready' ? 'connecting' : first.state];
}

const STATE_SENTENCES: Record<Exclude<TerminalStatus['state'], 'ready'>, string> = {
  connecting: 'つないでいます',
  busy: '別の支払いの途中です',
  locked: '前の支払いを確かめています',
  disconnected: 'つながっていません',
  lost: '紛失・交換中です',
};

/** Why no other resident can be served beside a payment that waits: of several terminals, each says its own. */
export function nextHindrance(terminals: readonly TerminalStatus[]): Hindrance | undefined {
  const hindrance = terminalHindrance(terminals);
  if (hindrance === undefined || terminals.length < 2) return hindrance;
  const each = terminals.map(
    ({ nameJa, state }) => `${nameJa}：${state === 'ready' ? '' : STATE_SENTENCES[state]}`,
  );
  return {
    label: 'いま使える端末がありません',
    help: `いま使える端末がありません（${each.join('、')}）。お急ぎのときは現金でお受けください。`,
  };
}

/** If none can be had, what to look after is the one that would take this. */
function ableFirst(
  { method, brand }: Sale,
  terminals: readonly TerminalStatus[],
  offers: readonly Offer[],
): TerminalStatus[] {
  const isAble = ({ id }: TerminalStatus): boolean =>
    method !== null && offers.some((offer) => offer.id === id && takes(offer, { method, brand }));
  return terminals.toSorted((one, other) => Number(isAble(other)) - Number(isAble(one)));
}

function saleHindrance(sale: Sale, basket: Basket): Hindrance | undefined {
  if (basket.lines.length === 0) return { label: '料金を選んでください', help: null };
  if (basket.lines.some(({ item, amountYen }) => !item.cashless && amountYen > 0)) {
    return {
      label: '現金のみの項目があります',
      help: '現金で受け取るか、会計を分けてください。',
    };
  }
  if (sale.method === null) return { label: '支払い方法を選んでください', help: null };
  if (sale.method === 'emoney' && sale.brand === null) {
    return { label: '電子マネーの種類を選んでください', help: null };
  }
  return undefined;
}

/** Why none of the terminals that take this can have it now, and what the others can take instead. */
function offerHindrance(
  { method, brand }: Sale,
  totalYen: number,
  terminals: readonly TerminalStatus[],
  offers: readonly Offer[],
): Hindrance | undefined {
  if (method === null) return undefined;
  const wish = { method, brand, amountYen: totalYen };
  const able = offersFor(offers, wish);
  const minimumYen = Math.min(
    ...offers.filter((offer) => takes(offer, wish)).map((offer) => offer.minimumYen),
  );
  if (able.length === 0 && minimumYen < Infinity) {
    return {
      label: `${METHOD_NAMES[method]}は${formatYen(minimumYen)}からです`,
      help: '別の方法にするか、現金でお受けください。',
    };
  }
  if (able.length === 0) return undefined;
  const hindrance = terminalHindrance(terminals.filter(({ id }) => able.some((offer) => offer.id === id)));
  if (hindrance === undefined) return undefined;
  const ready = offers.filter(({ id }) => stateOf(id, terminals) === 'ready');
  const others = METHODS.filter((other) => brandsOf(ready, other).length > 0).map(
    (other) => METHOD_NAMES[other],
  );
  return {
    ...hindrance,
    help: `いまは${others.join('・')}でお受けできます。ほかは現金でお受けください。`,
  };
}

/** Whether a method is taken here at all, and why not just now; a short word for its button. */
export interface MethodState {
  isTaken: boolean;
  note: string | null;
}

const SHORT_WORDS: Partial<Record<TerminalStatus['state'], string>> = {
  connecting: '接続中',
  locked: '確認中',
  disconnected: '切断中',
  lost: '交換中',
};

/** Of each method, whether a terminal here takes it at all, and in a word why it can't be used now. */
export function methodStates(
  offers: readonly Offer[],
  terminals: readonly TerminalStatus[],
): Record<Method, MethodState> {
  const stateFor = (method: Method): MethodState => {
    const states = offers
      .filter(({ brands }) => brands[method].length > 0)
      .map(({ id }) => stateOf(id, terminals) ?? 'connecting');
    const words = states.map((state) => SHORT_WORDS[state] ?? null);
    return { isTaken: states.length > 0, note: words.includes(null) ? null : (words[0] ?? null) };
  };
  return {
    credit: stateFor('credit'),
    debit: stateFor('debit'),
    emoney: stateFor('emoney'),
    qr: stateFor('qr'),
  };
}

const stateOf = (id: string, terminals: readonly TerminalStatus[]): TerminalStatus['state'] | undefined =>
  terminals.find((terminal) => terminal.id === id)?.state;
