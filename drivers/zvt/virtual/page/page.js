/** Shows what the virtual terminal says about itself, and plays the resident. No state is kept here. */

const METHODS = [
  ['credit', 'クレジット'],
  ['debit', 'デビット'],
  ['emoney', '電子マネー'],
  ['qr', 'QRコード'],
];
/** Seldom seen at a counter: behind one more touch. */
const SELDOM = ['amex', 'diners', 'discover', 'unionpay', 'alipay_plus', 'wechat_pay'];
const SHORT_NAMES = { amex: 'Amex', diners: 'Diners', visa_debit: 'Visaデビット', jcb_debit: 'JCBデビット' };
const SIGNS = {
  idle: '…',
  waiting: '▶',
  retouch: '▶',
  processing: '…',
  confirming: '…',
  approved: '✓',
  declined: '✕',
  cancelled: '✕',
  reversed: '↩',
  pending: '？',
  message: 'i',
};
const BUSY = ['processing', 'confirming'];
const STATES = {
  stored: '✓ 成立',
  authorised: '… 窓口の記録を待っています',
  reversed: '↩ 取り消し（お金は動いていません）',
  pending: '？ 処理未了（タッチすると分かります）',
};
const KINDS = { sale: '', void: '取消　', refund: '返金　' };
/** What an act needs: a card is awaited, again or for the first time. */
const isPossible = (act, { waiting, pending, display, cable }) => {
  if (act === 'touch_again') return display.phase === 'retouch' || pending;
  return waiting && cable !== 'pulled' && (display.phase !== 'retouch' || act === 'stop');
};

const find = (id) => document.getElementById(id);
const setText = (id, text) => {
  const element = find(id);
  if (element.textContent !== text) element.textContent = text;
};

function formatMoney(amount, currency) {
  return currency === '392'
    ? `${amount.toLocaleString('ja-JP')}円`
    : `${(amount / 100).toFixed(2)} ${currency === '978' ? 'EUR' : currency}`;
}

async function act(body) {
  await fetch('/resident', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

function button(text, body) {
  const element = document.createElement('button');
  element.type = 'button';
  // A name may break between its scripts, nowhere else; whoever listens hears it whole.
  element.textContent = text.replace(/([a-z])(?=[ァ-ヶ])/gi, '$1\u200b');
  element.ariaLabel = text;
  element.dataset.act = body.act;
  element.addEventListener('click', () => act(body));
  return element;
}

async function drawBrands() {
  const brands = await (await fetch('/brands')).json();
  const keysOf = (chosen) =>
    chosen.map(({ brand, nameJa }) => button(SHORT_NAMES[brand] ?? nameJa, { act: 'present', brand }));
  for (const [method, name] of METHODS) {
    const group = document.createElement('fieldset');
    const legend = document.createElement('legend');
    const keys = document.createElement('div');
    legend.textContent = name;
    keys.className = 'keys';
    keys.append(...keysOf(brands.filter((each) => each.method === method && !SELDOM.includes(each.brand))));
    group.append(legend, keys);
    find('brands').append(group);
  }
  find('other-brands').append(...keysOf(brands.filter(({ brand }) => SELDOM.includes(brand))));
}

function hintOf({ cable, registered, waiting, display, plannedSteps, settings }) {
  if (cable === 'pulled') return 'ケーブルが抜けています。挿すと、窓口が端末に結果を確かめます。';
  if (!registered) return '窓口のパソコンがつながるのを待っています。';
  if (settings.lock !== null) return `端末は状態 ${settings.lock.toUpperCase()} を示しています。`;
  if (display.phase === 'retouch') return '同じカードをもう一度タッチするか、そのままにして様子を見ます。';
  if (waiting) return 'どれかを押すと、お客様が支払います。';
  if (plannedSteps > 0) return `この先 ${plannedSteps} 回は、決めたとおりに自動で動きます。`;
  return BUSY.includes(display.phase) ? '終わるまでお待ちください。' : '端末に金額が出ると押せます。';
}

function drawEntry({ at, kind, brandName, amount, currency, state, receiptNumber, settled }) {
  const item = document.createElement('li');
  item.dataset.state = state;
  const time = document.createElement('time');
  time.dateTime = at;
  time.textContent = new Date(at).toLocaleTimeString('ja-JP', { hour: 'numeric', minute: '2-digit' });
  const name = document.createElement('span');
  const number = document.createElement('i');
  number.textContent = `伝票 ${String(receiptNumber).padStart(4, '0')}`;
  name.append(brandName, number);
  const money = document.createElement('b');
  money.textContent = formatMoney(amount, currency);
  const note = document.createElement('small');
  note.textContent = `${KINDS[kind]}${STATES[state]}${settled ? '　日計済み' : ''}`;
  item.append(time, name, money, note);
  return item;
}

function draw(state) {
  const { display, cable, registered, taken, latest } = state;
  Object.assign(document.body.dataset, { phase: display.phase, cable, registered: String(registered) });

  const amount = find('amount');
  amount.hidden = display.amount === null;
  if (display.amount !== null) amount.textContent = formatMoney(display.amount, display.currency);
  setText('sign', SIGNS[display.phase]);
  setText('title', display.title);
  setText('detail', display.detail);
  setText('line-state', cable === 'pulled' ? '切断' : registered ? '接続中' : '待機中');
  setText('cable', cable === 'pulled' ? 'ケーブルを挿す' : 'ケーブルを抜く');
  setText('hint', hintOf(state));

  for (const key of document.querySelectorAll('[data-act]'))
    key.disabled = !isPossible(key.dataset.act, state);
  find('touch-again').hidden = find('touch-again').disabled;

  setText('taken-amount', formatMoney(taken.amount, display.currency));
  setText('taken-count', `${taken.count}件`);
  find('entries').replaceChildren(...latest.map(drawEntry));
  find('no-entries').hidden = latest.length > 0;
}

for (const key of document.querySelectorAll('button[data-act]')) {
  const { act: name, brand } = key.dataset;
  key.addEventListener('click', () => act(brand === undefined ? { act: name } : { act: name, brand }));
}
find('cable').addEventListener('click', () =>
  act({ act: document.body.dataset.cable === 'pulled' ? 'plug_cable' : 'pull_cable' }),
);

await drawBrands();
const events = new EventSource('/events');
events.addEventListener('state', ({ data }) => {
  find('lost').hidden = true;
  draw(JSON.parse(data));
});
events.addEventListener('error', () => {
  find('lost').hidden = false;
});
