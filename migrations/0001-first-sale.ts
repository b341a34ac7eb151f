/**
 * One sale, whole: reference data, the drained journals, what they make of payments, reconciliation, survey.
 *
 * What is drained from a counter carries its own frozen values and no foreign key to reference data: a journal must
 * arrive whatever has become of the fee table since. Plain PostgreSQL, no extension: on a city's own server that
 * would need rights that we may not have.
 */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(REFERENCE_DATA).execute(db);
  await sql.raw(JOURNALS).execute(db);
  await sql.raw(PAYMENTS).execute(db);
  await sql.raw(RECONCILIATIONS).execute(db);
  await sql.raw(SURVEY).execute(db);
}

const REFERENCE_DATA = `
CREATE TABLE windows (
  municipality text NOT NULL,
  code text NOT NULL,
  name_ja text NOT NULL,
  name_en text NOT NULL,
  position integer NOT NULL,
  PRIMARY KEY (municipality, code)
);
COMMENT ON COLUMN windows.municipality IS '全国地方公共団体コード, six digits with check digit';

CREATE TABLE fee_items (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  municipality text NOT NULL,
  code text NOT NULL,
  window_code text NOT NULL,
  name_ja text NOT NULL,
  name_en text NOT NULL,
  unit text NOT NULL,
  unit_rule text NOT NULL,
  item_class text,
  tax_category text NOT NULL,
  revenue_account text NOT NULL,
  cashless boolean NOT NULL,
  position integer NOT NULL,
  UNIQUE (municipality, code),
  FOREIGN KEY (municipality, window_code) REFERENCES windows
);
COMMENT ON COLUMN fee_items.unit IS 'what one is, as it is printed: 通, 件, 人日';
COMMENT ON COLUMN fee_items.unit_rule IS 'how the quantity is counted';
COMMENT ON COLUMN fee_items.revenue_account IS '歳入科目: 款/項/目';
COMMENT ON COLUMN fee_items.cashless IS 'false: counted and paid otherwise';
COMMENT ON COLUMN fee_items.position IS 'order on the screen';

CREATE TABLE fee_prices (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fee_item_id integer NOT NULL REFERENCES fee_items,
  valid_from date,
  valid_until date,
  price_yen integer NOT NULL CHECK (price_yen >= 0),
  status text NOT NULL
    CHECK (status IN ('shiroi', 'shiroi_proposed', 'national', 'stand_in', 'sample', 'confirmed')),
  source text NOT NULL,
  -- Two prices of one item on one day: impossible. The item as a range of one number, because equality in a GiST
  -- index would need an extension.
  CONSTRAINT fee_prices_no_overlap EXCLUDE USING gist (
    int4range(fee_item_id, fee_item_id, '[]') WITH &&,
    daterange(valid_from, valid_until, '[]') WITH &&
  )
);
COMMENT ON COLUMN fee_prices.valid_from IS 'first day, Asia/Tokyo; null: always was';
COMMENT ON COLUMN fee_prices.valid_until IS 'last day, inclusive; null: open';
COMMENT ON COLUMN fee_prices.price_yen IS 'integer yen per unit';
COMMENT ON COLUMN fee_prices.status IS 'where it comes from; all but shiroi, national and confirmed are unconfirmed';

CREATE TABLE fee_start_month_prices (
  fee_item_id integer NOT NULL REFERENCES fee_items,
  start_month smallint NOT NULL CHECK (start_month BETWEEN 1 AND 12),
  price_yen integer NOT NULL CHECK (price_yen >= 0),
  status text NOT NULL,
  source text NOT NULL,
  PRIMARY KEY (fee_item_id, start_month)
);
COMMENT ON TABLE fee_start_month_prices IS 'annual passes: price by month of start; a missing month has no price';
COMMENT ON COLUMN fee_start_month_prices.price_yen IS 'integer yen to the end of the fiscal year (March)';

CREATE TABLE brands (
  municipality text NOT NULL,
  code text NOT NULL,
  method text NOT NULL CHECK (method IN ('credit', 'debit', 'emoney', 'qr')),
  name_ja text NOT NULL,
  name_en text NOT NULL,
  ceiling_yen integer,
  cancel_rule text NOT NULL,
  cancel_days integer,
  same_terminal boolean,
  last_only boolean,
  unknown_rule text NOT NULL,
  position integer NOT NULL,
  PRIMARY KEY (municipality, code)
);
COMMENT ON COLUMN brands.ceiling_yen IS 'integer yen per payment; null: none is published';
COMMENT ON COLUMN brands.cancel_days IS 'days after the sale; 0: the same day; null: can not be cancelled';
COMMENT ON COLUMN brands.last_only IS 'only the last transaction of the card can be cancelled';
COMMENT ON COLUMN brands.unknown_rule IS 'what an unknown outcome (処理未了) means';
`;

const JOURNALS = `
CREATE TABLE journals (
  municipality text NOT NULL,
  counter text NOT NULL,
  journal_id uuid NOT NULL,
  book text NOT NULL CHECK (book IN ('trial', 'training', 'live')),
  head_sequence bigint NOT NULL CHECK (head_sequence >= 0),
  head_hash text NOT NULL,
  status text NOT NULL CHECK (status IN ('active', 'quarantined')),
  drained_at timestamptz,
  PRIMARY KEY (municipality, counter, journal_id)
);
COMMENT ON COLUMN journals.journal_id IS 'random per journal file';
COMMENT ON COLUMN journals.head_sequence IS 'the newest event that has arrived; 0: none';
COMMENT ON COLUMN journals.head_hash IS 'SHA-256 in hex, of that event';
-- Two new journals of one counter that arrive at the same moment: one of them fails and finds the other.
CREATE UNIQUE INDEX journals_one_active ON journals (municipality, counter) WHERE status = 'active';

CREATE TABLE events (
  municipality text NOT NULL,
  counter text NOT NULL,
  journal_id uuid NOT NULL,
  sequence bigint NOT NULL CHECK (sequence > 0),
  at timestamptz NOT NULL,
  type text NOT NULL,
  operation_id text,
  payload jsonb NOT NULL,
  previous_hash text NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (municipality, counter, journal_id, sequence),
  FOREIGN KEY (municipality, counter, journal_id) REFERENCES journals
);
COMMENT ON TABLE events IS 'the counters'' journals as they are; nothing is ever changed';
COMMENT ON COLUMN events.sequence IS 'gapless per journal, from 1';
COMMENT ON COLUMN events.at IS 'the counter''s clock, milliseconds';
COMMENT ON COLUMN events.operation_id IS 'null: about the counter and not about one operation';
COMMENT ON COLUMN events.hash IS 'SHA-256 in hex over the previous hash and the event in canonical JSON';
CREATE INDEX events_of_operation ON events (operation_id, sequence) WHERE operation_id IS NOT NULL;
CREATE INDEX events_of_counter ON events (municipality, counter, type, sequence) WHERE operation_id IS NULL;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: corrections are new rows', TG_TABLE_NAME;
END $$;
CREATE TRIGGER events_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
`;

const PAYMENTS = `
CREATE TABLE payments (
  municipality text NOT NULL,
  counter text NOT NULL,
  operation_id text NOT NULL,
  journal_id uuid NOT NULL,
  sequence bigint NOT NULL,
  last_sequence bigint NOT NULL,
  state text NOT NULL,
  amount_yen integer NOT NULL CHECK (amount_yen > 0),
  method text NOT NULL,
  brand text,
  asked_method text NOT NULL,
  asked_brand text,
  window_code text NOT NULL,
  window_name_ja text NOT NULL,
  business_date date NOT NULL,
  catalogue_version text NOT NULL,
  clerk text NOT NULL,
  terminal text NOT NULL,
  terminal_id text,
  receipt_number text,
  trace_number text,
  approval_code text,
  brand_name text,
  result_code text,
  late boolean NOT NULL,
  contradicted boolean NOT NULL,
  cancel_requested boolean NOT NULL,
  queries integer NOT NULL,
  reason text,
  armed_at timestamptz NOT NULL,
  state_at timestamptz NOT NULL,
  projected_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (municipality, counter, operation_id)
);
COMMENT ON TABLE payments IS 'what the events make of each operation; can be computed again from them at any time';
COMMENT ON COLUMN payments.sequence IS '伝票番号: the place of the sale in its journal';
COMMENT ON COLUMN payments.last_sequence IS 'the newest event that is counted in';
COMMENT ON COLUMN payments.state IS 'only approved is a payment';
COMMENT ON COLUMN payments.amount_yen IS 'integer yen, as it was asked of the terminal';
COMMENT ON COLUMN payments.method IS 'as the terminal reported it; until it has, what the clerk touched';
COMMENT ON COLUMN payments.asked_method IS 'what the clerk touched: a wish';
COMMENT ON COLUMN payments.business_date IS 'date in Asia/Tokyo when the sale was armed';
COMMENT ON COLUMN payments.terminal IS 'our name for it';
COMMENT ON COLUMN payments.terminal_id IS 'the acquirer''s number for it, as it reported';
COMMENT ON COLUMN payments.projected_at IS 'this server''s clock when an event last changed the row';
COMMENT ON COLUMN payments.late IS 'approved only by evidence after the dialogue was lost';
CREATE INDEX payments_by_day ON payments (municipality, business_date, counter);
CREATE INDEX payments_in_journal ON payments (journal_id, terminal, sequence);
CREATE INDEX payments_changed ON payments (projected_at);

CREATE TABLE payment_lines (
  municipality text NOT NULL,
  counter text NOT NULL,
  operation_id text NOT NULL,
  position smallint NOT NULL,
  code text NOT NULL,
  name_ja text NOT NULL,
  name_en text NOT NULL,
  unit text NOT NULL,
  quantity integer NOT NULL CHECK (quantity > 0),
  unit_price_yen integer NOT NULL,
  amount_yen integer NOT NULL,
  tax_category text NOT NULL,
  revenue_account text NOT NULL,
  price_confirmed boolean NOT NULL,
  PRIMARY KEY (municipality, counter, operation_id, position),
  FOREIGN KEY (municipality, counter, operation_id) REFERENCES payments,
  CHECK (amount_yen = unit_price_yen * quantity)
);
COMMENT ON COLUMN payment_lines.unit_price_yen IS 'integer yen, frozen when the sale was armed';
COMMENT ON COLUMN payment_lines.amount_yen IS 'integer yen: unit price times quantity';
`;

const RECONCILIATIONS = `
CREATE TABLE reconciliations (
  municipality text NOT NULL,
  counter text NOT NULL,
  business_date date NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  at timestamptz NOT NULL DEFAULT now(),
  closings integer NOT NULL CHECK (closings > 0),
  inputs_digest text NOT NULL,
  result jsonb NOT NULL,
  PRIMARY KEY (municipality, counter, business_date, version)
);
COMMENT ON TABLE reconciliations IS 'results are never edited: what became known later makes a new version';
COMMENT ON COLUMN reconciliations.closings IS 'closings of the day that were known; one more makes the day due again';
COMMENT ON COLUMN reconciliations.inputs_digest IS 'SHA-256 in hex over what was compared; other inputs, new version';
CREATE TRIGGER reconciliations_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON reconciliations
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
`;

const SURVEY = `
CREATE TABLE survey_answers (
  nonce text PRIMARY KEY,
  store uuid NOT NULL,
  number bigint NOT NULL,
  score smallint NOT NULL CHECK (score BETWEEN 1 AND 5),
  comment text,
  answered_at timestamptz NOT NULL,
  pulled_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (store, number)
);
COMMENT ON COLUMN survey_answers.nonce IS 'made from the payment''s id by SHA-256: once per payment';
COMMENT ON COLUMN survey_answers.store IS 'the survey''s own file, random per file; with number: how far it was pulled';
COMMENT ON COLUMN survey_answers.score IS '1 very bad to 5 very good';
`;
