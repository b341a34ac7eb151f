/** Shows what the virtual reader says about itself, and plays the resident. No state is kept here. */
import { button, drawBrands, drawEntry, find, follow, formatYen, post, setSign, setText } from '/parts.js';

const METHODS = [
  ['credit', 'クレジット'],
  ['debit', 'デビット'],
];
const SHORT_NAMES = { amex: 'Amex' };
/** In the order of how often they are met. */
const FAULTS = [
  ['offline', 'リーダーの電源が切れている'],
  ['timeout_received', '命令の返事が来ない（届いている）'],
  ['connection_error', '承認中に通信が切れる（支払い済み）'],
  ['stuck_paid', '結果が返らない（支払い済み）'],
  ['stuck_unpaid', '結果が返らない（支払いなし）'],
];
const TEXTS = {
  idle: ['会計を待っています', '窓口の画面で支払いに進むと、ここに金額が出ます。'],
  waiting: ['お支払いをどうぞ', '下のボタンで、お客様のカードを選んでください。'],
  processing: ['通信しています', 'カードを離さないでください。窓口からはもう止められません。'],
  approved: ['お支払いが済みました', 'カード会社が承認しました。'],
  declined: ['お支払いできませんでした', 'お金は動いていません。'],
  cancelled: ['中止しました', 'お金は動いていません。'],
};
const STATES = { stored: '成立', reversed: 'あとで失敗（お金は戻っていません）' };
const KINDS = { sale: '', void: '返金　' };

function hintOf({ line, phase, plannedSteps, plannedFaults }) {
  if (line === 'pulled') return '通信が切れています。つなぐと、窓口が結果を確かめます。';
  if (plannedFaults > 0) return '次の支払いで、選んだことが起きます。';
  if (phase === 'waiting') return 'どれかを押すと、お客様が支払います。';
  if (plannedSteps > 0) return `この先 ${plannedSteps} 回は、決めたとおりに自動で動きます。`;
  return phase === 'processing' ? '終わるまでお待ちください。' : '金額が出ると押せます。';
}

const lineOf = ({ at, kind, brand, amountYen, state, receiptNumber }) =>
  drawEntry({
    at,
    name: brand === '' ? '返金' : brand,
    number: `番号 ${receiptNumber}`,
    money: formatYen(amountYen),
    state,
    note: `${KINDS[kind]}${STATES[state]}`,
  });

function draw(state) {
  const { phase, amountYen, line, taken, latest } = state;
  Object.assign(document.body.dataset, { phase, cable: line });
  const amount = find('amount');
  amount.hidden = amountYen === null;
  if (amountYen !== null) amount.textContent = formatYen(amountYen);
  const [title, detail] = TEXTS[phase];
  setSign(phase);
  setText('title', title);
  setText('detail', detail);
  setText('line-state', line === 'pulled' ? '切断' : '接続中');
  setText('cable', line === 'pulled' ? '通信をつなぐ' : '通信を切る');
  setText('hint', hintOf(state));
  for (const key of document.querySelectorAll('[data-act]')) key.disabled = phase !== 'waiting';
  setText('taken-amount', formatYen(taken.amountYen));
  setText('taken-count', `${taken.count}件`);
  find('entries').replaceChildren(...latest.map(lineOf));
  find('no-entries').hidden = latest.length > 0;
}

for (const key of document.querySelectorAll('button[data-act]')) {
  key.addEventListener('click', () => post('/resident', { act: key.dataset.act }));
}
find('cable').addEventListener('click', () =>
  post('/resident', { act: document.body.dataset.cable === 'pulled' ? 'plug_cable' : 'pull_cable' }),
);

const brands = await (await fetch('/brands')).json();
drawBrands(METHODS, brands, ({ brand, nameJa }) =>
  button(SHORT_NAMES[brand] ?? nameJa, () => post('/resident', { act: 'present', brand }), 'present'),
);
find('faults').append(
  ...FAULTS.map(([fault, text]) => button(text, () => post('/faults', { faults: [{ fault }] }))),
);
follow(draw);
