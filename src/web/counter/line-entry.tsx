/** The one entry of a line: what its fee needs to know, and whether it is charged at all. */
import { useState } from 'react';
import { Button, Form } from 'react-aria-components';
import { NOBODY, priceLine, type PricedItem, type PricingDay } from '../../fees/pricing.ts';
import { inputsOf } from '../../fees/questions.ts';
import type { InputSpec } from '../../fees/inputs.ts';
import { DialogFrame } from '../shared/dialog-frame.tsx';
import { formatYen } from '../shared/format.ts';
import { formatQuantity } from '../shared/payment-words.ts';
import { SecondPerson } from '../shared/second-person.tsx';
import type { BasketLine } from './basket.ts';
import { EntryField, GroundField } from './entry-fields.tsx';
import { approveExemption } from './service.ts';

/** As `src/counted/routes.ts` has it; the service decides. */
const APPROVERS = ['treasurer', 'accounting'] as const;

interface EntryProps {
  window: string;
  item: PricedItem;
  /** The line that is changed; undefined: a new one. */
  line: BasketLine | undefined;
  day: PricingDay;
  /** A sticker that was scanned since the entry is open. */
  scanned?: string | undefined;
  onEnter: (line: BasketLine) => void;
  onClose: () => void;
}

export function LineEntry(props: EntryProps) {
  const { item, day, line, onEnter } = props;
  // What has to be entered stands first; what is nearly always right as it is, below.
  const specs = inputsOf(item, day).sort((a, b) => Number(a.default !== null) - Number(b.default !== null));
  const [values, setValues] = useValues(specs, line, props.scanned);
  const [ground, setGround] = useState(line?.exemption?.ground ?? '');
  const [approving, setApproving] = useState(false);
  const entered: BasketLine = {
    code: item.code,
    quantity: line?.quantity ?? 1,
    ...(specs.length > 0 && { inputs: givenOf(specs, values) }),
    ...(ground !== '' && { exemption: { ground } }),
    ...(line?.care !== undefined && { care: line.care }),
  };
  const priced = priceLine(item, entered, day, NOBODY);
  const needsApproval = day.grounds.some(
    ({ code, approval }) => code === ground && approval === 'second_person',
  );

  if (approving) {
    return <Approval {...props} entered={entered} ground={ground} onBack={() => setApproving(false)} />;
  }
  return (
    <DialogFrame title={item.nameJa} onClose={props.onClose}>
      <Form
        className="form entry"
        onSubmit={(event) => {
          event.preventDefault();
          if ('fault' in priced) return;
          if (needsApproval) setApproving(true);
          else onEnter(entered);
        }}
      >
        {specs.map((spec, index) => (
          <EntryField
            key={spec.code}
            spec={spec}
            value={values[spec.code] ?? ''}
            today={day.on}
            isFirst={index === 0}
            onChange={(value) => setValues((known) => ({ ...known, [spec.code]: value }))}
          />
        ))}
        {day.grounds.length > 0 && <GroundField day={day} value={ground} onChange={setGround} />}
        <EntryPrice priced={priced} />
        <div className="dialog-actions">
          <Button className="button" onPress={props.onClose}>
            やめる
          </Button>
          <Button className="button primary" type="submit" isDisabled={'fault' in priced}>
            {line === undefined ? '会計に入れる' : '変更する'}
          </Button>
        </div>
      </Form>
    </DialogFrame>
  );
}

/** A second person's word, which the line then carries. */
function Approval(props: EntryProps & { entered: BasketLine; ground: string; onBack: () => void }) {
  const { entered, ground, day, item } = props;
  const groundJa = day.grounds.find(({ code }) => code === ground)?.nameJa ?? '';
  return (
    <SecondPerson
      what={`${item.nameJa}を無料にすることを承認します。理由：${groundJa}`}
      roles={APPROVERS}
      onConfirm={async (second) => {
        const { code, quantity } = entered;
        const answer = await approveExemption({ window: props.window, code, quantity, ground, second });
        if (answer.ok) props.onEnter({ ...entered, exemption: { ground, approval: answer.value.approval } });
        return answer;
      }}
      onDone={props.onBack}
      onClose={props.onBack}
    />
  );
}

/** What it comes to as it is entered now, or what is still missing. */
function EntryPrice({ priced }: { priced: ReturnType<typeof priceLine> }) {
  if ('fault' in priced) {
    const missing =
      'labelJa' in priced ? `「${priced.labelJa}」を入れてください` : 'この日の料金がありません';
    return (
      <p className="entry-price" role="status">
        <span>{missing}</span>
      </p>
    );
  }
  return (
    <p className="entry-price" role="status">
      <span>
        {formatYen(priced.unitPriceYen)} {formatQuantity(priced.quantity, priced.unit)}
      </span>
      <strong>{formatYen(priced.amountYen)}</strong>
    </p>
  );
}

type Values = Readonly<Record<string, string>>;

/** What is entered; a sticker that is scanned meanwhile takes the place of what stood there. */
function useValues(specs: readonly InputSpec[], line: BasketLine | undefined, scanned: string | undefined) {
  const state = useState(() => valuesOf(specs, line));
  const [, setValues] = state;
  const [seen, setSeen] = useState<string>();
  if (scanned !== seen) {
    setSeen(scanned);
    const sticker = scanned ?? '';
    if (specs.some(({ code }) => code === 'sticker')) setValues((known) => ({ ...known, sticker }));
  }
  return state;
}

const valuesOf = (specs: readonly InputSpec[], line: BasketLine | undefined): Values =>
  Object.fromEntries(
    specs.map((spec) => [spec.code, String(line?.inputs?.[spec.code] ?? spec.default ?? '')]),
  );

/** What is left empty and may be is not sent. */
const givenOf = (specs: readonly InputSpec[], values: Values): Record<string, string> =>
  Object.fromEntries(
    specs.flatMap(({ code }) =>
      values[code] === '' || values[code] === undefined ? [] : [[code, values[code]]],
    ),
  );
