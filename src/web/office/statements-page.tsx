/** Statements: bring a file in, what became of it, the files; and the formats that they are read by. */
import { useState } from 'react';
import type { StatementFileView, StatementsView } from '../../reconcile/statements/view.ts';
import { Button } from 'react-aria-components';
import type { Role } from '../../staff/staff.ts';
import { BooksLead, BooksTables, Tag } from './books-summary.tsx';
import { Fault } from './fault.tsx';
import { useFirstRows } from './first-rows.tsx';
import { Fetched } from './fetched.tsx';
import { FormatPage } from './format-page.tsx';
import { Formats, type Editing } from './formats.tsx';
import { readBooks, readStatements } from './service.ts';
import { StatementFile } from './statement-file.tsx';
import { StatementUpload } from './statement-upload.tsx';
import { FILE_WORDS, isAnybodys } from './statement-words.ts';
import { TableHead } from './table-head.tsx';
import { useAnswer } from './use-answer.ts';
import { formatDayAndTime, formatYen } from '../shared/format.ts';

const BRINGS: readonly Role[] = ['accounting', 'administrator'];
const NONE: StatementsView = { fetched: null, files: [], formats: [], acquirers: [] };

interface Given {
  person: { roles: readonly Role[] };
  brandNames: ReadonlyMap<string, string>;
}

export function StatementsPage(props: Given) {
  const statements = useAnswer('statements', readStatements);
  const [editing, setEditing] = useState<Editing | null>(null);
  // A format that was just declared, with the file that it was tried on: the next step is to bring that in.
  const [ready, setReady] = useState<{ code: string; file: File | null } | null>(null);
  const { formats, acquirers } = statements.value ?? NONE;
  if (editing !== null) {
    return (
      <FormatPage
        {...props}
        {...{ acquirers, known: formats, format: editing.format }}
        onDone={(code, file) => {
          setEditing(null);
          setReady({ code, file });
          statements.askAgain();
        }}
        onClose={() => setEditing(null)}
      />
    );
  }
  return <Overview {...props} {...{ statements, ready }} onEdit={setEditing} />;
}

function Overview(
  props: Given & {
    statements: ReturnType<typeof useAnswer<StatementsView>>;
    ready: { code: string; file: File | null } | null;
    onEdit: (editing: Editing) => void;
  },
) {
  const { statements, ready, brandNames } = props;
  const books = useAnswer('books', readBooks);
  const [file, setFile] = useState<StatementFileView | null>(null);
  const mayBring = props.person.roles.some((role) => BRINGS.includes(role));
  const { fetched, files, formats, acquirers } = statements.value ?? NONE;
  const acquirerNames = new Map(acquirers.map(({ definition }) => [definition.code, definition.nameJa]));
  const formatNames = new Map(formats.map(({ definition }) => [definition.code, definition.nameJa]));
  return (
    <>
      <Fault message={statements.fault ?? books.fault} />
      {books.value !== null && <BooksLead books={books.value} />}
      {mayBring && statements.value !== null && (
        <StatementUpload
          {...{ formats, ready, acquirerNames }}
          onDone={() => {
            statements.askAgain();
            books.askAgain();
          }}
        />
      )}
      {fetched !== null && (
        <Fetched
          {...{ fetched, mayFetch: mayBring }}
          onDone={() => {
            statements.askAgain();
            books.askAgain();
          }}
        />
      )}
      {books.value !== null && <BooksTables books={books.value} {...{ brandNames, acquirerNames }} />}
      <section aria-label="取り込んだファイル">
        <h2 className="section-title">ファイル</h2>
        {files.length === 0 ? (
          <p>まだファイルはありません。</p>
        ) : (
          <Files files={files} names={formatNames} onOpen={setFile} />
        )}
      </section>
      <Formats {...{ formats, brandNames, acquirerNames }} mayChange={mayBring} onEdit={props.onEdit} />
      {file !== null && <StatementFile file={file} brandNames={brandNames} onClose={() => setFile(null)} />}
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
        {isAnybodys(file) && (
          <>
            <br />
            <small>だれのものかは未確認</small>
          </>
        )}
      </td>
      <td>
        <Button className="button" aria-label={`見る ${file.name}`} onPress={() => props.onOpen(file)}>
          見る
        </Button>
      </td>
    </tr>
  );
}
