/** One line of the preview: an item, how many, what it has to know, and whether it is charged. */
import { useState } from 'react';
import { Form, Input, Label, TextField } from 'react-aria-components';
import { holdsOn, type FeeItem } from '../../fees/catalogue.ts';
import type { InputSpec } from '../../fees/inputs.ts';
import { NOBODY, priceLine, type AskedLine, type PricingDay } from '../../fees/pricing.ts';
import { inputsOf } from '../../fees/questions.ts';
import { EntryField, GroundField } from '../counter/entry-fields.tsx';
import { DialogFrame } from '../shared/dialog-frame.tsx';
import { FormEnd } from '../shared/form-end.tsx';

export function PreviewLine(props: {
  items: readonly FeeItem[];
  day: PricingDay;
  onEnter: (line: AskedLine) => void;
  onClose: () => void;
}) {
  const [code, setCode] = useState(props.items[0]?.code ?? '');
  const item = props.items.find((each) => each.code === code);
  if (item === undefined) return null;
  return (
    <DialogFrame title="項目を加える" onClose={props.onClose}>
      <div className="form entry">
        <div>
          <label htmlFor="preview-item">項目</label>
          <select id="preview-item" value={code} autoFocus onChange={({ target }) => setCode(target.value)}>
            {props.items.map((each) => (
              <option key={each.code} value={each.code}>
                {each.nameJa}
              </option>
            ))}
          </select>
        </div>
      </div>
      <LineForm {...props} key={code} item={item} />
    </DialogFrame>
  );
}

/** What the chosen item has to know; another item begins anew. */
function LineForm(props: {
  item: FeeItem;
  day: PricingDay;
  onEnter: (line: AskedLine) => void;
  onClose: () => void;
}) {
  const { item } = props;
  const day = { ...props.day, grounds: props.day.grounds.filter((ground) => holdsOn(ground, props.day.on)) };
  const [quantity, setQuantity] = useState('1');
  const specs = inputsOf(item, day);
  const [values, setValues] = useState<Readonly<Record<string, string>>>(() => examplesIn(specs));
  const [ground, setGround] = useState('');
  const [message, setMessage] = useState<string | null>(null);
  const line: AskedLine = {
    code: item.code,
    quantity: /^[1-9]\d{0,2}$/.test(quantity) ? Number(quantity) : 0,
    inputs: givenOf(specs, values),
    ...(ground !== '' && { exemption: { ground } }),
  };
  function submit(): void {
    const priced = priceLine(item, line, day, NOBODY);
    if (line.quantity === 0) setMessage('数は1から999までの整数です。');
    else if ('labelJa' in priced) setMessage(`「${priced.labelJa}」を入れ直してください。`);
    else props.onEnter(line);
  }
  return (
    <Form
      className="form entry"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <TextField value={quantity} onChange={setQuantity}>
        <Label>数</Label>
        <Input inputMode="numeric" />
      </TextField>
      {specs.map((spec) => (
        <EntryField
          key={spec.code}
          spec={spec}
          value={values[spec.code] ?? spec.default ?? ''}
          isFirst={false}
          today={day.on}
          onChange={(value) => setValues((known) => ({ ...known, [spec.code]: value }))}
        />
      ))}
      {day.grounds.length > 0 && <GroundField day={day} value={ground} onChange={setGround} />}
      <FormEnd message={message} busy={false} submit="加える" onClose={props.onClose} />
    </Form>
  );
}

/** A sticker's number has to be there and makes no price: one stands for all. */
const examplesIn = (specs: readonly InputSpec[]): Record<string, string> =>
  Object.fromEntries(
    specs.flatMap(({ code, kind, isRequired }) => (kind === 'text' && isRequired ? [[code, 'A-1']] : [])),
  );

/** What is as usual is left out: it then follows the day of the preview. */
const givenOf = (
  specs: readonly InputSpec[],
  values: Readonly<Record<string, string>>,
): Record<string, string> =>
  Object.fromEntries(
    specs.flatMap(({ code, default: usual }) => {
      const value = values[code];
      return value === undefined || value === '' || value === usual ? [] : [[code, value]];
    }),
  );
