/** A text for a case: a comment, evidence, a question that was asked, or why a proposal is taken back. */
import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { CaseFacts, Reference } from '../../reconcile/desk/case.ts';
import type { CaseDetail } from '../../reconcile/desk/view.ts';
import { refusalTo } from '../shared/api.ts';
import { DialogFrame } from '../shared/dialog-frame.tsx';
import { KeyCap } from '../shared/key-cap.tsx';
import { takenBackJa } from './case-life.ts';
import { whomJa } from './case-words.ts';
import { actOnCase, type CaseAct } from './service.ts';
import { submitByKey } from './use-desk-keys.ts';
import { ASKED_OF } from '../../reconcile/desk/reasons.ts';

export type NoteKind = 'comment' | 'evidence' | 'ask' | 'withdraw';

const NO_ANSWER = 'サービスの答えがありません。記録されたかどうかは、画面を開き直して確かめてください。';

const titleOf = (kind: NoteKind, { facts, proposal }: CaseDetail, me: string): string =>
  ({
    comment: 'コメントを書く',
    evidence: '裏付けを残す',
    ask: `${whomJa(ASKED_OF[facts.status])}に問い合わせたことを記録する`,
    withdraw: `提案を${takenBackJa(proposal?.by.number === me)}る`,
  })[kind];

const LABELS: Record<NoteKind, string> = {
  comment: 'コメント',
  evidence: '確かめたこと（だれに、いつ、何を）',
  ask: '問い合わせた相手と内容（なくてもかまいません）',
  withdraw: '理由',
};

export function CaseNote(props: {
  kind: NoteKind;
  detail: CaseDetail;
  me: string;
  onDone: () => void;
  onClose: () => void;
}) {
  const { kind, detail } = props;
  const [text, setText] = useState('');
  const [message, setMessage] = useState<string | null>(null);

  async function send(): Promise<void> {
    const refused =
      kind !== 'ask' && text.trim() === ''
        ? 'なにか書いてください。'
        : await refusalTo(() => actOnCase(detail, actOf(kind, text.trim(), detail)), NO_ANSWER);
    setMessage(refused);
    if (refused === null) props.onDone();
  }

  return (
    <DialogFrame title={titleOf(kind, detail, props.me)} onClose={props.onClose}>
      <form
        className="form case-form"
        onKeyDown={submitByKey}
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <label>
          {LABELS[kind]}
          <textarea
            rows={4}
            maxLength={1000}
            value={text}
            ref={(area) => area?.focus()}
            onChange={({ target }) => setText(target.value)}
          />
        </label>
        {kind === 'evidence' && (
          <p className="form-note">この案件の支払い・明細の行・ファイルへの参照も一緒に残ります。</p>
        )}
        <p className="form-error" role="alert">
          {message}
        </p>
        <div className="dialog-actions">
          <Button className="button" onPress={props.onClose}>
            やめる
          </Button>
          <Button className="button primary" type="submit">
            記録する <KeyCap>Ctrl+Enter</KeyCap>
          </Button>
        </div>
      </form>
    </DialogFrame>
  );
}

function actOf(kind: NoteKind, text: string, { facts, counter }: CaseDetail): CaseAct {
  if (kind === 'ask') return { act: 'ask', whom: ASKED_OF[facts.status], text };
  if (kind === 'evidence') return { act: 'evidence', text, references: referencesOf(facts, counter) };
  return { act: kind, text };
}

function referencesOf({ operationId, lineId, fileId }: CaseFacts, counter: string): Reference[] {
  return [
    ...(operationId === undefined ? [] : [{ kind: 'payment' as const, counter, operationId }]),
    ...(lineId === undefined ? [] : [{ kind: 'line' as const, lineId }]),
    ...(fileId === undefined ? [] : [{ kind: 'file' as const, fileId }]),
  ];
}
