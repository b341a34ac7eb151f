/**
 * The slip (利用明細) as a page to print: not a receipt (領収書), which needs cash; the city is paid by the card company and
 * not by the resident.
 */
import type { Book } from '../book.ts';
import type { Brand } from '../fees/catalogue.ts';
import { TAX_NAMES } from '../fees/describe.ts';
import { taxSums } from '../fees/tax.ts';
import { escapeHtml } from '../plain-page.ts';
import { bookNotice, formatYen, renderFacts, renderPrintedPage } from '../printed-page.ts';
import { METHOD_NAMES } from '../terminal/offer.ts';
import type { PaymentView } from './view.ts';

export interface SlipHead {
  municipalityName: string;
  counterName: string;
  book: Book;
  /** True if the residents' phones can reach the survey; else the address is only a link. */
  isSurveyPublic: boolean;
  brands: () => readonly Brand[];
}

const TIME = new Intl.DateTimeFormat('ja-JP', {
  timeZone: 'Asia/Tokyo',
  dateStyle: 'long',
  timeStyle: 'short',
});

/**
 * A whole HTML page. Only what was approved has a slip: a sale its 利用明細, a void or refund its 取消票, which shows what went
 * back and names the sale.
 */
export async function renderSlip(payment: PaymentView, head: SlipHead): Promise<string> {
  const title = payment.kind === 'sale' ? '利用明細' : payment.kind === 'void' ? '取消票' : '返金票';
  const sign = payment.kind === 'sale' ? 1 : -1;
  const brand = head.brands().find(({ code }) => code === payment.brand);
  const facts: [string, string][] = [
    ['日時', TIME.format(new Date(payment.armedAt))],
    ['窓口', `${payment.windowNameJa}　${head.counterName}`],
    ['伝票番号', slipNumber(payment)],
    ['支払い方法', METHOD_NAMES[payment.method] + (brand === undefined ? '' : `　${brand.nameJa}`)],
  ];
  if (payment.of !== null) facts.push(['もとの伝票', slipNumber(payment.of)]);
  if (payment.terminal.receiptNumber !== null) facts.push(['端末伝票', payment.terminal.receiptNumber]);
  if (payment.terminal.approvalCode !== null) facts.push(['承認番号', payment.terminal.approvalCode]);
  const main = `<main>
<p class="screen-only"><button type="button" id="print">印刷する</button></p>
${bookNotice(head.book)}
<h1>${escapeHtml(head.municipalityName)}<br>${title}</h1>
<dl>${renderFacts(facts)}</dl>
<table>
<tbody>${payment.lines.map((line) => lineRow(line, sign)).join('')}</tbody>
<tfoot><tr><th scope="row" colspan="2">合計</th><td>${formatYen(sign * payment.amountYen)}</td></tr></tfoot>
</table>
<p class="tax">${taxLines(payment, sign).join('<br>')}</p>
<p class="note">${notesOf(payment)}</p>
${await surveyBlock(payment.surveyUrl, head.isSurveyPublic)}
</main>`;
  return renderPrintedPage({
    title: `${title} ${slipNumber(payment)}`,
    format: 'slip',
    hasButton: true,
    main,
  });
}

const slipNumber = ({ number }: { number: number }): string => String(number).padStart(6, '0');

function notesOf(payment: PaymentView): string {
  return payment.kind === 'sale'
    ? 'これは領収書ではありません。<br>お客様のご都合による取り消しは、原則としてできません。'
    : '上の金額は、お支払いに使われた方法に戻ります。<br>カード会社などの明細に出るまで、日にちがかかることがあります。';
}

function lineRow(line: PaymentView['lines'][number], sign: 1 | -1): string {
  const confirmed = line.priceConfirmed ? '' : '<br><small>未確認の料金</small>';
  const inputs = (line.inputs ?? []).map(({ labelJa, textJa }) => `${labelJa} ${textJa}`).join('・');
  const details = inputs === '' ? '' : `<br><small>${escapeHtml(inputs)}</small>`;
  const exempt = line.exemption == null ? '' : `<br><small>${escapeHtml(line.exemption.groundJa)}</small>`;
  return (
    `<tr><th scope="row">${escapeHtml(line.nameJa)}<br><small>${formatYen(line.unitPriceYen)} × ${line.quantity}` +
    ` ${escapeHtml(line.unit)}</small>${details}${exempt}${confirmed}</th><td></td><td>${formatYen(sign * line.amountYen)}</td></tr>`
  );
}

/**
 * One sum per tax category, so that exempt and taxable amounts are never read as one; the tax of a rate rounded once;
 * the account's name and number only where something taxable was paid (適格簡易請求書).
 */
function taxLines(payment: PaymentView, sign: 1 | -1): string[] {
  return taxSums(payment.lines).flatMap(({ category, amountYen, taxYen, issuers }) => [
    `${escapeHtml(TAX_NAMES[category])}　${formatYen(sign * amountYen)}${taxYen === null ? '' : `（内消費税 ${formatYen(sign * taxYen)}）`}`,
    ...issuers.map(({ nameJa, registrationNumber }) =>
      [...(nameJa === null ? [] : [escapeHtml(nameJa)]), `登録番号　${escapeHtml(registrationNumber)}`].join(
        '　',
      ),
    ),
  ]);
}

async function surveyBlock(url: string | null, isPublic: boolean): Promise<string> {
  if (url === null) return '';
  const link = `<a href="${escapeHtml(url)}">利用者満足度調査に答える</a>`;
  if (!isPublic) return `<aside><p>${link}</p></aside>`;
  const { default: QRCode } = await import('qrcode');
  const code = await QRCode.toDataURL(url, { margin: 2, errorCorrectionLevel: 'M', width: 192 });
  return `<aside><p>窓口の使いやすさをお聞かせください（10秒）</p><img src="${code}" alt="${escapeHtml(url)}"><p>${link}</p></aside>`;
}
