/** A report as a file: for a spreadsheet, for another system, for paper. */
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { Unreachable } from '../shared/api.ts';
import { makeFile, type FileFormat, type PeriodKind } from './reports-service.ts';

const FORMATS: readonly (readonly [FileFormat, string])[] = [
  ['pdf', '印刷用（PDF）'],
  ['xlsx', 'Excel（XLSX）'],
  ['csv', 'CSV（UTF-8）'],
  ['csv_cp932', 'CSV（Shift_JIS）'],
];
const NO_ANSWER = 'サービスの答えがありません。ファイルは作られていません。もう一度押してください。';

interface Missing {
  character: string;
  within: string;
}

export function ReportFiles({ kind, on }: { kind: PeriodKind; on: string }) {
  const [making, setMaking] = useState<FileFormat | null>(null);
  const [told, setTold] = useState<{ message: string; missing: Missing[] } | null>(null);

  async function make(format: FileFormat, mayReplace = false): Promise<void> {
    setMaking(format);
    setTold(null);
    try {
      const answer = await makeFile(kind, on, format, mayReplace);
      if (answer.ok) hand(answer.value.bytes, answer.value.name);
      else
        setTold({
          message: answer.refusal.message,
          missing: (answer.refusal.details['missing'] ?? []) as Missing[],
        });
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      setTold({ message: NO_ANSWER, missing: [] });
    } finally {
      setMaking(null);
    }
  }

  return (
    <section aria-label="ファイルにする" className="report-files">
      <div className="report-buttons">
        {FORMATS.map(([format, nameJa]) => (
          <Button
            key={format}
            className="button"
            isDisabled={making !== null}
            onPress={() => void make(format)}
          >
            {making === format ? '作っています' : nameJa}
          </Button>
        ))}
      </div>
      <div role="status">
        {told !== null && <p className="form-error">{told.message}</p>}
        {told !== null && told.missing.length > 0 && (
          <>
            <ul className="notes">
              {told.missing.map(({ character, within }) => (
                <li key={character}>
                  「{character}」（{within}）
                </li>
              ))}
            </ul>
            <Button className="button" onPress={() => void make('csv_cp932', true)}>
              これらを〓に置きかえて作る
            </Button>
          </>
        )}
      </div>
    </section>
  );
}

/** The browser saves it as a download. */
function hand(bytes: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(bytes);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
