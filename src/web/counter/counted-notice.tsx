/** What was recorded without a terminal: said at once, and taken back where the touch was a mistake. */
import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import type { CountedSale, Tender } from '../../counted/counted.ts';
import { Unreachable } from '../shared/api.ts';
import { formatDayAndTime, formatNumber, formatYen } from '../shared/format.ts';
import { DialogFrame } from '../shared/dialog-frame.tsx';
import { summaryOf } from '../shared/payment-words.ts';
import { Sign } from '../shared/sign.tsx';
import { CertificateLink } from '../daycare/certificate-link.tsx';
import { withdrawCounted } from './service.ts';

export const TENDER_WORDS: Record<Tender, string> = { cash: '現金', nothing: '0円' };

export function CountedNotice({ sale }: { sale: CountedSale }) {
  const { ask, message } = useWithdrawing(sale);
  const what = sale.tender === 'cash' ? `現金 ${formatYen(sale.amountYen)}` : '0円のお渡し';
  return (
    <div className="notice counted-notice" role="status">
      <Sign kind={sale.withdrawn === null ? 'ok' : 'stop'} size="small" />
      <p>
        {message ??
          (sale.withdrawn === null
            ? `${what}を記録しました。`
            : `${what}の記録を取り消しました。キャッシュレスの支払いには関わりません。`)}
      </p>
      {sale.withdrawn === null && (
        <>
          {sale.tender === 'cash' && <CertificateLink id={sale.id} lines={sale.lines} />}
          <Button className="button" onPress={ask}>
            押し間違い
          </Button>
        </>
      )}
    </div>
  );
}

export function CountedDialog(props: { sale: CountedSale; today: string; onClose: () => void }) {
  const { sale } = props;
  const { ask, message } = useWithdrawing(sale);
  const exempt = sale.lines.flatMap(({ exemption }) => exemption ?? []);
  return (
    <DialogFrame title={`${TENDER_WORDS[sale.tender]}の記録`} onClose={props.onClose}>
      <dl className="facts">
        <Fact name="伝票番号">{formatNumber(sale.number)}</Fact>
        <Fact name="日時">{formatDayAndTime(sale.countedAt)}</Fact>
        <Fact name="内容">{summaryOf(sale.lines)}</Fact>
        <Fact name="金額">{formatYen(sale.amountYen)}</Fact>
        {exempt.map(({ groundJa, approver, waivedYen }, index) => (
          <Fact key={index} name="減免の理由">
            {groundJa}（承認 {approver.name}・本来 {formatYen(waivedYen)}）
          </Fact>
        ))}
        <Fact name="担当">{sale.clerk}</Fact>
        {sale.withdrawn !== null && (
          <Fact name="取り消し">
            {formatDayAndTime(sale.withdrawn.at)}　{sale.withdrawn.clerk}
          </Fact>
        )}
      </dl>
      <p className="form-note">数えるための記録です。端末の合計やキャッシュレスの集計には入りません。</p>
      <p className="form-error" role="alert">
        {message}
      </p>
      <div className="dialog-actions">
        {sale.withdrawn === null && sale.tender === 'cash' && (
          <CertificateLink id={sale.id} lines={sale.lines} />
        )}
        {sale.withdrawn === null && sale.businessDate === props.today && (
          <Button className="button" onPress={ask}>
            この記録を取り消す
          </Button>
        )}
        <Button className="button primary" onPress={props.onClose}>
          閉じる
        </Button>
      </div>
    </DialogFrame>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** What became of it arrives with the stream. */
function useWithdrawing(sale: CountedSale): { ask: () => void; message: string | null } {
  const [message, setMessage] = useState<string | null>(null);
  async function run(): Promise<void> {
    try {
      const answer = await withdrawCounted(sale.id);
      setMessage(answer.ok ? null : answer.refusal.message);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      setMessage('サービスの答えがありません。今日の一覧で、取り消されたかどうかを確かめてください。');
    }
  }
  return { ask: () => void run(), message };
}
