/** What terminals without a link want to know, in the sale's column. */
import { Button } from 'react-aria-components';
import type { TerminalStatus } from '../../live.ts';
import { formatYen } from '../shared/format.ts';
import { KeyCap } from '../shared/key-cap.tsx';
import { Sign } from '../shared/sign.tsx';
import type { LiveState } from './live.ts';
import { QuestionPanel } from './question.tsx';
import { terminalHindrance } from './readiness.ts';
import type { FrontQuestion } from './use-front-question.ts';
import type { Register } from './use-register.ts';

/** Above the sale: what waits for an answer, while something else is on the screen. */
export function WaitingQuestions(props: { questions: FrontQuestion; terminals: readonly TerminalStatus[] }) {
  const { waiting, bring } = props.questions;
  if (waiting.length === 0) return null;
  return (
    <ul className="waiting" aria-label="端末の質問">
      {waiting.map(({ id, terminal, prompt }) => (
        <li key={id} data-kind="ask">
          <Sign kind="ask" size="small" />
          <p>
            {props.terminals.length > 1 &&
              `${props.terminals.find((each) => each.id === terminal)?.nameJa ?? ''}：`}
            {prompt.titleJa}
            {prompt.amountYen !== null && ` ${formatYen(prompt.amountYen)}`}
          </p>
          {bring === undefined ? (
            <span className="waiting-later">このあとで答えます</span>
          ) : (
            <Button className="button" onPress={() => bring(id)}>
              答える
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}

/** The question in front, with what can be done instead of answering it. */
export function FrontQuestionPanel({ register, live }: { register: Register; live: LiveState }) {
  const { questions, payment, step } = register;
  if (questions.front === null) return null;
  const isAnotherReady = terminalHindrance(live.terminals) === undefined;
  if (step === 'unknown') {
    return (
      <QuestionPanel question={questions.front} warning="もう一度支払いをしないでください。">
        {isAnotherReady && (
          <Button className="alt" onPress={register.primary}>
            次のお客様を先に会計する
          </Button>
        )}
      </QuestionPanel>
    );
  }
  if (questions.putOff !== undefined) {
    return (
      <QuestionPanel question={questions.front}>
        <Button className="alt" onPress={questions.putOff} aria-keyshortcuts="Escape">
          あとで答える <KeyCap>Esc</KeyCap>
        </Button>
      </QuestionPanel>
    );
  }
  const cancelRequested = payment?.cancelRequested ?? false;
  return (
    <QuestionPanel question={questions.front}>
      <Button
        className="alt"
        isDisabled={cancelRequested}
        onPress={register.escape}
        aria-keyshortcuts="Escape"
      >
        {cancelRequested ? '取り消しを頼みました' : 'この支払いをやめる'}
        {!cancelRequested && <KeyCap>Esc</KeyCap>}
      </Button>
    </QuestionPanel>
  );
}
