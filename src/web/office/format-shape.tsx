/** What the file looks like: guessed, and to be put right; and its lines as they stand, with the numbers of columns. */
import { ChoiceField } from './page-fields.tsx';
import type { Layout } from '../../reconcile/statements/format.ts';
import type { FileLook } from '../../reconcile/statements/view.ts';
import type { Draft } from './format-draft.ts';
import { DELIMITER_WORDS, ENCODING_WORDS, LAYOUT_WORDS } from './format-words.ts';

export interface DraftPart {
  draft: Draft;
  /** The file by the shape that the draft has; null: there is none, or not yet. */
  look: FileLook | null;
  onChange: (draft: Draft) => void;
}

const entriesOf = (words: Readonly<Record<string, string>>): readonly (readonly [string, string])[] =>
  Object.entries(words);

const FIRST_OF: Record<Layout['kind'], Layout> = {
  delimited: { kind: 'delimited', delimiter: ',', header: true },
  fixed: { kind: 'fixed', recordBytes: 200 },
  json: { kind: 'json', rows: '' },
};

export function FormatShape({ draft, onChange }: DraftPart) {
  const { layout, encoding, preambleLines } = draft;
  const set = (change: Partial<Draft>): void => onChange({ ...draft, ...change });
  return (
    <section className="format-part" aria-label="ファイルの形">
      <h3 className="section-title">2　ファイルの形（推測です。下の表を見て、違っていたら直してください）</h3>
      <div className="format-shape">
        <ChoiceField
          label="文字コード"
          value={encoding}
          choices={entriesOf(ENCODING_WORDS)}
          onChange={(value) => set({ encoding: value as Draft['encoding'] })}
        />
        <ChoiceField
          label="形"
          value={layout.kind}
          choices={entriesOf(LAYOUT_WORDS)}
          onChange={(value) => set({ layout: FIRST_OF[value as Layout['kind']] })}
        />
        <OfLayout layout={layout} onChange={(changed) => set({ layout: changed })} />
        {layout.kind !== 'json' && (
          <NumberChoice
            label="前文の行数"
            value={preambleLines}
            most={50}
            onChange={(lines) => set({ preambleLines: lines })}
          />
        )}
      </div>
    </section>
  );
}

function OfLayout({ layout, onChange }: { layout: Layout; onChange: (layout: Layout) => void }) {
  switch (layout.kind) {
    case 'delimited':
      return (
        <>
          <ChoiceField
            label="区切り"
            value={layout.delimiter}
            choices={entriesOf(DELIMITER_WORDS)}
            onChange={(value) => onChange({ ...layout, delimiter: value as typeof layout.delimiter })}
          />
          <ChoiceField
            label="見出しの行"
            value={layout.header ? 'yes' : 'no'}
            choices={[
              ['yes', 'ある'],
              ['no', 'ない'],
            ]}
            onChange={(value) => onChange({ ...layout, header: value === 'yes' })}
          />
        </>
      );
    case 'fixed':
      return (
        <NumberChoice
          label="1件のバイト数"
          value={layout.recordBytes}
          most={4000}
          least={1}
          onChange={(recordBytes) => onChange({ ...layout, recordBytes })}
        />
      );
    case 'json':
      return (
        <div className="head-field">
          <label htmlFor="json-rows">明細の並びがある場所</label>
          <input
            id="json-rows"
            value={layout.rows}
            maxLength={80}
            onChange={({ target }) => onChange({ ...layout, rows: target.value.trim() })}
          />
        </div>
      );
  }
}

/** A whole number; what is none is not taken. */
function NumberChoice(props: {
  label: string;
  value: number;
  least?: number;
  most: number;
  onChange: (value: number) => void;
}) {
  const id = `number-${props.label}`;
  return (
    <div className="head-field">
      <label htmlFor={id}>{props.label}</label>
      <input
        id={id}
        className="format-number"
        inputMode="numeric"
        defaultValue={String(props.value)}
        key={props.value}
        onBlur={({ target }) => {
          const value = Number(target.value.normalize('NFKC').trim());
          const isTaken = Number.isInteger(value) && value >= (props.least ?? 0) && value <= props.most;
          if (isTaken) props.onChange(value);
          else target.value = String(props.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
        }}
      />
    </div>
  );
}

/** Digits that may be a card number's are not shown. */
const HIDDEN = /\*{13}/;
const PART_WORDS = { preamble: '前文', header: '見出し', record: '' } as const;

/** The file as it stands. A scrollable region of its own, so that a wide file never widens the page. */
export function RawRows({ look, draft }: { look: FileLook; draft: Draft }) {
  const width = Math.max(1, ...look.rows.map(({ cells }) => cells.length));
  const isCut = look.shape.layout.kind === 'delimited';
  return (
    <div className="statement-lines raw-rows" tabIndex={0} role="region" aria-label="ファイルの中身">
      {look.faults.length > 0 && <p className="form-error">{look.faults[0]?.message}</p>}
      {!isCut && look.rows.some(({ cells }) => HIDDEN.test(cells[0] ?? '')) && (
        <p className="form-note">
          ＊は、カード番号かもしれないため隠した桁です。列の場所を決めると、日付や金額は見えるようになります。
        </p>
      )}
      <table className="grid" data-kind={draft.layout.kind}>
        <caption className="unseen">ファイルの始めと終わりの行</caption>
        <thead>
          <tr>
            <th scope="col" className="n">
              行
            </th>
            <th scope="col">部分</th>
            {isCut ? (
              Array.from({ length: width }, (_, index) => (
                <th key={index} scope="col">
                  {index + 1}
                </th>
              ))
            ) : (
              <th scope="col">{draft.layout.kind === 'fixed' ? <Ruler look={look} /> : '内容'}</th>
            )}
          </tr>
        </thead>
        <tbody>
          {look.rows.map(({ line, part, cells }) => (
            <tr key={line} data-part={part}>
              <td className="n">{line}</td>
              <td>{PART_WORDS[part]}</td>
              {Array.from({ length: isCut ? width : 1 }, (_, index) => (
                <td key={index}>{cells[index] ?? ''}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Where the tenth, the twentieth byte is. */
function Ruler({ look }: { look: FileLook }) {
  const bytes = look.shape.layout.kind === 'fixed' ? look.shape.layout.recordBytes : 0;
  const tens = Array.from({ length: Math.floor(bytes / 10) }, (_, index) => (index + 1) * 10);
  return <span className="format-ruler">{tens.map((ten) => String(ten).padStart(10, '·')).join('')}</span>;
}
