/** ブランド: which are offered at a window on a day; at which windows and when each is, its ceiling and rules, changed by two people. */
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { isOffered, type Entry, type FeeWindow } from '../../fees/catalogue.ts';
import { offerWords } from '../../fees/describe.ts';
import { METHOD_NAMES } from '../../terminal/offer.ts';
import { formatYen } from '../shared/format.ts';
import { BrandDialog } from './brand-dialog.tsx';
import { OfferedBrands } from './offered-brands.tsx';
import { EntryHistory } from './entry-history.tsx';
import { InUse, RowActs } from './entry-rows.tsx';
import { Fault } from './fault.tsx';
import { nameOfWindow, type Shown } from './fee-words.ts';
import { TableFile } from './file-import.tsx';
import { readEntries, readWindows } from './service.ts';
import { useAnswer } from './use-answer.ts';

export function BrandsPage({ today, mayChange }: { today: string; mayChange: boolean }) {
  const brands = useAnswer('entries brand', () => readEntries('brand'));
  const windows = useAnswer('windows', readWindows);
  /** Null: nothing is being changed. */
  const [edited, setEdited] = useState<Entry<'brand'> | 'new' | null>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  return (
    <>
      <Fault message={brands.fault ?? windows.fault} />
      <div className="page-head">
        <p className="form-note">
          使えない窓口では、会計の画面に出ません。送られても、端末に送る前に断ります。ここで使えるようにしても、端末が扱えない種類は出ません。
        </p>
        {mayChange && (
          <Button className="button primary" onPress={() => setEdited('new')}>
            ブランドを加える
          </Button>
        )}
      </div>
      {brands.value?.length === 0 && <p>まだありません。1つずつ加えるか、CSVで取り込みます。</p>}
      {brands.value !== null && brands.value.length > 0 && windows.value !== null && (
        <>
          <OfferedBrands brands={brands.value} windows={windows.value} today={today} />
          <BrandTable
            brands={brands.value}
            windows={windows.value}
            today={today}
            mayChange={mayChange}
            onChange={setEdited}
            onShow={setShown}
          />
        </>
      )}
      <TableFile kind="brand" nameJa="ブランドの表" mayChange={mayChange} onDone={brands.askAgain} />
      {edited !== null && (
        <BrandDialog
          entry={edited === 'new' ? undefined : edited}
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
  return (
    <tr>
      <th scope="row">{nameJa}</th>
      <td>{METHOD_NAMES[method]}</td>
      <td className="n">{ceilingYen === null ? 'なし' : formatYen(ceilingYen)}</td>
      <td>
        {offerWords(entry.definition, nameOfWindow(windows)).map((words) => (
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
