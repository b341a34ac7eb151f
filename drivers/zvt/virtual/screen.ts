/** What the terminal's display shows, and who wants to know when that changes. */
import type { BookEntry } from './book.ts';

type Phase =
  | 'idle'
  | 'waiting'
  | 'retouch'
  | 'processing'
  | 'confirming'
  | 'approved'
  | 'declined'
  | 'cancelled'
  | 'reversed'
  | 'pending'
  | 'message';

export interface Display {
  phase: Phase;
  /** Minor units; null when no amount is shown. */
  amount: number | null;
  /** ISO 4217 numeric. */
  currency: string;
  title: string;
  detail: string;
}

export interface Screen {
  readonly display: Display;
  show(phase: Phase, shown?: { amount?: number; currency?: string; title?: string; detail?: string }): void;
  /** Something besides the display has changed: the book, the cable, the script. */
  touch(): void;
  /** Returns the function that ends the subscription. */
  subscribe(listener: () => void): () => void;
}

const TEXTS: Record<Phase, readonly [title: string, detail: string]> = {
  idle: ['会計を待っています', '窓口の画面で支払いに進むと、ここに金額が出ます。'],
  waiting: ['お支払いをどうぞ', '下のボタンで、お客様の支払い方法を選んでください。'],
  retouch: ['もう一度タッチ', 'カードが早く離れました。同じカードをもう一度タッチしてください。'],
  processing: ['通信しています', 'カードやスマートフォンを離さないでください。'],
  confirming: ['窓口の記録を待っています', '窓口が記録するまで、支払いは成立しません。'],
  approved: ['お支払いが済みました', '窓口が記録し、端末の控えにも残りました。'],
  declined: ['お支払いできませんでした', 'お金は動いていません。'],
  cancelled: ['中止しました', 'お金は動いていません。'],
  reversed: ['お支払いを取り消しました', '窓口の記録を確かめられませんでした。お金は動いていません。'],
  pending: ['処理未了', 'お金が動いたかどうか、まだ分かりません。カードをもう一度タッチすると分かります。'],
  message: ['', ''],
};

const RESULTS = new Set<Phase>(['approved', 'declined', 'cancelled', 'reversed', 'pending', 'message']);
/** How long a result stays before the display is ready for the next sale. */
const RESULT_MS = 8_000;

export function createScreen(currency: string): Screen {
  const listeners = new Set<() => void>();
  const display: Display = { phase: 'idle', amount: null, currency, title: '', detail: '' };
  let backToIdle: NodeJS.Timeout | undefined;
  const touch = (): void => {
    for (const listener of listeners) listener();
  };
  const show: Screen['show'] = (phase, shown = {}) => {
    const [title, detail] = TEXTS[phase];
    Object.assign(display, { phase, title, detail, ...shown });
    if (phase === 'idle') display.amount = null;
    clearTimeout(backToIdle);
    if (RESULTS.has(phase)) {
      backToIdle = setTimeout(() => show('idle'), RESULT_MS).unref();
    }
    touch();
  };
  show('idle');
  return {
    display,
    show,
    touch,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** A payment in one line, for the display's detail. */
export function describe({
  brandName,
  receiptNumber,
}: Pick<BookEntry, 'brandName' | 'receiptNumber'>): string {
  return `${brandName}　伝票 ${String(receiptNumber).padStart(4, '0')}`;
}
