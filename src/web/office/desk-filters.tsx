/** The head of the desk: how many there are in each state, and what of them is shown. */
import type { ComponentProps, ReactNode } from 'react';
import { Button } from 'react-aria-components';
import type { CaseStatus } from '../../reconcile/desk/case.ts';
import type { CaseView, DeskView } from '../../reconcile/desk/view.ts';
import { CASE_STATUS_NAMES } from '../../reconcile/desk/words.ts';
import type { CaseNames } from './case-words.ts';
import { ChoiceField } from './page-fields.tsx';

export interface Filter {
  state: 'all' | 'mine' | 'open' | 'proposed' | 'closed';
  status: CaseStatus | '';
  /** At least so many business days. */
  age: number;
  acquirer: string;
  person: string;
}

export const EVERYTHING: Filter = { state: 'all', status: '', age: 0, acquirer: '', person: '' };

export function isWanted({ state, facts, ageDays, assignee }: CaseView, filter: Filter, me: string): boolean {
  if (filter.state === 'mine' && assignee?.number !== me) return false;
  if (filter.state === 'open' && (state !== 'open' || assignee !== null)) return false;
  if (filter.state === 'proposed' && state !== 'proposed') return false;
  return (
    (filter.status === '' || facts.status === filter.status) &&
    ageDays >= filter.age &&
    (filter.acquirer === '' || facts.acquirer === filter.acquirer) &&
    (filter.person === '' || assignee?.number === filter.person)
  );
}

const STATES: readonly { state: Filter['state']; nameJa: string }[] = [
  { state: 'all', nameJa: '要対応' },
  { state: 'open', nameJa: '担当なし' },
  { state: 'mine', nameJa: '自分' },
  { state: 'proposed', nameJa: '確認待ち' },
  { state: 'closed', nameJa: '済み' },
];

interface Given {
  desk: DeskView;
  /** How many cases are shown. */
  shown: number;
  names: CaseNames;
  filter: Filter;
  me: string;
  onChange: (filter: Filter) => void;
  search: ReactNode;
}

export function DeskHead(props: Given) {
  const { desk, filter, onChange } = props;
  const listed = filter.state === 'closed' ? desk.closed : desk.open;
  const statuses = [...new Set(listed.map(({ facts }) => facts.status))];
  const acquirers = [...new Set(listed.flatMap(({ facts }) => facts.acquirer ?? []))];
  return (
    <div className="desk-head">
      <States {...props} />
      <div className="desk-filters">
        {props.search}
        <FilterField
          label="内容"
          value={filter.status}
          choices={statuses.map((status) => [status, CASE_STATUS_NAMES[status]])}
          onChange={(status) => onChange({ ...filter, status: status as Filter['status'] })}
        />
        <FilterField
          label="日数"
          value={filter.age === 0 ? '' : String(filter.age)}
          choices={[
            ['1', '1営業日以上'],
            ['3', '3営業日以上'],
            ['10', '10営業日以上'],
          ]}
          onChange={(age) => onChange({ ...filter, age: Number(age) })}
        />
        <FilterField
          label="決済会社"
          value={filter.acquirer}
          choices={acquirers.map((code) => [code, props.names.acquirers.get(code) ?? code])}
          onChange={(acquirer) => onChange({ ...filter, acquirer })}
        />
        <FilterField
          label="担当"
          value={filter.person}
          choices={desk.people.map(({ number, name }) => [number, name])}
          onChange={(person) => onChange({ ...filter, person })}
        />
      </div>
      <Count {...props} />
    </div>
  );
}

/** How many of how many are shown, where something is left out; and what the search finds in the other list. */
function Count({ desk: { search, found, many }, filter, shown }: Given) {
  const [here, there] =
    filter.state === 'closed' ? (['closed', 'open'] as const) : (['open', 'closed'] as const);
  const digits = (count: number): string => count.toLocaleString('ja-JP');
  const also =
    search !== '' && found[there] > 0
      ? `${LISTS[there]}に${shown === 0 ? '' : 'も'} ${digits(found[there])}件あります。`
      : '';
  return (
    <p className="desk-count" role="status">
      {(search !== '' || shown < many[here]) &&
        `${search === '' ? '' : `「${search}」：`}${LISTS[here]} ${digits(many[here])}件のうち ${digits(shown)}件。${also}`}
    </p>
  );
}
const LISTS = { open: '要対応', closed: '済み' } as const;

function States({ desk: { open, found }, filter, me, onChange }: Given) {
  const count = (state: Filter['state']): number => {
    if (state === 'closed') return found.closed;
    if (state === 'all') return found.open;
    return open.filter((each) => isWanted(each, { ...EVERYTHING, state }, me)).length;
  };
  return (
    <div className="desk-states" role="group" aria-label="状態">
      {STATES.map(({ state, nameJa }) => (
        <Button
          key={state}
          aria-pressed={filter.state === state}
          onPress={() => onChange({ ...EVERYTHING, state })}
        >
          {nameJa} <strong>{count(state).toLocaleString('ja-JP')}</strong>
        </Button>
      ))}
    </div>
  );
}

function FilterField({ choices, ...props }: ComponentProps<typeof ChoiceField>) {
  return <ChoiceField {...props} choices={[['', 'すべて'], ...choices]} />;
}
