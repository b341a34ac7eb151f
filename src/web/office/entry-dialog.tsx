/** A ground or a window, new or changed: the fields, then what would change, then a second person. */
import { useState, type ReactNode } from 'react';
import { FieldError, Form, Input, Label, Text, TextField } from 'react-aria-components';
import type { Entry, EntryOf, TableKind } from '../../fees/catalogue.ts';
import { differenceOf, type Difference } from '../../fees/describe.ts';
import { DialogFrame } from '../shared/dialog-frame.tsx';
import { FormEnd } from '../shared/form-end.tsx';
import { textOf } from '../shared/form.ts';
import { SecondPerson } from '../shared/second-person.tsx';
import { Differences } from './differences.tsx';
import { CONFIRMERS } from './fee-words.ts';
import { changeEntry, type Second } from './service.ts';

/** A field of an entry; `choices`: one of them; `date`: may be left open. */
export interface EntryFieldSpec {
  name: string;
  label: string;
  help?: string;
  kind: 'text' | 'date' | 'choice';
  choices?: readonly (readonly [value: string, nameJa: string])[];
  isRequired?: boolean;
}

type Kind = Exclude<TableKind, 'item' | 'brand'>;

export const CODE_FIELD: EntryFieldSpec = {
  name: 'code',
  label: 'コード',
  help: '半角の英数字・-・_。あとから変えられません。',
  kind: 'text',
  isRequired: true,
};

export function EntryDialog<K extends Kind>(props: {
  kind: K;
  title: string;
  /** Undefined: a new one. */
  entry: Entry<K> | undefined;
  fields: readonly EntryFieldSpec[];
  today: string;
  onDone: () => void;
  onClose: () => void;
}) {
  const { kind, entry, fields } = props;
  const known = { ...entry?.definition } as Partial<Record<string, string>>;
  return (
    <ChangeDialog
      title={props.title}
      onClose={props.onClose}
      onDone={props.onDone}
      differenceIn={(form) => {
        const definition = definitionIn(form, fields, entry?.code) as EntryOf[K];
        return { definition, difference: differenceOf(kind, entry?.definition, definition, props.today) };
      }}
      onConfirm={(definition, reason, second) =>
        changeEntry(kind, { base: entry?.version ?? 0, reason, definition }, second)
      }
    >
      {entry === undefined && <Field spec={CODE_FIELD} value="" />}
      {fields.map((spec) => (
        <Field key={spec.name} spec={spec} value={known[spec.name] ?? ''} />
      ))}
    </ChangeDialog>
  );
}

/** What is left empty is not in the entry, but for the text of a basis. The service looks at it once more. */
function definitionIn(form: FormData, fields: readonly EntryFieldSpec[], code: string | undefined): unknown {
  const typed = fields
    .map(({ name }): [string, string] => [name, textOf(form, name).trim()])
    .filter(([name, text]) => text !== '' || name === 'basis');
  return { ...Object.fromEntries(typed), code: code ?? textOf(form, 'code').trim() };
}

/** The way of every change: a form with its reason, what would change, a second person. */
export function ChangeDialog(props: {
  title: string;
  children: ReactNode;
  /** What the form would make of the entry; a text: why it can't be that. */
  differenceIn: (form: FormData) => { definition: object; difference: Difference } | string;
  onConfirm: (definition: object, reason: string, second: Second) => ReturnType<typeof changeEntry>;
  onDone: () => void;
  onClose: () => void;
}) {
  const [message, setMessage] = useState<string | null>(null);
  const [wanted, setWanted] = useState<{ definition: object; difference: Difference; reason: string } | null>(
    null,
  );
  function submit(form: FormData): void {
    const found = props.differenceIn(form);
    if (typeof found === 'string') setMessage(found);
    else if (found.difference.changes.length === 0) setMessage('変わるところがありません。');
    else setWanted({ ...found, reason: textOf(form, 'reason').trim() });
  }
  // The form stays behind the second person: who goes back finds what was typed.
  return (
    <>
      <DialogFrame title={props.title} role="alertdialog" onClose={props.onClose}>
        <Form
          className="form entry"
          onSubmit={(event) => {
            event.preventDefault();
            submit(new FormData(event.currentTarget));
          }}
        >
          {props.children}
          <Field
            spec={{ name: 'reason', label: '理由', help: '履歴に残ります。', kind: 'text', isRequired: true }}
            value=""
          />
          <FormEnd message={message} busy={false} submit="別の人の確認へ" onClose={props.onClose} />
        </Form>
      </DialogFrame>
      {wanted !== null && (
        <SecondPerson
          what={`次のように変えます（理由：${wanted.reason}）。`}
          roles={CONFIRMERS}
          onConfirm={(second) => props.onConfirm(wanted.definition, wanted.reason, second)}
          onDone={props.onDone}
          onClose={() => setWanted(null)}
        >
          <Differences differences={[wanted.difference]} />
        </SecondPerson>
      )}
    </>
  );
}

export function Field({ spec, value }: { spec: EntryFieldSpec; value: string }) {
  const { name, label, help, kind, choices = [], isRequired = false } = spec;
  if (kind === 'choice') {
    return (
      <div>
        <label htmlFor={`field-${name}`}>{label}</label>
        <select
          id={`field-${name}`}
          name={name}
          defaultValue={value === '' ? choices[0]?.[0] : value}
          {...(help !== undefined && { 'aria-describedby': `help-${name}` })}
        >
          {choices.map(([code, nameJa]) => (
            <option key={code} value={code}>
              {nameJa}
            </option>
          ))}
        </select>
        {help !== undefined && (
          <p id={`help-${name}`} className="form-note">
            {help}
          </p>
        )}
      </div>
    );
  }
  return (
    <TextField
      name={name}
      type={kind}
      isRequired={isRequired}
      defaultValue={value}
      autoComplete="off"
      maxLength={name === 'code' ? 40 : 100}
      {...(name === 'code' && { pattern: '[A-Za-z0-9_\\-]{1,40}' })}
    >
      <Label>{label}</Label>
      <Input />
      {help !== undefined && <Text slot="description">{help}</Text>}
      <FieldError>{label}を入れ直してください。</FieldError>
    </TextField>
  );
}
