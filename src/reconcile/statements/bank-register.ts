/**
 * The one layout that every Japanese bank writes alike: 入出金取引明細 of 全国銀行協会's standard (kind code 03), records of
 * 200 bytes that begin with 1 (header), 2 (data), 8 (totals) or 9 (end). Pure.
 */
import type { Layout } from './format.ts';
import type { FileRecord } from './records.ts';
import type { Meaning } from './view.ts';

const RECORD_BYTES = 200;

/** @param marks the first bytes of all records */
export function isRegisterOfBank(
  first: FileRecord | undefined,
  marks: ReadonlySet<string>,
  { recordBytes }: Extract<Layout, { kind: 'fixed' }>,
): boolean {
  const isOfStandard = [...marks].every((mark) => ['1', '2', '8', '9'].includes(mark));
  return recordBytes === RECORD_BYTES && first?.value('1-3') === '103' && isOfStandard;
}

export const BANK_REGISTER: Meaning = {
  book: 'bank',
  records: { from: '1', detail: ['2'], trailer: ['8'], ignore: ['1', '9'] },
  common: {},
  fields: {
    // 勘定日, in years of 令和.
    onDate: { from: '10-15', form: 'era_yymmdd' },
    yen: '25-36',
    // 照会番号.
    reference: '2-9',
    // 振込依頼人名または契約者番号.
    payer: '82-129',
  },
  sign: 'by_kind',
  // 入払区分.
  kind: { from: '22', values: { '1': 'deposit', '2': 'withdrawal' } },
  brandFrom: null,
  // 口座番号 of the header, with 銀行コード and 支店コード.
  merchantFrom: { from: '1:64-73', above: true, within: ['1:23-26', '1:42-44'] },
  controls: [
    { what: 'count', kind: 'deposit', from: '2-7' },
    { what: 'yen', kind: 'deposit', from: '8-20' },
    { what: 'count', kind: 'withdrawal', from: '21-26' },
    { what: 'yen', kind: 'withdrawal', from: '27-39' },
  ],
};
