/** A pair by hand is taken apart: why, and the second person. */
import { useState } from 'react';
import type { CaseDetail } from '../../reconcile/desk/view.ts';
import { DialogFrame } from '../shared/dialog-frame.tsx';
import { FormEnd } from '../shared/form-end.tsx';
import { SecondPerson } from '../shared/second-person.tsx';
import { sentenceOf, type CaseNames } from './case-words.ts';
import { actOnCase } from './service.ts';

export function CaseUnpair(props: {
  detail: CaseDetail;
  names: CaseNames;
  onDone: () => void;
  onClose: () => void;
}) {
  const { detail } = props;
  const [text, setText] = useState('');
  const [message, setMessage] = useState<string | null>(null);
  const [confirming, setConfirming] = useState(false);
  const sentence = sentenceOf(detail, props.names);
  if (confirming) {
    return (
      <SecondPerson
        what={`${sentence}。この組を解きます（理由：${text.trim()}）。`}
        roles={['accounting', 'treasurer']}
        onConfirm={(second) => actOnCase(detail, { act: 'unpair', text: text.trim(), second })}
        onDone={props.onDone}
        onClose={() => setConfirming(false)}
      />
    );
  }
  return (
    <DialogFrame title={`案件 ${String(detail.caseId)} の組を解く`} onClose={props.onClose}>
      <p>{sentence}</p>
      <p className="form-note">
        支払いも明細の行も変わりません。それぞれ相手のない行に戻り、案件がまた開きます。
      </p>
      <form
        className="form case-form"
        onSubmit={(event) => {
          event.preventDefault();
          const isSaid = text.trim() !== '';
          setMessage(isSaid ? null : '解く理由を書いてください。');
          setConfirming(isSaid);
        }}
      >
        <label>
          解く理由
          <textarea
            rows={3}
            maxLength={1000}
            value={text}
            ref={(area) => area?.focus()}
            onChange={({ target }) => setText(target.value)}
          />
        </label>
        <FormEnd message={message} busy={false} submit="別の人の確認へ" onClose={props.onClose} />
      </form>
    </DialogFrame>
  );
}
