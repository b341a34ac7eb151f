/** Giving a sale back: every way with what it needs or why it is closed; then what, why, and a second person. */
import { useEffect, useRef, useState } from 'react';
import { Button, Input, Label, TextField } from 'react-aria-components';
import type { PickedLine } from '../../payments/net.ts';
import type { ReturnOption, ReturnWay } from '../../payments/return-rules.ts';
import type { ReturnedLine, ReturnReason } from '../../payments/return-records.ts';
import type { PaymentView } from '../../payments/view.ts';
import { Unreachable, type Answer } from '../shared/api.ts';
import { formatDate, formatYen } from '../shared/format.ts';
import { formatQuantity } from '../shared/payment-words.ts';
import { SecondPerson } from '../shared/second-person.tsx';
import { newId } from '../shared/new-id.ts';
import { Reasons } from './return-reasons.tsx';
import { CONDITIONS, obstacleWords, returnOutcomeOf, WAYS } from './return-words.ts';
import { giveBack, readOptions } from './service.ts';

type Way = Exclude<ReturnWay, 'acquirer'>;

export function GiveBack(props: {
  payment: PaymentView;
  /** The void or refund that has no result yet. */
  pending: PaymentView | undefined;
  secondPersonFromYen: number;
  /** A refund is under way at the terminal, where the resident shows the card again. */
  onSent: () => void;
}) {
  const { payment, pending } = props;
  const [way, setWay] = useState<Way | null>(null);
  const place = useRef<HTMLDivElement>(null);
  const options = useOptions(payment);
  if (payment.kind !== 'sale' || payment.state !== 'approved') return null;
  const chosen = options?.find((option) => option.way === way);
  const onSent = (): void => {
    setWay(null);
    // The button that was pressed is gone: the keyboard stays in the dialog.
    place.current?.focus();
    if (way === 'refund') props.onSent();
  };
  return (
    <div ref={place} tabIndex={-1} data-loading={options === null}>
      {pending === undefined ? (
        <section className="give-back" aria-labelledby="give-back-title">
          <h3 id="give-back-title" className="desk-title">
            取り消し・返金
          </h3>
          <ul className="ways">
            {options?.map((option) => (
              <li key={option.way}>
                <WayRow option={option} isChosen={option.way === way} onChoose={setWay} />
              </li>
            ))}
          </ul>
          {way !== null && chosen?.obstacle === null && (
            <GiveBackForm key={way} {...props} way={way} isWholeOnly={chosen.isWholeOnly} onSent={onSent} />
          )}
        </section>
      ) : (
        <Pending payment={pending} />
      )}
    </div>
  );
}

function Pending({ payment }: { payment: PaymentView }) {
  const { headline, money, next } = returnOutcomeOf(payment);
  return (
    <p className="tell" role="status">
      <b>{headline}</b>
      {money}
      {next}
    </p>
  );
}

function WayRow(props: { option: ReturnOption; isChosen: boolean; onChoose: (way: Way) => void }) {
  const { way, obstacle, conditions, until } = props.option;
  const { label, help } = WAYS[way];
  if (obstacle !== null) {
    return (
      <p className="way-closed">
        <b>{label}</b>：{obstacleWords(obstacle, way)}
      </p>
    );
  }
  const needs = conditions.map((condition) => CONDITIONS[condition]);
  if (until !== null) needs.push(`${formatDate(until)} まで`);
  const note = `${help}${needs.length === 0 ? '' : `（${needs.join('・')}）`}`;
  if (way === 'acquirer') {
    return (
      <p>
        <b>{label}</b>：{note}
      </p>
    );
  }
  return (
    <>
      <Button
        className={props.isChosen ? 'button primary' : 'button'}
        aria-pressed={props.isChosen}
        onPress={() => props.onChoose(way)}
      >
        {label}
      </Button>
      <span className="way-note">{note}</span>
    </>
  );
}

/** What can be done, asked again whenever the sale has changed; null: not answered yet. */
function useOptions(payment: PaymentView): readonly ReturnOption[] | null {
  const [options, setOptions] = useState<readonly ReturnOption[] | null>(null);
  useEffect(() => {
    let isGone = false;
    const ask = async (): Promise<void> => {
      try {
        const answer = await readOptions(payment.id);
        if (!isGone) setOptions(answer.ok ? answer.value : []);
      } catch (error) {
        // The status bar says that the service is out of reach.
        if (!(error instanceof Unreachable)) throw error;
        if (!isGone) setOptions((known) => known ?? []);
      }
    };
    void ask();
    return () => {
      isGone = true;
    };
  }, [payment]);
  return options;
}

interface FormProps {
  payment: PaymentView;
  way: Way;
  isWholeOnly: boolean;
  secondPersonFromYen: number;
  onSent: () => void;
}

const AT_REST = { busy: false, message: '', second: false };

/** What is being filled in, and sending it: the same id until there is an answer, so that pressed twice it is one. */
function useGiveBack({ payment, way, secondPersonFromYen, onSent }: FormProps) {
  const left = payment.linesLeft.filter(({ quantity, amountYen }) => quantity > 0 && amountYen > 0);
  const [picked, setPicked] = useState(
    () => new Map(left.map(({ position, quantity }) => [position, quantity])),
  );
  const [reason, setReason] = useState<ReturnReason | null>(payment.toDecide ? 'found_late' : null);
  const [note, setNote] = useState('');
  const [state, setState] = useState(AT_REST);
  const [id] = useState(newId);
  const totalYen = left.reduce(
    (sum, { unitPriceYen, position }) => sum + unitPriceYen * (picked.get(position) ?? 0),
    0,
  );
  const isReady = totalYen > 0 && reason !== null && (reason !== 'other' || note.trim() !== '');

  async function send(second?: { number: string; pin: string }): Promise<Answer<unknown>> {
    const lines: PickedLine[] = [...picked]
      .filter(([, quantity]) => quantity > 0)
      .map(([position, quantity]) => ({ position, quantity }));
    const isAll = left.every(({ position, quantity }) => picked.get(position) === quantity);
    const part = way === 'void' || isAll ? {} : { lines };
    const body = { id, totalYen, reason, note: note.trim(), ...part, ...(second && { second }) };
    return giveBack(payment.id, way, body);
  }
  async function press(): Promise<void> {
    if (totalYen >= secondPersonFromYen) {
      setState({ ...AT_REST, second: true });
      return;
    }
    setState({ ...AT_REST, busy: true });
    try {
      const answer = await send();
      if (answer.ok) onSent();
      else setState({ ...AT_REST, message: answer.refusal.message });
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      setState({ ...AT_REST, message: NO_ANSWER });
    }
  }

  const rest = (): void => setState(AT_REST);
  return {
    left,
    picked,
    setPicked,
    reason,
    setReason,
    note,
    setNote,
    state,
    totalYen,
    isReady,
    send,
    press,
    rest,
  };
}

function GiveBackForm(props: FormProps) {
  const { payment, way } = props;
  const form = useGiveBack(props);
  const { picked, reason, note, left, totalYen, state } = form;
  return (
    <div className="give-back-form">
      {!props.isWholeOnly && <Lines left={left} picked={picked} onPick={form.setPicked} />}
      <Reasons reason={reason} onChoose={form.setReason} />
      <TextField value={note} onChange={form.setNote} maxLength={200}>
        <Label>内容・連絡したこと{reason === 'other' ? '（必ず書いてください）' : ''}</Label>
        <Input />
      </TextField>
      <p className="form-error" role="alert">
        {state.message}
      </p>
      <Button
        className="button primary"
        isDisabled={!form.isReady || state.busy}
        onPress={() => void form.press()}
      >
        {WAYS[way].act(formatYen(totalYen))}
      </Button>
      {state.second && (
        <SecondPerson
          what={`伝票 ${String(payment.number).padStart(6, '0')} の ${formatYen(totalYen)} を「${WAYS[way].label}」で返します。`}
          roles={['treasurer', 'accounting']}
          onConfirm={form.send}
          onDone={props.onSent}
          onClose={form.rest}
        />
      )}
    </div>
  );
}

const NO_ANSWER =
  'サービスの答えがありません。返したかどうか分かりません。現金で返さず、もう一度このボタンを押してください（二重にはなりません）。';

/** How much of each line goes back. */
function Lines(props: {
  left: readonly ReturnedLine[];
  picked: ReadonlyMap<number, number>;
  onPick: (picked: Map<number, number>) => void;
}) {
  const { left, picked, onPick } = props;
  return (
    <ul className="return-lines" aria-label="返す項目">
      {left.map(({ position, unit, quantity: most, ...line }) => {
        const now = picked.get(position) ?? 0;
        const sticker = stickerOf(line);
        const nameJa = sticker === undefined ? line.nameJa : `${line.nameJa} ${sticker}`;
        const change = (by: 1 | -1): void => onPick(new Map(picked).set(position, now + by));
        return (
          <li key={position}>
            <span>
              {nameJa}
              {sticker !== undefined && (
                <small>
                  {now === most ? `シール ${sticker} はまた売れます` : `シール ${sticker} は使用中のまま`}
                </small>
              )}
            </span>
            <Button
              className="button"
              aria-label={`${nameJa}を1減らす`}
              isDisabled={now === 0}
              onPress={() => change(-1)}
            >
              −
            </Button>
            <output>{formatQuantity(now, unit)}</output>
            <Button
              className="button"
              aria-label={`${nameJa}を1増やす`}
              isDisabled={now === most}
              onPress={() => change(1)}
            >
              ＋
            </Button>
          </li>
        );
      })}
    </ul>
  );
}

/** Two passes in one sale are told apart by their stickers. */
const stickerOf = ({ inputs = [] }: Pick<ReturnedLine, 'inputs'>): string | undefined =>
  inputs.find(({ code }) => code === 'sticker')?.value;
