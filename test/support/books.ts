/** Sales by code payment with a slip of their own, and the lines of a statement about them. */
import { randomUUID } from 'node:crypto';
import type { TestCounter } from './drained.ts';
import { answerOf, armedSale } from './sale.ts';

/**
 * With its slip; returns its id, which a statement may carry as its reference.
 * @param outcome `unknown`: the answer was lost
 */
export function sellByCode(
  counter: TestCounter,
  { slip, amountYen, businessDate }: { slip: string; amountYen: number; businessDate: string },
  outcome: 'approved' | 'unknown' = 'approved',
): string {
  const id = randomUUID();
  const [line] = armedSale().lines;
  if (line === undefined) throw new Error('the sample sale has no line');
  const way = { method: 'qr', brand: 'paypay' } as const;
  const lines = [{ ...line, unitPriceYen: amountYen, amountYen }];
  counter.record(id, { type: 'armed', payload: armedSale({ amountYen, lines, businessDate, ...way }) });
  if (outcome === 'unknown') {
    counter.record(id, { type: 'interrupted', payload: { reason: 'the line broke' } });
    return id;
  }
  const answer = answerOf('approved', { amountYen, ...way, receiptNumber: slip, traceNumber: slip });
  counter.record(id, { type: 'answer', payload: { answer, refused: null } });
  counter.record(id, { type: 'ended', payload: { kind: 'completed' } });
  return id;
}

const HEAD = '取引日時\t決済番号\t加盟店取引ID\tサービス\t取引種別\t端末ID\t金額\t手数料\t精算ID\t振込予定日';

/** A line of a statement. `yen` below 0 with `kind` 返金: money that went back. */
interface CodeLine {
  number: string;
  reference: string;
  yen: number;
  kind?: '支払い' | '返金' | undefined;
}

/** A row of it, whose day is the business date. */
export const codeRow = (
  businessDate: string,
  { number, reference, yen, kind = '支払い' }: CodeLine,
): string =>
  [
    ...[`${businessDate} 09:10:05`, number, reference, 'PayPay', kind, '52500041'],
    ...[yen, Math.round(yen * 0.0324), `QR${businessDate.replaceAll('-', '')}`, '2026-11-06'],
  ].join('\t');

/** A daily statement of the sample's code provider. */
export const codeFile = (rows: readonly string[]): Buffer => Buffer.from(`${[HEAD, ...rows].join('\n')}\n`);

export const codeStatement = (businessDate: string, lines: readonly CodeLine[]): Buffer =>
  codeFile(lines.map((line) => codeRow(businessDate, line)));
