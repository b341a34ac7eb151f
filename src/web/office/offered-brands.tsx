/** On this day at this window these brands: asked before a period begins, and after it was changed. */
import { useState } from 'react';
import { isOffered, type Brand, type Entry, type FeeWindow } from '../../fees/catalogue.ts';
import { METHOD_NAMES, METHODS } from '../../terminal/offer.ts';
import { formatDate, formatYen } from '../shared/format.ts';
import { ChoiceField, DayField, windowChoices } from './page-fields.tsx';

export function OfferedBrands(props: {
  brands: readonly Entry<'brand'>[];
  windows: readonly FeeWindow[];
  today: string;
}) {
  const { brands, windows } = props;
  const [on, setOn] = useState(props.today);
  const [window, setWindow] = useState(windows[0]?.code ?? '');
  const all = brands.map(({ definition }) => definition);
  const offered = all.filter((brand) => isOffered(brand, window, on));
  const nameJa = windows.find(({ code }) => code === window)?.nameJa;
  if (nameJa === undefined) return null;
  return (
    <section className="offered-brands" aria-labelledby="offered-brands-title">
      <h3 id="offered-brands-title">この日、この窓口で使えるブランド</h3>
      <div className="page-tools">
        <DayField label="日" today={props.today} value={on} onChange={setOn} />
        <ChoiceField
          label="窓口"
          value={window}
          choices={windowChoices(windows, false)}
          onChange={setWindow}
        />
      </div>
      <p role="status">
        {formatDate(on)}、{nameJa}の窓口では {all.length}種類のうち <strong>{offered.length}種類</strong>
        が使えます。
      </p>
      <dl className="brands-by-method">
        {METHODS.map((method) => (
          <div key={method}>
            <dt>{METHOD_NAMES[method]}</dt>
            <dd>{namesOf(offered.filter((brand) => brand.method === method)) || 'なし'}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const namesOf = (brands: readonly Brand[]): string =>
  brands
    .map(({ nameJa, ceilingYen }) =>
      ceilingYen === null ? nameJa : `${nameJa}（${formatYen(ceilingYen)}まで）`,
    )
    .join('、');
