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
    onChange(
      from === ''
        ? without(draft, 'merchant')
        : { ...without(draft, 'account'), merchant: { from, above, numbers } },
    );
  const register = (typed: string[]): void =>
    onChange(merchant === undefined ? draft : { ...draft, merchant: { ...merchant, numbers: typed } });
  const value = merchant?.from ?? '';
  const found =
    merchant?.above === true
      ? (look?.common.find(({ from }) => from === value)?.value ?? '')
      : exampleOf(look, value);
  return (
    <tr>
      <th scope="row">
        市の番号
        <small>{draft.book === 'bank' ? '口座番号' : '加盟店番号など、だれの明細か'}</small>
      </th>
      <td>
        <Place {...{ draft, look }} onPut={put} />
        {merchant === undefined && draft.book === 'bank' && (
          <Account
            account={draft.account ?? ''}
            onChange={(account) =>
              onChange(account === '' ? without(draft, 'account') : { ...draft, account })
            }
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
        <td className="format-care">
          使わないと、ほかの市や店舗のファイルでも、読めれば取り込みます。
          {draft.book === 'bank' &&
            '口座ごとにフォーマットを作り、その口座番号を入れてください。2つの口座に同じ内容の入金があっても、別々に数えます。'}
        </td>
      ) : (
        <td className="format-example">{found}</td>
      )}
    </tr>
  );
}

/** Where it stands: in a column, or above the lines. */
function Place(props: Omit<DraftPart, 'onChange'> & { onPut: (from: string, above: boolean) => void }) {
  const { draft, look, onPut } = props;
  const { from = '', above = false } = draft.merchant ?? {};
  const known = { draft, look, label: '市の番号の列' };
  return draft.layout.kind === 'fixed' ? (
    <ColumnChoice
      {...known}
      value={from}
      mayBeAbove
      onChange={(place) => onPut(place, place.includes(':'))}
    />
  ) : (
    <ColumnOrAbove
      {...known}
      above={above ? from : ''}
      column={above ? '' : from}
      onChange={(place) => ('above' in place ? onPut(place.above, true) : onPut(place.column, false))}
    />
  );
}

/** Of a file that does not name it: whose deposits these are, so that another account's are others. */
function Account({ account, onChange }: { account: string; onChange: (account: string) => void }) {
  return (
    <input
      aria-label="口座番号（ファイルにないとき）"
      placeholder="口座番号（ファイルにないとき）"
      key={account}
      defaultValue={account}
      maxLength={40}
      onBlur={({ target }) => onChange(target.value.trim())}
    />
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
