/** A case is closed: one reason of its list, what was found, and the second person where money is touched. */
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { addBusinessDays } from '../../reconcile/books/calendar.ts';
import { REASONS, REASONS_OF, type Candidate, type ReasonCode } from '../../reconcile/desk/reasons.ts';
import type { CaseDetail } from '../../reconcile/desk/view.ts';
import { refusalTo } from '../shared/api.ts';
import { DateEntry } from '../shared/date-entry.tsx';
import { DialogFrame } from '../shared/dialog-frame.tsx';
import { formatDate, formatTime, formatYen } from '../shared/format.ts';
import { SecondPerson } from '../shared/second-person.tsx';
import { sentenceOf, type CaseNames } from './case-words.ts';
import { actOnCase, type CaseAct, type Second } from './service.ts';

const NO_ANSWER = 'サービスの答えがありません。記録されたかどうかは、画面を開き直して確かめてください。';
/** How long a promise is waited for unless somebody says otherwise. */
const PROMISED_BUSINESS_DAYS = 20;

export function CaseResolve(props: {
  detail: CaseDetail;
  names: CaseNames;
  today: string;
  first: { reason?: ReasonCode; candidate?: Candidate };
  onDone: () => void;
  onClose: () => void;
}) {
  const { detail, names, today } = props;
  const { candidates, facts } = detail;
  const reasons = REASONS_OF[facts.status].filter(
    (reason) => reason !== 'paired_by_hand' || candidates.length > 0,
  );
  const [reason, setReason] = useState<ReasonCode | null>(props.first.reason ?? reasons[0] ?? null);
  const [note, setNote] = useState('');
  const [until, setUntil] = useState(() => addBusinessDays(today, PROMISED_BUSINESS_DAYS));
  const [candidate, setCandidate] = useState(props.first.candidate ?? null);
  const [message, setMessage] = useState<string | null>(null);
  const [confirming, setConfirming] = useState(false);
  const rule = reason === null ? null : REASONS[reason];

  const actWith = (second?: Second): CaseAct => ({
    ...{ act: 'propose', reason: reason ?? 'seen', note: note.trim() },
    ...(rule?.until === true ? { until } : {}),
    ...(reason === 'paired_by_hand' && candidate !== null
      ? { pair: { counter: candidate.counter, operationId: candidate.operationId, lineId: candidate.lineId } }
      : {}),
    ...(second === undefined ? {} : { second }),
  });

  function faultOf(): string | null {
    if (rule === null) return '理由を選んでください。';
    if (rule.note && note.trim() === '') return '確かめたことを書いてください。';
    if (reason === 'paired_by_hand' && candidate === null) return '相手の行を選んでください。';
    return rule.until === true && until === '' ? '期限の日を入れてください。' : null;
  }

  async function send(): Promise<void> {
    const fault = faultOf() ?? (await refusalTo(() => actOnCase(detail, actWith()), NO_ANSWER));
    setMessage(fault);
    if (fault === null) props.onDone();
  }

  function askSecond(): void {
    const fault = faultOf();
    setMessage(fault);
    setConfirming(fault === null);
  }

  if (confirming && rule !== null) {
    return (
      <SecondPerson
        what={`${sentenceOf(detail, names)}。これを「${rule.nameJa}」として済みにします。${note}`}
        roles={['accounting', 'treasurer']}
        onConfirm={(second) => actOnCase(detail, actWith(second))}
        onDone={props.onDone}
        onClose={() => setConfirming(false)}
      >
        {reason === 'paired_by_hand' && candidate !== null && <p>{candidateJa(candidate, names)}</p>}
      </SecondPerson>
    );
  }
  return (
    <DialogFrame title={`案件 ${String(detail.caseId)} を済みにする`} onClose={props.onClose}>
      <p>{sentenceOf(detail, names)}</p>
      <form
        className="form entry case-form"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <fieldset className="choices">
          <legend>理由</legend>
          {reasons.map((code) => (
            <label key={code} className="choice">
              <input
                type="radio"
                name="reason"
                checked={reason === code}
                // The focus begins on the usual answer, so that Enter takes it.
                ref={(input) => {
                  if (code === (props.first.reason ?? reasons[0])) input?.focus();
                }}
                onChange={() => setReason(code)}
              />
              {REASONS[code].nameJa}
            </label>
          ))}
        </fieldset>
        {reason === 'paired_by_hand' && (
          <Candidates candidates={candidates} chosen={candidate} names={names} onChoose={setCandidate} />
        )}
        {rule?.until === true && (
          <DateEntry label="いつまでに直るか" value={until} today={today} onChange={setUntil} />
        )}
        <label>
          確かめたこと{rule?.note === true ? '' : '（なくてもかまいません）'}
          <textarea rows={3} maxLength={1000} value={note} onChange={({ target }) => setNote(target.value)} />
        </label>
        <p className="form-error" role="alert">
          {message}
        </p>
        <div className="dialog-actions">
          <Button className="button" onPress={props.onClose}>
            やめる
          </Button>
          {rule?.fourEyes === true && (
            <Button className="button" type="submit">
              提案して、あとで確認してもらう
            </Button>
          )}
          {rule?.fourEyes === true ? (
            <Button className="button primary" onPress={askSecond}>
              別の人がここで確認する
            </Button>
          ) : (
            <Button className="button primary" type="submit">
              済みにする
            </Button>
          )}
        </div>
      </form>
    </DialogFrame>
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
          {candidateJa(candidate, props.names)}
        </label>
      ))}
    </fieldset>
  );
}

export function candidateJa(candidate: Candidate, { brands }: CaseNames): string {
  const { onDate, at, yen, brand, slip, terminalId } = candidate;
  return [
    `${formatDate(onDate)}${at === null ? '' : ` ${formatTime(at)}`}`,
    formatYen(yen),
    brand === null ? '' : (brands.get(brand) ?? brand),
    slip === null ? '' : `伝票 ${slip}`,
    terminalId === null ? '' : `端末 ${terminalId}`,
  ]
    .filter((part) => part !== '')
    .join('　');
}
