/** The cases, one sentence each; the chosen one is beside. */
import { useEffect, useRef } from 'react';
import type { CaseView } from '../../reconcile/desk/view.ts';
import { formatYen } from '../shared/format.ts';
import { ageJa } from './case-panel.tsx';
import { sentenceOf, type CaseNames } from './case-words.ts';

const STATE_NAMES: Record<CaseView['state'], string> = {
  open: '未着手',
  assigned: '担当',
  proposed: '確認待ち',
  resolved: '済み',
};

export function CaseList(props: {
  cases: readonly CaseView[];
  chosenId: number;
  names: CaseNames;
  onChoose: (caseId: number) => void;
}) {
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [props.chosenId, props.cases]);
  return (
    <ol className="case-list" ref={list}>
      {props.cases.map((each) => (
        <li key={each.caseId}>
          <button
            type="button"
            aria-current={each.caseId === props.chosenId}
            onClick={(event) => {
              props.onChoose(each.caseId);
              // The keys speak to the chosen case now, and no longer to this button.
              event.currentTarget.blur();
            }}
          >
            <span>{sentenceOf(each, props.names)}</span>
            <span className="case-meta">
              <span>{ageJa(each.ageDays)}</span>
              <span>{formatYen(each.facts.atStakeYen)}</span>
              <span data-state={each.state}>{stateJa(each)}</span>
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}

function stateJa({ state, assignee, asked, proposal }: CaseView): string {
  if (state === 'proposed') return `${STATE_NAMES.proposed}（${proposal?.by.name ?? ''}）`;
  if (state === 'resolved') return STATE_NAMES.resolved;
  const who = assignee?.name ?? STATE_NAMES.open;
  return asked === null ? who : `${who}・問い合わせ中`;
}
