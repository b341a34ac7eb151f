/** The payments of another day: found there, and opened like today's. */
import { useEffect, useState, type Dispatch } from 'react';
import { Button, Input, Label, SearchField } from 'react-aria-components';
import { matchesSearch, searchedOf } from '../../payments/search.ts';
import type { PaymentView } from '../../payments/view.ts';
import { Unreachable } from '../shared/api.ts';
import { DateEntry } from '../shared/date-entry.tsx';
import { DialogFrame } from '../shared/dialog-frame.tsx';
import { formatTime, formatYen } from '../shared/format.ts';
import { daysAfter } from '../../business-date.ts';
import { signedYen, stateWordsOf, summaryOf, wayOf } from '../shared/payment-words.ts';
import { Sign } from '../shared/sign.tsx';
import type { LiveEvent } from './live.ts';
import { readPayments } from './service.ts';
import type { Reference } from './use-reference.ts';

const NO_ANSWER = 'サービスの答えがありません。少し待って、日付を選び直してください。';

export function EarlierPayments(props: {
  reference: Reference;
  tellLive: Dispatch<LiveEvent>;
  onOpen: (id: string) => void;
  onClose: () => void;
}) {
  const { today } = props.reference.session;
  const [date, setDate] = useState(() => daysAfter(today, -1));
  const [search, setSearch] = useState('');
  const { payments, message } = usePaymentsOn(date);
  const found = (payments ?? []).filter((payment) => matchesSearch(searchedOf(payment), search));
  function open(payment: PaymentView): void {
    // The stream tells of today: this one is told from here, and kept up to date by it from now on.
    props.tellLive({ type: 'answered', payment });
    props.onOpen(payment.id);
  }
  return (
    <DialogFrame title="前の日の支払い" onClose={props.onClose}>
      <div className="form">
        <DateEntry label="日付" value={date} today={today} onChange={setDate} isFirst />
        <SearchField value={search} onChange={setSearch} className="entry-row">
          <Label>伝票番号・金額・時刻・シール</Label>
          <Input />
        </SearchField>
      </div>
      <p className="form-error" role="alert">
        {message}
      </p>
      {payments !== null && found.length === 0 && <p>この日に、あてはまる支払いはありません。</p>}
      {found.length > 0 && (
        <table className="rows earlier">
          <caption className="unseen">見つかった支払い</caption>
          <tbody>
            {found.map((payment) => (
              <Row
                key={payment.id}
                payment={payment}
                reference={props.reference}
                onOpen={() => open(payment)}
              />
            ))}
          </tbody>
        </table>
      )}
      <div className="dialog-actions">
        <Button className="button" onPress={props.onClose}>
          閉じる
        </Button>
      </div>
    </DialogFrame>
  );
}

function Row(props: { payment: PaymentView; reference: Reference; onOpen: () => void }) {
  const { payment, reference } = props;
  const { word, sign } = stateWordsOf(payment);
  return (
    <tr data-kind={sign}>
      <td>{formatTime(payment.armedAt)}</td>
      <td>
        <Button className="row-button" onPress={props.onOpen}>
          {summaryOf(payment.lines)}
        </Button>
      </td>
      <td>{wayOf(payment, reference.brandNames)}</td>
      <td className="row-state">
        <Sign kind={sign} size="small" />
        {word}
      </td>
      <td className="row-amount">{formatYen(signedYen(payment))}</td>
    </tr>
  );
}

function usePaymentsOn(date: string): { payments: readonly PaymentView[] | null; message: string | null } {
  const [state, setState] = useState<{ of: string; payments: PaymentView[] | null; message: string | null }>({
    of: '',
    payments: null,
    message: null,
  });
  useEffect(() => {
    let isGone = false;
    const ask = async (): Promise<void> => {
      try {
        const answer = await readPayments(date);
        if (isGone) return;
        if (answer.ok) setState({ of: date, payments: answer.value, message: null });
        else setState({ of: date, payments: null, message: answer.refusal.message });
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
        if (!isGone) setState({ of: date, payments: null, message: NO_ANSWER });
      }
    };
    if (date !== '') void ask();
    return () => {
      isGone = true;
    };
  }, [date]);
  return state.of === date ? state : { payments: null, message: null };
}
