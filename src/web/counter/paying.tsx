/** While money moves: what the resident shall do, and how far it is. */
import { Button } from 'react-aria-components';
import type { Method, Progress } from '../../terminal/terminal.ts';
import { formatYen } from '../shared/format.ts';
import { KeyCap } from '../shared/key-cap.tsx';
import { Sign } from '../shared/sign.tsx';
import { Total } from './ringing.tsx';
import { payingWords } from './words.ts';

export function Paying(props: {
  method: Method;
  way: string;
  amountYen: number;
  progress: Progress | null;
  /** As the clerk calls it. */
  terminal: string;
  cancelRequested: boolean;
  /** The wish to cancel did not reach the service. */
  cancelFailed: boolean;
  /** Sending it to the service has had no answer yet. */
  troubled: boolean;
  onCancel: () => void;
  /** False until the service has it, and while it is out of reach: nobody would hear of the wish. */
  canCancel: boolean;
}) {
  const { progress, cancelRequested } = props;
  const words = payingWords(props, progress?.step ?? null);
  const steps = [
    words.step > 0
      ? `${props.terminal}に ${formatYen(props.amountYen)} を送りました`
      : `${props.terminal}に ${formatYen(props.amountYen)} を送ります`,
    words.step > 1 ? 'お客様の操作が済みました' : words.waitingFor,
    words.step > 1 ? '端末の結果を待っています' : '端末の結果を記録します',
  ];
  return (
    <>
      <div className="state">
        <Sign kind={cancelRequested ? 'stop' : 'run'} size="large" />
        <h2>{props.troubled ? 'サービスの答えを待っています' : words.headline}</h2>
        {props.troubled ? (
          <p className="state-money">
            届いたかどうか確かめています。同じ番号で送り直すので、二重の支払いにはなりません。端末の画面も確かめてください。
          </p>
        ) : (
          <ol className="steps">
            {steps.map((text, index) => (
              <li key={index} data-step={index < words.step ? 'done' : index === words.step ? 'now' : 'next'}>
                {text}
              </li>
            ))}
          </ol>
        )}
        <p className="state-note">{noteOf(progress, cancelRequested, props.cancelFailed)}</p>
      </div>
      <Total label={props.way} amountYen={props.amountYen} />
      <Button
        className="alt"
        isDisabled={!props.canCancel || cancelRequested}
        onPress={props.onCancel}
        aria-keyshortcuts="Escape"
      >
        {cancelRequested ? '取り消しを頼みました' : '取り消しを頼む'}
        {!cancelRequested && <KeyCap>Esc</KeyCap>}
      </Button>
    </>
  );
}

function noteOf(progress: Progress | null, cancelRequested: boolean, cancelFailed: boolean): string {
  if (cancelFailed) return '取り消しを頼めませんでした。支払いは続いています。もう一度押してください。';
  if (cancelRequested) return '端末がすでに承認していた場合は、支払いになります。';
  return progress?.hint == null ? '' : `端末の表示「${progress.hint}」`;
}
