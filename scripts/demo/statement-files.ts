/** Statements as acquirers and the bank would send them, in the formats that a trial declares (samples beside the import). */
import iconv from 'iconv-lite';

/** One row of an acquirer's statement. Integer yen, positive towards the city. */
export interface StatementRow {
  kind: 'sale' | 'refund' | 'chargeback';
  yen: number;
  feeYen: number;
  brand: string;
  /** Business date and instant at the counter. */
  onDate: string;
  at: Date;
  terminalId: string;
  receiptNumber: number;
  traceNumber: number;
  approval: string;
}

export interface Batch {
  name: string;
  closesOn: string;
  paysOn: string;
  rows: readonly StatementRow[];
}

/** A line of the city's account. Negative: withdrawn. */
export interface BankLine {
  number: number;
  onDate: string;
  yen: number;
  /** Half-width katakana, as banks write it. */
  payer: string;
  remark: string;
}

const REIWA_0 = 2018;
const eraYear = (date: string): string => String(Number(date.slice(0, 4)) - REIWA_0).padStart(2, '0');
/** R06/10/01 */
const eraDate = (date: string): string => `R${eraYear(date)}/${date.slice(5, 7)}/${date.slice(8)}`;
const digits = (value: number, places: number): string => String(Math.abs(value)).padStart(places, '0');
const compact = (date: string): string => date.replaceAll('-', '');
/** Wall clock in Tokyo, `YYYY-MM-DD HH:MM:SS`. */
const tokyo = (at: Date): string =>
  new Date(at.getTime() + 9 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
const sum = (rows: readonly StatementRow[], of: 'yen' | 'feeYen'): number =>
  rows.reduce((total, row) => total + row[of], 0);
const cp932 = (text: string): Buffer => iconv.encode(text, 'cp932');

const CARD_NAMES: Readonly<Record<string, string>> = {
  ...{ visa: 'VISA', mastercard: 'MASTER', jcb: 'JCB', amex: 'AMEX', diners: 'ダイナース', unionpay: '銀聯' },
  ...{ discover: 'DISCOVER', visa_debit: 'VISAデビット', jcb_debit: 'JCBデビット', jdebit: 'J-Debit' },
};
const CARD_KINDS = { sale: '売上', refund: '取消', chargeback: 'チャージバック' } as const;

/** @param totalOff yen by which the file's own total is wrong */
export function cardFile({ name, paysOn, rows }: Batch, totalOff = 0): Buffer {
  const amount = (yen: number): string => {
    const text = `${yen < 0 ? '△' : ''}${Math.abs(yen).toLocaleString('en-US')}`;
    return text.includes(',') ? `"${text}"` : text;
  };
  const pays = `令和${Number(eraYear(paysOn))}年${Number(paysOn.slice(5, 7))}月${Number(paysOn.slice(8))}日`;
  const lines = [
    'ご利用代金明細書,白井市',
    `精算番号,${name}`,
    `お支払日,${pays}`,
    '区分,ご利用日,端末番号,伝票番号,承認番号,カード種別,ご利用金額,手数料,精算区分',
    ...rows.map((row) =>
      [
        ...['明細', eraDate(row.onDate), row.terminalId, digits(row.receiptNumber, 5), row.approval],
        ...[CARD_NAMES[row.brand] ?? row.brand, amount(row.yen), amount(row.feeYen), CARD_KINDS[row.kind]],
      ].join(','),
    ),
    `合計,${rows.length},,,,,${amount(sum(rows, 'yen') + totalOff)},${amount(sum(rows, 'feeYen'))},`,
  ];
  return cp932(`${lines.join('\r\n')}\r\n`);
}

const EMONEY_NUMBERS: Readonly<Record<string, string>> = {
  ...{ transit_ic: '01', rakuten_edy: '02', waon: '03', nanaco: '04', id: '05', quicpay: '06' },
};

export function emoneyFile({ name, closesOn, paysOn, rows }: Batch): Buffer {
  const record = (text: string): string => text.padEnd(80, ' ');
  const details = rows.map((row) => {
    const [day, clock] = tokyo(row.at).split(' ') as [string, string];
    return record(
      `2${compact(day)}${clock.replaceAll(':', '')}${row.terminalId}${digits(row.receiptNumber, 6)}` +
        `${EMONEY_NUMBERS[row.brand] ?? ''}${row.kind === 'sale' ? '10' : '20'}${digits(row.yen, 10)}` +
        `${digits(row.feeYen, 6)}${name.padEnd(12)}${compact(paysOn)}`,
    );
  });
  const trailer = `8${digits(rows.length, 8)}${digits(sum(rows, 'yen'), 12)}${digits(sum(rows, 'feeYen'), 10)}`;
  const all = [record(`1${compact(closesOn)}ｼﾗｲｼ`), ...details, record(trailer), record('9')];
  return cp932(`${all.join('\r\n')}\r\n`);
}

const QR_NAMES: Readonly<Record<string, string>> = {
  ...{ paypay: 'PayPay', d_barai: 'd払い', au_pay: 'au PAY', rakuten_pay: '楽天ペイ', merpay: 'メルペイ' },
  ...{ alipay_plus: 'Alipay+', wechat_pay: 'WeChat Pay' },
};
const QR_HEAD =
  '取引日時\t決済番号\t加盟店取引ID\tサービス\t取引種別\t端末ID\t金額\t手数料\t精算ID\t振込予定日';

export function qrFile({ name, paysOn, rows }: Batch): Buffer {
  const lines = rows.map((row) =>
    [
      ...[tokyo(row.at), digits(row.traceNumber, 6), '', QR_NAMES[row.brand] ?? row.brand],
      ...[row.kind === 'sale' ? '支払い' : '返金', row.terminalId, row.yen, row.feeYen, name, paysOn],
    ].join('\t'),
  );
  return Buffer.from(`\uFEFF${[QR_HEAD, ...lines].join('\r\n')}\r\n`);
}

/** 全銀協 入出金取引明細, 200 bytes a record; no line ends. */
export function bankFile(from: string, until: string, lines: readonly BankLine[]): Buffer {
  const yymmdd = (date: string): string => `${eraYear(date)}${date.slice(5, 7)}${date.slice(8)}`;
  const record = (text: string): string => text.padEnd(200, ' ');
  const details = lines.map(({ number, onDate, yen, payer, remark }) =>
    record(
      `2${digits(number, 8)}${yymmdd(onDate)}${yymmdd(onDate)}${yen >= 0 ? '1' : '2'}11${digits(yen, 12)}` +
        `${'0'.repeat(45)}${payer.padEnd(48)}${'ﾐｽﾞﾎ'.padEnd(15)}${'ﾎﾝﾃﾝ'.padEnd(15)}${remark.padEnd(20)}`,
    ),
  );
  const [paidIn, paidOut] = [lines.filter(({ yen }) => yen >= 0), lines.filter(({ yen }) => yen < 0)];
  const total = (some: readonly BankLine[]): number => some.reduce((all, { yen }) => all + yen, 0);
  const head = `1030${yymmdd(until)}${yymmdd(from)}${yymmdd(until)}0009ﾐﾂｲｽﾐﾄﾓ        123ｼﾛｲ            00010001234567ｼﾛｲｼｶｲｹｲｶﾝﾘｼﾔ`;
  const trailer =
    `8${digits(paidIn.length, 6)}${digits(total(paidIn), 13)}${digits(paidOut.length, 6)}${digits(total(paidOut), 13)}` +
    `10000000${digits(lines.length, 7)}`;
  return cp932([record(head), ...details, record(trailer), record('9')].join(''));
}
