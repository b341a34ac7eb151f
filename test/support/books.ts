/** Sales by code payment with a slip of their own, and the lines of a statement about them. */
import { randomUUID } from 'node:crypto';
import type { TestCounter } from './drained.ts';
import { answerOf, armedSale } from './sale.ts';

/** Approved, with its slip; its id, which a statement may carry as its reference. */
export function sellByCode(
  counter: TestCounter,
  { slip, amountYen, businessDate }: { slip: string; amountYen: number; businessDate: string },
): string {
  const id = randomUUID();
  const [line] = armedSale().lines;
  if (line === undefined) throw new Error('the sample sale has no line');
  const way = { method: 'qr', brand: 'paypay' } as const;
  const lines = [{ ...line, unitPriceYen: amountYen, amountYen }];
  counter.record(id, { type: 'armed', payload: armedSale({ amountYen, lines, businessDate, ...way }) });
  const answer = answerOf('approved', { amountYen, ...way, receiptNumber: slip, traceNumber: slip });
  counter.record(id, { type: 'answer', payload: { answer, refused: null } });
  counter.record(id, { type: 'ended', payload: { kind: 'completed' } });
  return id;
}

const HEAD = '取引日時\t決済番号\t加盟店取引ID\tサービス\t取引種別\t端末ID\t金額\t手数料\t精算ID\t振込予定日';

/** A daily statement of the sample's code provider. */
export function codeStatement(
  businessDate: string,
  lines: readonly { number: string; reference: string; yen: number }[],
): Buffer {
  const rows = lines.map(({ number, reference, yen }) =>
    [
      ...[`${businessDate} 09:10:05`, number, reference, 'PayPay', '支払い', '52500041'],
      ...[yen, Math.round(yen * 0.0324), `QR${businessDate.replaceAll('-', '')}`, '2026-11-06'],
    ].join('\t'),
  );
  return Buffer.from(`${[HEAD, ...rows].join('\n')}\n`);
}
