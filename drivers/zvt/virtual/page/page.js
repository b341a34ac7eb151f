/** Shows what the virtual terminal says about itself, and plays the resident. No state is kept here. */
import { button, drawBrands, drawEntry, find, follow, formatYen, post, setSign, setText } from '/parts.js';

const METHODS = [
  ['credit', 'クレジット'],
  ['debit', 'デビット'],
  ['emoney', '電子マネー'],
  ['qr', 'QRコード'],
];
/** Seldom seen at a counter: behind one more touch. */
const SELDOM = ['amex', 'diners', 'discover', 'unionpay', 'alipay_plus', 'wechat_pay'];
const SHORT_NAMES = { amex: 'Amex', diners: 'Diners', visa_debit: 'Visaデビット', jcb_debit: 'JCBデビット' };
const BUSY = ['processing', 'confirming'];
const STATES = {
  stored: '成立',
  authorised: '窓口の記録を待っています',
  reversed: '取り消し（お金は動いていません）',
  pending: '処理未了（タッチすると分かります）',
};
const KINDS = { sale: '', void: '取消　', refund: '返金　' };
/** What an act needs: a card is awaited, again or for the first time. */
const isPossible = (act, { waiting, pending, display, cable }) => {
  if (act === 'touch_again') return display.phase === 'retouch' || pending;
  return waiting && cable !== 'pulled' && (display.phase !== 'retouch' || act === 'stop');
};

function formatMoney(amount, currency) {
  return currency === '392'
    ? formatYen(amount)
    : `${(amount / 100).toFixed(2)} ${currency === '978' ? 'EUR' : currency}`;
}

const act = (body) => post('/resident', body);

function hintOf({ cable, registered, waiting, display, plannedSteps, settings }) {
  if (cable === 'pulled') return 'ケーブルが抜けています。挿すと、窓口が端末に結果を確かめます。';
  if (!registered) return '窓口のパソコンがつながるのを待っています。';
  if (settings.lock !== null) return `端末は状態 ${settings.lock.toUpperCase()} を示しています。`;
  if (display.phase === 'retouch') return '同じカードをもう一度タッチするか、そのままにして様子を見ます。';
  if (waiting) return 'どれかを押すと、お客様が支払います。';
  if (plannedSteps > 0) return `この先 ${plannedSteps} 回は、決めたとおりに自動で動きます。`;
  return BUSY.includes(display.phase) ? '終わるまでお待ちください。' : '端末に金額が出ると押せます。';
}

const lineOf = ({ at, kind, brandName, amount, currency, state, receiptNumber, settled }) =>
  drawEntry({
    at,
    name: brandName,
    number: `伝票 ${String(receiptNumber).padStart(4, '0')}`,
    money: formatMoney(amount, currency),
    state,
    note: `${KINDS[kind]}${STATES[state]}${settled ? '　日計済み' : ''}`,
  });

/** What is left is chosen in the list, whatever it is by now. */
function drawPurse(purseYen) {
  const list = find('purse');
  const wanted = String(purseYen ?? '');
  find('purse-left')?.remove();
  if (![...list.options].some(({ value }) => value === wanted)) {
    const left = new Option(`残り ${formatYen(purseYen)}`, wanted);
    left.id = 'purse-left';
    list.append(left);
  }
  list.value = wanted;
}

function draw(state) {
  const { display, cable, registered, taken, latest } = state;
  Object.assign(document.body.dataset, { phase: display.phase, cable, registered: String(registered) });

  const amount = find('amount');
  amount.hidden = display.amount === null;
  if (display.amount !== null) amount.textContent = formatMoney(display.amount, display.currency);
  setSign(display.phase);
  setText('title', display.title);
  setText('detail', display.detail);
  setText('line-state', cable === 'pulled' ? '切断' : registered ? '接続中' : '待機中');
  setText('cable', cable === 'pulled' ? 'ケーブルを挿す' : 'ケーブルを抜く');
  setText('hint', hintOf(state));

  for (const key of document.querySelectorAll('[data-act]'))
    key.disabled = !isPossible(key.dataset.act, state);
  drawPurse(state.purseYen);
  find('touch-again').hidden = find('touch-again').disabled;

  setText('taken-amount', formatMoney(taken.amount, display.currency));
  setText('taken-count', `${taken.count}件`);
  find('entries').replaceChildren(...latest.map(lineOf));
  find('no-entries').hidden = latest.length > 0;
}

for (const key of document.querySelectorAll('button[data-act]')) {
  const { act: name, brand } = key.dataset;
  key.addEventListener('click', () => act(brand === undefined ? { act: name } : { act: name, brand }));
}
find('purse').addEventListener('change', ({ target }) =>
  post('/purse', { yen: target.value === '' ? null : Number(target.value) }),
);
find('cable').addEventListener('click', () =>
  act({ act: document.body.dataset.cable === 'pulled' ? 'plug_cable' : 'pull_cable' }),
);

const brands = await (await fetch('/brands')).json();
const isSeldom = ({ brand }) => SELDOM.includes(brand);
const keyOf = ({ brand, nameJa }) =>
  button(SHORT_NAMES[brand] ?? nameJa, () => act({ act: 'present', brand }), 'present');
drawBrands(
  METHODS,
  brands.filter((each) => !isSeldom(each)),
  keyOf,
);
find('other-brands').append(...brands.filter(isSeldom).map(keyOf));

const alone = find('alone');
find('alone-brand').append(...brands.map(({ brand, nameJa }) => new Option(nameJa, brand)));
alone.addEventListener('submit', async (event) => {
  event.preventDefault();
  const { amount, brand } = Object.fromEntries(new FormData(alone));
  const answer = await post('/alone', { amount: Number(amount), brand });
  if (answer.ok) alone.reset();
  setText(
    'alone-told',
    answer.ok ? '売りました。伝票の番号は、端末の控えにあります。' : (await answer.json()).error.message,
  );
});
follow(draw);
