/** The declaration as text, for whoever carries it from one city to another: a detail of the administrator's. */
import { useState } from 'react';
import { FORMAT } from '../../reconcile/statements/format.ts';
import { FileField } from '../shared/file-field.tsx';
import { asTried, type Draft } from './format-draft.ts';

/** PostgreSQL keeps members in an order of its own; a person reads them from the file's layout to its fields. */
const ORDER = [
  ...(['code', 'nameJa', 'book', 'acquirer', 'encoding', 'layout', 'preambleLines', 'records'] as const),
  ...(['common', 'fields', 'sign', 'kind', 'brand', 'controls'] as const),
];

export function FormatJson({ draft, onChange }: { draft: Draft; onChange: (draft: Draft) => void }) {
  const [message, setMessage] = useState<string | null>(null);
  const text = JSON.stringify(Object.fromEntries(ORDER.map((name) => [name, draft[name]])), null, 2);
  const url = `data:application/json;charset=utf-8,${encodeURIComponent(`${text}\n`)}`;

  async function take(file: File): Promise<void> {
    const read = FORMAT.safeParse(jsonOf(await file.text()));
    if (read.success) onChange(read.data);
    const [issue] = read.error?.issues ?? [];
    const where = issue === undefined || issue.path.length === 0 ? '' : `（${issue.path.join('.')}）`;
    setMessage(
      read.success ? '読み込みました。まだ残していません。' : `フォーマットとして読めません${where}。`,
    );
  }

  return (
    <details className="format-json">
      <summary>管理者向け：JSON で書き出す・読み込む</summary>
      <div className="format-json-acts">
        <a className="button" href={url} download={`${asTried(draft).code}.json`}>
          JSON に書き出す
        </a>
        <FileField
          label="読み込む JSON"
          accept=".json,application/json"
          onChoose={(file) => void take(file)}
        />
      </div>
      <p role="status">{message}</p>
      <pre tabIndex={0} role="region" aria-label="フォーマットの JSON">
        {text}
      </pre>
    </details>
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
