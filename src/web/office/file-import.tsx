/** A table from a spreadsheet: looked at first, every fault with its place; taken whole, by two people, or not at all. */
import { useState } from 'react';
import { Button, Input, Label, TextField } from 'react-aria-components';
import type { TableKind } from '../../fees/catalogue.ts';
import type { CsvFault } from '../../fees/csv.ts';
import type { LookedFile } from '../../fees/revision.ts';
import { Unreachable } from '../shared/api.ts';
import { FileField } from '../shared/file-field.tsx';
import { SecondPerson } from '../shared/second-person.tsx';
import { Differences } from './differences.tsx';
import { CONFIRMERS } from './fee-words.ts';
import { fileOf, importFile, lookAtFile } from './service.ts';

type Looked =
  | { at: 'nothing' }
  | { at: 'refused'; message: string; faults: readonly CsvFault[] }
  | { at: 'ready'; text: string; file: LookedFile }
  | { at: 'done'; count: number };

export function TableFile(props: {
  kind: TableKind;
  /** What the table is called: 料金表, ブランドの表. */
  nameJa: string;
  mayChange: boolean;
  /** A file that may be taken, for a preview of it; null: there is none any more. */
  onLooked?: (file: LookedFile | null) => void;
  onDone: () => void;
}) {
  const { kind, nameJa } = props;
  const [looked, setLooked] = useState<Looked>({ at: 'nothing' });
  const show = (next: Looked): void => {
    setLooked(next);
    props.onLooked?.(next.at === 'ready' ? next.file : null);
  };
  return (
    <section className="table-file" aria-label={`${nameJa}のCSV`}>
      <h3 className="section-title">CSVで書き出す・取り込む</h3>
      <div className="table-file-acts">
        <a className="button" href={fileOf(kind)} download>
          CSVに書き出す
        </a>
        {props.mayChange && (
          <FileField
            label="取り込むファイル（書き出したCSVと同じ列）"
            accept=".csv,text/csv"
            onChoose={(file) => void look(kind, file).then(show)}
          />
        )}
      </div>
      <div role="status">
        {looked.at === 'refused' && <Refused message={looked.message} faults={looked.faults} />}
        {looked.at === 'ready' && looked.file.differences.length === 0 && (
          <p>今の{nameJa}と同じです。変わるところはありません。</p>
        )}
        {looked.at === 'done' && <p>{looked.count}件を新しい版にしました。</p>}
      </div>
      {looked.at === 'ready' && looked.file.differences.length > 0 && (
        <Ready
          {...props}
          looked={looked}
          onTaken={(count) => {
            show({ at: 'done', count });
            props.onDone();
          }}
        />
      )}
    </section>
  );
}

function Ready(props: {
  kind: TableKind;
  nameJa: string;
  looked: { text: string; file: LookedFile };
  onTaken: (count: number) => void;
}) {
  const { kind, nameJa, looked } = props;
  const { differences } = looked.file;
  const [reason, setReason] = useState('');
  const [confirming, setConfirming] = useState(false);
  return (
    <>
      <p>まだ何も変えていません。公開すると、次の {differences.length}件が変わります。</p>
      <Differences differences={differences} />
      <TextField className="reason-field" value={reason} onChange={setReason} isRequired maxLength={200}>
        <Label>理由（条例・規則の名前や番号）</Label>
        <Input />
      </TextField>
      <Button
        className="button primary"
        isDisabled={reason.trim() === ''}
        onPress={() => setConfirming(true)}
      >
        別の人の確認へ
      </Button>
      {confirming && (
        <SecondPerson
          what={`CSVの${nameJa}を取り込みます。変わるのは次の ${differences.length}件です。`}
          roles={CONFIRMERS}
          onConfirm={(second) => importFile(kind, { text: looked.text, reason }, second)}
          onDone={() => {
            setConfirming(false);
            props.onTaken(differences.length);
          }}
          onClose={() => setConfirming(false)}
        >
          <Differences differences={differences} />
        </SecondPerson>
      )}
    </>
  );
}

/** As a spreadsheet saves it: UTF-8, or what 「CSV（コンマ区切り）」 means on a Japanese PC. */
function decoded(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // Not UTF-8. What is neither turns up as faults, or as names that nobody would confirm.
    return new TextDecoder('shift_jis').decode(bytes);
  }
}

/** The service reads the file and says what would change; nothing is changed by it. */
async function look(kind: TableKind, file: File): Promise<Looked> {
  try {
    const text = decoded(await file.arrayBuffer());
    const answer = await lookAtFile(kind, text);
    if (answer.ok) return { at: 'ready', text, file: answer.value };
    const { message, details } = answer.refusal;
    return { at: 'refused', message, faults: (details['faults'] as CsvFault[] | undefined) ?? [] };
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return { at: 'refused', message: 'サービスの答えがありません。何も変えていません。', faults: [] };
  }
}

function Refused({ message, faults }: { message: string; faults: readonly CsvFault[] }) {
  return (
    <>
      <p className="form-error">{message}</p>
      {faults.length > 0 && (
        <table className="grid">
          <caption className="unseen">ファイルの誤り</caption>
          <thead>
            <tr>
              <th scope="col">行</th>
              <th scope="col">列</th>
              <th scope="col">直し方</th>
            </tr>
          </thead>
          <tbody>
            {faults.map(({ line, column, message: words }, index) => (
              <tr key={index}>
                <td>{line}行目</td>
                <td>{column === '' ? '（行全体）' : column}</td>
                <td>{words}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
