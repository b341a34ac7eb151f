/** A table from a spreadsheet: looked at first, every fault with its line; taken whole, by two people, or not at all. */
import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { CsvFault } from '../../fees/csv.ts';
import { Unreachable } from '../shared/api.ts';
import { SecondPerson } from '../shared/second-person.tsx';
import { CONFIRMERS } from './fee-words.ts';
import { importFees } from './service.ts';

type Looked =
  | { at: 'nothing' }
  | { at: 'refused'; message: string; faults: readonly CsvFault[] }
  | { at: 'ready'; text: string; changed: readonly string[] }
  | { at: 'done'; changed: readonly string[] };

export function FeeImport({ onDone }: { onDone: () => void }) {
  const [looked, setLooked] = useState<Looked>({ at: 'nothing' });
  const [confirming, setConfirming] = useState(false);

  return (
    <section className="fee-import" aria-label="CSVの取り込み">
      <h3 className="section-title">CSVの取り込み</h3>
      <label>
        <span>ファイル（書き出したCSVと同じ列）</span>
        <input
          type="file"
          accept=".csv,text/csv"
          onChange={({ target }) => {
            const file = target.files?.[0];
            if (file !== undefined) void look(file).then(setLooked);
          }}
        />
      </label>
      <div role="status">
        {looked.at === 'refused' && <Refused message={looked.message} faults={looked.faults} />}
        {looked.at === 'ready' && (
          <p>
            {looked.changed.length === 0
              ? '今の料金表と同じです。変わる項目はありません。'
              : `変わる項目 ${looked.changed.length}件：${looked.changed.join('、')}`}
          </p>
        )}
        {looked.at === 'done' && <p>{looked.changed.length}件を新しい版にしました。</p>}
      </div>
      {looked.at === 'ready' && looked.changed.length > 0 && (
        <Button className="button primary" onPress={() => setConfirming(true)}>
          別の人の確認へ
        </Button>
      )}
      {confirming && looked.at === 'ready' && (
        <SecondPerson
          what={`CSVの料金表を取り込みます。変わる項目は ${looked.changed.length}件（${looked.changed.join('、')}）です。`}
          roles={CONFIRMERS}
          onConfirm={async (second) => {
            const answer = await importFees(looked.text, second);
            if (answer.ok) setLooked({ at: 'done', changed: answer.value.changed });
            return answer;
          }}
          onDone={() => {
            setConfirming(false);
            onDone();
          }}
          onClose={() => setConfirming(false)}
        />
      )}
    </section>
  );
}

/** The service reads the file and says what would change; nothing is changed by it. */
async function look(file: File): Promise<Looked> {
  try {
    const text = await file.text();
    const answer = await importFees(text);
    if (answer.ok) return { at: 'ready', text, changed: answer.value.changed };
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
      <ul>
        {faults.map(({ line, column, message: words }, index) => (
          <li key={index}>
            {line}行目{column !== '' && `（${column}）`}　{words}
          </li>
        ))}
      </ul>
    </>
  );
}
