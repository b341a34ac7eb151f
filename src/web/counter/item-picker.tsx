/** Items of another day, or of a sale that is over: chosen from a list, priced as of their own date. */
import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import type { PricedItem, PricingDay } from '../../fees/pricing.ts';
import { needsEntry } from '../../fees/questions.ts';
import { Unreachable } from '../shared/api.ts';
import { formatYen } from '../shared/format.ts';
import { formatQuantity } from '../shared/payment-words.ts';
import {
  addPlain,
  changeLine,
  detailsOf,
  priceBasket,
  setLine,
  type BasketLine,
  type PricedBasketLine,
} from './basket.ts';
import { LineEntry } from './line-entry.tsx';
import { readFees } from './service.ts';

export interface Picking {
  window: string;
  /** The fees of that day; null: not read yet. */
  fees: { items: readonly PricedItem[]; day: PricingDay } | null;
  lines: readonly BasketLine[];
  priced: readonly PricedBasketLine[];
  totalYen: number;
  /** A change after which a line would have no price is not made. */
  change: (lines: readonly BasketLine[]) => void;
}

/** @param on business date, `YYYY-MM-DD`: what is picked costs what it cost then */
export function usePicking(window: string, on: string, first: readonly BasketLine[]): Picking {
  const fees = useFeesOn(window, on);
  const [picked, setPicked] = useState({ of: window, lines: first });
  // Another window has other items.
  const lines = picked.of === window ? picked.lines : [];
  const price = (some: readonly BasketLine[]) => priceBasket(some, fees?.items ?? [], fees?.day ?? NO_DAY);
  const { lines: priced, totalYen } = price(lines);
  return {
    window,
    fees,
    lines,
    priced,
    totalYen,
    change(next) {
      const without = next.length - price(next).lines.length;
      if (without <= lines.length - priced.length) setPicked({ of: window, lines: next });
    },
  };
}

const NO_DAY: PricingDay = {
  on: '',
  grounds: [],
  settings: { priceBasis: 'issue', registrationNumbers: {} },
};

function useFeesOn(window: string, on: string): Picking['fees'] {
  const [read, setRead] = useState<{ of: string; fees: Picking['fees'] } | null>(null);
  const of = `${window} ${on}`;
  useEffect(() => {
    let isGone = false;
    const ask = async (): Promise<void> => {
      try {
        const { items, grounds, settings } = await readFees(window, on);
        if (!isGone) setRead({ of: `${window} ${on}`, fees: { items, day: { on, grounds, settings } } });
      } catch (error) {
        // The status bar says that the service is out of reach.
        if (!(error instanceof Unreachable)) throw error;
      }
    };
    if (on !== '') void ask();
    return () => {
      isGone = true;
    };
  }, [window, on]);
  return read?.of === of ? read.fees : null;
}

export function ItemPicker({ picking }: { picking: Picking }) {
  const { fees, lines, priced, change } = picking;
  const [chosen, setChosen] = useState('');
  const [entering, setEntering] = useState<PricedItem | null>(null);
  const offered = (fees?.items ?? []).filter(({ priceYen }) => priceYen !== null);
  function add(): void {
    const item = offered.find(({ code }) => code === chosen);
    if (item === undefined) return;
    if (needsEntry(item.inputs)) setEntering(item);
    else change(addPlain(lines, item.code));
  }
  return (
    <div className="picker">
      <ul className="return-lines" aria-label="項目">
        {priced.map((line) => (
          <PickedLine
            key={line.index}
            line={line}
            onChange={(by) => change(changeLine(lines, line.index, by))}
          />
        ))}
      </ul>
      {lines.length === 0 && <p className="form-note">項目を選んで「足す」を押してください。</p>}
      <div className="picker-add">
        <label htmlFor="picker-item">足す項目</label>
        <select id="picker-item" value={chosen} onChange={({ target }) => setChosen(target.value)}>
          <option value="">{fees === null ? '料金を読んでいます' : '選んでください'}</option>
          {offered.map(({ code, nameJa, priceYen, unit }) => (
            <option key={code} value={code}>
              {nameJa}　{formatYen(priceYen ?? 0)}／{unit}
            </option>
          ))}
        </select>
        <Button className="button" isDisabled={chosen === '' || fees === null} onPress={add}>
          足す
        </Button>
      </div>
      {entering !== null && fees !== null && (
        <LineEntry
          window={picking.window}
          item={entering}
          line={undefined}
          day={fees.day}
          onEnter={(line) => {
            setEntering(null);
            change(setLine(lines, null, line));
          }}
          onClose={() => setEntering(null)}
        />
      )}
    </div>
  );
}

function PickedLine({ line, onChange }: { line: PricedBasketLine; onChange: (by: 1 | -1) => void }) {
  const { priced, quantity, amountYen } = line;
  const { nameJa, unit, exemption } = priced;
  const details = [detailsOf(priced), exemption?.groundJa ?? ''].filter((text) => text !== '').join('・');
  return (
    <li>
      <span>
        {nameJa}
        {details !== '' && <small className="line-details">{details}</small>}
      </span>
      <Button className="button" aria-label={`${nameJa}を1減らす`} onPress={() => onChange(-1)}>
        −
      </Button>
      <output>{formatQuantity(quantity, unit)}</output>
      <Button className="button" aria-label={`${nameJa}を1増やす`} onPress={() => onChange(1)}>
        ＋
      </Button>
      <b className="picker-amount">{formatYen(amountYen)}</b>
    </li>
  );
}
