/** What the file would be read as, all the time beside the form: the lines, or what stands against them and where. */
import type { FileFault } from '../../reconcile/statements/format.ts';
import type { FormatPreview } from '../../reconcile/statements/view.ts';
import { formatYen } from '../shared/format.ts';
import { Sign } from '../shared/sign.tsx';
import { LineTable } from './statement-file.tsx';
import { TableHead } from './table-head.tsx';
import type { Told } from './use-told.ts';

const MOST_FAULTS = 20;

export function FormatPreviewed(props: {
  preview: Told<FormatPreview> | null;
  hasFile: boolean;
  /** Enough has been said for lines to be read. */
  isReady: boolean;
  /** What a column or a place is called. */
  nameOf: (column: string) => string;
  brandNames: ReadonlyMap<string, string>;
}) {
  return (
    // Where it stands at the bottom of a narrow window, it scrolls by itself: by keyboard, too.
    <section className="format-preview" aria-label="読み取りの結果" tabIndex={0}>
      <h3 className="section-title">読み取りの結果</h3>
      <div role="status">
        <Summary {...props} />
      </div>
      {props.preview?.ok === true && <Rows {...props.preview.value} {...props} />}
    </section>
  );
}

function Summary({ preview, hasFile, isReady }: Parameters<typeof FormatPreviewed>[0]) {
  if (!hasFile) return <p>ファイルを選ぶと、この読み方で何が読めるかがここに出ます。</p>;
  if (!isReady) return <p>取引日と金額の列を選ぶと、ここに明細が出ます。</p>;
  if (preview === null) return <p>読み取っています。</p>;
  if (!preview.ok) return <p className="form-error">{preview.message}</p>;
  const { status, count, totalYen, faults } = preview.value;
  const isReadable = status === 'readable';
  return (
    <p className="format-verdict" data-kind={isReadable ? 'ok' : 'no'}>
      <Sign kind={isReadable ? 'ok' : 'no'} size="small" />
      {isReadable
        ? `すべて読めました。明細 ${count.toLocaleString('ja-JP')}件 ${formatYen(totalYen)}`
        : status === 'control_differs'
          ? '行は読めますが、合計が合いません。'
          : status === 'foreign'
            ? '市の番号のファイルではありません。'
            : `読めないところが ${faults.length.toLocaleString('ja-JP')}か所あります。行と列を見て直してください。`}
    </p>
  );
}

function Rows(
  props: FormatPreview & { nameOf: (column: string) => string; brandNames: ReadonlyMap<string, string> },
) {
  const { faults, lines, brandNames } = props;
  return (
    <>
      {faults.length > 0 && <Faults faults={faults} nameOf={props.nameOf} />}
      {lines.length > 0 && <LineTable lines={lines} brandNames={brandNames} />}
    </>
  );
}

function Faults({ faults, nameOf }: { faults: readonly FileFault[]; nameOf: (column: string) => string }) {
  return (
    <>
      <table className="grid">
        <caption className="unseen">読めないところ</caption>
        <TableHead columns={['行', '列', '直し方']} />
        <tbody>
          {faults.slice(0, MOST_FAULTS).map(({ line, column, message }, index) => (
            <tr key={index}>
              <td>{line === 0 ? '全体' : `${String(line)}行目`}</td>
              <td>{column === '' ? '—' : nameOf(column)}</td>
              <td>{message}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {faults.length > MOST_FAULTS && (
        <p className="form-note">
          ほかに {(faults.length - MOST_FAULTS).toLocaleString('ja-JP')}か所あります。
        </p>
      )}
    </>
  );
}
