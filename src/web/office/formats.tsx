/** The formats that there are: whose, how they look, in which version, and since whom. */
import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { FormatView } from '../../reconcile/statements/view.ts';
import { Changes } from './differences.tsx';
import { ENCODING_WORDS, formatChanges, LAYOUT_WORDS } from './format-words.ts';
import { readFormatHistory } from './service.ts';
import { TableHead } from './table-head.tsx';
import { useAnswer } from './use-answer.ts';
import { Versions, whoDeclared } from './versions.tsx';

/** Null: a new one. */
export interface Editing {
  format: FormatView | null;
}

interface Given {
  formats: readonly FormatView[];
  brandNames: ReadonlyMap<string, string>;
  acquirerNames: ReadonlyMap<string, string>;
  mayChange: boolean;
  onEdit: (editing: Editing) => void;
}

export function Formats(props: Given) {
  const [past, setPast] = useState<FormatView | null>(null);
  return (
    <section aria-label="フォーマット">
      <div className="page-head">
        <div>
          <h2 className="section-title">フォーマット</h2>
          <p className="form-note">
            決済会社や銀行のファイルの読み方です。実際のファイルを見ながら作り、二人で残します。
          </p>
        </div>
        {props.mayChange && (
          <Button className="button" onPress={() => props.onEdit({ format: null })}>
            新しいフォーマットを作る
          </Button>
        )}
      </div>
      <table className="grid">
        <caption className="unseen">フォーマットの一覧</caption>
        <TableHead columns={['名前', '決済会社', '形', '文字コード', '版', '操作']} />
        <tbody>
          {props.formats.map((format) => (
            <FormatRow key={format.definition.code} {...props} format={format} onPast={setPast} />
          ))}
        </tbody>
      </table>
      {past !== null && <Past format={past} brandNames={props.brandNames} onClose={() => setPast(null)} />}
    </section>
  );
}

function FormatRow(props: Given & { format: FormatView; onPast: (format: FormatView) => void }) {
  const { format, acquirerNames } = props;
  const { nameJa, acquirer, layout, encoding, merchant } = format.definition;
  return (
    <tr>
      <th scope="row">
        {nameJa}
        {merchant === undefined && (
          <>
            <br />
            <small>市の番号なし（だれのファイルかは確かめません）</small>
          </>
        )}
      </th>
      <td>{acquirer === null ? '銀行' : (acquirerNames.get(acquirer) ?? `${acquirer}（登録なし）`)}</td>
      <td>{LAYOUT_WORDS[layout.kind]}</td>
      <td>{ENCODING_WORDS[encoding]}</td>
      <td>
        第{format.version}版（{format.changedByName}）
      </td>
      <td>
        <div className="row-acts">
          {props.mayChange && (
            <Button
              className="button"
              aria-label={`変える ${nameJa}`}
              onPress={() => props.onEdit({ format })}
            >
              変える
            </Button>
          )}
          <Button className="button" aria-label={`履歴 ${nameJa}`} onPress={() => props.onPast(format)}>
            履歴
          </Button>
        </div>
      </td>
    </tr>
  );
}

function Past(props: { format: FormatView; brandNames: ReadonlyMap<string, string>; onClose: () => void }) {
  const { code, nameJa } = props.format.definition;
  const asked = useAnswer(`format ${code}`, () => readFormatHistory(code));
  return (
    <Versions
      nameJa={nameJa}
      asked={asked}
      who={whoDeclared}
      changes={(version, before) => (
        <Changes
          changes={formatChanges(before?.definition ?? null, version.definition, props.brandNames)}
          isNew={before === undefined}
        />
      )}
      onClose={props.onClose}
    />
  );
}
