/** 要対応: what does not agree, the oldest first; beside it the chosen case. All of it by keyboard. */
import { useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import type { CaseDetail } from '../../reconcile/desk/view.ts';
import type { Role } from '../../staff/staff.ts';
import { refusalTo } from '../shared/api.ts';
import { SecondPerson } from '../shared/second-person.tsx';
import { REASONS_OF } from '../../reconcile/desk/reasons.ts';
import { CaseList } from './case-list.tsx';
import { CaseNote, type NoteKind } from './case-note.tsx';
import { CasePanel, type CaseCommand } from './case-panel.tsx';
import { CaseResolve } from './case-resolve.tsx';
import { CaseUnpair } from './case-unpair.tsx';
import { resolutionJa } from './case-life.ts';
import { rowJa, sentenceOf, type CaseNames } from './case-words.ts';
import { DeskHead, type Filter } from './desk-filters.tsx';
import { DeskSearch } from './desk-search.tsx';
import { Fault } from './fault.tsx';
import { actOnCase, type CaseAct } from './service.ts';
import { PAGE, useDesk } from './use-desk.ts';
import { useDeskKeys } from './use-desk-keys.ts';

const DESK: readonly Role[] = ['accounting', 'treasurer'];
const NO_ANSWER = 'サービスの答えがありません。記録されたかどうかは、画面を開き直して確かめてください。';

type Opened = NoteKind | 'resolve' | 'next' | 'confirm_here' | 'unpair' | null;

export function DeskPage(props: { person: { number: string; roles: readonly Role[] }; names: CaseNames }) {
  const { person, names } = props;
  const { desk, detail, case_, filter, setFilter, ...list } = useDesk(person);
  const { shown, chosenId, done, choose, move, stay } = list;
  const { people = [], today = '' } = desk.value ?? {};
  const searchField = useRef<HTMLInputElement>(null);
  const mayAct = person.roles.some((role) => DESK.includes(role));
  const { message, opened, act, command, readAgain } = useActing({
    ...{ case_, mayAct, me: person.number },
    onRead() {
      stay();
      detail.askAgain();
      desk.askAgain();
    },
  });
  useDeskKeys({ isOff: opened !== null, searchField, onMove: move, onCommand: command });

  return (
    <section className="desk-page" aria-label="要対応">
      <Fault
        message={
          message ??
          desk.fault ??
          (detail.fault === null ? null : `案件 ${String(chosenId)}：${detail.fault}`)
        }
      />
      {desk.value !== null && (
        <DeskHead
          {...{ desk: desk.value, shown: shown.length, names, filter, me: person.number }}
          onChange={setFilter}
          search={<DeskSearch field={searchField} onSearch={list.searchFor} />}
        />
      )}
      <p className="desk-told" role="status">
        {done !== undefined && `案件 ${String(done.caseId)} は済みになりました：${sentenceOf(done, names)}`}
      </p>
      <More {...list.more} />
      {desk.value !== null && shown.length === 0 && <Nothing of={desk.value.many} filter={filter} />}
      {chosenId !== null && (
        <div className="desk-columns">
          <CaseList cases={shown} chosenId={chosenId} names={names} onChoose={choose} />
          {case_ !== null && (
            <CasePanel
              {...{ names, mayAct, people, detail: case_ }}
              me={person.number}
              onCommand={command}
              onMove={move}
              onAssign={(to) => void act({ act: 'assign', to })}
            />
          )}
        </div>
      )}
      {case_ !== null && opened !== null && (
        <OpenedDialog
          {...{ opened, names, today, detail: case_, onDone: readAgain, me: person.number }}
          // What was refused meanwhile has its reason in what is read now.
          onClose={readAgain}
        />
      )}
    </section>
  );
}

/** What a person does at the chosen case: at once, or in a dialog. */
function useActing(given: { case_: CaseDetail | null; mayAct: boolean; me: string; onRead: () => void }) {
  const { case_, mayAct, me } = given;
  const [opened, setOpened] = useState<Opened>(null);
  const [message, setMessage] = useState<string | null>(null);
  const readAgain = (): void => {
    setOpened(null);
    given.onRead();
  };

  async function act(made: CaseAct): Promise<void> {
    if (case_ === null) return;
    const refused = await refusalTo(() => actOnCase(case_, made), NO_ANSWER);
    // By then another case may be the chosen one.
    setMessage(refused === null ? null : `案件 ${String(case_.caseId)}：${refused}`);
    readAgain();
  }

  function command(asked: CaseCommand): void {
    if (case_ === null || !mayAct) return;
    setMessage(null);
    const meant = meaningOf(asked, case_, me);
    if (typeof meant === 'string') setOpened(meant);
    else if (meant !== null) void act(meant);
  }

  useEffect(() => {
    if (message !== null) window.scrollTo({ top: 0 });
  }, [message]);

  return { message, opened, act, command, readAgain };
}

/** What a command means for a case as it stands: an act at once, a dialog, or nothing. */
function meaningOf(
  given: CaseCommand,
  { state, proposal, next, assignee, facts, isPaired }: CaseDetail,
  me: string,
): CaseAct | Opened {
  if (state === 'resolved') {
    if (given === 'unpair') return isPaired ? given : null;
    return given === 'comment' || given === 'evidence' ? given : null;
  }
  if (given === 'assign') return { act: 'assign', to: assignee?.number === me ? null : me };
  if (given === 'confirm') return { act: 'confirm' };
  if (given === 'withdraw' && proposal === null) return null;
  if (given === 'next' && proposal !== null)
    return proposal.by.number === me ? 'confirm_here' : { act: 'confirm' };
  if (given === 'next' && next.kind === 'ask') return 'ask';
  const isToResolve = given === 'next' || given === 'resolve';
  return isToResolve && REASONS_OF[facts.status].length === 0 ? null : given;
}

function firstOf(
  opened: NonNullable<Opened>,
  { next }: CaseDetail,
): Parameters<typeof CaseResolve>[0]['first'] {
  if (opened !== 'next') return {};
  if (next.kind === 'choose') return { reason: 'paired_by_hand' };
  if (next.kind !== 'resolve') return {};
  return { reason: next.reason, ...(next.candidate === undefined ? {} : { candidate: next.candidate }) };
}

/** A list that goes on says so: nothing is left out silently. */
function More(props: { which: 'open' | 'closed'; read: number; of: number; onMore: () => void }) {
  const { which, read, of } = props;
  if (read >= of) return null;
  return (
    <div className="case-more">
      <p>
        {which === 'open' ? '古いものから' : '新しいものから'} {read.toLocaleString('ja-JP')}
        件を読んでいます（全 {of.toLocaleString('ja-JP')}件）。絞り込みも、読んだ分だけです。
      </p>
      <Button className="button" onPress={props.onMore}>
        次の {Math.min(PAGE[which], of - read).toLocaleString('ja-JP')}件も読む
      </Button>
    </div>
  );
}

function Nothing({ of, filter }: { of: { open: number; closed: number }; filter: Filter }) {
  const which = filter.state === 'closed' ? 'closed' : 'open';
  if (of[which] > 0) return <p>この条件に当てはまる案件はありません。</p>;
  return <p>{which === 'closed' ? '済んだ案件はまだありません。' : '人の確認が必要なものはありません。'}</p>;
}

function OpenedDialog(props: {
  opened: NonNullable<Opened>;
  detail: Parameters<typeof CaseNote>[0]['detail'];
  names: CaseNames;
  me: string;
  today: string;
  onDone: () => void;
  onClose: () => void;
}) {
  const { opened, detail, names } = props;
  if (opened === 'confirm_here') {
    return (
      <SecondPerson
        what={`${sentenceOf(detail, names)}。提案のとおり、済みにします。${detail.proposal === null ? '' : resolutionJa(detail.proposal)}`}
        roles={DESK}
        onConfirm={(second) => actOnCase(detail, { act: 'confirm', second })}
        onDone={props.onDone}
        onClose={props.onClose}
      >
        {detail.partner !== null && <p>{rowJa(detail.partner, names)}</p>}
      </SecondPerson>
    );
  }
  if (opened === 'unpair') return <CaseUnpair {...props} />;
  if (opened !== 'resolve' && opened !== 'next') return <CaseNote {...props} kind={opened} />;
  return <CaseResolve {...props} first={firstOf(opened, detail)} />;
}
