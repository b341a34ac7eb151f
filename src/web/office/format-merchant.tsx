/** Where a file says whose it is, and which numbers are the city's: a file that names another is never taken. */
import { Button } from 'react-aria-components';
import { ColumnChoice, ColumnOrAbove } from './column-choice.tsx';
import { without } from './format-draft.ts';
import { exampleOf } from './format-example.ts';
import type { DraftPart } from './format-shape.tsx';

const SEPARATOR = '、';

export function MerchantRow({ draft, look, onChange }: DraftPart) {
  const { merchant } = draft;
  const numbers = merchant?.numbers ?? [];
  const put = (from: string, above: boolean): void =>
    onChange(from === '' ? without(draft, 'merchant') : { ...draft, merchant: { from, above, numbers } });
  const register = (typed: string[]): void =>
    onChange(merchant === undefined ? draft : { ...draft, merchant: { ...merchant, numbers: typed } });
  const value = merchant?.from ?? '';
  const found =
    merchant?.above === true
      ? (look?.common.find(({ from }) => from === value)?.value ?? '')
      : exampleOf(look, value);
  const known = { draft, look, label: '市の番号の列' };
  return (
    <tr>
      <th scope="row">
        市の番号
        <small>{draft.book === 'bank' ? '口座番号' : '加盟店番号など、だれの明細か'}</small>
      </th>
      <td>
        {draft.layout.kind === 'fixed' ? (
          <ColumnChoice
            {...known}
            value={value}
            mayBeAbove
            onChange={(from) => put(from, from.includes(':'))}
          />
        ) : (
          <ColumnOrAbove
            {...known}
            above={merchant?.above === true ? value : ''}
            column={merchant?.above === true ? '' : value}
            onChange={(place) => ('above' in place ? put(place.above, true) : put(place.column, false))}
          />
        )}
        {merchant !== undefined && <Numbers numbers={numbers} onChange={register} />}
        {merchant !== undefined && found !== '' && numbers.length === 0 && (
          <Button className="button" onPress={() => register([found])}>
            市の番号として登録する
          </Button>
        )}
      </td>
      {merchant === undefined ? (
        <td className="format-care">使わないと、ほかの市や店舗のファイルでも、読めれば取り込みます。</td>
      ) : (
        <td className="format-example">{found}</td>
      )}
    </tr>
  );
}

function Numbers({ numbers, onChange }: { numbers: readonly string[]; onChange: (typed: string[]) => void }) {
  const written = numbers.join(SEPARATOR);
  return (
    <input
      aria-label="市の番号（読点で区切る）"
      placeholder="市の番号（読点で区切る）"
      key={written}
      defaultValue={written}
      onBlur={({ target }) => {
        const typed = target.value.split(/[、,]/).map((number) => number.trim());
        onChange(typed.filter((number) => number !== ''));
      }}
    />
  );
}
