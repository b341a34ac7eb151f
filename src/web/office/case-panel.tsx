/** One case: the sentence, the books side by side, the usual step, what else may be done, and its whole life. */
import { Button } from 'react-aria-components';
import type { Actor, Side } from '../../reconcile/desk/case.ts';
import type { CaseDetail } from '../../reconcile/desk/view.ts';
import { KeyCap } from '../shared/key-cap.tsx';
import { formatDayAndTime } from '../shared/format.ts';
import { CaseBooks, type Beside } from './case-books.tsx';
import { CaseTestimony } from './case-testimony.tsx';
import { eventJa, resolutionJa, SETTLED_WORDS, takenBackJa } from './case-life.ts';
import { nextJa, rowJa, sentenceOf, whomJa, type CaseNames } from './case-words.ts';
import { REASONS_OF, type Candidate } from '../../reconcile/desk/reasons.ts';

/** What a press or a key asks for. */
export type CaseCommand =
  | 'next'
  | 'assign'
  | 'comment'
  | 'evidence'
  | 'ask'
  | 'resolve'
  | 'confirm'
  | 'confirm_here'
  | 'withdraw'
  | 'unpair';

export function CasePanel(props: {
  detail: CaseDetail;
  names: CaseNames;
  /** Whether this person works at the desk. */
  mayAct: boolean;
  me: string;
  /** Who works at the desk. */
  people: readonly Actor[];
  onCommand: (command: CaseCommand) => void;
  /** To the next case (1), or the one before (-1). */
  onMove: (step: number) => void;
  /** Null: nobody any more. */
  onAssign: (to: string | null) => void;
}) {
  const { detail, names, onCommand } = props;
  return (
    <article className="case" aria-label={`案件 ${String(detail.caseId)}`}>
      <header>
        <p className="case-number">
          <span>
            案件 {detail.caseId}　{ageJa(detail.ageDays)}
          </span>
          {detail.state !== 'resolved' && props.mayAct ? (
            <Assignee {...props} />
          ) : (
            <span>{detail.assignee?.name ?? '担当なし'}</span>
          )}
          <span className="case-turns">
            <Button className="button" onPress={() => props.onMove(-1)}>
              前<span className="unseen">の案件</span> <KeyCap>k</KeyCap>
            </Button>
            <Button className="button" onPress={() => props.onMove(1)}>
              次<span className="unseen">の案件</span> <KeyCap>j</KeyCap>
            </Button>
          </span>
        </p>
        <h2>{sentenceOf(detail, names)}</h2>
      </header>
      {detail.state === 'resolved' ? (
        <div className="case-ended">
          <p>{endedJa(detail, names)}</p>
          {props.mayAct && <AfterEnd isPaired={detail.isPaired} onCommand={onCommand} />}
        </div>
      ) : (
        props.mayAct && <Acts detail={detail} names={names} me={props.me} onCommand={onCommand} />
      )}
      <CaseTestimony facts={detail.facts} />
      <CaseBooks facts={detail.facts} beside={besideOf(detail)} names={names} />
      {detail.facts.notes !== undefined && (
        <ul className="notes">
          {detail.facts.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <Life events={detail.events} names={names} />
    </article>
  );
}

/** Everything that was ever done or found, the newest first. */
function Life({ events, names }: { events: CaseDetail['events']; names: CaseNames }) {
  return (
    <section aria-label="経過">
      <h3>経過</h3>
      <ol className="case-life">
        {events.toReversed().map((event) => (
          <li key={event.number}>
            <small>
              {formatDayAndTime(event.at)}　{event.by.name}
              {event.confirmedBy !== null && `（確認 ${event.confirmedBy.name}）`}
            </small>
            <p>{eventJa(event, events, names)}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Whose it is: anybody who works at the desk may be asked to see to it. */
function Assignee(props: {
  detail: CaseDetail;
  people: readonly Actor[];
  onAssign: (to: string | null) => void;
}) {
  const { assignee } = props.detail;
  const isGone = assignee !== null && !props.people.some(({ number }) => number === assignee.number);
  return (
    <label className="case-assignee">
      担当
      <select
        value={assignee?.number ?? ''}
        onChange={({ target }) => props.onAssign(target.value === '' ? null : target.value)}
      >
        <option value="">なし</option>
        {isGone && <option value={assignee.number}>{assignee.name}</option>}
        {props.people.map(({ number, name }) => (
          <option key={number} value={number}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What is closed may still be written about; a pair by hand may be taken apart. */
function AfterEnd({ isPaired, onCommand }: { isPaired: boolean; onCommand: (command: CaseCommand) => void }) {
  return (
    <div className="case-buttons">
      <Button className="button" onPress={() => onCommand('comment')}>
        コメント <KeyCap>c</KeyCap>
      </Button>
      <Button className="button" onPress={() => onCommand('evidence')}>
        裏付け <KeyCap>e</KeyCap>
      </Button>
      {isPaired && (
        <Button className="button" onPress={() => onCommand('unpair')}>
          組を解く <KeyCap>u</KeyCap>
        </Button>
      )}
    </div>
  );
}

/** What stands where the other side has nothing: the pair's other row, the only one that may be it, or what is repeated. */
function besideOf({ partner, next, original }: CaseDetail): Beside | null {
  if (partner !== null) return { side: partner, nameJa: '組の相手' };
  const candidate = next.kind === 'resolve' ? next.candidate : undefined;
  if (candidate !== undefined) return { side: sideOf(candidate), nameJa: '候補' };
  return original === null ? null : { side: original, nameJa: 'もとの取引' };
}

const sideOf = ({ yen, onDate, at, brand, terminalId, slip, approval }: Candidate): Side => ({
  ...{ yen, onDate, at, brand, terminalId, slip, approval },
});

export const ageJa = (days: number): string => (days === 0 ? '1営業日未満' : `${String(days)}営業日`);

function endedJa({ settledBy, events }: CaseDetail, names: CaseNames): string {
  const last = events.findLast(({ kind }) => kind === 'resolved');
  if (settledBy !== null) return SETTLED_WORDS[settledBy];
  return last === undefined ? '' : eventJa(last, events, names);
}

function Acts(props: {
  detail: CaseDetail;
  names: CaseNames;
  me: string;
  onCommand: (command: CaseCommand) => void;
}) {
  const { detail, names, me, onCommand } = props;
  const { next, candidates, asked, proposal, assignee } = detail;
  const isMine = assignee?.number === me;
  const isByEvidence = REASONS_OF[detail.facts.status].length === 0;
  return (
    <section className="case-acts" aria-label="次にすること">
      {asked !== null && proposal === null && <p>{whomJa(asked.whom)}に問い合わせ中です。</p>}
      {proposal === null ? (
        <>
          {next.kind === 'resolve' && next.candidate !== undefined && (
            <p>候補：{rowJa(next.candidate, names)}</p>
          )}
          {next.kind === 'choose' && <p>候補が {candidates.length}件あります。</p>}
          {isByEvidence && <p>ここでは閉じません。窓口での確認や登録がすむと、自動で済みになります。</p>}
          {!(isByEvidence && next.kind === 'wait') && (
            <Button className="button primary" onPress={() => onCommand('next')}>
              {nextJa(next)} <KeyCap>Enter</KeyCap>
            </Button>
          )}
        </>
      ) : (
        <Proposed proposal={proposal} isMine={proposal.by.number === me} onCommand={onCommand} />
      )}
      <div className="case-buttons">
        <Button className="button" onPress={() => onCommand('assign')}>
          {isMine ? '担当をはずす' : '自分が担当する'} <KeyCap>a</KeyCap>
        </Button>
        <Button className="button" onPress={() => onCommand('comment')}>
          コメント <KeyCap>c</KeyCap>
        </Button>
        <Button className="button" onPress={() => onCommand('evidence')}>
          裏付け <KeyCap>e</KeyCap>
        </Button>
        {proposal === null && next.kind !== 'ask' && (
          <Button className="button" onPress={() => onCommand('ask')}>
            問い合わせ <KeyCap>q</KeyCap>
          </Button>
        )}
        {proposal === null && !isByEvidence && (
          <Button className="button" onPress={() => onCommand('resolve')}>
            理由を選ぶ <KeyCap>r</KeyCap>
          </Button>
        )}
      </div>
    </section>
  );
}

function Proposed(props: {
  proposal: NonNullable<CaseDetail['proposal']>;
  isMine: boolean;
  onCommand: (command: CaseCommand) => void;
}) {
  const { proposal, isMine, onCommand } = props;
  return (
    <>
      <p>
        <b>{proposal.by.name}さんの提案：</b>
        {resolutionJa(proposal)}
      </p>
      {isMine ? (
        <Button className="button primary" onPress={() => onCommand('confirm_here')}>
          別の人がここで確認する <KeyCap>Enter</KeyCap>
        </Button>
      ) : (
        <Button className="button primary" onPress={() => onCommand('confirm')}>
          内容を確かめた。済みにする <KeyCap>Enter</KeyCap>
        </Button>
      )}
      <Button className="button" onPress={() => onCommand('withdraw')}>
        提案を{takenBackJa(isMine)}る <KeyCap>w</KeyCap>
      </Button>
    </>
  );
}
