/**
 * 領収証兼特定子ども・子育て支援提供証明書 as a page to print, one per child: days and times of care, what was provided, and
 * the fee for care (利用料) apart from what is not covered (特定費用), as 特定教育・保育施設及び特定地域型保育事業並びに特定
 * 子ども・子育て支援施設等の運営に関する基準 第56条 asks. How a city words it for payments by card is the city's decision.
 *
 * Names are typed into the printed page: fields of no form and without a name, so that no request can carry them.
 */
import type { Book } from '../book.ts';
import type { CountedSale } from '../counted/counted.ts';
import type { CertificateIssuer, Provision } from '../fees/catalogue.ts';
import type { PricedLine } from '../fees/pricing.ts';
import type { PaymentView } from '../payments/view.ts';
import { escapeHtml } from '../plain-page.ts';
import { bookNotice, formatYen, renderFacts, renderPrintedPage } from '../printed-page.ts';
import { METHOD_NAMES } from '../terminal/offer.ts';

export interface CertificateHead {
  municipalityName: string;
  counterName: string;
  counterId: string;
  /** As the office has entered it; undefined: nobody has, and it is written by hand. */
  issuer: CertificateIssuer | undefined;
  book: Book;
}

/** What was paid and is still paid, with a terminal or in cash. */
export interface PaidSale {
  number: number;
  paidAt: string;
  way: string;
  lines: readonly PricedLine[];
}

const TITLE = '領収証兼特定子ども・子育て支援提供証明書';
const KINDS: Record<Provision, string> = {
  temporary_care: '一時預かり事業',
  extended_care: '時間外保育（延長保育）',
  meal: '食事の提供',
};
const SUMS: readonly (readonly [Provision, string])[] = [
  ['temporary_care', '特定子ども・子育て支援利用料（一時預かり事業）'],
  ['extended_care', '時間外保育（延長保育）の料金'],
  ['meal', '特定費用（食事の提供に要する費用）'],
];
const DAY = new Intl.DateTimeFormat('ja-JP-u-ca-japanese', { timeZone: 'Asia/Tokyo', dateStyle: 'long' });

/** Undefined: nothing of a child's care is paid by it, or no longer. */
export function paidCare(
  payment: PaymentView | undefined,
  counted: CountedSale | undefined,
): PaidSale | undefined {
  const isPaid = payment?.state === 'approved' && payment.kind === 'sale';
  const isCash = counted?.tender === 'cash' && counted.withdrawn === null;
  const sale = isPaid
    ? {
        number: payment.number,
        paidAt: payment.armedAt,
        way: METHOD_NAMES[payment.method],
        lines: payment.linesLeft,
      }
    : isCash
      ? { number: counted.number, paidAt: counted.countedAt, way: '現金', lines: counted.lines }
      : undefined;
  const lines = sale?.lines.filter(({ provides, amountYen }) => provides !== undefined && amountYen > 0);
  return sale === undefined || lines === undefined || lines.length === 0 ? undefined : { ...sale, lines };
}

/** A whole HTML page, a sheet for each child. */
export function renderCertificate(sale: PaidSale, head: CertificateHead): string {
  const children = [...Map.groupBy(sale.lines, ({ care }) => care?.child ?? 0)];
  const sheets = children.map(([, lines], index) => sheetOf(lines, index, sale, head));
  const main = `<main class="certificates">
<h1 class="screen-only">領収証兼提供証明書の印刷</h1>
<p class="screen-only">お名前などは印刷のためだけに入れてください。どこにも送らず、残しません。下がそのまま印刷されます。</p>
${head.issuer === undefined ? NO_ISSUER : ''}
<p class="screen-only"><button type="button" id="print">印刷する</button></p>
${sheets.join('\n')}
</main>`;
  return renderPrintedPage({ title: TITLE, format: 'sheet', hasButton: true, main });
}

function sheetOf(lines: readonly PricedLine[], index: number, sale: PaidSale, head: CertificateHead): string {
  const totalYen = sumOf(lines);
  const sums = SUMS.map(([provides, name]) => {
    const some = lines.filter((line) => line.provides === provides);
    return `<tr><th scope="row">${name}</th><td>${formatYen(sumOf(some))}</td></tr>`;
  });
  return `<section class="certificate" aria-label="${String(index + 1)}人目">
${bookNotice(head.book)}
<h2>${TITLE}</h2>
${['認定保護者の氏名', '認定子どもの氏名', '認定子どもの生年月日', '認定番号'].map((name) => field(name, index)).join('')}
${issuerOf(head)}
<dl><div><dt>領収日</dt><dd>${DAY.format(new Date(sale.paidAt))}</dd></div>
<div><dt>支払い方法</dt><dd>${sale.way}　伝票番号 ${String(sale.number).padStart(6, '0')}</dd></div></dl>
<table><thead><tr><th scope="col">利用日</th><th scope="col">提供した時間帯</th><th scope="col">内容</th><th scope="col">金額</th></tr></thead>
<tbody>${lines.map(lineRow).join('')}</tbody></table>
<div class="certified"><table><tbody>${sums.join('')}</tbody><tfoot><tr><th scope="row">領収した額の合計</th><td>${formatYen(totalYen)}</td></tr></tfoot></table>
<p>上記のとおり特定子ども・子育て支援を提供し、費用を領収したことを証明します。施設等利用費の対象になる額は、認定の内容により市町村が決めます。</p></div>
</section>`;
}

const NO_ISSUER =
  '<p class="screen-only trial">設置者の所在地・代表者・施設の名前が登録されていません。会計課の「料金表」→「会計と決まり」で入れると、ここに出ます。</p>';

/** What nobody has entered is left to be written by hand. */
function issuerOf({ issuer, municipalityName, counterName, counterId }: CertificateHead): string {
  const facility = issuer?.facilities[counterId];
  return `<dl>${renderFacts([
    ['設置者', issuer?.issuerJa ?? municipalityName],
    ['所在地', issuer?.addressJa ?? ''],
    ['代表者', issuer?.representativeJa ?? ''],
    ['施設', [facility?.nameJa ?? counterName, facility?.addressJa ?? ''].join('　').trim()],
  ])}</dl>`;
}

/** Of no form and without a name: a browser has nothing to send or to remember it by. */
function field(name: string, index: number): string {
  const id = `field-${String(index)}-${name}`;
  return `<p class="typed"><label for="${id}">${name}</label><input id="${id}" autocomplete="off" spellcheck="false"></p>`;
}

function lineRow(line: PricedLine): string {
  const inputOf = (code: string): string | undefined =>
    line.inputs?.find((input) => input.code === code)?.value;
  const { care } = line;
  // Care after hours begins later than the child came.
  const [from, until] = [inputOf('from') ?? care?.from, inputOf('until') ?? care?.until];
  const times = from === undefined || until === undefined ? '' : `${from}〜${until}`;
  const usedOn = inputOf('usedOn');
  const day = usedOn === undefined ? '' : DAY.format(new Date(`${usedOn}T00:00:00+09:00`));
  const kind = line.provides === undefined ? '' : KINDS[line.provides];
  return `<tr><td>${escapeHtml(day)}</td><td>${escapeHtml(times)}</td><td>${kind}<br>${escapeHtml(line.nameJa)}</td><td>${formatYen(line.amountYen)}</td></tr>`;
}

const sumOf = (lines: readonly PricedLine[]): number =>
  lines.reduce((sum, { amountYen }) => sum + amountYen, 0);
