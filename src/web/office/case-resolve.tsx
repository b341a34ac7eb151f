/** A case is closed: one reason of its list, what was found, and the second person where money is touched. */
import { useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { addBusinessDays } from '../../reconcile/books/calendar.ts';
import { REASONS, REASONS_OF, type Candidate, type ReasonCode } from '../../reconcile/desk/reasons.ts';
import type { CaseDetail } from '../../reconcile/desk/view.ts';
import { refusalTo } from '../shared/api.ts';
import { DateEntry } from '../shared/date-entry.tsx';
import { DialogFrame } from '../shared/dialog-frame.tsx';
import { KeyCap } from '../shared/key-cap.tsx';
import { SecondPerson } from '../shared/second-person.tsx';
import { rowJa, sentenceOf, type CaseNames } from './case-words.ts';
import { actOnCase, type CaseAct, type Second } from './service.ts';
import { submitByKey } from './use-desk-keys.ts';

const NO_ANSWER = 'サービスの答えがありません。記録されたかどうかは、画面を開き直して確かめてください。';
const NO_NOTE = '確かめたことを書いてください。';
/** How long a promise is waited for unless somebody says otherwise. */
const PROMISED_BUSINESS_DAYS = 20;

interface Typed {
  reason: ReasonCode | null;
  note: string;
  until: string;
  candidate: Candidate | null;
}

export function CaseResolve(props: {
  detail: CaseDetail;
  names: CaseNames;
  today: string;
  first: { reason?: ReasonCode; candidate?: Candidate };
  onDone: () => void;
  onClose: () => void;
}) {
  const { detail, names, first } = props;
  const reasons = reasonsOf(detail);
  const [typed, setTyped] = useState<Typed>(() => ({
    ...{ reason: first.reason ?? reasons[0] ?? null, note: '', candidate: first.candidate ?? null },
    until: addBusinessDays(props.today, PROMISED_BUSINESS_DAYS),
  }));
  const [message, setMessage] = useState<string | null>(null);
  const [confirming, setConfirming] = useState(false);

  function isReady(): boolean {
    const fault = faultOf(typed);
    setMessage(fault);
    return fault === null;
  }

  async function send(): Promise<void> {
    if (!isReady()) return;
    const refused = await refusalTo(() => actOnCase(detail, actOf(typed)), NO_ANSWER);
    setMessage(refused);
    if (refused === null) props.onDone();
  }

  if (confirming) return <Confirm {...props} typed={typed} onClose={() => setConfirming(false)} />;
  return (
    <DialogFrame title={`案件 ${String(detail.caseId)} を済みにする`} onClose={props.onClose}>
      <p>{sentenceOf(detail, names)}</p>
      <form
        className="form entry case-form"
        onKeyDown={submitByKey}
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Reasons
          {...props}
          {...{ reasons, typed }}
          isNoteMissing={message === NO_NOTE}
          first={first.reason ?? reasons[0]}
          onChange={(change) => setTyped({ ...typed, ...change })}
        />
        <p className="form-error" role="alert">
          {message}
        </p>
        <div className="dialog-actions">
          <Button className="button" onPress={props.onClose}>
            やめる
          </Button>
          <Ends isForTwo={ruleOf(typed)?.fourEyes === true} onSecond={() => setConfirming(isReady())} />
        </div>
      </form>
    </DialogFrame>
  );
}

const ruleOf = ({ reason }: Typed) => (reason === null ? null : REASONS[reason]);

const reasonsOf = ({ facts, candidates }: CaseDetail): ReasonCode[] =>
  REASONS_OF[facts.status].filter((reason) => reason !== 'paired_by_hand' || candidates.length > 0);

function actOf(typed: Typed, second?: Second): CaseAct {
  const { reason, note, until, candidate } = typed;
  return {
    ...{ act: 'propose', reason: reason ?? 'seen', note: note.trim() },
    ...(ruleOf(typed)?.until === true ? { until } : {}),
    ...(reason === 'paired_by_hand' && candidate !== null
      ? { pair: { counter: candidate.counter, operationId: candidate.operationId, lineId: candidate.lineId } }
      : {}),
    ...(second === undefined ? {} : { second }),
  };
}

function faultOf(typed: Typed): string | null {
  const rule = ruleOf(typed);
  if (rule === null) return '理由を選んでください。';
  if (rule.note && typed.note.trim() === '') return NO_NOTE;
  if (typed.reason === 'paired_by_hand' && typed.candidate === null) return '相手の行を選んでください。';
  return rule.until === true && typed.until === '' ? '期限の日を入れてください。' : null;
}

function Confirm(props: {
  detail: CaseDetail;
  names: CaseNames;
  typed: Typed;
  onDone: () => void;
  onClose: () => void;
}) {
  const { detail, names, typed } = props;
  const { reason, candidate, note } = typed;
  return (
    <SecondPerson
      what={`${sentenceOf(detail, names)}。これを「${ruleOf(typed)?.nameJa ?? ''}」として済みにします。${note}`}
      roles={['accounting', 'treasurer']}
      onConfirm={(second) => actOnCase(detail, actOf(typed, second))}
      onDone={props.onDone}
      onClose={props.onClose}
    >
      {reason === 'paired_by_hand' && candidate !== null && <p>{rowJa(candidate, names)}</p>}
    </SecondPerson>
  );
}

/** The way on: alone, or with another person, later or here. */
function Ends({ isForTwo, onSecond }: { isForTwo: boolean; onSecond: () => void }) {
  if (!isForTwo) {
    return (
      <Button className="button primary" type="submit">
        済みにする <KeyCap>Ctrl+Enter</KeyCap>
      </Button>
    );
  }
  return (
    <>
      <Button className="button" type="submit">
        提案して、あとで確認してもらう <KeyCap>Ctrl+Enter</KeyCap>
      </Button>
      <Button className="button primary" onPress={onSecond}>
        別の人がここで確認する
      </Button>
    </>
  );
}

function Reasons(props: {
  reasons: readonly ReasonCode[];
  first: ReasonCode | undefined;
  typed: Typed;
  detail: CaseDetail;
  names: CaseNames;
  today: string;
  isNoteMissing: boolean;
  onChange: (change: Partial<Typed>) => void;
}) {
  const { reasons, first, typed, onChange } = props;
  const rule = ruleOf(typed);
  return (
    <>
      <fieldset className="choices">
        <legend>理由</legend>
        {reasons.map((code) => (
          <label key={code} className="choice">
            <input
              type="radio"
              name="reason"
              checked={typed.reason === code}
              // The focus begins on the usual answer, so that Enter takes it.
              autoFocus={code === first}
              onChange={() => onChange({ reason: code })}
            />
            {REASONS[code].nameJa}
          </label>
        ))}
      </fieldset>
      {typed.reason === 'paired_by_hand' && (
        <Candidates
          candidates={props.detail.candidates}
          chosen={typed.candidate}
          names={props.names}
          onChoose={(candidate) => onChange({ candidate })}
        />
      )}
      {rule?.until === true && (
        <DateEntry
          label="いつまでに直るか"
          value={typed.until}
          today={props.today}
          onChange={(until) => onChange({ until })}
        />
      )}
      <NoteField {...props} isWanted={rule?.note === true} />
    </>
  );
}

function NoteField(props: {
  typed: Typed;
  isWanted: boolean;
  /** It takes the focus. */
  isNoteMissing: boolean;
  onChange: (change: Partial<Typed>) => void;
}) {
  const { isWanted, isNoteMissing, onChange } = props;
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (isNoteMissing) area.current?.focus();
  }, [isNoteMissing]);
  return (
    <label>
      確かめたこと{isWanted ? '' : '（なくてもかまいません）'}
      <textarea
        rows={3}
        maxLength={1000}
        value={props.typed.note}
        ref={area}
        onChange={({ target }) => onChange({ note: target.value })}
      />
    </label>
  );
}

function Candidates(props: {
  candidates: readonly Candidate[];
  chosen: Candidate | null;
  names: CaseNames;
  onChoose: (candidate: Candidate) => void;
}) {
  return (
    <fieldset className="choices">
      <legend>相手の行</legend>
      {props.candidates.map((candidate) => (
        <label key={`${candidate.operationId} ${String(candidate.lineId)}`} className="choice">
          <input
            type="radio"
            name="candidate"
            checked={
              props.chosen?.operationId === candidate.operationId && props.chosen.lineId === candidate.lineId
            }
            onChange={() => props.onChoose(candidate)}
          />
          {rowJa(candidate, props.names)}
        </label>
      ))}
    </fieldset>
  );
}
