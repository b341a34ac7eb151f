/** Shows what the virtual terminal says about itself, and presses its keys. Only the digits typed are kept here. */
import { button, drawBrands, find, follow, formatYen, post } from '/parts.js';

const METHODS = [
  ['credit', 'クレジット'],
  ['debit', 'デビット'],
  ['emoney', '電子マネー'],
  ['qr', 'QRコード'],
];
const PAD = ['7', '8', '9', '4', '5', '6', '1', '2', '3', '00', '0', 'C'];
const MOST_DIGITS = 7;

let typed = '';
/** The slip whose 返品 waits for its amount. */
let refundSlip = null;
let state = null;

async function tell(path, body) {
  const response = await post(path, body);
  if (!response.ok) find('detail').textContent = '端末は今、その操作を待っていません';
}

function type(key) {
  typed = key === 'C' ? '' : `${typed}${key}`.slice(0, MOST_DIGITS);
  draw();
}

async function pressWith(body) {
  const digits = typed;
  typed = '';
  await tell('/key', body(digits));
  draw();
}

function paperOf({ title, lines, code }) {
  const paper = document.createElement('article');
  const head = document.createElement('h3');
  head.textContent = title;
  const list = document.createElement('dl');
  for (const [label, value] of lines) {
    const name = document.createElement('dt');
    const said = document.createElement('dd');
    name.textContent = label;
    said.textContent = value;
    list.append(name, said);
  }
  paper.append(head, list);
  if (code !== null) {
    const picture = document.createElement('img');
    picture.src = `data:image/svg+xml;utf8,${encodeURIComponent(code.svg)}`;
    picture.alt = code.text;
    paper.append(picture);
  }
  return paper;
}

function draw() {
  if (state === null) return;
  const { phase, result, amountYen, title, detail, papers } = state;
  Object.assign(document.body.dataset, { phase, result: result ?? '' });
  const isFree = phase === 'idle' || phase === 'done';
  const isTyping = isFree && typed !== '';
  const asked = refundSlip === null ? '打っている数字' : `伝票 ${refundSlip} の返品の金額`;
  find('title').textContent = isTyping || refundSlip !== null ? asked : title;
  find('amount').textContent = isTyping
    ? Number(typed).toLocaleString('ja-JP')
    : amountYen === null
      ? '0円'
      : formatYen(amountYen);
  find('detail').textContent = isTyping ? '' : detail;
  find('resident').hidden = phase !== 'waiting';
  find('keypad').hidden = phase === 'processing';
  find('pad').hidden = !isFree;
  for (const id of ['sale', 'void', 'refund']) find(id).disabled = !isFree || Number(typed) === 0;
  for (const id of ['sale', 'void']) find(id).disabled ||= refundSlip !== null;
  for (const id of ['reprint', 'report', 'settle']) find(id).disabled = !isFree;
  find('papers').replaceChildren(...papers.map(paperOf));
  find('no-papers').hidden = papers.length > 0;
}

find('pad').append(...PAD.map((key) => button(key, () => type(key))));
find('sale').addEventListener('click', () =>
  pressWith((digits) => ({ key: 'sale', amountYen: Number(digits) })),
);
find('void').addEventListener('click', () => pressWith((slip) => ({ key: 'void', slip: slip.slice(-5) })));
find('refund').addEventListener('click', () => {
  if (refundSlip === null) {
    refundSlip = typed.slice(-5);
    typed = '';
    draw();
    return;
  }
  const slip = refundSlip;
  refundSlip = null;
  void pressWith((digits) => ({ key: 'refund', slip, amountYen: Number(digits) }));
});
find('stop').addEventListener('click', () => {
  refundSlip = null;
});
for (const key of ['stop', 'reprint', 'report', 'settle']) {
  find(key).addEventListener('click', () => pressWith(() => ({ key })));
}
for (const key of document.querySelectorAll('[data-act]')) {
  key.addEventListener('click', () => tell('/resident', { act: key.dataset.act }));
}

drawBrands(METHODS, await (await fetch('/brands')).json(), ({ brand, nameJa }) =>
  button(nameJa, () => tell('/resident', { act: 'present', brand })),
);
follow((told) => {
  state = told;
  draw();
});
