/**
 * The closing slip (締めの控え) as a page to print: what the record says of the day's newest closing, frozen as it was. 収納金
 * 日計表, each terminal's totals against ours, and the checkpoint by which a cut-off record is found.
 */
import type { Book } from '../book.ts';
import type { Brand } from '../fees/catalogue.ts';
import { escapeHtml } from '../plain-page.ts';
import { bookNotice, formatYen, renderFacts, renderPrintedPage } from '../printed-page.ts';
import type { Sum } from '../sum.ts';
import { METHOD_NAMES, nameOfTerminal } from '../terminal/offer.ts';
import type { RecordedClosing } from './closing.ts';
import type { DayBookRow, DayBookTender } from './day-book.ts';

export interface ClosingSlipHead {
  municipalityName: string;
  counterName: string;
  book: Book;
  brands: () => readonly Brand[];
}

const TENDERS: Record<DayBookTender, string> = {
  ...METHOD_NAMES,
  cash: '現金（記録だけ）',
  nothing: '0円',
};
const DATE = new Intl.DateTimeFormat('ja-JP-u-ca-japanese', {
  timeZone: 'UTC',
  era: 'long',
  year: 'numeric',
  month: 'long',
  day: 'numeric',
  weekday: 'short',
});
const TIME = new Intl.DateTimeFormat('ja-JP-u-ca-japanese', {
  timeZone: 'Asia/Tokyo',
  dateStyle: 'long',
  timeStyle: 'short',
});
const HOUR = new Intl.DateTimeFormat('ja-JP', { timeZone: 'Asia/Tokyo', timeStyle: 'short' });

/** A whole HTML page. */
export function renderClosingSlip(closing: RecordedClosing, head: ClosingSlipHead): string {
  const { businessDate, at, returned, promised, counted, dayBook = [] } = closing;
  const day = DATE.format(new Date(`${businessDate}T00:00:00Z`));
  const back = returned ?? { count: 0, amountYen: 0 };
  const facts: [string, string][] = [
    ['営業日', day],
    ['締めた日時', `${TIME.format(new Date(at))}${closing.times > 1 ? `（${closing.times}回目）` : ''}`],
    ['窓口', head.counterName],
    ['出納員', closing.clerk ?? ''],
    ['確認した人', closing.confirmedBy?.clerk ?? '—'],
    ['支払い', sum({ count: closing.count, amountYen: closing.totalYen })],
    ['取り消し・返金', sum(back)],
    ['差引', formatYen(closing.totalYen - back.amountYen)],
  ];
  if (promised !== undefined && promised.count > 0)
    facts.push(['会計課から返す約束', `${sum(promised)}（差引に入っていません）`]);
  if (counted !== undefined && counted.cash.count > 0) facts.push(['現金（記録だけ）', sum(counted.cash)]);
  if (counted !== undefined && counted.nothing.count > 0) facts.push(['0円', `${counted.nothing.count}件`]);
  facts.push(['結果不明', `${closing.unknown}件`], ['扱いが未定', `${closing.undecided ?? 0}件`]);
  const main = `<main class="wide">
${bookNotice(head.book)}
<h1>${escapeHtml(head.municipalityName)}<br>締めの控え（収納金日計表）</h1>
<dl>${renderFacts(facts)}${closing.notes.map(reasonOf).join('')}</dl>
${dayBookTable(dayBook, head.brands())}
${periodTable(closing)}
${leftOut(closing)}
<p class="note">記録の控え　<b>${checkpointOf(closing)}</b><br>この番号を残すと、あとから記録が書き換えられていないことを確かめられます。</p>
</main>`;
  return renderPrintedPage({ title: `締めの控え ${businessDate}`, format: 'sheet', hasButton: false, main });
}

/** How the journal stood, as `npm run verify-journal -- --checkpoint` takes it. */
const checkpointOf = ({ headSequence, headHash, count, totalYen }: RecordedClosing): string =>
  `${headSequence}:${headHash.slice(0, 16)}:${count}:${totalYen}`;

function dayBookTable(rows: readonly DayBookRow[], brands: readonly Brand[]): string {
  if (rows.length === 0) return '';
  const netOf = (some: readonly DayBookRow[]): number =>
    some.reduce((total, { amountYen, returnedYen }) => total + amountYen - returnedYen, 0);
  const nameOf = ({ tender, brand, groundJa }: DayBookRow): string => {
    const brandJa = brands.find(({ code }) => code === brand)?.nameJa ?? brand ?? '';
    return [TENDERS[tender], brandJa, groundJa ?? ''].filter((text) => text !== '').join('　');
  };
  const groups = [...Map.groupBy(rows, ({ revenueAccount }) => revenueAccount)];
  return `<table>
<caption>収納金日計表</caption>
<thead><tr><th scope="col">科目・項目・支払い方法</th><th scope="col">数</th><th scope="col">金額</th><th scope="col">取消・返金</th></tr></thead>
${groups
  .map(
    ([
      account,
      own,
    ]) => `<tbody><tr><th scope="rowgroup" colspan="2"><b>${escapeHtml(account)}</b></th>${cell('金額', `<b>${formatYen(netOf(own))}</b>`)}<td></td></tr>
${own
  .map(
    (row) =>
      `<tr><th scope="row">${escapeHtml(row.nameJa)}<br><small>${escapeHtml(nameOf(row))}</small></th>${cell('数', String(row.quantity))}${cell('金額', formatYen(row.amountYen))}${cell('取消・返金', row.returnedYen === 0 ? '' : formatYen(-row.returnedYen))}</tr>`,
  )
  .join('')}</tbody>`,
  )
  .join('\n')}
<tfoot><tr><th scope="row" colspan="2">合計（取消・返金を引いたあと${rows.some(({ tender }) => tender === 'cash') ? '。現金を含む' : ''}）</th>${cell('', formatYen(netOf(rows)))}<td></td></tr></tfoot>
</table>`;
}

/** On a roll there is no room for columns: a cell says itself what it is (sheet.css). */
const cell = (label: string, html: string): string => `<td data-label="${label}">${html}</td>`;

/** A sentence: it has the sheet's whole width. */
function reasonOf({ at, clerk, note }: RecordedClosing['notes'][number]): string {
  const said = `${note}（${HOUR.format(new Date(at))} ${clerk}）`;
  return `<div class="whole"><dt>差のまま締めた理由</dt><dd>${escapeHtml(said)}</dd></div>`;
}

function periodTable({ periods = [], remarks = [], names }: RecordedClosing): string {
  if (periods.length === 0) return '';
  return `<table>
<caption>端末の合計と窓口の記録</caption>
<thead><tr><th scope="col">端末</th><th scope="col">記録</th><th scope="col">端末の合計</th><th scope="col">差</th></tr></thead>
<tbody>${periods
    .map(
      (each) =>
        `<tr><th scope="row">${escapeHtml(nameOfTerminal(names, each.terminal) + each.name.slice(each.terminal.length))}<br><small>${each.isSettled ? '日計' : '中間計'}${each.period === null ? '' : `・第${each.period}期`}</small>${each.sentences.map((sentence) => `<br><small>${escapeHtml(sentence)}</small>`).join('')}</th>${cell('記録', sum(each.ours))}${cell('端末の合計', sum(each.theirs))}${cell('差', (each.differenceYen > 0 ? '+' : '') + formatYen(each.differenceYen))}</tr>`,
    )
    .join('')}</tbody>
</table>
${remarks.map((note) => `<p class="note">${escapeHtml(note)}</p>`).join('')}`;
}

function leftOut({ lost = [], leftOut: gone = [], names }: RecordedClosing): string {
  const sentences = [
    ...lost.map((id) => `${nameOfTerminal(names, id)} は紛失・交換中のため、合計を読んでいません。`),
    ...gone.map(
      ({ terminal, ...rest }) =>
        `${nameOfTerminal(names, terminal)} の ${sum(rest)}は、端末の合計と比べていません。`,
    ),
  ];
  return sentences.length === 0 ? '' : `<p class="note">${sentences.map(escapeHtml).join('<br>')}</p>`;
}

const sum = ({ count, amountYen }: Sum): string => `${count}件 ${formatYen(amountYen)}`;
