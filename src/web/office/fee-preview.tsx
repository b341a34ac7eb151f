/** "On this date this basket costs …": priced here with what the counters price with. */
import { useState } from 'react';
import { NOBODY, priceLine, type PricingDay } from '../../fees/pricing.ts';
import type { FeeMaintenance, MaintainedItem } from '../../fees/revision.ts';
import { formatDate, formatYen } from '../shared/format.ts';

export function FeePreview(props: { today: string; fees: FeeMaintenance; items: readonly MaintainedItem[] }) {
  const [on, setOn] = useState(props.today);
  const [code, setCode] = useState('');
  const [quantity, setQuantity] = useState('1');
  const item = props.items.find((each) => each.code === code) ?? props.items[0];
  if (item === undefined) return null;
  const day: PricingDay = { on, grounds: [], settings: props.fees.settings };
  const count = /^[1-9]\d{0,2}$/.test(quantity) ? Number(quantity) : 1;
  // Where something has to be entered, the first choice stands for it: this is about the price.
  const priced = priceLine(item, { code: item.code, quantity: count, inputs: exampleOf(item) }, day, NOBODY);
  return (
    <section className="fee-preview" aria-label="試しの計算">
      <h3 className="section-title">試しの計算</h3>
      <label>
        <span>日付</span>
        <input type="date" value={on} onChange={({ target }) => target.value !== '' && setOn(target.value)} />
      </label>
      <label>
        <span>項目</span>
        <select value={item.code} onChange={({ target }) => setCode(target.value)}>
          {props.items.map((each) => (
            <option key={each.code} value={each.code}>
              {each.nameJa}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>数</span>
        <input inputMode="numeric" value={quantity} onChange={({ target }) => setQuantity(target.value)} />
      </label>
      <p role="status">
        {'fault' in priced
          ? `${formatDate(on)}には、この項目の料金がありません。`
          : `${on.slice(0, 4)}年${formatDate(on)}には ${formatYen(priced.unitPriceYen)} × ${String(priced.quantity)} = ${formatYen(priced.amountYen)} です。`}
      </p>
    </section>
  );
}

const EXAMPLES: Record<string, string> = { from: '17:00', until: '18:30', sticker: 'A-1' };

const exampleOf = ({ inputs }: MaintainedItem): Record<string, string> =>
  Object.fromEntries(
    inputs
      .filter(({ default: usual }) => usual === null)
      .map(({ code, kind, choices, min }): [string, string] => [
        code,
        kind === 'choice'
          ? (choices[0]?.code ?? '')
          : kind === 'count'
            ? String(min)
            : (EXAMPLES[code] ?? ''),
      ]),
  );
