/** The terms of an acquirer as a form, with what they mean for a sale of today, until another person confirms them. */
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { ACQUIRER, findRival, type Acquirer } from '../../reconcile/books/acquirer.ts';
import type { AcquirerView } from '../../reconcile/statements/view.ts';
import { DialogFrame } from '../shared/dialog-frame.tsx';
import { FormEnd } from '../shared/form-end.tsx';
import { SecondPerson } from '../shared/second-person.tsx';
import { AcquirerCycle, NumberField } from './acquirer-cycle.tsx';
import { AcquirerPeriod } from './acquirer-period.tsx';
import { changesOf, dueJa, payersJa, rivalJa, ROUNDING_WORDS } from './acquirer-words.ts';
import { Changes } from './differences.tsx';
import { declareAcquirer } from './service.ts';

export function AcquirerForm(props: {
  base: AcquirerView | null;
  first: Acquirer;
  today: string;
  brandNames: ReadonlyMap<string, string>;
  acquirers: readonly AcquirerView[];
  onDone: () => void;
  onClose: () => void;
}) {
  const { base, today, brandNames } = props;
  const [typed, setTyped] = useState(props.first);
  const [reason, setReason] = useState('');
  const [message, setMessage] = useState<string | null>(null);
  const [confirming, setConfirming] = useState(false);
  const set = (change: Partial<Acquirer>): void => setTyped({ ...typed, ...change });
  const changes = changesOf(base?.definition ?? null, typed, brandNames);
  const parsed = ACQUIRER.safeParse(typed);

  function submit(): void {
    const missing = reason.trim() === '' ? '理由を入れてください。' : null;
    const unchanged = changes.length === 0 ? '変わるところがありません。' : null;
    const unread = parsed.success ? null : '入れた値を確かめてください。';
    const fault = faultOf(typed, props) ?? unchanged ?? missing ?? unread;
    setMessage(fault);
    setConfirming(fault === null);
  }

  if (confirming && parsed.success) {
    return (
      <Confirm
        {...props}
        {...{ changes, reason }}
        wanted={parsed.data}
        onClose={() => setConfirming(false)}
      />
    );
  }
  return (
    <DialogFrame title={base === null ? '決済会社を加える' : base.definition.nameJa} onClose={props.onClose}>
      <form
        className="form entry case-form acquirer-form"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Fields
          typed={typed}
          isNew={base === null}
          {...{ today, brandNames }}
          onChange={set}
          onType={setTyped}
        />
        <label>
          理由
          <input value={reason} maxLength={200} onChange={({ target }) => setReason(target.value)} />
        </label>
        <FormEnd message={message} busy={false} submit="別の人の確認へ" onClose={props.onClose} />
      </form>
    </DialogFrame>
  );
}

function Confirm(props: {
  base: AcquirerView | null;
  wanted: Acquirer;
  changes: ReturnType<typeof changesOf>;
  reason: string;
  today: string;
  onDone: () => void;
  onClose: () => void;
}) {
  const { base, wanted, changes, reason } = props;
  return (
    <SecondPerson
      what={`${wanted.nameJa}を次のように登録します（理由：${reason}）。`}
      roles={['accounting', 'administrator']}
      onConfirm={(second) =>
        declareAcquirer({ base: base?.version ?? 0, reason, definition: wanted }, second)
      }
      onDone={props.onDone}
      onClose={props.onClose}
    >
      <Changes changes={changes} isNew={base === null} />
      <p>{dueJa(wanted, props.today)}</p>
    </SecondPerson>
  );
}

function faultOf(
  typed: Acquirer,
  {
    base,
    acquirers,
    brandNames,
  }: Pick<Parameters<typeof AcquirerForm>[0], 'base' | 'acquirers' | 'brandNames'>,
): string | null {
  const { code, counter, nameJa, brands, cycle } = typed;
  const isTaken = acquirers.some(
    (each) => each.definition.code === code && each.definition.counter === counter,
  );
  if (nameJa.trim() === '') return '名前を入れてください。';
  if (!/^[a-z0-9_-]{1,40}$/.test(code)) return 'コードは半角の小文字・数字・-・_ です。';
  if (base === null && isTaken) return `コード ${code} はもうあります。`;
  if (brands.length === 0) return '種類を1つ以上選んでください。';
  if (cycle.kind === 'monthly' && cycle.closes.length === 0) return '締め日を入れてください。';
  if (!ACQUIRER.safeParse(typed).success) return null;
  const others = acquirers.map(({ definition }) => definition);
  const overlap = findRival(typed, base?.definition, others);
  return overlap === undefined ? null : rivalJa(overlap, brandNames);
}

interface Part {
  typed: Acquirer;
  onChange: (change: Partial<Acquirer>) => void;
}

function Fields(
  props: Part & {
    isNew: boolean;
    today: string;
    brandNames: ReadonlyMap<string, string>;
    onType: (typed: Acquirer) => void;
  },
) {
  const parsed = ACQUIRER.safeParse(props.typed);
  return (
    <>
      <Names {...props} />
      <Brands {...props} />
      <AcquirerPeriod typed={props.typed} today={props.today} onChange={props.onType} />
      <AcquirerCycle {...props} />
      <Fee {...props} />
      {parsed.success && <p className="acquirer-due">{dueJa(parsed.data, props.today)}</p>}
    </>
  );
}

function Names({ typed, isNew, onChange }: Part & { isNew: boolean }) {
  return (
    <div className="acquirer-fields">
      <label>
        名前
        <input
          value={typed.nameJa}
          maxLength={60}
          onChange={({ target }) => onChange({ nameJa: target.value })}
        />
      </label>
      <label>
        コード
        <input
          value={typed.code}
          maxLength={40}
          readOnly={!isNew}
          onChange={({ target }) => onChange({ code: target.value.trim() })}
        />
      </label>
      <label>
        窓口（* はすべて）
        <input
          value={typed.counter}
          maxLength={20}
          readOnly={!isNew}
          onChange={({ target }) => onChange({ counter: target.value.trim() })}
        />
      </label>
      <label>
        入金の名義（読点で区切る）
        <input
          value={payersJa(typed)}
          onChange={({ target }) =>
            onChange({ payerNames: target.value.split('、').map((name) => name.trimStart()) })
          }
          onBlur={() => onChange({ payerNames: typed.payerNames.filter((name) => name.trim() !== '') })}
        />
      </label>
      <label>
        端末が返す決済番号
        <select
          value={typed.providerIdIn}
          onChange={({ target }) => onChange({ providerIdIn: target.value as Acquirer['providerIdIn'] })}
        >
          <option value="none">返さない</option>
          <option value="trace_number">処理通番</option>
        </select>
      </label>
    </div>
  );
}

function Brands(props: Part & { brandNames: ReadonlyMap<string, string> }) {
  const { typed, brandNames, onChange } = props;
  return (
    <fieldset className="choices acquirer-brands">
      <legend>種類</legend>
      {[...brandNames].map(([code, nameJa]) => (
        <label key={code} className="choice">
          <input
            type="checkbox"
            checked={typed.brands.includes(code)}
            onChange={({ target }) =>
              onChange({
                brands: target.checked
                  ? [...typed.brands, code]
                  : typed.brands.filter((brand) => brand !== code),
              })
            }
          />
          {nameJa}
        </label>
      ))}
    </fieldset>
  );
}

function Fee({ typed: { fee }, onChange }: Part) {
  if (fee === null) {
    return (
      <Button
        className="button"
        onPress={() =>
          onChange({ fee: { ratePpm: 32_400, brandRatesPpm: {}, rounding: 'floor', toleranceYen: 0 } })
        }
      >
        手数料率を登録する（いまは明細のとおり）
      </Button>
    );
  }
  return (
    <div className="acquirer-fields">
      <label>
        手数料率（税込み、%）
        <input
          type="text"
          inputMode="decimal"
          defaultValue={String(fee.ratePpm / 10_000)}
          onChange={({ target }) => {
            const percent = target.value.trim() === '' ? Number.NaN : Number(target.value);
            onChange({ fee: { ...fee, ratePpm: Math.round(percent * 10_000) } });
          }}
        />
      </label>
      <label>
        端数（精算・種類ごと）
        <select
          value={fee.rounding}
          onChange={({ target }) =>
            onChange({ fee: { ...fee, rounding: target.value as (typeof fee)['rounding'] } })
          }
        >
          {Object.entries(ROUNDING_WORDS).map(([value, nameJa]) => (
            <option key={value} value={value}>
              {nameJa}
            </option>
          ))}
        </select>
      </label>
      <NumberField
        label="許す差（円）"
        value={fee.toleranceYen}
        most={1000}
        onChange={(toleranceYen) => onChange({ fee: { ...fee, toleranceYen } })}
      />
      <Button className="quiet" onPress={() => onChange({ fee: null })}>
        率を登録しない（明細のとおり）
      </Button>
    </div>
  );
}
