/**
 * Fees as versions: every change of a window, item, brand, ground or setting is a new row with who and when. And what is
 * counted without a terminal: cash, and what costs nothing.
 */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statements of [ENTRIES, TAKE_OVER, LINES, COUNTED]) await sql.raw(statements).execute(db);
}

const ENTRIES = `
CREATE TABLE catalogue_entries (
  municipality text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('window', 'item', 'brand', 'ground', 'settings')),
  code text NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  position integer NOT NULL,
  definition jsonb NOT NULL,
  reason text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  changed_by text NOT NULL,
  changed_by_name text NOT NULL,
  confirmed_by text,
  confirmed_by_name text,
  PRIMARY KEY (municipality, kind, code, version)
);
COMMENT ON TABLE catalogue_entries IS 'the newest version of each is the catalogue; prices carry the day from which they hold';
COMMENT ON COLUMN catalogue_entries.position IS 'order on the screen';
COMMENT ON COLUMN catalogue_entries.definition IS 'the whole entry, as src/fees/catalogue.ts has it';
COMMENT ON COLUMN catalogue_entries.changed_by IS '職員番号; sample: put there by the trial; migration: taken over from older tables';
COMMENT ON COLUMN catalogue_entries.confirmed_by IS '職員番号 of the second person, where money changes';
CREATE TRIGGER catalogue_entries_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON catalogue_entries
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
`;

/** What a city has entered already stays what it is; its prices then hold until the next one begins. */
const TAKE_OVER = `
INSERT INTO catalogue_entries (municipality, kind, code, version, position, definition, reason, changed_by, changed_by_name)
SELECT municipality, 'window', code, 1, position,
  jsonb_build_object('code', code, 'nameJa', name_ja, 'nameEn', name_en), 'taken over', 'migration', 'migration'
FROM windows;

INSERT INTO catalogue_entries (municipality, kind, code, version, position, definition, reason, changed_by, changed_by_name)
SELECT municipality, 'brand', code, 1, position,
  jsonb_build_object('code', code, 'method', method, 'nameJa', name_ja, 'nameEn', name_en, 'ceilingYen', ceiling_yen,
    'cancelRule', cancel_rule, 'cancelDays', cancel_days, 'sameTerminal', same_terminal, 'lastOnly', last_only,
    'unknownRule', unknown_rule, 'offers', '[]'::jsonb), 'taken over', 'migration', 'migration'
FROM brands;

WITH months AS (
  SELECT fee_item_id, jsonb_object_agg(start_month::text, price_yen) AS by_month
  FROM fee_start_month_prices GROUP BY fee_item_id
), periods AS (
  SELECT p.fee_item_id, p.valid_from, p.price_yen, p.status, p.source, m.by_month
  FROM fee_prices p LEFT JOIN months m USING (fee_item_id)
  UNION ALL
  SELECT p.fee_item_id, p.valid_until + 1, NULL, p.status, p.source, NULL
  FROM fee_prices p
  WHERE p.valid_until IS NOT NULL AND NOT EXISTS (
    SELECT FROM fee_prices n WHERE n.fee_item_id = p.fee_item_id AND n.valid_from = p.valid_until + 1)
), prices AS (
  SELECT fee_item_id, jsonb_agg(jsonb_build_object('class', NULL, 'from', valid_from, 'priceYen', price_yen,
    'startMonths', by_month, 'status', status, 'source', source) ORDER BY valid_from NULLS FIRST) AS list
  FROM periods GROUP BY fee_item_id
)
INSERT INTO catalogue_entries (municipality, kind, code, version, position, definition, reason, changed_by, changed_by_name)
SELECT municipality, 'item', code, 1, position,
  jsonb_build_object('code', code, 'window', window_code, 'nameJa', name_ja, 'nameEn', name_en, 'unit', unit,
    'unitRule', unit_rule, 'terms', '{}'::jsonb, 'classes', '[]'::jsonb, 'taxCategory', tax_category,
    'revenueAccount', revenue_account, 'account', 'general', 'cashless', cashless,
    'prices', coalesce(list, '[]'::jsonb)), 'taken over', 'migration', 'migration'
FROM fee_items LEFT JOIN prices ON fee_item_id = id;

DROP TABLE fee_start_month_prices, fee_prices, fee_items, windows, brands;
`;

const LINES = `
ALTER TABLE payment_lines
  ADD COLUMN count integer,
  ADD COLUMN inputs jsonb,
  ADD COLUMN priced_on date,
  ADD COLUMN registration_number text,
  ADD COLUMN exemption_ground text,
  ADD COLUMN exemption_kind text CHECK (exemption_kind IN ('reduction', 'exemption', 'official')),
  ADD COLUMN exemption_approver text,
  ADD COLUMN waived_yen integer,
  ADD CONSTRAINT payment_lines_exemption CHECK (
    (exemption_ground IS NULL) = (waived_yen IS NULL) AND (exemption_ground IS NULL OR amount_yen = 0));
COMMENT ON COLUMN payment_lines.count IS 'as it was rung up; quantity is that times what the unit rule counts';
COMMENT ON COLUMN payment_lines.inputs IS 'what was asked, with the answers: class, years, times, sticker';
COMMENT ON COLUMN payment_lines.priced_on IS 'the day whose price it is: of issue, acceptance or use';
COMMENT ON COLUMN payment_lines.registration_number IS '登録番号 of the account of a taxable line';
COMMENT ON COLUMN payment_lines.exemption_ground IS '減免・免除・公用: why nothing was charged; null: charged';
COMMENT ON COLUMN payment_lines.exemption_approver IS '職員番号 of who approved it';
COMMENT ON COLUMN payment_lines.waived_yen IS 'integer yen: what it would have cost';
`;

const COUNTED = `
CREATE TABLE counted_sales (
  municipality text NOT NULL,
  counter text NOT NULL,
  operation_id text NOT NULL,
  journal_id uuid NOT NULL,
  sequence bigint NOT NULL,
  tender text NOT NULL CHECK (tender IN ('cash', 'nothing')),
  amount_yen integer NOT NULL,
  window_code text NOT NULL,
  window_name_ja text NOT NULL,
  business_date date NOT NULL,
  catalogue_version text NOT NULL,
  clerk text NOT NULL,
  counted_at timestamptz NOT NULL,
  withdrawn_at timestamptz,
  withdrawn_by text,
  PRIMARY KEY (municipality, counter, operation_id),
  CHECK (amount_yen >= 0 AND (tender = 'cash') = (amount_yen > 0))
);
COMMENT ON TABLE counted_sales IS 'sales without a terminal, counted only: never in a cashless total';
COMMENT ON COLUMN counted_sales.tender IS 'cash: 現金, taken in the city''s own till; nothing: all lines are without charge';
COMMENT ON COLUMN counted_sales.withdrawn_at IS 'touched by mistake; does not count';
CREATE INDEX counted_sales_by_day ON counted_sales (municipality, business_date, counter);
CREATE TABLE counted_sale_lines (LIKE payment_lines INCLUDING ALL);

CREATE VIEW tenders AS
  SELECT municipality, counter, operation_id, window_code, posted_on AS business_date, 'cashless' AS tender, amount_yen
  FROM payments WHERE state = 'approved'
  UNION ALL
  SELECT municipality, counter, operation_id, window_code, business_date, tender, amount_yen
  FROM counted_sales WHERE withdrawn_at IS NULL;
COMMENT ON VIEW tenders IS 'every sale once, by how it was paid: what a cashless share is a share of';

CREATE VIEW exempted_lines AS
  SELECT l.*, p.window_code, p.business_date
  FROM payment_lines l JOIN payments p USING (municipality, counter, operation_id)
  WHERE l.exemption_ground IS NOT NULL AND p.state = 'approved'
  UNION ALL
  SELECT l.*, s.window_code, s.business_date
  FROM counted_sale_lines l JOIN counted_sales s USING (municipality, counter, operation_id)
  WHERE l.exemption_ground IS NOT NULL AND s.withdrawn_at IS NULL;
COMMENT ON VIEW exempted_lines IS 'what was handed over without charge, with its ground';
`;
