/** How a file is read, tried on a real one before it is kept: every change shows what becomes of the lines. */
import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import type { FormatPreview, FormatView } from '../../reconcile/statements/view.ts';
import { Unreachable, type Answer } from '../shared/api.ts';
import { DialogFrame } from '../shared/dialog-frame.tsx';
import { FileField } from '../shared/file-field.tsx';
import { formatYen } from '../shared/format.ts';
import { declareFormat, previewFormat } from './service.ts';
import { FaultList, LineTable } from './statement-file.tsx';

/** Between the last key and the look. */
const QUIET_MS = 400;
const NO_ANSWER = 'サービスの答えがありません。フォーマットは変えていません。';
const NO_NAMES: ReadonlyMap<string, string> = new Map();

export function FormatEditor(props: {
  format: FormatView;
  known: readonly FormatView[];
  onDone: () => void;
  onClose: () => void;
}) {
  const [text, setText] = useState(() => textOf(props.format.definition));
  const [file, setFile] = useState<File | null>(null);
  const [message, setMessage] = useState<string | null>(null);
  const definition = parse(text);
  const preview = usePreview(definition, file);
  const code = definition?.['code'];
  const base = props.known.find((each) => each.definition.code === code)?.version ?? 0;

  async function keep(): Promise<void> {
    setMessage(null);
    const answer = await orNoAnswer(() => declareFormat(base, definition));
    if (answer.ok) props.onDone();
    else setMessage(answer.message);
  }

  return (
    <DialogFrame title={`フォーマット：${props.format.definition.nameJa}`} onClose={props.onClose}>
      <FileField label="試すファイル（取り込みはしません）" onChoose={setFile} />
      <div className="format-editor">
        <label>
          <span>読み方（JSON。code を変えると、写して新しいフォーマットになります）</span>
          <textarea
            rows={17}
            spellCheck={false}
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        </label>
        <div role="status">
          {definition === null && (
            <p className="form-error">JSON として読めません。かっことカンマを確かめてください。</p>
          )}
          {definition !== null && file === null && (
            <p className="form-note">ファイルを選ぶと、この読み方で何が読めるかがここに出ます。</p>
          )}
          {definition !== null && file !== null && <Preview looked={preview} />}
          {message !== null && <p className="form-error">{message}</p>}
        </div>
      </div>
      <div className="dialog-actions">
        <Button className="button" onPress={props.onClose}>
          やめる
        </Button>
        <Button className="button primary" isDisabled={definition === null} onPress={() => void keep()}>
          {base === 0 ? '新しいフォーマットとして残す' : `第${String(base + 1)}版として残す`}
        </Button>
      </div>
    </DialogFrame>
  );
}

/** PostgreSQL keeps members in an order of its own; a person reads them from the file's layout to its fields. */
const ORDER = [
  ...([
    'code',
    'nameJa',
    'book',
    'acquirer',
    'encoding',
    'layout',
    'preambleLines',
    'records',
    'common',
  ] as const),
  ...(['fields', 'sign', 'kind', 'brand', 'controls'] as const),
];

const textOf = (definition: FormatView['definition']): string =>
  JSON.stringify(Object.fromEntries(ORDER.map((name) => [name, definition[name]])), null, 2);

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

type Told<T> = { ok: true; value: T } | { ok: false; message: string };

/** A refusal with the fields that are meant. */
async function orNoAnswer<T>(ask: () => Promise<Answer<T>>): Promise<Told<T>> {
  try {
    const answer = await ask();
    if (answer.ok) return answer;
    const { message, code, details } = answer.refusal;
    const fields = (details['fields'] as { field: string; message: string }[] | undefined) ?? [];
    if (code !== 'bad_request' || fields.length === 0) return { ok: false, message };
    const told = fields.map(({ field, message: why }) => `${field}（${why}）`).join('、');
    return { ok: false, message: `この書き方では読めません。次の項目を直してください：${told}` };
  } catch (error) {
    if (error instanceof Unreachable) return { ok: false, message: NO_ANSWER };
    throw error;
  }
}

function usePreview(
  definition: Record<string, unknown> | null,
  file: File | null,
): Told<FormatPreview> | null {
  const [looked, setLooked] = useState<Told<FormatPreview> | null>(null);
  const asked = definition === null ? null : JSON.stringify(definition);
  useEffect(() => {
    if (asked === null || file === null) return undefined;
    let wanted = true;
    const timer = setTimeout(() => {
      void orNoAnswer(() => previewFormat(JSON.parse(asked), file)).then((told) => {
        if (wanted) setLooked(told);
      });
    }, QUIET_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [asked, file]);
  return looked;
}

function Preview({ looked }: { looked: Told<FormatPreview> | null }) {
  if (looked === null) return <p>読み取っています。</p>;
  if (!looked.ok) return <p className="form-error">{looked.message}</p>;
  const { status, count, totalYen, faults, lines, columns, beginning } = looked.value;
  return (
    <div className="format-preview">
      {status === 'readable' ? (
        <p className="sum">
          すべて読めました。明細 {count.toLocaleString('ja-JP')}件 {formatYen(totalYen)}
        </p>
      ) : (
        <p className="form-error">
          {status === 'control_differs' ? '行は読めますが、合計が合いません。' : '読めない行があります。'}
        </p>
      )}
      <FaultList faults={faults.slice(0, 20)} />
      {columns.length > 0 && <p className="form-note">ファイルの列：{columns.join('、')}</p>}
      {lines.length > 0 && <LineTable lines={lines} brandNames={NO_NAMES} />}
      {beginning.length > 0 && (
        <details>
          <summary>ファイルの始まり（そのまま）</summary>
          <ol className="format-beginning">
            {beginning.map(({ line, text }) => (
              <li key={line} value={line}>
                {text}
              </li>
            ))}
          </ol>
        </details>
      )}
    </div>
  );
}
