/** Why a fee can't be touched, and why a sale can't be sent just now. Pure; it stands where the button's words would. */
import type { PricedItem } from '../../fees/pricing.ts';
import type { RecordStatus, TerminalStatus } from '../../live.ts';
import type { LiveState } from './live.ts';
import type { Sale } from './sale.ts';
import type { Session } from './session.ts';

/** `label` replaces the button's words; `help` says what to do where that is not plain. */
export interface Hindrance {
  label: string;
  help: string | null;
}

/** Why a fee can't be touched; null: it can. A live book takes no price that nobody has confirmed. */
export function closedBecause(item: PricedItem, book: Session['book']): string | null {
  if (!item.cashless) return '現金のみ';
  if (item.priceYen === null) return 'この日の料金がありません';
  return book === 'live' && !item.confirmed ? '未確認の料金のため使えません' : null;
}

/** Undefined: it may be sent. What the clerk has left out comes last: first what the clerk can't help. */
export function findHindrance(
  sale: Sale,
  basket: { lines: readonly unknown[]; totalYen: number },
  live: LiveState,
): Hindrance | undefined {
  return serviceHindrance(live) ?? terminalHindrance(live.terminals) ?? saleHindrance(sale, basket);
}

function serviceHindrance(live: LiveState): Hindrance | undefined {
  if (live.connection === 'connecting') return { label: 'サービスにつないでいます', help: null };
  if (live.connection === 'lost') {
    return {
      label: 'サービスとつながっていません',
      help: 'つながるまで支払いは始められません。お急ぎのときは現金でお受けください。',
    };
  }
  return recordHindrance(live.record);
}

function recordHindrance(record: RecordStatus | null): Hindrance | undefined {
  if (record?.state !== 'stopped') return undefined;
  return {
    label: '会計を止めています',
    help: 'この窓口の番号で別の記録が見つかりました。管理者に連絡してください。会計は現金でお受けください。',
  };
}

const TERMINAL_HINDRANCES: Record<Exclude<TerminalStatus['state'], 'ready'>, Hindrance> = {
  connecting: { label: '端末につないでいます', help: null },
  busy: { label: '端末は別の支払いの途中です', help: null },
  locked: {
    label: '前の支払いを確かめています',
    help: '端末が一度答えるまで次の支払いは始められません。お急ぎのときは現金でお受けください。',
  },
  disconnected: {
    label: '端末とつながっていません',
    help: '端末の電源とケーブルを確かめてください。お急ぎのときは現金でお受けください。',
  },
};

/** One terminal that is ready is enough. */
export function terminalHindrance(terminals: readonly TerminalStatus[]): Hindrance | undefined {
  if (terminals.some(({ state }) => state === 'ready')) return undefined;
  const [first] = terminals;
  return TERMINAL_HINDRANCES[first === undefined || first.state === 'ready' ? 'connecting' : first.state];
}

function saleHindrance(
  sale: Sale,
  basket: { lines: readonly unknown[]; totalYen: number },
): Hindrance | undefined {
  if (basket.lines.length === 0) return { label: '料金を選んでください', help: null };
  if (basket.totalYen === 0) {
    return { label: '0円です', help: '支払いはいりません。そのままお渡しください。' };
  }
  if (sale.method === null) return { label: '支払い方法を選んでください', help: null };
  if (sale.method === 'emoney' && sale.brand === null) {
    return { label: '電子マネーの種類を選んでください', help: null };
  }
  return undefined;
}
