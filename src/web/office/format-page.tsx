/** How a file is read, declared on the file itself: what it looks like, which column is what, and what comes of it. */
import { useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import type { AcquirerView, FileLook, FormatView } from '../../reconcile/statements/view.ts';
import type { Role } from '../../staff/staff.ts';
import type { Answer } from '../shared/api.ts';
import { FileField } from '../shared/file-field.tsx';
import { FormatControls } from './format-controls.tsx';
import { asTried, draftOf, EMPTY, faultOf, lookOf, mayBeTried, type Draft } from './format-draft.ts';
import { FormatFields } from './format-fields.tsx';
import { FormatJson } from './format-json.tsx';
import { FormatNames } from './format-names.tsx';
import { FormatPreviewed } from './format-preview.tsx';
import { FormatShape, RawRows, type DraftPart } from './format-shape.tsx';
import { BrandValues, KindValues, RecordValues } from './format-values.tsx';
import { columnJa, formatChanges } from './format-words.ts';
import { Changes } from './differences.tsx';
import { SecondPerson } from '../shared/second-person.tsx';
import { declareFormat, lookAtStatement, previewFormat } from './service.ts';
import { toldOf, useTold, type Told } from './use-told.ts';

interface Given {
  /** Null: a new one. */
  format: FormatView | null;
  known: readonly FormatView[];
  acquirers: readonly AcquirerView[];
  brandNames: ReadonlyMap<string, string>;
  person: { roles: readonly Role[] };
  /** It is kept; the file that it was tried on, if there was one. */
  onDone: (code: string, file: File | null) => void;
  onClose: () => void;
}

export function FormatPage(props: Given) {
  const { format, known, brandNames } = props;
  const [draft, setDraft] = useState<Draft>(format?.definition ?? EMPTY);
  const [file, setFile] = useState<File | null>(null);
  // Somebody has said something of the columns: a file that is chosen now says nothing against it.
  const [fault, setFault] = useState<string | null>(null);
  const [isGuessed, setIsGuessed] = useState(format !== null);
  const look = useLook(draft, file, { isNew: !isGuessed });
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);

  async function choose(given: File): Promise<void> {
    setFile(given);
    if (isGuessed) return;
    const told = await toldOf(() => lookAtStatement(lookOf(draft, true), given));
    setFault(told.ok ? null : told.message);
    if (!told.ok) return;
    setDraft((before) => draftOf(before, told.value, { formats: known, brandNames }));
    setIsGuessed(true);
  }

  const looked = look?.ok === true ? look.value : null;
  const part = { draft, look: looked, onChange: setDraft };
  return (
    <section className="format-page" aria-label="フォーマット">
      <div className="page-head">
        <h2 className="lead" tabIndex={-1} ref={heading}>
          {format === null ? '新しいフォーマット' : format.definition.nameJa}
        </h2>
        <Button className="button" onPress={props.onClose}>
          一覧に戻る
        </Button>
      </div>
      <section aria-label="ファイル">
        <FileField
          label="1　実際のファイル（ここではまだ取り込みません）"
          onChoose={(given) => void choose(given)}
        />
        <p className="form-error" role="alert">
          {look?.ok === false ? look.message : fault}
        </p>
      </section>
      {file !== null && looked !== null && (
        <>
          <FormatShape {...part} />
          <RawRows look={looked} draft={draft} />
        </>
      )}
      {(file !== null || format !== null) && <Said {...props} {...{ part, file }} />}
      {props.person.roles.includes('administrator') && <FormatJson draft={draft} onChange={setDraft} />}
    </section>
  );
}

/** What is said of the file, and beside it what comes of that. */
function Said(props: Given & { part: DraftPart; file: File | null }) {
  const { part, file, brandNames, known } = props;
  const { draft, look } = part;
  const preview = usePreview(draft, file);
  return (
    <div className="format-columns">
      <div className="format-said">
        <RecordValues {...part} />
        <FormatFields {...part} />
        <KindValues {...part} />
        <BrandValues {...part} brandNames={brandNames} formats={known} />
        <FormatControls {...part} found={preview?.ok === true ? preview.value.controls : []} />
        <Keep {...props} {...{ draft, file }} onChange={part.onChange} />
      </div>
      <FormatPreviewed
        {...{ preview, brandNames, hasFile: file !== null, isReady: mayBeTried(draft) }}
        nameOf={(column) => columnJa(draft, look, column)}
      />
    </div>
  );
}

/** The file by its shape as it is said to be; asked again when the shape, a place or the marks of lines change. */
function useLook(draft: Draft, file: File | null, { isNew }: { isNew: boolean }): Told<FileLook> | null {
  const asked = JSON.stringify(lookOf(draft, isNew));
  return useTold(file === null || isNew ? null : `${keyOf(file)} ${asked}`, () => lookAt(asked, file));
}

const lookAt = (asked: string, file: File | null): Promise<Answer<FileLook>> =>
  lookAtStatement(JSON.parse(asked) as Parameters<typeof lookAtStatement>[0], file ?? NO_FILE);

function usePreview(draft: Draft, file: File | null): ReturnType<typeof useTold<PreviewOf>> {
  const asked = mayBeTried(draft) ? JSON.stringify(asTried(draft)) : null;
  return useTold(file === null || asked === null ? null : `${keyOf(file)} ${asked}`, () =>
    previewFormat(asTried(draft), file ?? NO_FILE),
  );
}

type PreviewOf = Extract<Awaited<ReturnType<typeof previewFormat>>, { ok: true }>['value'];

const NO_FILE = new File([], '');
const keyOf = ({ name, size, lastModified }: File): string =>
  `${name} ${String(size)} ${String(lastModified)}`;

/** Names, the reason, and the second person. */
function Keep(props: Given & { draft: Draft; file: File | null; onChange: (draft: Draft) => void }) {
  const { format, known, draft, brandNames } = props;
  const [reason, setReason] = useState('');
  const [message, setMessage] = useState<string | null>(null);
  const [confirming, setConfirming] = useState(false);
  const isOwn = format !== null && format.definition.code === draft.code;
  const base = isOwn ? format.version : 0;
  const isTaken = !isOwn && known.some(({ definition }) => definition.code === draft.code);
  const changes = formatChanges(isOwn ? format.definition : null, draft, brandNames);

  function submit(): void {
    const unchanged = isOwn && changes.length === 0 ? '変わるところがありません。' : null;
    const missing = reason.trim() === '' ? '理由を入れてください。' : null;
    const fault = faultOf(draft, isTaken) ?? unchanged ?? missing;
    setMessage(fault);
    setConfirming(fault === null);
  }

  return (
    <form
      className="form entry"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <FormatNames {...props} {...{ reason, isOwn }} onReason={setReason} />
      <p className="form-error" role="alert">
        {message}
      </p>
      <Button className="button primary" type="submit">
        別の人の確認へ（第{base + 1}版）
      </Button>
      {confirming && (
        <SecondPerson
          what={`フォーマット「${draft.nameJa}」を第${String(base + 1)}版として残します（理由：${reason}）。`}
          roles={['accounting', 'administrator']}
          onConfirm={(second) => declareFormat({ base, reason, definition: draft }, second)}
          onDone={() => props.onDone(draft.code, props.file)}
          onClose={() => setConfirming(false)}
        >
          <Changes changes={changes} isNew={!isOwn} />
        </SecondPerson>
      )}
    </form>
  );
}
