/** Statements: bring a file in, what became of it, the files and formats. */
import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { FormatView, StatementFileView } from '../../reconcile/statements/view.ts';
import type { Role } from '../../staff/staff.ts';
import { BooksLead, BooksTables, Tag } from './books-summary.tsx';
import { Fault } from './fault.tsx';
import { useFirstRows } from './first-rows.tsx';
import { FormatEditor } from './format-editor.tsx';
import { readBooks, readStatements } from './service.ts';
import { StatementFile } from './statement-file.tsx';
import { StatementUpload } from './statement-upload.tsx';
import { FILE_WORDS } from './statement-words.ts';
import { TableHead } from './table-head.tsx';
import { useAnswer } from './use-answer.ts';
import { formatDayAndTime, formatYen } from '../shared/format.ts';

const BRINGS: readonly Role[] = ['accounting', 'administrator'];

export function StatementsPage(props: {
  person: { roles: readonly Role[] };
  brandNames: ReadonlyMap<string, string>;
}) {
  const statements = useAnswer('statements', readStatements);
  const books = useAnswer('books', readBooks);
  const [file, setFile] = useState<StatementFileView | null>(null);
  const [editing, setEditing] = useState<FormatView | null>(null);
  const mayBring = props.person.roles.some((role) => BRINGS.includes(role));
  const { files = [], formats = [], acquirers = [] } = statements.value ?? {};
  const acquirerNames = new Map(acquirers.map(({ definition }) => [definition.code, definition.nameJa]));
  const formatNames = new Map(formats.map(({ definition }) => [definition.code, definition.nameJa]));
  const readAgain = (): void => {
    statements.askAgain();
    books.askAgain();
  };
  return (
    <>
      <Fault message={statements.fault ?? books.fault} />
      {books.value !== null && <BooksLead books={books.value} />}
      {mayBring && statements.value !== null && <StatementUpload formats={formats} onDone={readAgain} />}
      {books.value !== null && (
        <BooksTables books={books.value} brandNames={props.brandNames} acquirerNames={acquirerNames} />
      )}
      <section aria-label="取り込んだファイル">
        <h2 className="section-title">ファイル</h2>
        {files.length === 0 ? (
          <p>まだファイルはありません。</p>
        ) : (
          <Files files={files} names={formatNames} onOpen={setFile} />
        )}
      </section>
      <section aria-label="フォーマット">
        <h2 className="section-title">フォーマット</h2>
        <p className="form-note">
          決済会社や銀行のファイルの読み方です。実際のファイルで試しながら、今あるものを変えるか、写して新しく作れます。
        </p>
        <Formats formats={formats} mayChange={mayBring} onEdit={setEditing} />
      </section>
      {file !== null && (
        <StatementFile file={file} brandNames={props.brandNames} onClose={() => setFile(null)} />
      )}
      {editing !== null && (
        <FormatEditor
          format={editing}
          known={formats}
          onDone={() => {
            setEditing(null);
            readAgain();
          }}
          onClose={() => setEditing(null)}
        />
      )}
    </>
  );
}

function Files(props: {
  files: readonly StatementFileView[];
  names: ReadonlyMap<string, string>;
  onOpen: (file: StatementFileView) => void;
}) {
  const { shown, others } = useFirstRows(props.files);
  return (
    <>
      <table className="grid">
        <caption className="unseen">取り込んだファイルの一覧</caption>
        <TableHead
          columns={['受け取り', 'ファイル', { n: '明細（新しいもの）' }, { n: '合計' }, '状態', '内容']}
        />
        <tbody>
          {shown.map((file) => (
            <FileRow key={file.fileId} {...props} file={file} />
          ))}
        </tbody>
      </table>
      {others}
    </>
  );
}

function FileRow(props: {
  file: StatementFileView;
  names: ReadonlyMap<string, string>;
  onOpen: (file: StatementFileView) => void;
}) {
  const { file } = props;
  return (
    <tr data-todo={file.faults.length > 0}>
      <td>
        {formatDayAndTime(file.receivedAt)}
        <br />
        <small>{file.receivedByName}</small>
      </td>
      <td>
        {file.name}
        <br />
        <small>{props.names.get(file.format) ?? file.format}</small>
      </td>
      <td className="n">
        {file.faults.length > 0
          ? '—'
          : `${file.lines.toLocaleString('ja-JP')}件（${file.newLines.toLocaleString('ja-JP')}件）`}
      </td>
      <td className="n">{file.faults.length > 0 ? '—' : formatYen(file.totalYen)}</td>
      <td>
        <Tag {...FILE_WORDS[file.status]} />
      </td>
      <td>
        <Button className="button" aria-label={`見る ${file.name}`} onPress={() => props.onOpen(file)}>
          見る
        </Button>
      </td>
    </tr>
  );
}

const LAYOUT_WORDS = { delimited: 'CSV・TSV', fixed: '固定長', json: 'JSON' } as const;

function Formats(props: {
  formats: readonly FormatView[];
  mayChange: boolean;
  onEdit: (format: FormatView) => void;
}) {
  return (
    <table className="grid">
      <caption className="unseen">フォーマットの一覧</caption>
      <TableHead columns={['名前', '形', '文字コード', '版', '試す・変える']} />
      <tbody>
        {props.formats.map((format) => (
          <tr key={format.definition.code}>
            <td>{format.definition.nameJa}</td>
            <td>{LAYOUT_WORDS[format.definition.layout.kind]}</td>
            <td>{format.definition.encoding === 'cp932' ? 'Shift_JIS (CP932)' : 'UTF-8'}</td>
            <td>
              第{format.version}版（{format.changedByName}）
            </td>
            <td>
              {props.mayChange && (
                <Button
                  className="button"
                  aria-label={`開く ${format.definition.nameJa}`}
                  onPress={() => props.onEdit(format)}
                >
                  開く
                </Button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
