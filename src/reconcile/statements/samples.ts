/** Formats and acquirers to begin with: of a trial, and as examples for declaring a city's own. */
import { readdirSync, readFileSync } from 'node:fs';
import { ACQUIRER, type Acquirer } from '../books/acquirer.ts';
import { FORMAT, type StatementFormat } from './format.ts';

const FOLDER = new URL('samples/', import.meta.url);

/** Each `samples/<code>.json`; beside it lies a file that it reads. */
export function sampleFormats(): StatementFormat[] {
  return readdirSync(FOLDER)
    .filter((name) => /^[a-z-]+\.json$/.test(name))
    .toSorted()
    .map((name) => FORMAT.parse(JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'))));
}

/**
 * Made up, with the cycles and rates that Japanese cities publish.
 * @param serviceCounter whose cards a provider's service settles: of all other counters the card company does
 */
export function sampleAcquirers(serviceCounter: string): Acquirer[] {
  const fee = (ratePpm: number): Acquirer['fee'] => ({
    ...{ ratePpm, brandRatesPpm: {}, rounding: 'round', toleranceYen: 5 },
  });
  return [
    {
      ...{
        code: 'card',
        counter: '*',
        nameJa: 'カード会社',
        payerNames: ['ｶｰﾄﾞｶｲｼﾔ'],
        providerIdIn: 'none',
        fee: fee(32_400),
      },
      brands: [
        'visa',
        'mastercard',
        'jcb',
        'amex',
        'diners',
        'discover',
        'unionpay',
        'visa_debit',
        'jcb_debit',
        'jdebit',
      ],
      cycle: { kind: 'monthly', closes: [31], payAfterMonths: 1, payDay: 31, shift: 'before' },
      statementAfterBusinessDays: 8,
    },
    {
      ...{
        code: 'emoney',
        counter: '*',
        nameJa: '電子マネー会社',
        payerNames: ['ﾃﾞﾝｼﾏﾈｰ'],
        providerIdIn: 'none',
        fee: fee(32_400),
      },
      brands: ['transit_ic', 'rakuten_edy', 'waon', 'nanaco', 'id', 'quicpay'],
      cycle: { kind: 'monthly', closes: [15, 31], payAfterMonths: 1, payDay: 15, shift: 'after' },
      statementAfterBusinessDays: 5,
    },
    {
      ...{
        code: 'qr',
        counter: '*',
        nameJa: 'コード決済会社',
        payerNames: ['ｺｰﾄﾞｹﾂｻｲ'],
        providerIdIn: 'none',
        fee: fee(32_400),
      },
      brands: ['paypay', 'd_barai', 'au_pay', 'rakuten_pay', 'merpay', 'alipay_plus', 'wechat_pay'],
      cycle: { kind: 'daily', payAfterBusinessDays: 3 },
      statementAfterBusinessDays: 1,
    },
    sampleService(serviceCounter),
  ].map((each) => ACQUIRER.parse(each));
}

/** Whose own statements say which fee it takes. */
const sampleService = (counter: string): Acquirer => ({
  ...{
    code: 'psp',
    counter,
    nameJa: '決済サービス会社',
    payerNames: ['ｽﾄﾗｲﾌﾟ'],
    // The number of the PaymentIntent.
    providerIdIn: 'trace_number',
    // Its own price list: what the statement says is taken.
    fee: null,
  },
  brands: ['visa', 'mastercard', 'jcb', 'amex', 'discover', 'visa_debit', 'jcb_debit'],
  cycle: { kind: 'daily', payAfterBusinessDays: 4 },
  statementAfterBusinessDays: 4,
});
