/** 窓口 and 減免の理由: the entries that are in use, those that were, and every change of them, by two people. */
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { holdsOn, type Entry, type ExemptionGround, type FeeWindow } from '../../fees/catalogue.ts';
import { APPROVAL_NAMES, GROUND_KINDS, periodWords } from '../../fees/describe.ts';
import { EntryDialog, type EntryFieldSpec } from './entry-dialog.tsx';
import { EntryHistory } from './entry-history.tsx';
import { InUse, RowActs } from './entry-rows.tsx';
import { Fault } from './fault.tsx';
import type { Shown } from './fee-words.ts';
import { TableFile } from './file-import.tsx';
import { readEntries } from './service.ts';
import { useAnswer } from './use-answer.ts';

const NAMES: EntryFieldSpec[] = [
  { name: 'nameJa', label: '名前', help: '窓口の画面と利用明細に出ます。', kind: 'text', isRequired: true },
  { name: 'nameEn', label: '英語の名前', kind: 'text', isRequired: true },
];
const PERIOD: EntryFieldSpec[] = [
  { name: 'from', label: '使い始める日', help: '空：はじめから', kind: 'date' },
  { name: 'until', label: '使い終わる日', help: '空：決まっていない。この日までは使えます。', kind: 'date' },
];
const GROUND_FIELDS: EntryFieldSpec[] = [
  { name: 'kind', label: '種類', kind: 'choice', choices: Object.entries(GROUND_KINDS) },
  ...NAMES,
  { name: 'basis', label: '根拠', help: '条例・規則の条と号', kind: 'text' },
  { name: 'approval', label: '承認する人', kind: 'choice', choices: Object.entries(APPROVAL_NAMES) },
  ...PERIOD,
];
const WINDOW_FIELDS: EntryFieldSpec[] = [...NAMES, ...PERIOD];

interface PageProps {
  today: string;
  mayChange: boolean;
}

export function GroundsPage(props: PageProps) {
  return (
    <EntriesPage
      {...props}
      kind="ground"
      nameJa="減免の理由の表"
      addWords="理由を加える"
      fields={GROUND_FIELDS}
      note="料金をいただかないときに、窓口の人が選ぶ理由です。使い終わった理由は、終わる日を入れます。消すことはできません。"
      columns={['種類', '根拠', '承認する人']}
      cells={(ground: ExemptionGround) => [
        GROUND_KINDS[ground.kind],
        ground.basis,
        APPROVAL_NAMES[ground.approval],
      ]}
    />
  );
}

export function WindowsPage(props: PageProps) {
  return (
    <EntriesPage
      {...props}
      kind="window"
      nameJa="窓口の表"
      addWords="窓口を加える"
      fields={WINDOW_FIELDS}
      note="会計の画面に並ぶ窓口です。使い終わる日を入れると、次の日から会計できなくなります。記録は残ります。"
      columns={['英語の名前']}
      cells={({ nameEn }: FeeWindow) => [nameEn]}
    />
  );
}

interface EntriesProps<Kind extends 'ground' | 'window'> extends PageProps {
  kind: Kind;
  nameJa: string;
  addWords: string;
  fields: readonly EntryFieldSpec[];
  note: string;
  columns: readonly string[];
  cells: (definition: Entry<Kind>['definition']) => readonly string[];
}

function EntriesPage<Kind extends 'ground' | 'window'>(props: EntriesProps<Kind>) {
  const { kind, mayChange, nameJa } = props;
  const entries = useAnswer(`entries ${kind}`, () => readEntries(kind));
  /** Null: nothing is being changed; `new`: one is added. */
  const [edited, setEdited] = useState<Entry<Kind> | 'new' | null>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  return (
    <>
      <Fault message={entries.fault} />
      <div className="page-head">
        <p className="form-note">{props.note}</p>
        {mayChange && (
          <Button className="button primary" onPress={() => setEdited('new')}>
            {props.addWords}
          </Button>
        )}
      </div>
      {entries.value?.length === 0 && <p>まだありません。1つずつ加えるか、CSVで取り込みます。</p>}
      {entries.value !== null && entries.value.length > 0 && (
        <EntryTable {...props} entries={entries.value} onChange={setEdited} onShow={setShown} />
      )}
      <TableFile kind={kind} nameJa={nameJa} mayChange={mayChange} onDone={entries.askAgain} />
      {edited !== null && (
        <EntryDialog
          kind={kind}
          title={edited === 'new' ? props.addWords : `${edited.definition.nameJa}の変更`}
          entry={edited === 'new' ? undefined : edited}
          fields={props.fields}
          today={props.today}
          onDone={() => {
            setEdited(null);
            entries.askAgain();
          }}
          onClose={() => setEdited(null)}
        />
      )}
      {shown !== null && <EntryHistory {...shown} onClose={() => setShown(null)} />}
    </>
  );
}

function EntryTable<Kind extends 'ground' | 'window'>(
  props: EntriesProps<Kind> & {
    entries: readonly Entry<Kind>[];
    onChange: (entry: Entry<Kind>) => void;
    onShow: (shown: Shown) => void;
  },
) {
  const { kind, today } = props;
  return (
    <table className="grid">
      <caption className="unseen">{props.nameJa}</caption>
      <thead>
        <tr>
          {['名前', ...props.columns, '使う期間', '今日', '操作'].map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.entries.map((entry) => {
          const { code, definition } = entry;
          return (
            <tr key={code}>
              <th scope="row">
                {definition.nameJa}
                <br />
                <small>{code}</small>
              </th>
              {props.cells(definition).map((cell, index) => (
                <td key={index}>{cell}</td>
              ))}
              <td>{periodWords(definition)}</td>
              <td>
                <InUse isInUse={holdsOn(definition, today)} />
              </td>
              <td>
                <RowActs
                  nameJa={definition.nameJa}
                  onChange={props.mayChange ? () => props.onChange(entry) : undefined}
                  onShow={() => props.onShow({ kind, code, nameJa: definition.nameJa })}
                />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
