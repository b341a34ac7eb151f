/**
 * Stripe's objects as the API shows them, whole, so that the compiler notices when the SDK's types move on. Amounts are
 * yen (JPY has no smaller unit), times are seconds since 1970 but for a reader's `last_seen_at`.
 */
import { randomBytes } from 'node:crypto';
import type Stripe from 'stripe';

export const READER = 'tmr_virtual00000001';
const LOCATION = 'tml_virtual00000001';

export const newId = (prefix: string): string =>
  `${prefix}_${randomBytes(18).toString('base64url').replace(/[-_]/g, 'x')}`;
export const seconds = (now: Date): number => Math.floor(now.getTime() / 1_000);

/** A card that a resident holds to the reader. */
export interface Card {
  /** As Madoguchi calls it. */
  brand: string;
  nameJa: string;
  network: string;
  funding: 'credit' | 'debit';
  last4: string;
}

/** What a reader in Japan takes (docs.stripe.com/terminal/payments/regional?integration-country=JP, private preview). */
export const CARDS: readonly Card[] = [
  { brand: 'visa', nameJa: 'Visa', network: 'visa', funding: 'credit', last4: '4242' },
  { brand: 'mastercard', nameJa: 'Mastercard', network: 'mastercard', funding: 'credit', last4: '4444' },
  { brand: 'jcb', nameJa: 'JCB', network: 'jcb', funding: 'credit', last4: '0505' },
  { brand: 'amex', nameJa: 'American Express', network: 'amex', funding: 'credit', last4: '0005' },
  { brand: 'discover', nameJa: 'Discover', network: 'discover', funding: 'credit', last4: '1117' },
  { brand: 'visa_debit', nameJa: 'Visaデビット', network: 'visa', funding: 'debit', last4: '5556' },
  { brand: 'jcb_debit', nameJa: 'JCBデビット', network: 'jcb', funding: 'debit', last4: '0513' },
];

/** The brand by what the card's network and its funding are called here. */
export const brandOf = (network: string | null | undefined, funding: string | null | undefined): string =>
  CARDS.find((card) => card.network === network && card.funding === funding)?.brand ?? '';

/** As it is made: nobody has paid, `amount` in yen. */
export function createIntent(order: {
  amount: number;
  currency: string;
  methods: string[];
  metadata: Record<string, string>;
  description: string | null;
  now: Date;
}): Stripe.PaymentIntent {
  const id = newId('pi');
  return {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: order.methods as Stripe.PaymentIntent.AllowedPaymentMethodType[],
    amount: order.amount,
    amount_capturable: 0,
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic',
    client_secret: `${id}_secret_${randomBytes(9).toString('hex')}`,
    confirmation_method: 'automatic',
    created: seconds(order.now),
    currency: order.currency,
    customer: null,
    customer_account: null,
    description: order.description,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: order.metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: order.methods,
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'requires_payment_method',
    transfer_group: null,
  } satisfies Stripe.PaymentIntent;
}

/** The whole of the intent, taken from `card`. */
export function createCharge(intent: Stripe.PaymentIntent, card: Card, now: Date): Stripe.Charge {
  return {
    id: newId('ch'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: intent.amount,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    authorization_code: String(100_000 + (randomBytes(3).readUIntBE(0, 3) % 900_000)),
    balance_transaction: null,
    billing_details: { address: null, email: null, name: null, phone: null, tax_id: null },
    calculated_statement_descriptor: null,
    captured: true,
    created: seconds(now),
    currency: intent.currency,
    customer: null,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    fraud_details: null,
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: null,
    paid: true,
    payment_intent: intent.id,
    payment_method: newId('pm'),
    payment_method_details: { type: 'card_present', card_present: cardPresent(intent.amount, card) },
    receipt_email: null,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'succeeded',
    transfer_data: null,
    transfer_group: null,
  } satisfies Stripe.Charge;
}

function cardPresent(amount: number, card: Card): Stripe.Charge.PaymentMethodDetails.CardPresent {
  return {
    amount_authorized: amount,
    brand: card.network,
    brand_product: null,
    cardholder_name: null,
    country: 'JP',
    emv_auth_data: null,
    exp_month: 12,
    exp_year: 2031,
    fingerprint: newId('fp'),
    funding: card.funding,
    generated_card: null,
    incremental_authorization_supported: false,
    last4: card.last4,
    location: LOCATION,
    network: card.network,
    network_transaction_id: null,
    offline: null,
    overcapture_supported: false,
    preferred_locales: ['ja'],
    read_method: 'contactless_emv',
    reader: READER,
    receipt: null,
  } satisfies Stripe.Charge.PaymentMethodDetails.CardPresent;
}

/** `amount` yen of the charge, given back in the state `status`. */
export function createRefund(
  charge: Stripe.Charge,
  order: { amount: number; status: string; metadata: Record<string, string> },
  now: Date,
): Stripe.Refund {
  return {
    id: newId('re'),
    object: 'refund',
    amount: order.amount,
    balance_transaction: null,
    charge: charge.id,
    created: seconds(now),
    currency: charge.currency,
    customer: null,
    customer_account: null,
    metadata: order.metadata,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: 'requested_by_customer',
    receipt_number: null,
    source_transfer_reversal: null,
    status: order.status,
    transfer_reversal: null,
  } satisfies Stripe.Refund;
}

/** Stripe's fee for a Japanese card (3.25 %), by the row. */
const FEE_BASIS_POINTS = 325;

/** What a charge brings less its fee, or a refund takes (its fee is not given back), available four days later. */
export function createBalanceTransaction(
  source: Stripe.Charge | Stripe.Refund,
  now: Date,
): Stripe.BalanceTransaction {
  const isCharge = source.object === 'charge';
  const amount = isCharge ? source.amount : -source.amount;
  const fee = isCharge ? Math.floor((amount * FEE_BASIS_POINTS) / 10_000) : 0;
  const detail = {
    amount: fee,
    application: null,
    currency: 'jpy',
    description: 'Stripe processing fees',
    type: 'stripe_fee',
  };
  return {
    id: newId('txn'),
    object: 'balance_transaction',
    amount,
    available_on: seconds(now) + 4 * 86_400,
    balance_type: 'payments',
    created: seconds(now),
    currency: 'jpy',
    description: null,
    exchange_rate: null,
    fee,
    fee_details: fee === 0 ? [] : [detail],
    net: amount - fee,
    reporting_category: source.object,
    source: source.id,
    status: 'pending',
    type: source.object,
  } satisfies Stripe.BalanceTransaction;
}

export function createReader(
  action: Stripe.Terminal.Reader.Action | null,
  isOnline: boolean,
  now: Date,
): Stripe.Terminal.Reader {
  return {
    id: READER,
    object: 'terminal.reader',
    action,
    device_sw_version: '2.42.0.1',
    device_type: 'simulated_wisepos_e',
    ip_address: '127.0.0.1',
    label: '仮想カードリーダー',
    last_seen_at: now.getTime(),
    livemode: false,
    location: LOCATION,
    metadata: {},
    serial_number: 'VIRTUAL-0001',
    status: isOnline ? 'online' : 'offline',
  } satisfies Stripe.Terminal.Reader;
}

/** `country`: a reader takes the currency of its location's country only. */
export function createLocation(country: string): Stripe.Terminal.Location {
  return {
    id: LOCATION,
    object: 'terminal.location',
    address: {
      city: '白井市',
      country,
      line1: '復1123',
      line2: null,
      postal_code: '270-1492',
      state: '千葉県',
    },
    display_name: '白井市役所',
    livemode: false,
    metadata: {},
  } satisfies Stripe.Terminal.Location;
}

/** What the reader does with an intent: in progress, unless `change` says otherwise. */
export function createAction(
  intent: string,
  change: Partial<Stripe.Terminal.Reader.Action> = {},
): Stripe.Terminal.Reader.Action {
  return {
    api_error: null,
    failure_code: null,
    failure_message: null,
    process_payment_intent: { payment_intent: intent },
    status: 'in_progress',
    type: 'process_payment_intent',
    ...change,
  } satisfies Stripe.Terminal.Reader.Action;
}
