/** Shows what the virtual reader says about itself, and plays the resident. No state is kept here. */

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
const SIGNS = { idle: '…', waiting: '▶', processing: '…', approved: '✓', declined: '✕', cancelled: '✕' };
const TEXTS = {
  idle: ['会計を待っています', '窓口の画面で支払いに進むと、ここに金額が出ます。'],
  waiting: ['お支払いをどうぞ', '下のボタンで、お客様のカードを選んでください。'],
  processing: ['通信しています', 'カードを離さないでください。窓口からはもう止められません。'],
  approved: ['お支払いが済みました', 'カード会社が承認しました。'],
  declined: ['お支払いできませんでした', 'お金は動いていません。'],
  cancelled: ['中止しました', 'お金は動いていません。'],
};
const STATES = { stored: '✓ 成立', reversed: '↩ あとで失敗（お金は戻っていません）' };
const KINDS = { sale: '', void: '返金　' };

const find = (id) => document.getElementById(id);
const setText = (id, text) => {
  const element = find(id);
  if (element.textContent !== text) element.textContent = text;
};
const formatYen = (amount) => `${amount.toLocaleString('ja-JP')}円`;

async function post(path, body) {
  await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

function button(text, onClick, act) {
  const element = document.createElement('button');
  element.type = 'button';
  element.textContent = text;
  if (act !== undefined) element.dataset.act = act;
  element.addEventListener('click', onClick);
  return element;
}

async function drawBrands() {
  const brands = await (await fetch('/brands')).json();
  for (const [method, name] of METHODS) {
    const group = document.createElement('fieldset');
    const legend = document.createElement('legend');
    const keys = document.createElement('div');
    legend.textContent = name;
    keys.className = 'keys';
    keys.append(
      ...brands
        .filter((each) => each.method === method)
        .map(({ brand, nameJa }) =>
          button(SHORT_NAMES[brand] ?? nameJa, () => post('/resident', { act: 'present', brand }), 'present'),
        ),
    );
    group.append(legend, keys);
    find('brands').append(group);
  }
  find('faults').append(
    ...FAULTS.map(([fault, text]) => button(text, () => post('/faults', { faults: [{ fault }] }))),
  );
}

function hintOf({ line, phase, plannedSteps, plannedFaults }) {
  if (line === 'pulled') return '通信が切れています。つなぐと、窓口が結果を確かめます。';
  if (plannedFaults > 0) return '次の支払いで、選んだことが起きます。';
  if (phase === 'waiting') return 'どれかを押すと、お客様が支払います。';
  if (plannedSteps > 0) return `この先 ${plannedSteps} 回は、決めたとおりに自動で動きます。`;
  return phase === 'processing' ? '終わるまでお待ちください。' : '金額が出ると押せます。';
}

function drawEntry({ at, kind, brand, amountYen, state, receiptNumber }) {
  const item = document.createElement('li');
  item.dataset.state = state;
  const time = document.createElement('time');
  time.dateTime = at;
  time.textContent = new Date(at).toLocaleTimeString('ja-JP', { hour: 'numeric', minute: '2-digit' });
  const name = document.createElement('span');
  const number = document.createElement('i');
  number.textContent = `番号 ${receiptNumber}`;
  name.append(brand === '' ? '返金' : brand, number);
  const money = document.createElement('b');
  money.textContent = formatYen(amountYen);
  const note = document.createElement('small');
  note.textContent = `${KINDS[kind]}${STATES[state]}`;
  item.append(time, name, money, note);
  return item;
}

function draw(state) {
  const { phase, amountYen, line, taken, latest } = state;
  Object.assign(document.body.dataset, { phase, cable: line });
  const amount = find('amount');
  amount.hidden = amountYen === null;
  if (amountYen !== null) amount.textContent = formatYen(amountYen);
  const [title, detail] = TEXTS[phase];
  setText('sign', SIGNS[phase]);
  setText('title', title);
  setText('detail', detail);
  setText('line-state', line === 'pulled' ? '切断' : '接続中');
  setText('cable', line === 'pulled' ? '通信をつなぐ' : '通信を切る');
  setText('hint', hintOf(state));
  for (const key of document.querySelectorAll('[data-act]')) key.disabled = phase !== 'waiting';
  setText('taken-amount', formatYen(taken.amountYen));
  setText('taken-count', `${taken.count}件`);
  find('entries').replaceChildren(...latest.map(drawEntry));
  find('no-entries').hidden = latest.length > 0;
}

for (const key of document.querySelectorAll('button[data-act]')) {
  key.addEventListener('click', () => post('/resident', { act: key.dataset.act }));
}
find('cable').addEventListener('click', () =>
  post('/resident', { act: document.body.dataset.cable === 'pulled' ? 'plug_cable' : 'pull_cable' }),
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
