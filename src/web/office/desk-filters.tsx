/** The head of the desk: how many there are in each state, and what of them is shown. */
import type { ComponentProps } from 'react';
import { Button } from 'react-aria-components';
import type { Actor, CaseStatus } from '../../reconcile/desk/case.ts';
import type { CaseView } from '../../reconcile/desk/view.ts';
import { STATUS_NAMES, type CaseNames } from './case-words.ts';
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
  open: readonly CaseView[];
  closed: readonly CaseView[];
  /** Of each, whatever of them has been read. */
  many: { open: number; closed: number };
  people: readonly Actor[];
  names: CaseNames;
  filter: Filter;
  me: string;
  onChange: (filter: Filter) => void;
}

export function DeskFilters(props: Given) {
  const { open, closed, filter, onChange } = props;
  const listed = filter.state === 'closed' ? closed : open;
  const statuses = [...new Set(listed.map(({ facts }) => facts.status))];
  const acquirers = [...new Set(listed.flatMap(({ facts }) => facts.acquirer ?? []))];
  return (
    <div className="desk-head">
      <States {...props} />
      <div className="desk-filters">
        <FilterField
          label="内容"
          value={filter.status}
          choices={statuses.map((status) => [status, STATUS_NAMES[status]])}
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
          choices={props.people.map(({ number, name }) => [number, name])}
          onChange={(person) => onChange({ ...filter, person })}
        />
      </div>
    </div>
  );
}

function States({ open, many, filter, me, onChange }: Given) {
  const count = (state: Filter['state']): number => {
    if (state === 'closed') return many.closed;
    if (state === 'all') return many.open;
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
          {nameJa} <strong>{count(state)}</strong>
        </Button>
      ))}
    </div>
  );
}

function FilterField({ choices, ...props }: ComponentProps<typeof ChoiceField>) {
  return <ChoiceField {...props} choices={[['', 'すべて'], ...choices]} />;
}
