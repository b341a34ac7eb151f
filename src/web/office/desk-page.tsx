/** 要対応: what does not agree, the oldest first; beside it the chosen case. All of it by keyboard. */
import { useState } from 'react';
import type { CaseView } from '../../reconcile/desk/view.ts';
import type { Role } from '../../staff/staff.ts';
import { refusalTo } from '../shared/api.ts';
import { SecondPerson } from '../shared/second-person.tsx';
import { CaseList } from './case-list.tsx';
import { CaseNote, type NoteKind } from './case-note.tsx';
import { CasePanel, type CaseCommand } from './case-panel.tsx';
import { CaseResolve } from './case-resolve.tsx';
import { sentenceOf, type CaseNames } from './case-words.ts';
import { DeskFilters, EVERYTHING, isWanted, type Filter } from './desk-filters.tsx';
import { Fault } from './fault.tsx';
import { actOnCase, readCase, readDesk, type CaseAct } from './service.ts';
import { useAnswer } from './use-answer.ts';
import { useDeskKeys } from './use-desk-keys.ts';

const NO_CASE = Promise.resolve({ ok: true as const, value: null });
const DESK: readonly Role[] = ['accounting', 'treasurer'];
const NO_ANSWER = 'サービスの答えがありません。記録されたかどうかは、画面を開き直して確かめてください。';

type Opened = NoteKind | 'resolve' | 'next' | 'confirm_here' | null;

export function DeskPage(props: {
  person: { number: string; roles: readonly Role[] };
  names: CaseNames;
  /** A case that a link points at. */
  wanted: number | null;
}) {
  const { person, names } = props;
  const desk = useAnswer('cases', readDesk);
  const [filter, setFilter] = useState<Filter>(EVERYTHING);
  const [chosenId, setChosenId] = useState<number | null>(props.wanted);
  const [opened, setOpened] = useState<Opened>(null);
  const [message, setMessage] = useState<string | null>(null);
  const { open = [], closed = [], people = [], today = '' } = desk.value ?? {};
  const isClosedShown = filter.state === 'closed';
  const shown = (isClosedShown ? closed : open).filter((each) => isWanted(each, filter, person.number));
  const chosen = shown.find(({ caseId }) => caseId === chosenId) ?? shown[0];
  const detail = useAnswer(`case ${String(chosen?.caseId)} ${String(chosen?.number)}`, () =>
    chosen === undefined ? NO_CASE : readCase(chosen.caseId),
  );
  const case_ = chosen !== undefined && detail.value?.caseId === chosen.caseId ? detail.value : null;
  const mayAct = person.roles.some((role) => DESK.includes(role));
  const readAgain = (): void => {
    setOpened(null);
    detail.askAgain();
    desk.askAgain();
  };

  async function act(made: CaseAct): Promise<void> {
    if (case_ === null) return;
    setMessage(await refusalTo(() => actOnCase(case_, made), NO_ANSWER));
    readAgain();
  }

  function command(given: CaseCommand): void {
    if (case_ === null || !mayAct) return;
    const isProposed = case_.proposal !== null;
    setMessage(null);
    if (given === 'assign') void act({ act: 'assign', to: person.number });
    else if (given === 'unassign') void act({ act: 'assign', to: null });
    else if (given === 'confirm') void act({ act: 'confirm' });
    else if (given !== 'next') setOpened(given);
    else if (isProposed && case_.proposal?.by.number !== person.number) void act({ act: 'confirm' });
    else if (isProposed) setOpened('confirm_here');
    else setOpened(case_.next.kind === 'ask' ? 'ask' : 'next');
  }

  useDeskKeys({
    isOff: opened !== null,
    onMove: (step) => {
      const at = shown.findIndex(({ caseId }) => caseId === chosen?.caseId);
      const next = shown[Math.min(Math.max(at + step, 0), shown.length - 1)];
      if (next !== undefined) setChosenId(next.caseId);
    },
    onCommand: (given) => {
      const isMine = case_?.assignee?.number === person.number;
      if (case_?.state === 'resolved' && given !== 'comment' && given !== 'evidence') return;
      command(given === 'assign' && isMine ? 'unassign' : given);
    },
  });

  return (
    <section className="desk-page" aria-label="要対応">
      <Fault message={message ?? desk.fault ?? detail.fault} />
      <DeskFilters
        {...{ open, closed, people, names, filter }}
        me={person.number}
        onChange={(next) => setFilter(next)}
      />
      {desk.value !== null && shown.length === 0 && <Nothing open={open} isClosed={isClosedShown} />}
      {chosen !== undefined && (
        <div className="desk-columns">
          <CaseList cases={shown} chosenId={chosen.caseId} names={names} onChoose={setChosenId} />
          {case_ !== null && (
            <CasePanel detail={case_} names={names} mayAct={mayAct} me={person.number} onCommand={command} />
          )}
        </div>
      )}
      {case_ !== null && opened !== null && (
        <OpenedDialog
          {...{ opened, names, today }}
          detail={case_}
          onDone={readAgain}
          onClose={() => setOpened(null)}
        />
      )}
    </section>
  );
}

function Nothing({ open, isClosed }: { open: readonly CaseView[]; isClosed: boolean }) {
  if (isClosed) return <p>済んだ案件はまだありません。</p>;
  return (
    <p>
      {open.length === 0 ? '人の確認が必要なものはありません。' : 'この条件に当てはまる案件はありません。'}
    </p>
  );
}

function OpenedDialog(props: {
  opened: NonNullable<Opened>;
  detail: Parameters<typeof CaseNote>[0]['detail'];
  names: CaseNames;
  today: string;
  onDone: () => void;
  onClose: () => void;
}) {
  const { opened, detail, names } = props;
  if (opened === 'confirm_here') {
    return (
      <SecondPerson
        what={`${sentenceOf(detail, names)}。提案のとおり、済みにします。${detail.proposal?.note ?? ''}`}
        roles={DESK}
        onConfirm={(second) => actOnCase(detail, { act: 'confirm', second })}
        onDone={props.onDone}
        onClose={props.onClose}
      />
    );
  }
  if (opened !== 'resolve' && opened !== 'next') return <CaseNote {...props} kind={opened} />;
  const { next } = detail;
  const first =
    opened === 'next' && next.kind === 'resolve'
      ? { reason: next.reason, ...(next.candidate === undefined ? {} : { candidate: next.candidate }) }
      : opened === 'next' && next.kind === 'choose'
        ? { reason: 'paired_by_hand' as const }
        : {};
  return <CaseResolve {...props} first={first} />;
}
