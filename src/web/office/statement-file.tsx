/** One file: its lines with what became of each, or its faults. */
import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { FileFault, StatementLine } from '../../reconcile/statements/format.ts';
import type { FileLineView, StatementFileView } from '../../reconcile/statements/view.ts';
import { DialogFrame } from '../shared/dialog-frame.tsx';
import { formatDate, formatYen } from '../shared/format.ts';
import { Tag } from './books-summary.tsx';
import { Fault } from './fault.tsx';
import { readFileLines } from './service.ts';
import { ANYBODYS, isAnybodys, KIND_WORDS, LINE_WORDS } from './statement-words.ts';
import { TableHead } from './table-head.tsx';
import { useAnswer } from './use-answer.ts';

const PAGE = 200;

export function StatementFile(props: {
  file: StatementFileView;
  brandNames: ReadonlyMap<string, string>;
  onClose: () => void;
}) {
  const { file } = props;
  return (
    <DialogFrame title={file.name} onClose={props.onClose}>
      {file.faults.length > 0 ? (
        <>
          <p className="form-error">このファイルは1行も取り込んでいません。</p>
          <FaultList faults={file.faults} />
        </>
      ) : (
        <Lines file={file} brandNames={props.brandNames} />
      )}
      <div className="dialog-actions">
        <Button className="button" onPress={props.onClose}>
          閉じる
        </Button>
      </div>
    </DialogFrame>
  );
}

export function FaultList({ faults }: { faults: readonly FileFault[] }) {
  return (
    <ul className="notes">
      {faults.map(({ line, column, message }, index) => (
        <li key={index}>
          {line === 0 ? 'ファイル全体' : `${String(line)}行目`}
          {column !== '' && `（${column}）`}　{message}
        </li>
      ))}
    </ul>
  );
}

function Lines({ file, brandNames }: { file: StatementFileView; brandNames: ReadonlyMap<string, string> }) {
  const [from, setFrom] = useState(0);
  const lines = useAnswer(`lines ${String(file.fileId)} ${String(from)}`, () =>
    readFileLines(file.fileId, from),
  );
  const hasMore = from + PAGE < file.newLines;
  return (
    <>
      <Fault message={lines.fault} />
      {isAnybodys(file) && <p className="form-note">{ANYBODYS}</p>}
      {file.newLines < file.lines && (
        <p className="form-note">
          明細 {file.lines.toLocaleString('ja-JP')}件のうち、前のファイルになかった{' '}
          {file.newLines.toLocaleString('ja-JP')}
          件です。
        </p>
      )}
      <LineTable lines={lines.value ?? []} brandNames={brandNames} />
      {(from > 0 || hasMore) && (
        <div className="dialog-actions">
          <Button className="button" isDisabled={from === 0} onPress={() => setFrom(from - PAGE)}>
            前の{PAGE}件
          </Button>
          <Button className="button" isDisabled={!hasMore} onPress={() => setFrom(from + PAGE)}>
            次の{PAGE}件
          </Button>
        </div>
      )}
    </>
  );
}

/** Lines as they were read; with what the comparison says, where they have been compared. */
export function LineTable(props: {
  lines: readonly (StatementLine & Partial<Pick<FileLineView, 'status'>>)[];
  brandNames: ReadonlyMap<string, string>;
}) {
  const hasStatus = props.lines.some(({ status }) => status !== undefined);
  return (
    <div className="statement-lines" tabIndex={0} role="region" aria-label="明細の行">
      <table className="grid">
        <TableHead
          columns={[
            { n: '行' },
            '日',
            '種別',
            { n: '金額' },
            { n: '手数料' },
            '種類',
            '番号',
            '精算・依頼人',
            hasStatus && '結果',
          ]}
        />
        <tbody>
          {props.lines.map((line) => (
            <tr key={line.lineNumber}>
              <td className="n">{line.lineNumber}</td>
              <td>{formatDate(line.onDate)}</td>
              <td>{KIND_WORDS[line.kind]}</td>
              <td className="n">{formatYen(line.yen)}</td>
              <td className="n">{line.feeYen === null ? '—' : formatYen(line.feeYen)}</td>
              <td>{line.brand === null ? '—' : (props.brandNames.get(line.brand) ?? line.brand)}</td>
              <td>{line.providerId ?? line.reference ?? line.slip ?? '—'}</td>
              <td>{line.payer?.normalize('NFKC') ?? line.batch ?? '—'}</td>
              {hasStatus && <td>{line.status != null && <Tag {...LINE_WORDS[line.status]} />}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
