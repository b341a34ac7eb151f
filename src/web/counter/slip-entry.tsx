/** 後からの記録: payments that the terminal took while it was used alone, one slip after the other. */
import { useState } from 'react';
import { Button, Input, Label, TextField } from 'react-aria-components';
import type { PaymentView } from '../../payments/view.ts';
import type { Method } from '../../terminal/terminal.ts';
import { METHOD_NAMES, METHODS, type Offer } from '../../terminal/offer.ts';
import { Unreachable } from '../shared/api.ts';
import { DialogFrame } from '../shared/dialog-frame.tsx';
import { formatDate, formatNumber, formatYen } from '../shared/format.ts';
import { Sign } from '../shared/sign.tsx';
import { newId } from '../shared/new-id.ts';
import { ItemPicker, usePicking } from './item-picker.tsx';
import { enterSlip } from './service.ts';
import { isSlipWhole, SlipFields, takenAtOf } from './slip-fields.tsx';
import type { Reference } from './use-reference.ts';

const NO_ANSWER =
  'サービスの答えがありません。記録されたかどうか分かりません。もう一度押してください。二重に記録されることはありません。';

/** What stays from one slip to the next, because an outage has many of them. */
interface Kept {
  terminal: string;
  window: string;
  date: string;
}

export function SlipEntryDialog(props: { reference: Reference; onClose: () => void }) {
  const { reference, onClose } = props;
  const { offers, today } = reference.session;
  const [kept, setKept] = useState<Kept>({
    terminal: offers[0]?.id ?? '',
    window: reference.windows[0]?.code ?? '',
    date: today,
  });
  const [entered, setEntered] = useState<readonly PaymentView[]>([]);
  return (
    <DialogFrame title="後からの記録（端末だけで受けた支払い）" onClose={onClose}>
      <p>
        停電や故障のあいだに端末だけで受けた支払いを、端末の伝票を見て1枚ずつ入れます。端末には何も送りません。伝票の日時で、端末の合計と突合します。
      </p>
      {entered.length > 0 && <Entered payments={entered} today={today} />}
      <SlipForm
        // A slip has a form of its own, and an id of its own.
        key={entered.length}
        reference={reference}
        kept={kept}
        onKeep={setKept}
        onEntered={(payment) => setEntered((before) => [...before, payment])}
        onClose={onClose}
      />
    </DialogFrame>
  );
}

function Entered({ payments, today }: { payments: readonly PaymentView[]; today: string }) {
  return (
    <div role="status">
      <ul className="signed-list">
        {payments.map(({ id, number, amountYen, businessDate, postedOn, terminal }) => (
          <li key={id}>
            <b>
              <Sign kind="ok" size="small" /> 端末の伝票 {terminal.receiptNumber} {formatYen(amountYen)}{' '}
              を記録しました
            </b>
            <span>
              伝票 {formatNumber(number)}　{formatDate(businessDate)} の支払い
              {postedOn !== businessDate &&
                `（その日は締めてあるため、${postedOn === today ? '今日' : formatDate(postedOn)}の分に入ります）`}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

interface SlipFormProps {
  reference: Reference;
  kept: Kept;
  onKeep: (kept: Kept) => void;
  onEntered: (payment: PaymentView) => void;
  onClose: () => void;
}

/** What is filled in of one slip, and sending it: the same id until there is an answer. */
function useSlip({ kept, onKeep, onEntered }: SlipFormProps) {
  const [slip, setSlip] = useState({ slipNumber: '', time: '' });
  const [kind, setKind] = useState<{ method: Method; brand: string | null } | null>(null);
  const [amount, setAmount] = useState('');
  const [state, setState] = useState({ busy: false, message: '' });
  const [id] = useState(newId);
  const picking = usePicking(kept.window, kept.date, []);
  const { totalYen, lines } = picking;
  const facts = { ...slip, date: kept.date };
  const amountYen = /^\d{1,7}$/.test(amount) ? Number(amount) : null;
  const isReady =
    isSlipWhole(facts) && kind !== null && lines.length > 0 && amountYen === totalYen && !state.busy;

  async function send(): Promise<void> {
    if (kind === null) return;
    const { method, brand } = kind;
    const { terminal, window } = kept;
    const paid = { method, ...(brand !== null && { brand }), lines, totalYen };
    setState({ busy: true, message: '' });
    try {
      const said = { slipNumber: slip.slipNumber, takenAt: takenAtOf(facts) };
      const answer = await enterSlip({ id, terminal, window, ...paid, ...said });
      if (answer.ok) onEntered(answer.value);
      else setState({ busy: false, message: answer.refusal.message });
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      setState({ busy: false, message: NO_ANSWER });
    }
  }
  return {
    facts,
    setFacts: ({ slipNumber, time, date }: typeof facts): void => {
      setSlip({ slipNumber, time });
      if (date !== kept.date) onKeep({ ...kept, date });
    },
    kind,
    setKind,
    amount,
    setAmount: (typed: string) => setAmount(typed.normalize('NFKC').replace(/[,円]/g, '')),
    amountYen,
    picking,
    isReady,
    message: state.message,
    send,
  };
}

function SlipForm(props: SlipFormProps) {
  const { reference, kept, onKeep } = props;
  const { offers, today } = reference.session;
  const slip = useSlip(props);
  const offer = offers.find(({ id }) => id === kept.terminal);
  return (
    <div className="give-back-form form entry">
      {offers.length > 1 && (
        <Select
          label="端末"
          value={kept.terminal}
          options={offers.map(({ id, nameJa }) => ({ code: id, nameJa }))}
          onChange={(terminal) => onKeep({ ...kept, terminal })}
        />
      )}
      <SlipFields facts={slip.facts} today={today} numberLabel="伝票番号" onChange={slip.setFacts} />
      <div className="slip-fields">
        <KindSelect offer={offer} reference={reference} onChange={slip.setKind} />
        <TextField value={slip.amount} onChange={slip.setAmount} autoComplete="off">
          <Label>伝票の金額（円）</Label>
          <Input inputMode="numeric" />
        </TextField>
        <Select
          label="窓口"
          value={kept.window}
          options={reference.windows}
          onChange={(window) => onKeep({ ...kept, window })}
        />
      </div>
      <ItemPicker picking={slip.picking} />
      <SumCheck amountYen={slip.amountYen} totalYen={slip.picking.totalYen} />
      <p className="form-error" role="alert">
        {slip.message}
      </p>
      <div className="dialog-actions">
        <Button className="button" onPress={props.onClose}>
          閉じる
        </Button>
        <Button className="button primary" isDisabled={!slip.isReady} onPress={() => void slip.send()}>
          この伝票を記録する
        </Button>
      </div>
    </div>
  );
}

/** The items have to come to what the slip says. */
function SumCheck({ amountYen, totalYen }: { amountYen: number | null; totalYen: number }) {
  const words =
    amountYen === null
      ? '項目の合計'
      : amountYen === totalYen
        ? '伝票の金額と同じ合計です'
        : `伝票は ${formatYen(amountYen)} です。同じ合計になるように項目を選んでください`;
  return (
    <p className="picker-total" role="status">
      <span>{words}</span>
      <strong>{formatYen(totalYen)}</strong>
    </p>
  );
}

/** Method and brand in one: what the slip calls the payment. */
function KindSelect(props: {
  offer: Offer | undefined;
  reference: Reference;
  onChange: (kind: { method: Method; brand: string | null } | null) => void;
}) {
  const [chosen, setChosen] = useState('');
  const { brandNames } = props.reference;
  const groups = METHODS.map((method) => ({ method, brands: props.offer?.brands[method] ?? [] })).filter(
    ({ brands }) => brands.length > 0,
  );
  function choose(value: string): void {
    setChosen(value);
    const [name, brand = ''] = value.split(' ');
    const method = METHODS.find((each) => each === name);
    props.onChange(method === undefined ? null : { method, brand: brand === '' ? null : brand });
  }
  return (
    <div>
      <label htmlFor="slip-kind">支払いの種類</label>
      <select id="slip-kind" value={chosen} onChange={({ target }) => choose(target.value)}>
        <option value="">選んでください</option>
        {groups.map(({ method, brands }) => (
          <optgroup key={method} label={METHOD_NAMES[method]}>
            {brands.map((brand) => (
              <option key={brand} value={`${method} ${brand}`}>
                {brandNames.get(brand) ?? brand}
              </option>
            ))}
            {method !== 'emoney' && (
              <option value={method}>{METHOD_NAMES[method]}（種類が分からない）</option>
            )}
          </optgroup>
        ))}
      </select>
    </div>
  );
}

function Select(props: {
  label: string;
  value: string;
  options: readonly { code: string; nameJa: string }[];
  onChange: (code: string) => void;
}) {
  const id = `slip-${props.label}`;
  return (
    <div>
      <label htmlFor={id}>{props.label}</label>
      <select id={id} value={props.value} onChange={({ target }) => props.onChange(target.value)}>
        {props.options.map(({ code, nameJa }) => (
          <option key={code} value={code}>
            {nameJa}
          </option>
        ))}
      </select>
    </div>
  );
}
