/** Today's payments. What is not known stands first, with what it means; only what is paid counts in the total. */
import { useState, type ReactNode } from 'react';
import { Button, Input, SearchField } from 'react-aria-components';
import { plainSticker } from '../../once/keys.ts';
import { matchesSearch, searchedOf } from '../../payments/search.ts';
import type { PaymentView } from '../../payments/view.ts';
import { formatTime, formatTimeOrDay, formatYen } from '../shared/format.ts';
import { signedYen, stateWordsOf, summaryOf, wayOf } from '../shared/payment-words.ts';
import { Sign } from '../shared/sign.tsx';
import { isAlarming } from './desk-words.ts';
import type { CountedSale } from '../../counted/counted.ts';
import type { Sum } from '../../sum.ts';
import type { OpenDialog } from './counter-dialogs.tsx';
import { TENDER_WORDS } from './counted-notice.tsx';
import { listPayments, sumCash, sumPosted, type LiveState } from './live.ts';

export function Today(props: {
  live: LiveState;
  today: string;
  now: Date;
  brandNames: ReadonlyMap<string, string>;
  /** One of the windows sells what bears a number. */
  hasStickers: boolean;
  /** Of stickers, and what is to be decided, the counter's own screen knows more. */
  isTablet: boolean;
  onOpen: (dialog: OpenDialog) => void;
}) {
  const { live, brandNames, onOpen } = props;
  const { open, done } = listPayments(live, props.today);
  const [search, setSearch] = useState('');
  const rest = [...done, ...live.counted].sort((a, b) => b.number - a.number);
  const isFound = (sale: PaymentView | CountedSale): boolean =>
    'tender' in sale ? search.trim() === '' : matchesSearch(searchedOf(sale), search);
  return (
    <section className="today" aria-labelledby="today-title">
      <TodayTitle total={sumPosted([...open, ...done], props.today)} cash={sumCash(live.counted)} />
      {live.record?.state === 'offline' && (
        <p className="today-record">{pendingWords(live.record.pending)}（窓口の会計は続けられます）</p>
      )}
      {open.length + rest.length === 0 ? (
        <p className="today-empty">
          {live.connection === 'connecting'
            ? '読み込んでいます'
            : 'まだありません。支払いが済むと、ここに並びます。'}
        </p>
      ) : (
        // Scrolls by keyboard too.
        <div className="today-scroll" tabIndex={0} role="group" aria-label="今日の支払いの一覧">
          <OpenPayments open={open} now={props.now} isTablet={props.isTablet} />
          {open.length > 0 && (
            <Rows caption="結果や対応の決まっていない支払い">
              {open.map((payment) => (
                <PaymentRow key={payment.id} payment={payment} brandNames={brandNames} onOpen={onOpen} />
              ))}
            </Rows>
          )}
          <Search value={search} onChange={setSearch} />
          <Rows caption="今日の支払い">
            {rest
              .filter(isFound)
              .map((sale) =>
                'tender' in sale ? (
                  <CountedRow key={sale.id} sale={sale} onOpen={onOpen} />
                ) : (
                  <PaymentRow key={sale.id} payment={sale} brandNames={brandNames} onOpen={onOpen} />
                ),
              )}
          </Rows>
          {props.hasStickers && !props.isTablet && <StickerLink search={search} onOpen={onOpen} />}
        </div>
      )}
    </section>
  );
}

function Rows({ caption, children }: { caption: string; children: ReactNode[] }) {
  return (
    <table className="rows">
      <caption className="unseen">{caption}</caption>
      <thead className="unseen">
        <tr>
          <th>時刻</th>
          <th>内容</th>
          <th>方法</th>
          <th>状態</th>
          <th>金額</th>
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

/** For one word that may be a sticker's number. */
function StickerLink({ search, onOpen }: { search: string; onOpen: (dialog: OpenDialog) => void }) {
  if (!/^[\p{L}\p{N}-]{1,20}$/u.test(search.trim())) return null;
  const number = plainSticker(search);
  return (
    <Button className="quiet search-sticker" onPress={() => onOpen({ show: 'sticker', number })}>
      シール {number} を、ほかの日とカウンターも調べる
    </Button>
  );
}

function Search(props: { value: string; onChange: (search: string) => void }) {
  return (
    <SearchField
      className="search"
      value={props.value}
      onChange={props.onChange}
      aria-label="今日の支払いを探す（伝票番号・金額・時刻・シール）"
    >
      <Input placeholder="伝票番号・金額・時刻・シールで探す" />
    </SearchField>
  );
}

/** What was paid cashless; cash stands beside it. */
function TodayTitle({ total, cash }: { total: Sum; cash: Sum }) {
  return (
    <h2 id="today-title" className="today-title">
      今日の支払い
      <span>{total.count}件</span>
      <span>{formatYen(total.amountYen)}</span>
      {cash.count > 0 && (
        <span>
          ほかに現金 {cash.count}件 {formatYen(cash.amountYen)}
        </span>
      )}
    </h2>
  );
}

/** What has still to be found out or decided. */
function OpenPayments(props: { open: readonly PaymentView[]; now: Date; isTablet: boolean }) {
  const { open, now } = props;
  const unknown = open.filter(({ state }) => state === 'unknown');
  const isLong = unknown.some((payment) => isAlarming(payment, now));
  return (
    <>
      {unknown.length > 0 && (
        <p className="today-open" data-long={isLong}>
          結果の分からない支払いが {unknown.length}件 あります。同じお客様にもう一度支払いをしないでください。
          {isLong && '2分を過ぎました。行を押して、案内とできることを確かめてください。'}
        </p>
      )}
      {open.length > unknown.length && (
        <p className="today-open">
          あとから支払いが分かったものが {open.length - unknown.length}件 あります。
          {props.isTablet ? 'カウンターの画面で' : '行を押して'}、どうするか決めてください。
        </p>
      )}
    </>
  );
}

function pendingWords(pending: number | null): string {
  if (pending === null) return '市の記録に未送信があります';
  return pending === 0 ? '市の記録とつながっていません' : `市の記録に未送信 ${String(pending)}件`;
}

function PaymentRow(props: {
  payment: PaymentView;
  brandNames: ReadonlyMap<string, string>;
  onOpen: (dialog: OpenDialog) => void;
}) {
  const { payment } = props;
  const { word, sign } = stateWordsOf(payment);
  const way = wayOf(payment, props.brandNames);
  return (
    <tr data-kind={sign}>
      <td className="row-time">{formatTimeOrDay(payment.armedAt)}</td>
      <td>
        <Button className="row-button" onPress={() => props.onOpen({ show: 'payment', id: payment.id })}>
          {summaryOf(payment.lines)}
        </Button>
        <span className="row-way-below">{way}</span>
      </td>
      <td className="row-way">{way}</td>
      <td className="row-state">
        <Sign kind={sign} size="small" />
        {word}
      </td>
      <td className="row-amount">{formatYen(signedYen(payment))}</td>
    </tr>
  );
}

/** Recorded without a terminal: counted, and in no cashless sum. */
function CountedRow({ sale, onOpen }: { sale: CountedSale; onOpen: (dialog: OpenDialog) => void }) {
  const sign = sale.withdrawn === null ? 'ok' : 'none';
  const way = TENDER_WORDS[sale.tender];
  return (
    <tr data-kind={sign}>
      <td className="row-time">{formatTime(sale.countedAt)}</td>
      <td>
        <Button className="row-button" onPress={() => onOpen({ show: 'counted', id: sale.id })}>
          {summaryOf(sale.lines)}
        </Button>
        <span className="row-way-below">{way}</span>
      </td>
      <td className="row-way">{way}</td>
      <td className="row-state">
        <Sign kind={sign} size="small" />
        {sale.withdrawn === null ? '記録済' : '取消済'}
      </td>
      <td className="row-amount">{formatYen(sale.amountYen)}</td>
    </tr>
  );
}
