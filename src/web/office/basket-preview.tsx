/**
 * 試しの計算: what a basket costs on a day, by the table in force and, beside it, by the draft or the file that nobody
 * has published. Priced here with what the counters price with.
 */
import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { FeeItem, FeeWindow } from '../../fees/catalogue.ts';
import { TAX_NAMES } from '../../fees/describe.ts';
import {
  NOBODY,
  priceLine,
  type AskedLine,
  type PricedLine,
  type PricingDay,
  type PricingFault,
} from '../../fees/pricing.ts';
import type { FeeMaintenance } from '../../fees/revision.ts';
import { taxSums } from '../../fees/tax.ts';
import { formatDate, formatDifference, formatYen } from '../shared/format.ts';
import { formatQuantity } from '../shared/payment-words.ts';
import { ChoiceField, DayField, windowChoices } from './page-fields.tsx';
import { PreviewLine } from './preview-line.tsx';

type Priced = PricedLine | PricingFault;

/** The items as a draft would have them, and what the draft is called. */
export interface DraftedItems {
  nameJa: string;
  items: readonly FeeItem[];
}

export function BasketPreview(props: {
  today: string;
  fees: FeeMaintenance;
  windows: readonly FeeWindow[];
  draft: DraftedItems | null;
}) {
  const { fees, windows, draft } = props;
  const [on, setOn] = useState(props.today);
  const [window, setWindow] = useState(windows[0]?.code ?? '');
  const [lines, setLines] = useState<readonly AskedLine[]>([]);
  const [adding, setAdding] = useState(false);
  // What only the draft or the file has can be tried too.
  const items = (draft?.items ?? fees.items).filter((item) => item.window === window);
  const day: PricingDay = { on, grounds: fees.grounds, settings: fees.settings };
  const price = (items: readonly FeeItem[]): Priced[] => lines.map((line) => pricedBy(items, line, day));
  const columns = [
    { nameJa: 'いまの料金表', lines: price(fees.items) },
    ...(draft === null ? [] : [{ nameJa: draft.nameJa, lines: price(draft.items) }]),
  ];
  return (
    <>
      <div className="page-tools">
        <DayField label="会計する日" today={props.today} value={on} onChange={setOn} />
        <ChoiceField
          label="窓口"
          value={window}
          choices={windowChoices(windows, false)}
          onChange={(next) => {
            setWindow(next);
            setLines([]);
          }}
        />
        <Button className="button primary" isDisabled={items.length === 0} onPress={() => setAdding(true)}>
          項目を加える
        </Button>
      </div>
      <p className="lead" role="status">
        {items.length === 0 ? NO_ITEMS : sentenceOf(on, columns)}
      </p>
      {lines.length > 0 && (
        <BasketTable
          columns={columns}
          onRemove={(index) => setLines(lines.filter((_, each) => each !== index))}
        />
      )}
      {draft === null && <p className="form-note">{NO_DRAFT}</p>}
      {adding && (
        <PreviewLine
          items={items}
          day={day}
          onEnter={(line) => {
            setLines([...lines, line]);
            setAdding(false);
          }}
          onClose={() => setAdding(false)}
        />
      )}
    </>
  );
}

const NO_ITEMS = 'この窓口には、まだ料金がありません。';
const NO_DRAFT =
  '「料金」で改定を下書きに入れるか、CSVのファイルを選ぶと、公開する前の料金を並べて確かめられます。';

function pricedBy(items: readonly FeeItem[], line: AskedLine, day: PricingDay): Priced {
  const item = items.find(({ code }) => code === line.code);
  return item === undefined ? { fault: 'unknown_item', code: line.code } : priceLine(item, line, day, NOBODY);
}

interface Column {
  nameJa: string;
  lines: readonly Priced[];
}

/** Undefined: a line has no price. */
function totalOf({ lines }: Column): number | undefined {
  return lines.some((line) => 'fault' in line)
    ? undefined
    : lines.reduce((sum, line) => sum + ('fault' in line ? 0 : line.amountYen), 0);
}

function sentenceOf(on: string, columns: readonly Column[]): string {
  const day = formatDate(on);
  const [now, next] = columns;
  if (now === undefined || now.lines.length === 0) return '項目を加えると、この日の合計が出ます。';
  const [total, drafted] = [totalOf(now), next && totalOf(next)];
  const words = total === undefined ? 'この会計はできません' : `この会計は ${formatYen(total)}です`;
  if (next === undefined) return `${day}に、${words}。`;
  if (drafted === undefined) return `${day}に、${words}。${next.nameJa}では、この会計はできません。`;
  const difference = total === undefined ? '' : `（${formatDifference(drafted - total)}）`;
  return `${day}に、${words}。${next.nameJa}では ${formatYen(drafted)}${difference}です。`;
}

function BasketTable(props: { columns: readonly Column[]; onRemove: (index: number) => void }) {
  const { columns } = props;
  const lines = columns[0]?.lines ?? [];
  return (
    <table className="grid">
      <caption className="unseen">試しの計算の内訳</caption>
      <thead>
        <tr>
          <th scope="col">項目</th>
          {columns.map(({ nameJa }) => (
            <th key={nameJa} scope="col" className="n">
              {nameJa}
            </th>
          ))}
          <th scope="col">操作</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line, index) => (
          <tr key={index}>
            <th scope="row">
              {nameIn(columns, index)}
              {!('fault' in line) && <LineDetails line={line} />}
            </th>
            {columns.map((column) => (
              <td key={column.nameJa} className="n">
                <LinePrice line={column.lines[index]} />
              </td>
            ))}
            <td>
              <Button
                className="quiet"
                aria-label={`外す ${nameIn(columns, index)}`}
                onPress={() => props.onRemove(index)}
              >
                外す
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
      <Sums columns={columns} />
    </table>
  );
}

/** An item that is new has its name in the draft alone. */
function nameIn(columns: readonly Column[], index: number): string {
  const lines = columns.flatMap(({ lines: its }) => its[index] ?? []);
  return lines.flatMap((line) => ('nameJa' in line ? line.nameJa : []))[0] ?? lines[0]?.code ?? '';
}

function LineDetails({ line }: { line: PricedLine }) {
  const words = [
    ...(line.inputs ?? []).map(({ labelJa, textJa }) => `${labelJa} ${textJa}`),
    ...(line.exemption == null ? [] : [line.exemption.groundJa]),
  ];
  return words.length === 0 ? null : (
    <>
      <br />
      <small>{words.join('・')}</small>
    </>
  );
}

function LinePrice({ line }: { line: Priced | undefined }) {
  if (line === undefined) return null;
  if ('fault' in line) {
    return 'labelJa' in line ? `「${line.labelJa}」を入れ直してください` : 'この日の料金がありません';
  }
  const waived = line.exemption == null ? '' : `（本来 ${formatYen(line.exemption.waivedYen)}）`;
  return (
    <>
      {formatYen(line.amountYen)}
      {waived}
      <br />
      <small>
        {formatYen(line.unitPriceYen)} {formatQuantity(line.quantity, line.unit)}
        {line.priceConfirmed ? '' : '　未確認'}
      </small>
    </>
  );
}

/** The total, and what a slip would say of tax: one sum per category, the tax of a rate rounded once. */
function Sums({ columns }: { columns: readonly Column[] }) {
  const sums = columns.map(({ lines }) =>
    taxSums(lines.filter((line): line is PricedLine => !('fault' in line))),
  );
  // Where a line has no price, a sum of the others would pass for the basket's.
  const totals = columns.map(totalOf);
  const categories = [...new Set(sums.flatMap((each) => each.map(({ category }) => category)))];
  return (
    <tfoot>
      {categories.map((category) => (
        <tr key={category}>
          <th scope="row">{TAX_NAMES[category]}</th>
          {sums.map((each, index) => {
            const sum = each.find((one) => one.category === category);
            const tax = sum?.taxYen == null ? '' : `（内消費税 ${formatYen(sum.taxYen)}）`;
            return (
              <td key={index} className="n">
                {totals[index] === undefined ? '—' : `${formatYen(sum?.amountYen ?? 0)}${tax}`}
              </td>
            );
          })}
          <td />
        </tr>
      ))}
      <tr className="total-row">
        <th scope="row">合計</th>
        {totals.map((total, index) => (
          <td key={index} className="n">
            {total === undefined ? '—' : formatYen(total)}
          </td>
        ))}
        <td />
      </tr>
    </tfoot>
  );
}
