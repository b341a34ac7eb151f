/** Stripe's objects as the journal keeps them: chosen fields only, so that nothing of the card comes along but its last four digits. */
import type Stripe from 'stripe';
import { maskCardNumbers } from '../../src/card-mask.ts';
import type { TerminalAnswer } from '../../src/terminal/terminal.ts';
import { findBrand } from './brands.ts';

/** JPY in ISO 4217; another currency is told as Stripe calls it, and fits nothing. */
const currencyOf = (currency: string): string => (currency === 'jpy' ? '392' : currency);

/** What a clerk can read out; Stripe's page is searched by the whole number. */
const shortNumber = (id: string): string => id.slice(-8);

const JAPAN_MS = 9 * 3_600_000;
const timeInJapan = (seconds: number): string =>
  new Date(seconds * 1_000 + JAPAN_MS).toISOString().slice(0, 19);

const masked = (text: string | null | undefined): string | null =>
  text == null ? null : maskCardNumbers(text);

const rawOf = (fields: object): string =>
  Buffer.from(maskCardNumbers(JSON.stringify(fields))).toString('hex');

/** The charge of a payment, where it was asked for along with it and the money was taken. */
export function chargeOf({ latest_charge: charge }: Stripe.PaymentIntent): Stripe.Charge | undefined {
  return charge !== null && typeof charge === 'object' ? charge : undefined;
}

/** The reader by which a card was taken. */
export const readerOf = (charge: Stripe.Charge | undefined): string | null =>
  charge?.payment_method_details?.card_present?.reader ?? null;

/** A payment that came about, in yen; whatever could hold a card number is masked. */
export function approvalOf(intent: Stripe.PaymentIntent, charge: Stripe.Charge): TerminalAnswer {
  const card = charge.payment_method_details?.card_present;
  const { id, status, amount_received: amountYen, currency } = intent;
  const code = masked(charge.authorization_code);
  return {
    verdict: 'approved',
    resultCode: 'succeeded',
    amountYen,
    currency: currencyOf(currency),
    ...findBrand(masked(card?.brand), masked(card?.funding)),
    terminalId: readerOf(charge),
    receiptNumber: shortNumber(charge.id),
    traceNumber: id,
    approvalCode: code,
    terminalTime: timeInJapan(charge.created),
    raw: rawOf({
      ...{ payment_intent: id, status, amount_received: amountYen, currency },
      ...{ charge: charge.id, created: charge.created, authorization_code: code },
      ...{ brand: card?.brand, funding: card?.funding, last4: card?.last4?.slice(-4) },
    }),
  };
}

const NOTHING = {
  ...{ amountYen: null, currency: null, method: null, brand: null, brandName: null },
  ...{ receiptNumber: null, approvalCode: null, terminalTime: null },
} as const;

/** @param terminalId the reader that was asked */
export function refusalOf(
  intent: Pick<Stripe.PaymentIntent, 'id' | 'status'>,
  terminalId: string,
  { verdict, resultCode }: Pick<TerminalAnswer, 'verdict' | 'resultCode'>,
): TerminalAnswer {
  const { id, status } = intent;
  return {
    ...{ ...NOTHING, verdict, resultCode, terminalId },
    traceNumber: id,
    raw: rawOf({ payment_intent: id, status, code: resultCode }),
  };
}

/** @param of the approval of the payment that is given back */
export function refundAnswer(
  refund: Stripe.Refund,
  of: Pick<TerminalAnswer, 'method' | 'brand' | 'brandName' | 'terminalId'>,
  said: Pick<TerminalAnswer, 'verdict' | 'resultCode'>,
): TerminalAnswer {
  const { id, status, amount, currency, created } = refund;
  const { method, brand, brandName, terminalId } = of;
  return {
    ...said,
    amountYen: amount,
    currency: currencyOf(currency),
    ...{ method, brand, brandName, terminalId },
    receiptNumber: shortNumber(id),
    traceNumber: id,
    approvalCode: null,
    terminalTime: timeInJapan(created),
    raw: rawOf({ refund: id, status, amount, currency, created }),
  };
}
