/** The one screen for what a terminal without a link wants to know; all that it asks comes from the driver, as data. */
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import type { Prompt } from '../../terminal/prompt.ts';
import { formatYen } from '../shared/format.ts';
import { KeyCap } from '../shared/key-cap.tsx';
import type { SignKind } from '../shared/payment-words.ts';
import { Sign } from '../shared/sign.tsx';
import { Fields } from './question-fields.tsx';
import { useEntry } from './use-entry.ts';
import type { Question } from './use-question.ts';

type Outcome = Prompt['outcomes'][number];

const SIGNS: Record<Outcome['tone'], SignKind> = { good: 'ok', bad: 'no', doubt: 'ask' };

/** First what to do on the terminal and what came of it, then what the slip says. `children`: what can be done instead. */
export function QuestionPanel(props: { question: Question; warning?: string; children?: ReactNode }) {
  const { draft, open } = props.question;
  const chosen = open.prompt.outcomes.find(({ code }) => code === draft.outcome);
  return chosen === undefined ? (
    <Asking {...props} />
  ) : (
    <Entering key={chosen.code} question={props.question} chosen={chosen} />
  );
}

function Asking(props: { question: Question; warning?: string; children?: ReactNode }) {
  const { open, change } = props.question;
  const { titleJa, amountYen, guideJa, outcomes } = open.prompt;
  return (
    <section className="question" aria-label="端末の質問">
      {/* Scrolls by keyboard too. */}
      <div className="question-told" tabIndex={0} role="group" aria-label="すること">
        <h2>{titleJa}</h2>
        {amountYen !== null && <p className="question-amount">{formatYen(amountYen)}</p>}
        {props.warning !== undefined && <p className="question-warning">{props.warning}</p>}
        <ol className="question-guide">
          {guideJa.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ol>
      </div>
      <div className="question-outcomes" role="group" aria-label="端末はどうなりましたか">
        {outcomes.map(({ code, nameJa, tone }, index) => (
          <Button
            key={code}
            className="outcome"
            data-kind={SIGNS[tone]}
            onPress={() => change({ type: 'outcome_chosen', outcome: code })}
            aria-keyshortcuts={String(index + 1)}
          >
            <Sign kind={SIGNS[tone]} size="small" />
            <span>{nameJa}</span>
            <KeyCap>{String(index + 1)}</KeyCap>
          </Button>
        ))}
      </div>
      {props.children}
    </section>
  );
}

function Entering({ question, chosen }: { question: Question; chosen: Outcome }) {
  const { busy, message } = question;
  const { prompt } = question.open;
  const { form, submit, change, told } = useEntry(question);
  return (
    <form
      className="question"
      ref={form}
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        change({ type: 'back' });
      }}
      aria-label={prompt.titleJa}
      noValidate
    >
      <div className="question-entry">
        <div className="question-chosen" data-kind={SIGNS[chosen.tone]}>
          <Sign kind={SIGNS[chosen.tone]} size="small" />
          <h2>{chosen.nameJa}</h2>
          {prompt.amountYen !== null && <b>{formatYen(prompt.amountYen)}</b>}
          <Button className="quiet" isDisabled={busy} onPress={() => change({ type: 'back' })}>
            選び直す
          </Button>
        </div>
        {chosen.fields.length === 0 ? (
          <p>「{chosen.nameJa}」と記録します。端末の表示と伝票を、もう一度確かめてください。</p>
        ) : (
          <Fields question={question} change={change} told={told} />
        )}
      </div>
      <p className="form-error" role="alert">
        {message}
      </p>
      <Button className="go" type="submit" isDisabled={busy}>
        {busy ? '記録しています' : '記録する'} <KeyCap>Enter</KeyCap>
      </Button>
    </form>
  );
}
