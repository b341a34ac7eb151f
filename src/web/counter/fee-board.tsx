/** The windows and their fees. */
import { Fragment } from 'react';
import { Button, Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import type { PricedItem } from '../../fees/pricing.ts';
import { formatYen } from '../shared/format.ts';
import { KeyCap } from '../shared/key-cap.tsx';
import { FEE_KEYS } from './keys.ts';
import { partsOf } from './name-parts.ts';
import { closedBecause } from './readiness.ts';
import { DayList } from '../daycare/day-list.tsx';
import { DayOrFees } from '../daycare/day-or-fees.tsx';
import { DAYCARE, type DayStays } from '../daycare/use-stays.ts';
import type { BasketLine } from './basket.ts';
import type { Sale, SaleAction } from './sale.ts';
import type { Session } from './session.ts';
import type { Reference } from './use-reference.ts';

export function FeeBoard(props: {
  sale: Sale;
  /** A basket that is paid counts no more. */
  basket: readonly BasketLine[];
  reference: Reference;
  /** The daycare window's day; null: it is not this person's. */
  day: DayStays | null;
  now: Date;
  onChange: (action: SaleAction) => void;
}) {
  const { sale, reference } = props;
  const items = reference.fees.get(sale.window) ?? [];
  if (reference.windows.length === 0) {
    return (
      <p className="tell">
        あなたの担当の窓口がありません。管理者に「職員」の画面で窓口を確かめてもらってください。
      </p>
    );
  }
  return (
    <Tabs
      className="windows"
      selectedKey={sale.window}
      onSelectionChange={(key) => {
        if (key !== sale.window) props.onChange({ type: 'window_chosen', window: String(key) });
      }}
    >
      <TabList className="tabs" aria-label="窓口">
        {reference.windows.map(({ code, nameJa }) => (
          <Tab key={code} id={code} className="tab">
            {nameJa}
            <WaitingCount lines={code === sale.window ? [] : (sale.baskets[code] ?? [])} />
          </Tab>
        ))}
      </TabList>
      <TabPanel key={sale.window} id={sale.window} className="window">
        <DayOrFees
          day={sale.window === DAYCARE ? props.day : null}
          isTeacher={reference.session.clerk.roles.includes('daycare')}
          list={(day) => (
            <DayList
              day={day}
              items={items}
              pricing={reference.day}
              basket={props.basket}
              now={props.now}
              onChange={props.onChange}
            />
          )}
        >
          <FeeGrid items={items} {...props} />
        </DayOrFees>
      </TabPanel>
    </Tabs>
  );
}

function FeeGrid(props: {
  items: readonly PricedItem[];
  basket: readonly BasketLine[];
  reference: Reference;
  onChange: (action: SaleAction) => void;
}) {
  const countOf = (fee: string): number =>
    props.basket.reduce((sum, { code, quantity }) => (code === fee ? sum + quantity : sum), 0);
  return (
    <div className="fees">
      {props.items.map((item, index) => (
        <FeeButton
          key={item.code}
          item={item}
          book={props.reference.session.book}
          count={countOf(item.code)}
          keyHint={FEE_KEYS[index]}
          onPress={() => props.onChange({ type: 'fee_added', code: item.code })}
        />
      ))}
    </div>
  );
}

/** A basket that was begun at another window and still waits there. */
function WaitingCount({ lines }: { lines: readonly { quantity: number }[] }) {
  const count = lines.reduce((sum, { quantity }) => sum + quantity, 0);
  return count === 0 ? null : <span className="tab-count">途中 {count}</span>;
}

function FeeButton(props: {
  item: PricedItem;
  book: Session['book'];
  count: number;
  keyHint: string | undefined;
  onPress: () => void;
}) {
  const { item, count, keyHint } = props;
  const closed = closedBecause(item, props.book);
  return (
    <Button
      className="fee"
      data-chosen={count > 0}
      isDisabled={closed !== null}
      onPress={props.onPress}
      {...(keyHint === undefined ? {} : { 'aria-keyshortcuts': keyHint })}
    >
      <span className="fee-head">
        <span className="fee-name">
          <Breakable name={item.nameJa} />
        </span>
        {count > 0 && <span className="fee-count">{count}</span>}
        {count === 0 && keyHint !== undefined && closed === null && <KeyCap>{keyHint}</KeyCap>}
      </span>
      <span className="fee-foot">
        <span>{closed ?? priceWords(item)}</span>
        {closed === null && noteOf(item) !== null && <span className="fee-note">{noteOf(item)}</span>}
      </span>
    </Button>
  );
}

/** `400円／通`; with classes `2,220〜4,450円／年度`. */
function priceWords({ priceYen, highestYen, unit }: PricedItem): string {
  const from = priceYen !== highestYen ? `${(priceYen ?? 0).toLocaleString('ja-JP')}〜` : '';
  return `${from}${formatYen(highestYen ?? 0)}／${unit}`;
}

function noteOf({ cashless, confirmed }: PricedItem): string | null {
  if (!cashless) return '現金のみ';
  return confirmed ? null : '未確認の料金';
}

/** 印鑑登録証明書 is one phrase to the browser, which would leave its last letter alone on a line. What 「・」 joins breaks first. */
function Breakable({ name }: { name: string }) {
  return name.split(/(?<=・)/).map((joined) => (
    <span key={joined}>
      {partsOf(joined).map((part, index) => (
        <Fragment key={index}>
          {index > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </span>
  ));
}
