/** For each thing that is wanted of a line: where it stands, how it is written, and what stands there in this file. */
import type { DateForm, StatementFormat } from '../../reconcile/statements/format.ts';
import type { FileLook } from '../../reconcile/statements/view.ts';
import { ColumnChoice, ColumnOrAbove } from './column-choice.tsx';
import { exampleOf } from './format-example.ts';
import { withBook, without, type Draft } from './format-draft.ts';
import { MerchantRow } from './format-merchant.tsx';
import type { DraftPart } from './format-shape.tsx';
import { BOOK_WORDS, DATE_WORDS, FIELD_WORDS, SIGN_WORDS } from './format-words.ts';
import { TableHead } from './table-head.tsx';

type Fields = StatementFormat['fields'];

export function FormatFields(part: DraftPart) {
  const { draft, onChange } = part;
  return (
    <section className="format-part" aria-label="列の意味">
      <h3 className="section-title">4　どの列が何か</h3>
      <fieldset className="choices">
        <legend>帳簿</legend>
        {Object.entries(BOOK_WORDS).map(([book, nameJa]) => (
          <label key={book} className="choice">
            <input
              type="radio"
              name="book"
              checked={draft.book === book}
              onChange={() => onChange(withBook(draft, book as Draft['book']))}
            />
            {nameJa}
          </label>
        ))}
      </fieldset>
      <table className="grid format-fields">
        <caption className="unseen">項目ごとの列</caption>
        <TableHead
          columns={[
            '項目',
            draft.layout.kind === 'fixed' ? 'バイトの場所と書き方' : '列と書き方',
            'このファイルでは',
          ]}
        />
        <tbody>
          {FIELD_WORDS.filter((field) => field.in.includes(draft.book)).flatMap(({ name, nameJa, hint }) => [
            <FieldRow key={name} {...part} {...{ name, nameJa, hint }} />,
            ...(name === 'onDate' ? [<TimeRow key="time" {...part} />] : []),
          ])}
          <MerchantRow {...part} />
        </tbody>
      </table>
      <fieldset className="choices">
        <legend>金額の符号</legend>
        {Object.entries(SIGN_WORDS).map(([sign, nameJa]) => (
          <label key={sign} className="choice">
            <input
              type="radio"
              name="sign"
              checked={draft.sign === sign}
              onChange={() => onChange({ ...draft, sign: sign as Draft['sign'] })}
            />
            {nameJa}
          </label>
        ))}
      </fieldset>
    </section>
  );
}

interface Row extends DraftPart {
  name: keyof Fields;
  nameJa: string;
  hint: string;
}

function FieldRow(row: Row) {
  const { nameJa, hint, name, look, draft } = row;
  const from = columnOf(draft, name);
  return (
    <tr>
      <th scope="row">
        {nameJa}
        {hint !== '' && <small>{hint}</small>}
      </th>
      <td>
        <Where {...row} />
        {(name === 'onDate' || name === 'paysOn') && <DateForms {...row} name={name} />}
      </td>
      <td className="format-example">{from === '' ? aboveOf(draft, look, name) : exampleOf(look, from)}</td>
    </tr>
  );
}

const aboveOf = ({ common }: Draft, look: FileLook | null, name: keyof Fields): string => {
  const from = name === 'batch' ? common.batch : name === 'paysOn' ? common.paysOn?.from : undefined;
  return look?.common.find((cell) => cell.from === from)?.value ?? '';
};

/** The column of a field, where it has one for every kind of line. */
function columnOf({ fields }: Draft, name: keyof Fields): string {
  const place = fields[name];
  if (place === undefined) return '';
  if (typeof place === 'string') return place;
  return 'form' in place ? place.from : '';
}

/** Without what is not said: an empty text is no column. */
function withField(draft: Draft, name: keyof Fields, place: Fields[keyof Fields] | undefined): Draft {
  const rest = without(draft.fields, name);
  return { ...draft, fields: (place === undefined ? rest : { ...rest, [name]: place }) as Fields };
}

function Where(row: Row) {
  const { name, nameJa, draft, look, onChange } = row;
  const label = `${nameJa}の列`;
  if (name === 'batch' || name === 'paysOn') return <OrAbove {...row} name={name} label={label} />;
  if (name === 'providerId' && typeof draft.fields.providerId === 'object') return <ByKind {...row} />;
  const isNeeded = name === 'onDate' || name === 'yen';
  return (
    <ColumnChoice
      {...{ label, draft, look, value: columnOf(draft, name) }}
      {...(isNeeded ? { none: '選んでください' } : {})}
      onChange={(from) => {
        if (name === 'onDate')
          onChange({ ...draft, fields: { ...draft.fields, onDate: { ...draft.fields.onDate, from } } });
        else if (isNeeded) onChange({ ...draft, fields: { ...draft.fields, yen: from } });
        else onChange(withField(draft, name, from === '' ? undefined : from));
      }}
    />
  );
}

/** A sale and its refund may carry the number in different places. */
function ByKind({ draft, look, onChange }: DraftPart) {
  const { providerId } = draft.fields;
  if (typeof providerId !== 'object') return null;
  const kinds = [
    ['sale', '売上'],
    ['refund', '返金・取消'],
    ['chargeback', 'チャージバック'],
    ['refund_failed', '返金の戻り'],
  ] as const;
  return (
    <>
      {kinds.map(([kind, nameJa]) => (
        <ColumnChoice
          key={kind}
          {...{ draft, look, label: `${nameJa}の取引番号の列`, value: providerId[kind] ?? '' }}
          none={`${nameJa}：（使わない）`}
          onChange={(from) => {
            const rest = without(providerId, kind);
            onChange(withField(draft, 'providerId', from === '' ? rest : { ...rest, [kind]: from }));
          }}
        />
      ))}
    </>
  );
}

/** What stands once above the lines, or in each of them: one of the two. */
function OrAbove({ name, label, draft, look, onChange }: Row & { name: 'batch' | 'paysOn'; label: string }) {
  const { common } = draft;
  const above = name === 'batch' ? (common.batch ?? '') : (common.paysOn?.from ?? '');
  return (
    <ColumnOrAbove
      {...{ label, draft, look, above, column: columnOf(draft, name) }}
      onChange={(place) => {
        const rest = without(common, name);
        const form = draft.fields.paysOn?.form ?? common.paysOn?.form ?? 'iso';
        const said = 'above' in place ? place.above : place.column;
        const put = name === 'batch' ? said : { from: said, form };
        const cleared = withField({ ...draft, common: rest }, name, undefined);
        if (said === '') onChange(cleared);
        else if ('above' in place) onChange({ ...cleared, common: { ...rest, [name]: put } });
        else onChange(withField(cleared, name, put));
      }}
    />
  );
}

function DateForms({ name, nameJa, draft, onChange }: Row & { name: 'onDate' | 'paysOn' }) {
  const { fields, common } = draft;
  const isAbove = name === 'paysOn' && fields.paysOn === undefined && common.paysOn !== undefined;
  const place = isAbove ? common.paysOn : fields[name];
  if (place === undefined || place.from === '') return null;
  return (
    <select
      aria-label={`${nameJa}の書き方`}
      value={place.form}
      onChange={({ target }) => {
        const dated = { ...place, form: target.value as DateForm };
        onChange(
          isAbove ? { ...draft, common: { ...common, paysOn: dated } } : withField(draft, name, dated),
        );
      }}
    >
      {Object.entries(DATE_WORDS).map(([form, words]) => (
        <option key={form} value={form}>
          {words}
        </option>
      ))}
    </select>
  );
}

const TIME_FORMS = [
  ['time', '時刻だけ 09:15'],
  ['iso', '日付と時刻（日本時間）'],
  ['epoch', '秒数（1970年から）'],
] as const;

function TimeRow({ draft, look, onChange }: DraftPart) {
  const { at, time } = draft.fields;
  const from = at?.from ?? time ?? '';
  const form = at?.form ?? 'time';
  const set = (column: string, written: (typeof TIME_FORMS)[number][0]): void => {
    const rest = without(without(draft.fields, 'at'), 'time');
    const said = written === 'time' ? { time: column } : { at: { from: column, form: written } };
    onChange({ ...draft, fields: column === '' ? rest : { ...rest, ...said } });
  };
  return (
    <tr>
      <th scope="row">
        時刻
        <small>Z や +00:00 がなければ、日本時間として読みます</small>
      </th>
      <td>
        <ColumnChoice
          {...{ draft, look, label: '時刻の列', value: from }}
          onChange={(column) => set(column, form)}
        />
        {from !== '' && (
          <select
            aria-label="時刻の書き方"
            value={form}
            onChange={({ target }) => set(from, target.value as typeof form)}
          >
            {TIME_FORMS.map(([value, words]) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </select>
        )}
      </td>
      <td className="format-example">{exampleOf(look, from)}</td>
    </tr>
  );
}
