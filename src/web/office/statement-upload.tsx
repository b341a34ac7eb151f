/** A statement is brought in: whole or not at all, with its progress, and what it changed. */
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { LARGEST_FILE_BYTES, type FormatView, type ImportProgress } from '../../reconcile/statements/view.ts';
import { Unreachable } from '../shared/api.ts';
import { FileField } from '../shared/file-field.tsx';
import { formatYen } from '../shared/format.ts';
import { ChoiceField } from './page-fields.tsx';
import { readUpload, uploadStatement, type Uploaded } from './service.ts';
import { FaultList } from './statement-file.tsx';
import { ANYBODYS, isAnybodys, WILL_BE_ANYBODYS } from './statement-words.ts';

const LOOK_EVERY_MS = 700;
const NO_ANSWER =
  'サービスの答えがありません。取り込めたかどうかは下の一覧で確かめてください。もう一度送っても、二重にはなりません。';

const TOO_LARGE =
  'ファイルが大きすぎます（64 MB まで）。何も取り込んでいません。期間を分けて受け取り直し、1つずつ取り込んでください。';

type Bringing =
  | { at: 'nothing' }
  | { at: 'running'; progress: ImportProgress | null }
  | { at: 'done'; uploaded: Uploaded }
  | { at: 'failed'; message: string };

export function StatementUpload(props: {
  formats: readonly FormatView[];
  acquirerNames: ReadonlyMap<string, string>;
  /** A format that was just declared, and the file that it was tried on. */
  ready: { code: string; file: File | null } | null;
  onDone: () => void;
}) {
  const { formats, acquirerNames, ready, onDone } = props;
  const [code, setCode] = useState(ready?.code ?? '');
  const [file, setFile] = useState<File | null>(ready?.file ?? null);
  const chosen = code === '' ? (formats[0]?.definition.code ?? '') : code;
  const { state, bring, forget } = useBringing(onDone);

  return (
    <section className="statement-upload" aria-label="明細の取り込み">
      <h2 className="section-title">明細の取り込み</h2>
      <div className="statement-fields">
        <ChoiceField
          label="フォーマット"
          value={chosen}
          choices={formats.map(({ definition }) => [definition.code, definition.nameJa])}
          onChange={setCode}
        />
        <FileField
          label="ファイル"
          {...(ready?.file == null ? {} : { first: ready.file.name })}
          onChoose={(chosenFile) => {
            setFile(chosenFile);
            forget();
          }}
        />
        <Button
          className="button primary"
          isDisabled={file === null || state.at === 'running'}
          onPress={() => {
            if (file !== null) void bring(chosen, file);
          }}
        >
          {state.at === 'running' ? '取り込んでいます' : '取り込む'}
        </Button>
      </div>
      {state.at === 'nothing' && <BeforeBringing formats={formats} code={chosen} />}
      <div role="status">
        {ready !== null && state.at === 'nothing' && (
          <p>
            フォーマットを残しました。
            {ready.file !== null && '試したファイルは、「取り込む」を押すと取り込みます。'}
          </p>
        )}
        {state.at === 'running' && <Running progress={state.progress} />}
        {state.at === 'failed' && <p className="form-error">{state.message}</p>}
        {state.at === 'done' && <Done {...state.uploaded} {...{ formats, acquirerNames }} />}
      </div>
      <p className="form-note">
        同じファイルを2度送っても変わりません。読めない行が1つでもあるファイルは、1行も取り込みません。
        取り込みフォルダー（サーバーのデータの statements/{chosen}
        /）に置いたファイルも、同じように取り込みます。
      </p>
    </section>
  );
}

/** Whose a file is, is asked of a person where its format does not look. */
function BeforeBringing({ formats, code }: { formats: readonly FormatView[]; code: string }) {
  const format = formats.find(({ definition }) => definition.code === code)?.definition;
  if (format === undefined || format.merchant !== undefined) return null;
  return <p className="form-note">{WILL_BE_ANYBODYS}</p>;
}

function useBringing(onDone: () => void): {
  state: Bringing;
  bring: (code: string, file: File) => Promise<void>;
  forget: () => void;
} {
  const [state, setState] = useState<Bringing>({ at: 'nothing' });

  async function bring(code: string, given: File): Promise<void> {
    if (given.size > LARGEST_FILE_BYTES) {
      setState({ at: 'failed', message: TOO_LARGE });
      return;
    }
    const upload = crypto.randomUUID();
    setState({ at: 'running', progress: null });
    const timer = setInterval(() => {
      void readUpload(upload).then(
        (answer) =>
          answer.ok &&
          setState((now) => (now.at === 'running' ? { at: 'running', progress: answer.value } : now)),
        () => undefined,
      );
    }, LOOK_EVERY_MS);
    try {
      const answer = await uploadStatement(code, upload, given);
      setState(
        answer.ok
          ? { at: 'done', uploaded: answer.value }
          : { at: 'failed', message: answer.refusal.message },
      );
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      setState({ at: 'failed', message: NO_ANSWER });
    } finally {
      clearInterval(timer);
      onDone();
    }
  }

  return { state, bring, forget: () => setState({ at: 'nothing' }) };
}

function Running({ progress }: { progress: ImportProgress | null }) {
  const isCounted = progress !== null && progress.of > 0;
  if (!isCounted || (progress.step !== 'writing' && progress.step !== 'reading'))
    return <p>読み取っています。</p>;
  return (
    <p>
      {progress.step === 'reading' ? '読み取っています。' : '読み取りました。取り込んでいます。'}
      <progress value={progress.done} max={progress.of} aria-label="取り込みの進み" />{' '}
      {progress.of.toLocaleString('ja-JP')}
      件のうち {progress.done.toLocaleString('ja-JP')}件
    </p>
  );
}

function Done({
  kind,
  file,
  isCompared,
  formats,
  acquirerNames,
}: Uploaded & Pick<Parameters<typeof StatementUpload>[0], 'formats' | 'acquirerNames'>) {
  if (kind === 'duplicate') {
    return <p>このファイルは「{file.name}」としてすでに取り込まれています。何も変えていません。</p>;
  }
  if (kind === 'refused') {
    return (
      <>
        <p className="form-error">
          「{file.name}
          」は取り込んでいません。何も変えていません。
          {file.status !== 'foreign' &&
            '下の行を確かめ、送り主に直してもらうか、フォーマットを直してください。'}
        </p>
        <FaultList faults={file.faults} />
      </>
    );
  }
  const acquirer = formats.find(({ definition }) => definition.code === file.format)?.definition.acquirer;
  const isDeclared = acquirer == null || acquirerNames.has(acquirer);
  return (
    <>
      <p>
        「{file.name}」を取り込みました。明細 {file.lines.toLocaleString('ja-JP')}件{' '}
        {formatYen(file.totalYen)}
        、新しいもの {file.newLines.toLocaleString('ja-JP')}件。
        {!isDeclared
          ? `決済会社 ${acquirer} の登録がないため、窓口の記録とは比べていません。「突合」の「決済会社」に登録すると比べます。`
          : isCompared
            ? '突合の結果は下に出ています。'
            : '突合は途中で止まりました。下の結果には、この明細がまだ入っていません。10分以内に自動でやり直します。'}
      </p>
      {isAnybodys(file) && <p className="form-note">{ANYBODYS}</p>}
    </>
  );
}
