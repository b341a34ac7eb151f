/** A brand, new or changed: what it is called, its ceiling, its windows with their periods, and the rules of its contract. */
import { useState } from 'react';
import { FieldError, Input, Label, TextField } from 'react-aria-components';
import type { Brand, Entry, FeeWindow } from '../../fees/catalogue.ts';
import { CANCEL_RULES, differenceOf, UNKNOWN_RULES } from '../../fees/describe.ts';
import { METHOD_NAMES } from '../../terminal/offer.ts';
import { plainTextOf, textOf } from '../shared/form.ts';
import { OfferFields, offeredFrom, offersIn, type OfferedAt } from './brand-offers.tsx';
import { ChangeDialog, CODE_FIELD, Field, type EntryFieldSpec } from './entry-dialog.tsx';
import { nameOfWindow } from './fee-words.ts';
import { changeEntry } from './service.ts';

interface DialogProps {
  /** Undefined: a new one. */
  entry: Entry<'brand'> | undefined;
  windows: readonly FeeWindow[];
  today: string;
  onDone: () => void;
  onClose: () => void;
}

export function BrandDialog(props: DialogProps) {
  const { entry, windows, today } = props;
  const brand = entry?.definition;
  const [offered, setOffered] = useState<OfferedAt>(() => offeredFrom(brand, windows));
  return (
    <ChangeDialog
      title={brand === undefined ? 'ブランドを加える' : `${brand.nameJa}の変更`}
      differenceIn={(form) => {
        const offers = offersIn(form, offered, windows, today);
        if (typeof offers === 'string') return offers;
        const definition = { ...factsIn(form, brand), offers };
        const difference = differenceOf('brand', brand, definition, today, nameOfWindow(windows));
        return { definition, difference };
      }}
      onConfirm={(definition, reason, second) =>
        changeEntry('brand', { base: entry?.version ?? 0, reason, definition }, second)
      }
      onDone={props.onDone}
      onClose={props.onClose}
    >
      {brand === undefined && <Field spec={BRAND_CODE} value="" />}
      <Field spec={METHOD_FIELD} value={brand?.method ?? ''} />
      <Field spec={NAME_FIELDS[0]} value={brand?.nameJa ?? ''} />
      <Field spec={NAME_FIELDS[1]} value={brand?.nameEn ?? ''} />
      <WholeNumber
        name="ceiling"
        label="1回の上限額（円。なければ空）"
        value={brand?.ceilingYen ?? null}
        pattern="[1-9１-９][0-9０-９]{0,6}"
      />
      <OfferFields windows={windows} today={today} offered={offered} onChange={setOffered} />
      <Rules brand={brand} />
    </ChangeDialog>
  );
}

const BRAND_CODE: EntryFieldSpec = {
  ...CODE_FIELD,
  help: '決済端末がこのブランドを呼ぶ名前です（例 paypay）。違うと会計に出ません。あとから変えられません。',
};
const METHOD_FIELD: EntryFieldSpec = {
  name: 'method',
  label: '方法',
  help: '決済端末での扱いと同じにします。違うと会計に出ません。これまでの支払いの記録は変わりません。',
  kind: 'choice',
  choices: Object.entries(METHOD_NAMES),
};
const NAME_FIELDS: readonly [EntryFieldSpec, EntryFieldSpec] = [
  { name: 'nameJa', label: '名前', help: '会計の画面と利用明細に出ます。', kind: 'text', isRequired: true },
  { name: 'nameEn', label: '英語の名前', kind: 'text', isRequired: true },
];

/** Of the contract: they decide what the counter offers after the sale, so they are seldom touched. */
function Rules({ brand }: { brand: Brand | undefined }) {
  const yesNo = [['', '決まりなし'] as const, ['yes', 'はい'] as const, ['no', 'いいえ'] as const];
  const fields: readonly (readonly [EntryFieldSpec, string])[] = [
    [
      choice('cancelRule', '取り消しの決まり', withKnown(CANCEL_RULES, brand?.cancelRule)),
      brand?.cancelRule ?? 'never',
    ],
    [choice('sameTerminal', '支払った端末でだけ返せる', yesNo), yesNoText(brand?.sameTerminal)],
    [choice('lastOnly', '直前の支払いだけ返せる', yesNo), yesNoText(brand?.lastOnly)],
    [
      choice('unknownRule', '結果不明のとき', withKnown(UNKNOWN_RULES, brand?.unknownRule)),
      brand?.unknownRule ?? 'query_acquirer',
    ],
  ];
  return (
    <details className="brand-rules" open={brand === undefined}>
      <summary>取り消し・返金と、結果不明のときの決まり（契約による）</summary>
      <div className="form entry">
        {fields.map(([spec, value]) => (
          <Field key={spec.name} spec={spec} value={value} />
        ))}
        <WholeNumber
          name="cancelDays"
          label="取り消せる日数（当日だけは0、決まりがなければ空）"
          value={brand?.cancelDays ?? null}
          pattern="[0-9０-９]{1,4}"
        />
      </div>
    </details>
  );
}

const choice = (name: string, label: string, choices: EntryFieldSpec['choices'] = []): EntryFieldSpec => ({
  name,
  label,
  kind: 'choice',
  choices,
});

/** A rule that came with a file and that this program has no words for stays what it is. */
function withKnown(
  names: Readonly<Record<string, string>>,
  known: string | undefined,
): [code: string, nameJa: string][] {
  const all = Object.entries(names);
  return known === undefined || known in names ? all : [...all, [known, known]];
}

const yesNoText = (value: boolean | null | undefined): string => (value == null ? '' : value ? 'yes' : 'no');

function WholeNumber(props: { name: string; label: string; value: number | null; pattern: string }) {
  const { name, label, value, pattern } = props;
  return (
    <TextField name={name} defaultValue={value === null ? '' : String(value)} autoComplete="off">
      <Label>{label}</Label>
      <Input inputMode="numeric" pattern={pattern} />
      <FieldError>整数で入れてください。</FieldError>
    </TextField>
  );
}

/** Everything but the offers. What was never asked of a known brand stays. */
function factsIn(form: FormData, brand: Brand | undefined): Omit<Brand, 'offers'> {
  const text = (name: string): string => textOf(form, name).trim();
  const plain = (name: string): string => plainTextOf(form, name);
  const numberOrNone = (name: string): number | null => (plain(name) === '' ? null : Number(plain(name)));
  const yesNoOrNone = (name: string): boolean | null => (text(name) === '' ? null : text(name) === 'yes');
  return {
    code: brand?.code ?? plain('code'),
    method: text('method') as Brand['method'],
    nameJa: text('nameJa'),
    nameEn: text('nameEn'),
    ceilingYen: numberOrNone('ceiling'),
    cancelRule: text('cancelRule'),
    cancelDays: numberOrNone('cancelDays'),
    sameTerminal: yesNoOrNone('sameTerminal'),
    lastOnly: yesNoOrNone('lastOnly'),
    unknownRule: text('unknownRule'),
  };
}
