/** ブランド: at which window each is offered and from when, and its ceiling, changed by two people. */
import { useState } from 'react';
import { Input, Label, TextField } from 'react-aria-components';
import { dayBefore } from '../../business-date.ts';
import { isOffered, type Brand, type BrandOffer, type Entry, type FeeWindow } from '../../fees/catalogue.ts';
import { differenceOf, METHOD_NAMES, offerWords } from '../../fees/describe.ts';
import { DayInput } from '../shared/day-input.tsx';
import { textOf } from '../shared/form.ts';
import { formatYen } from '../shared/format.ts';
import { ChangeDialog } from './entry-dialog.tsx';
import { EntryHistory } from './entry-history.tsx';
import { InUse, RowActs } from './entry-rows.tsx';
import { Fault } from './fault.tsx';
import type { Shown } from './fee-words.ts';
import { TableFile } from './file-import.tsx';
import { changeEntry, readEntries, readWindows } from './service.ts';
import { useAnswer } from './use-answer.ts';

export function BrandsPage({ today, mayChange }: { today: string; mayChange: boolean }) {
  const brands = useAnswer('entries brand', () => readEntries('brand'));
  const windows = useAnswer('windows', readWindows);
  const [edited, setEdited] = useState<Entry<'brand'> | null>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  return (
    <>
      <Fault message={brands.fault ?? windows.fault} />
      <p className="form-note">
        使えない窓口では、会計の画面に出ません。送られても、端末に送る前に断ります。ここで使えるようにしても、端末が扱えない種類は出ません。
      </p>
      <BrandTable
        brands={brands.value ?? []}
        windows={windows.value ?? []}
        today={today}
        mayChange={mayChange}
        onChange={setEdited}
        onShow={setShown}
      />
      <TableFile kind="brand" nameJa="ブランドの表" mayChange={mayChange} onDone={brands.askAgain} />
      {edited !== null && (
        <BrandDialog
          entry={edited}
          windows={windows.value ?? []}
          today={today}
          onDone={() => {
            setEdited(null);
            brands.askAgain();
          }}
          onClose={() => setEdited(null)}
        />
      )}
      {shown !== null && <EntryHistory {...shown} onClose={() => setShown(null)} />}
    </>
  );
}

interface TableProps {
  windows: readonly FeeWindow[];
  today: string;
  mayChange: boolean;
  onChange: (entry: Entry<'brand'>) => void;
  onShow: (shown: Shown) => void;
}

function BrandTable({ brands, ...props }: TableProps & { brands: readonly Entry<'brand'>[] }) {
  return (
    <table className="grid">
      <caption className="unseen">ブランドの表</caption>
      <thead>
        <tr>
          <th scope="col">ブランド</th>
          <th scope="col">方法</th>
          <th scope="col" className="n">
            1回の上限
          </th>
          <th scope="col">使える窓口と期間</th>
          <th scope="col">今日</th>
          <th scope="col">操作</th>
        </tr>
      </thead>
      <tbody>
        {brands.map((entry) => (
          <BrandRow key={entry.code} {...props} entry={entry} />
        ))}
      </tbody>
    </table>
  );
}

function BrandRow(props: TableProps & { entry: Entry<'brand'> }) {
  const { entry, windows } = props;
  const { nameJa, method, ceilingYen } = entry.definition;
  const nameOf = (code: string): string => windows.find((window) => window.code === code)?.nameJa ?? code;
  return (
    <tr>
      <th scope="row">{nameJa}</th>
      <td>{METHOD_NAMES[method]}</td>
      <td className="n">{ceilingYen === null ? 'なし' : formatYen(ceilingYen)}</td>
      <td>
        {offerWords(entry.definition, nameOf).map((words) => (
          <div key={words}>{words}</div>
        ))}
      </td>
      <td>
        <InUse isInUse={windows.some(({ code }) => isOffered(entry.definition, code, props.today))} />
      </td>
      <td>
        <RowActs
          nameJa={nameJa}
          onChange={props.mayChange ? () => props.onChange(entry) : undefined}
          onShow={() => props.onShow({ kind: 'brand', code: entry.code, nameJa })}
        />
      </td>
    </tr>
  );
}

/** How a brand is offered at one window, as it is entered. */
type Offered = 'always' | 'period' | 'never';

function BrandDialog(props: {
  entry: Entry<'brand'>;
  windows: readonly FeeWindow[];
  today: string;
  onDone: () => void;
  onClose: () => void;
}) {
  const { entry, windows } = props;
  const brand = entry.definition;
  const [offered, setOffered] = useState<Readonly<Record<string, Offered>>>(() =>
    Object.fromEntries(windows.map(({ code }) => [code, offeredAt(brand, code)])),
  );
  const hasSeveral = windows.some(({ code }) => offersAt(brand, code).length > 1);
  return (
    <ChangeDialog
      title={`${brand.nameJa}の変更`}
      differenceIn={(form) => {
        const definition = definitionIn(form, brand, windows, offered, props.today);
        if (typeof definition === 'string') return definition;
        const difference = differenceOf('brand', brand, { ...brand, ...definition }, props.today);
        return { definition, difference };
      }}
      onConfirm={(definition, reason, second) =>
        changeEntry('brand', { base: entry.version, reason, definition }, second)
      }
      onDone={props.onDone}
      onClose={props.onClose}
    >
      {hasSeveral && (
        <p className="tell">
          <b>1つの窓口に期間が2つ以上あります</b>
          ここで変えると1つになります。分けたままにするときは、CSVで変えてください。
        </p>
      )}
      {windows.map((window) => (
        <OfferField
          key={window.code}
          window={window}
          today={props.today}
          offer={offersAt(brand, window.code)[0]}
          offered={offered[window.code] ?? 'never'}
          onChange={(next) => setOffered((known) => ({ ...known, [window.code]: next }))}
        />
      ))}
      <p className="form-note">
        窓口ごとに決めたときは、あとから加えた窓口では、ここで使えるようにするまで使えません。
      </p>
      <TextField name="ceiling" defaultValue={brand.ceilingYen === null ? '' : String(brand.ceilingYen)}>
        <Label>1回の上限額（円。なければ空）</Label>
        <Input inputMode="numeric" pattern="[1-9][0-9]{0,6}" />
      </TextField>
    </ChangeDialog>
  );
}

function OfferField(props: {
  window: FeeWindow;
  today: string;
  offer: BrandOffer | undefined;
  offered: Offered;
  onChange: (offered: Offered) => void;
}) {
  const { window, offer, offered } = props;
  const id = `offered-${window.code}`;
  return (
    <div className="offer-field" role="group" aria-label={window.nameJa}>
      <div>
        <label htmlFor={id}>{window.nameJa}</label>
        <select id={id} value={offered} onChange={({ target }) => props.onChange(target.value as Offered)}>
          <option value="always">いつでも使う</option>
          <option value="period">期間を決めて使う</option>
          <option value="never">使わない</option>
        </select>
      </div>
      {offered === 'period' && (
        <>
          <DayInput
            name={`from ${window.code}`}
            label="この日から"
            today={props.today}
            value={offer?.from ?? ''}
          />
          <DayInput
            name={`until ${window.code}`}
            label="この日まで"
            today={props.today}
            value={offer?.until ?? ''}
          />
        </>
      )}
    </div>
  );
}

const offersAt = ({ offers }: Brand, window: string): BrandOffer[] =>
  offers.filter((offer) => (offer.window ?? window) === window);

function offeredAt(brand: Brand, window: string): Offered {
  if (brand.offers.length === 0) return 'always';
  const [offer] = offersAt(brand, window);
  if (offer === undefined) return 'never';
  return offer.from === null && offer.until === null ? 'always' : 'period';
}

/** A text: why it can't be that. */
function definitionIn(
  form: FormData,
  { code }: Brand,
  windows: readonly FeeWindow[],
  offered: Readonly<Record<string, Offered>>,
  today: string,
): Pick<Brand, 'code' | 'ceilingYen' | 'offers'> | string {
  const ceiling = textOf(form, 'ceiling').trim();
  const ceilingYen = ceiling === '' ? null : Number(ceiling);
  const offers = windows.flatMap((window): BrandOffer[] => {
    if (offered[window.code] === 'never') return [];
    const [from, until] = ['from', 'until'].map((name) => textOf(form, `${name} ${window.code}`));
    return [{ window: window.code, from: dayIn(from), until: dayIn(until) }];
  });
  const backwards = offers.find(({ from, until }) => (from ?? '') > (until ?? '9999-12-31'));
  if (backwards !== undefined) return '終わりの日が始まりの日より前の窓口があります。日を直してください。';
  // No rule at all means everywhere: nowhere is a period that is over.
  if (offers.length === 0) offers.push({ window: null, from: null, until: dayBefore(today) });
  const isEverywhere = windows.every((window) => offered[window.code] === 'always');
  return { code, ceilingYen, offers: isEverywhere ? [] : offers };
}

const dayIn = (text: string | undefined): string | null => (text === undefined || text === '' ? null : text);
