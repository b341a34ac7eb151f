/** What the values of a column mean: prefilled with those that the file has, and with what they are likely to be. */
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { kindsOf, type LineKind, type Records } from '../../reconcile/statements/format.ts';
import type { FileLook, FormatView } from '../../reconcile/statements/view.ts';
import { ColumnChoice } from './column-choice.tsx';
import { brandsOf, without, type Draft } from './format-draft.ts';
import type { DraftPart } from './format-shape.tsx';
import { kindJa } from './format-words.ts';
import { TableHead } from './table-head.tsx';

const columnOf = (look: FileLook | null, from: string): FileLook['columns'][number] | undefined =>
  look?.columns.find((column) => column.from === from);

/** Longer values are none of a list that means something. */
const LONGEST_VALUE = 40;

/** Each value with a choice of what it means; one that no file has had yet may be added. */
function ValueTable(props: {
  nameJa: string;
  found: readonly string[];
  meant: Readonly<Record<string, string>>;
  choices: readonly (readonly [string, string])[];
  onChange: (meant: Record<string, string>) => void;
}) {
  const { nameJa, found, meant, choices } = props;
  const [typed, setTyped] = useState('');
  const values = [...new Set([...found, ...Object.keys(meant)])].filter(
    (each) => each.length <= LONGEST_VALUE,
  );
  const set = (value: string, choice: string): void => {
    const rest = without(meant, value);
    props.onChange(choice === '' ? rest : { ...rest, [value]: choice });
  };
  const wanted = typed.trim();
  return (
    <>
      <table className="grid format-values">
        <caption className="unseen">{nameJa}の値の意味</caption>
        <TableHead columns={['ファイルの値', '意味']} />
        <tbody>
          {values.map((value) => (
            <ValueRow
              key={value}
              {...{ nameJa, value, choices, isFound: found.includes(value), meaning: meant[value] ?? '' }}
              onChange={(choice) => set(value, choice)}
            />
          ))}
        </tbody>
      </table>
      <div className="format-add">
        <input
          aria-label={`${nameJa}の値を足す`}
          placeholder="ほかに来る値"
          value={typed}
          maxLength={LONGEST_VALUE}
          onChange={({ target }) => setTyped(target.value)}
        />
        <Button
          className="button"
          isDisabled={wanted === '' || values.includes(wanted)}
          onPress={() => {
            set(wanted, choices[0]?.[0] ?? '');
            setTyped('');
          }}
        >
          値を足す
        </Button>
      </div>
    </>
  );
}

function ValueRow(props: {
  nameJa: string;
  value: string;
  isFound: boolean;
  /** Empty: nobody has said it. */
  meaning: string;
  choices: readonly (readonly [string, string])[];
  onChange: (meaning: string) => void;
}) {
  const { nameJa, value, meaning } = props;
  return (
    <tr data-todo={meaning === ''}>
      <th scope="row">
        {value === '' ? '（空）' : value}
        {!props.isFound && <small>このファイルにはない</small>}
      </th>
      <td>
        <select
          aria-label={`${nameJa}「${value}」の意味`}
          value={meaning}
          onChange={({ target }) => props.onChange(target.value)}
        >
          <option value="">選んでください</option>
          {props.choices.map(([code, words]) => (
            <option key={code} value={code}>
              {words}
            </option>
          ))}
        </select>
      </td>
    </tr>
  );
}

const MARKS = [
  ['detail', '明細'],
  ['trailer', '合計の行'],
  ['ignore', '読まない'],
] as const;

/** Which lines are details, which hold totals, which are passed over. */
export function RecordValues({ draft, look, onChange }: DraftPart) {
  const { records } = draft;
  const from = records?.from ?? '';
  const meant = Object.fromEntries(
    MARKS.flatMap(([mark]) => (records?.[mark] ?? []).map((value) => [value, mark])),
  );
  const put = (column: string, given: Readonly<Record<string, string>>): void => {
    const rest = without(draft, 'records');
    const ofMark = (mark: string): string[] => Object.keys(given).filter((value) => given[value] === mark);
    const said: Records = {
      ...{ from: column, detail: ofMark('detail'), trailer: ofMark('trailer'), ignore: ofMark('ignore') },
    };
    onChange(column === '' ? rest : { ...rest, records: said });
  };
  return (
    <section className="format-part" aria-label="行の種類">
      <h3 className="section-title">3　行の種類</h3>
      <div className="format-from">
        <span>明細と合計の行を見分ける列</span>
        <ColumnChoice
          {...{ draft, look, label: '行の種類の列', value: from }}
          none="（すべての行が明細）"
          onChange={(column) => put(column, {})}
        />
      </div>
      {from !== '' && (
        <ValueTable
          nameJa="行の種類"
          found={columnOf(look, from)?.values ?? []}
          {...{ meant, choices: MARKS }}
          onChange={(given) => put(from, given)}
        />
      )}
    </section>
  );
}

export function KindValues({ draft, look, onChange }: DraftPart) {
  const { kind, book } = draft;
  const choices = kindsOf(book).map((each) => [each, kindJa(each)] as const);
  const from = 'from' in kind ? kind.from : '';
  const always = 'always' in kind ? kind.always : choices[0]?.[0];
  return (
    <section className="format-part" aria-label="種別">
      <h3 className="section-title">5　売上か返金か</h3>
      <div className="format-from">
        <span>種別の列</span>
        <ColumnChoice
          {...{ draft, look, label: '種別の列', value: from }}
          none="（どの行も同じ種別）"
          onChange={(column) =>
            onChange({
              ...draft,
              kind:
                column === ''
                  ? { always: book === 'bank' ? 'deposit' : 'sale' }
                  : { from: column, values: 'from' in kind ? kind.values : {} },
            })
          }
        />
      </div>
      {'from' in kind ? (
        <ValueTable
          nameJa="種別"
          found={columnOf(look, from)?.values ?? []}
          {...{ meant: kind.values, choices }}
          onChange={(values) => onChange({ ...draft, kind: { from, values: values as typeof kind.values } })}
        />
      ) : (
        <div className="format-from">
          <span>どの行も</span>
          <select
            aria-label="どの行も同じ種別"
            value={always}
            onChange={({ target }) => onChange({ ...draft, kind: { always: target.value as LineKind } })}
          >
            {choices
              .filter(([code]) => code !== 'ignore')
              .map(([code, words]) => (
                <option key={code} value={code}>
                  {words}
                </option>
              ))}
          </select>
        </div>
      )}
    </section>
  );
}

export function BrandValues(
  props: DraftPart & { brandNames: ReadonlyMap<string, string>; formats: readonly FormatView[] },
) {
  const { draft, look, brandNames, onChange } = props;
  const { brand } = draft;
  if (draft.book === 'bank') return null;
  const from = 'from' in brand ? brand.from : '';
  const take = (column: string): Draft['brand'] => {
    if (column === '') return { always: null };
    return { from: column, values: brandsOf(columnOf(look, column)?.values ?? [], props) };
  };
  return (
    <section className="format-part" aria-label="ブランド">
      <h3 className="section-title">6　ブランド</h3>
      <div className="format-from">
        <span>ブランドの列</span>
        <ColumnChoice
          {...{ draft, look, label: 'ブランドの列', value: from }}
          none="（書かれていない）"
          onChange={(column) => onChange({ ...draft, brand: take(column) })}
        />
      </div>
      {'from' in brand && (
        <ValueTable
          nameJa="ブランド"
          found={(columnOf(look, from)?.values ?? []).filter((value) => value !== '')}
          meant={brand.values}
          choices={[...brandNames]}
          onChange={(values) => onChange({ ...draft, brand: { from, values } })}
        />
      )}
    </section>
  );
}
