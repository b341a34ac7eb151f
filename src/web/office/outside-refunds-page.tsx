/** Refunds outside the terminals: what is still owed, and noting that it was paid out. */
import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { OfficeOutsideRefund, Payout } from '../../payments/outside-refunds.ts';
import type { Method } from '../../terminal/terminal.ts';
import { refusalTo } from '../shared/api.ts';
import { DayInput } from '../shared/day-input.tsx';
import { DialogFrame } from '../shared/dialog-frame.tsx';
import { formatDate, formatNumber, formatYen } from '../shared/format.ts';
import { wayOf } from '../shared/payment-words.ts';
import { Sign } from '../shared/sign.tsx';
import { Fault } from './fault.tsx';
import { notePayout, readOutsideRefunds } from './service.ts';
import { TableHead } from './table-head.tsx';
import { useAnswer } from './use-answer.ts';

const HOW: Record<Payout['way'] | 'withdrawn', string> = {
  transfer: '振込',
  cash: '現金',
  withdrawn: '取り下げ',
};

export function OutsideRefundsPage(props: { today: string; brandNames: ReadonlyMap<string, string> }) {
  const { value, fault, askAgain } = useAnswer('outside refunds', readOutsideRefunds);
  const [paying, setPaying] = useState<OfficeOutsideRefund | null>(null);
  const owed = (value ?? []).filter(({ ended }) => ended === null);
  return (
    <>
      <Fault message={fault} />
      <h2 className="lead">会計課から返すもの</h2>
      {value !== null && (
        <p className="sum">
          まだ払っていないもの {owed.length}件{' '}
          {formatYen(owed.reduce((sum, { amountYen }) => sum + amountYen, 0))}
        </p>
      )}
      {value?.length === 0 && <p>会計課から返すものはありません。</p>}
      {value !== null && value.length > 0 && (
        <table className="grid">
          <caption className="unseen">会計課からの返金の一覧</caption>
          <TableHead
            columns={['申し出・窓口', 'もとの伝票・方法', '担当・確認', '内容', { n: '金額' }, '状態']}
          />
          <tbody>
            {value.map((refund) => (
              <Row key={refund.id} refund={refund} brandNames={props.brandNames} onPay={setPaying} />
            ))}
          </tbody>
        </table>
      )}
      {paying !== null && (
        <PayoutDialog
          refund={paying}
          today={props.today}
          onDone={() => {
            setPaying(null);
            askAgain();
          }}
          onClose={() => setPaying(null)}
        />
      )}
    </>
  );
}

function Row(props: {
  refund: OfficeOutsideRefund;
  brandNames: ReadonlyMap<string, string>;
  onPay: (refund: OfficeOutsideRefund) => void;
}) {
  const { refund, brandNames, onPay } = props;
  const { ended } = refund;
  return (
    <tr data-todo={ended === null}>
      <td className="whole">
        {formatDate(refund.requestedOn)}
        <br />
        {refund.counter}　{refund.windowNameJa}
      </td>
      <td className="whole">
        {formatNumber(refund.saleNumber)}
        <br />
        {wayOf({ method: refund.method as Method, brand: refund.brand }, brandNames)}
      </td>
      <td className="whole">
        {refund.clerk}
        {refund.confirmedBy !== null && (
          <>
            <br />
            {refund.confirmedBy}
          </>
        )}
      </td>
      <td>{refund.note}</td>
      <td className="n">{formatYen(refund.amountYen)}</td>
      <td>
        {ended === null ? (
          <Button className="button" onPress={() => onPay(refund)}>
            支払いを記録する
          </Button>
        ) : (
          <>
            <span className="tag" data-kind={ended.way === 'withdrawn' ? 'none' : 'ok'}>
              <Sign kind={ended.way === 'withdrawn' ? 'none' : 'ok'} size="small" />
              {HOW[ended.way]}
            </span>
            <br />
            <small className="whole">{formatDate(ended.on)}</small>
            <br />
            <small className="whole">{ended.by}</small>
          </>
        )}
      </td>
    </tr>
  );
}

function PayoutDialog(props: {
  refund: OfficeOutsideRefund;
  today: string;
  onDone: () => void;
  onClose: () => void;
}) {
  const { refund, today } = props;
  const [payout, setPayout] = useState<Payout>({ paidOn: today, way: 'transfer', note: '' });
  const [message, setMessage] = useState<string | null>(null);
  async function save(): Promise<void> {
    const refused = await refusalTo(() => notePayout(refund, payout), NO_ANSWER);
    setMessage(refused);
    if (refused === null) props.onDone();
  }
  return (
    <DialogFrame title="返金の支払いを記録する" onClose={props.onClose}>
      <p>
        伝票 {formatNumber(refund.saleNumber)} の {formatYen(refund.amountYen)}{' '}
        を、お客様に払い終えたことを記録します。
      </p>
      <DayInput
        className="head-field"
        label="払った日"
        today={today}
        value={payout.paidOn}
        max={today}
        isRequired
        onChange={(paidOn) => setPayout({ ...payout, paidOn })}
      />
      <div className="dialog-actions">
        {(['transfer', 'cash'] as const).map((way) => (
          <Button
            key={way}
            className={way === payout.way ? 'button primary' : 'button'}
            aria-pressed={way === payout.way}
            onPress={() => setPayout({ ...payout, way })}
          >
            {HOW[way]}
          </Button>
        ))}
      </div>
      <p className="form-error" role="alert">
        {message}
      </p>
      <div className="dialog-actions">
        <Button className="button" onPress={props.onClose}>
          やめる
        </Button>
        <Button className="button primary" isDisabled={payout.paidOn === ''} onPress={() => void save()}>
          払ったことを記録する
        </Button>
      </div>
    </DialogFrame>
  );
}

const NO_ANSWER = 'サービスの答えがありません。記録されたかどうかは、画面を開き直して確かめてください。';
