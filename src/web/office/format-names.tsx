/** What a format is called, whose statements it reads, and why it is declared. */
import type { AcquirerView, FormatView } from '../../reconcile/statements/view.ts';
import type { Draft } from './format-draft.ts';

export function FormatNames(props: {
  draft: Draft;
  /** It is a version of one that there is: its code stays. */
  isOwn: boolean;
  known: readonly FormatView[];
  acquirers: readonly AcquirerView[];
  reason: string;
  onReason: (reason: string) => void;
  onChange: (draft: Draft) => void;
}) {
  const { draft, isOwn, acquirers, known, onChange } = props;
  const names = new Map(acquirers.map(({ definition }) => [definition.code, definition.nameJa]));
  return (
    <section className="format-part" aria-label="名前と理由">
      <h3 className="section-title">8　名前と理由</h3>
      <div className="acquirer-fields">
        <label>
          名前
          <input
            value={draft.nameJa}
            maxLength={60}
            onChange={({ target }) => onChange({ ...draft, nameJa: target.value })}
          />
        </label>
        {draft.book === 'provider' && <AcquirerChoice {...{ draft, names, known, onChange }} />}
        <label>
          コード（半角の小文字・数字）
          <input
            value={draft.code}
            maxLength={40}
            readOnly={isOwn}
            onChange={({ target }) => onChange({ ...draft, code: target.value.trim() })}
          />
        </label>
        <label>
          理由
          <input
            value={props.reason}
            maxLength={200}
            onChange={({ target }) => props.onReason(target.value)}
          />
        </label>
      </div>
      {isOwn && (
        <button
          type="button"
          className="quiet"
          onClick={() => onChange({ ...draft, code: '', nameJa: `${draft.nameJa}（写し）` })}
        >
          写して、別のフォーマットにする
        </button>
      )}
    </section>
  );
}

function AcquirerChoice(props: {
  draft: Draft;
  names: ReadonlyMap<string, string>;
  known: readonly FormatView[];
  onChange: (draft: Draft) => void;
}) {
  const { draft, names } = props;
  return (
    <label>
      決済会社
      <select
        value={draft.acquirer ?? ''}
        onChange={({ target }) => {
          const acquirer = target.value === '' ? null : target.value;
          const code = draft.code === '' && acquirer !== null ? freeCode(acquirer, props.known) : draft.code;
          props.onChange({ ...draft, acquirer, code });
        }}
      >
        <option value="">選んでください</option>
        {draft.acquirer !== null && !names.has(draft.acquirer) && (
          <option value={draft.acquirer}>{draft.acquirer}（登録なし）</option>
        )}
        {[...names].map(([code, nameJa]) => (
          <option key={code} value={code}>
            {nameJa}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A code that nobody has taken: the acquirer's, with a number. */
function freeCode(acquirer: string, known: readonly FormatView[]): string {
  const taken = new Set(known.map(({ definition }) => definition.code));
  let number = 1;
  while (taken.has(`${acquirer}-${String(number)}`)) number += 1;
  return `${acquirer}-${String(number)}`;
}
