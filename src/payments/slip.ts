/**
 * The slip (利用明細) as a page to print: not a receipt (領収書), because the city is paid by the card company and
 * not by the resident (domain: municipal notices say so; a 領収書 needs cash).
 */
import type { Brand } from '../fees/catalogue.ts';
import { taxSums } from '../fees/tax.ts';
import { escapeHtml } from '../plain-page.ts';
import type { PaymentView } from './view.ts';

export interface SlipHead {
  municipalityName: string;
  counterName: string;
  book: 'trial' | 'training' | 'live';
  /** True if the residents' phones can reach the survey; else the address is only a link. */
  isSurveyPublic: boolean;
  brands: () => readonly Brand[];
}

const METHODS = { credit: 'クレジット', debit: 'デビット', emoney: '電子マネー', qr: 'QRコード' } as const;
const TAX: Record<string, string> = {
  exempt_admin: '非課税（行政手数料）',
  exempt_welfare: '非課税（社会福祉）',
  standard_10: '10%対象（税込）',
};
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
    ['伝票番号', String(payment.number).padStart(6, '0')],
    ['支払い方法', METHODS[payment.method] + (brand === undefined ? '' : `　${brand.nameJa}`)],
  ];
  if (payment.of !== null) facts.push(['もとの伝票', String(payment.of.number).padStart(6, '0')]);
  if (payment.terminal.receiptNumber !== null) facts.push(['端末伝票', payment.terminal.receiptNumber]);
  if (payment.terminal.approvalCode !== null) facts.push(['承認番号', payment.terminal.approvalCode]);
  const trial =
    head.book === 'live'
      ? ''
      : `<p class="trial">${head.book === 'trial' ? '試用' : '訓練'}・実際の支払いではありません</p>`;
  return `<!doctype html>
<html lang="ja">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title} ${String(payment.number).padStart(6, '0')}</title>
<link rel="stylesheet" href="/slip.css">
<script type="module" src="/print.js"></script>
<main>
<p class="screen-only"><button type="button" id="print">印刷する</button></p>
${trial}
<h1>${escapeHtml(head.municipalityName)}<br>${title}</h1>
<dl>${facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${escapeHtml(value)}</dd></div>`).join('')}</dl>
<table>
<tbody>${payment.lines.map((line) => lineRow(line, sign)).join('')}</tbody>
<tfoot><tr><th scope="row" colspan="2">合計</th><td>${yen(sign * payment.amountYen)}</td></tr></tfoot>
</table>
<p class="tax">${taxLines(payment, sign).join('<br>')}</p>
<p class="note">${notesOf(payment)}</p>
${await surveyBlock(payment.surveyUrl, head.isSurveyPublic)}
</main>
</html>`;
}

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
    `<tr><th scope="row">${escapeHtml(line.nameJa)}<br><small>${yen(line.unitPriceYen)} × ${line.quantity}` +
    ` ${escapeHtml(line.unit)}</small>${details}${exempt}${confirmed}</th><td></td><td>${yen(sign * line.amountYen)}</td></tr>`
  );
}

/**
 * One sum per tax category, so that exempt and taxable amounts are never read as one; the tax of a rate rounded once;
 * the account's name and number only where something taxable was paid (適格簡易請求書).
 */
function taxLines(payment: PaymentView, sign: 1 | -1): string[] {
  return taxSums(payment.lines).flatMap(({ category, amountYen, taxYen, issuers }) => [
    `${escapeHtml(TAX[category] ?? category)}　${yen(sign * amountYen)}${taxYen === null ? '' : `（内消費税 ${yen(sign * taxYen)}）`}`,
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

function yen(amount: number): string {
  return `${amount < 0 ? '−' : ''}${Math.abs(amount).toLocaleString('ja-JP')}円`;
}
