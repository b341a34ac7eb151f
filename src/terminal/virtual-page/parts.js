/** What the pages of all virtual terminals are put together from. */

export const find = (id) => document.getElementById(id);

/** Touches the page only where it changes, for whoever listens to it. */
export function setText(id, text) {
  const element = find(id);
  if (element.textContent !== text) element.textContent = text;
}

/** What the display's sign shows in each phase, drawn: a machine without fonts has no such letters either. */
const WAITS = 'M6 12h.01M12 12h.01M18 12h.01';
const FAILED = 'M7 7l10 10M17 7L7 17';
const SIGNS = {
  idle: WAITS,
  waiting: 'M9.5 7l7.5 5l-7.5 5z',
  retouch: 'M9.5 7l7.5 5l-7.5 5z',
  processing: WAITS,
  confirming: WAITS,
  approved: 'M6 12.6l4 4l8-9',
  declined: FAILED,
  cancelled: FAILED,
  reversed: 'M9 14.5l-4-4l4-4M5.5 10.5H14a4 4 0 0 1 0 8h-3',
  pending: 'M9.3 9.6a2.8 2.8 0 1 1 4.1 2.5c-.9.5-1.4 1-1.4 2.1M12 17.2v.1',
  message: 'M12 11v6M12 7v.01',
};
export const setSign = (phase) => find('sign').setAttribute('d', SIGNS[phase]);

export const formatYen = (amount) => `${amount.toLocaleString('ja-JP')}円`;

export const post = (path, body) =>
  fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });

/** @param act what it does to the terminal, where the page enables it by that */
export function button(text, onClick, act) {
  const element = document.createElement('button');
  element.type = 'button';
  // A name may break between its scripts, nowhere else; whoever listens hears it whole.
  element.textContent = text.replace(/([a-z])(?=[ァ-ヶ])/gi, '$1\u200b');
  element.ariaLabel = text;
  if (act !== undefined) element.dataset.act = act;
  element.addEventListener('click', onClick);
  return element;
}

/** A group of keys for each method that has any. @param keyOf makes a brand's key */
export function drawBrands(methods, brands, keyOf) {
  for (const [method, name] of methods) {
    const group = document.createElement('fieldset');
    const legend = document.createElement('legend');
    const keys = document.createElement('div');
    legend.textContent = name;
    keys.className = 'keys';
    keys.append(...brands.filter((each) => each.method === method).map(keyOf));
    group.append(legend, keys);
    find('brands').append(group);
  }
}

/** A line of the terminal's own book. */
export function drawEntry({ at, name, number, money, state, note }) {
  const item = document.createElement('li');
  item.dataset.state = state;
  const time = document.createElement('time');
  time.dateTime = at;
  time.textContent = new Date(at).toLocaleTimeString('ja-JP', { hour: 'numeric', minute: '2-digit' });
  const who = document.createElement('span');
  const which = document.createElement('i');
  which.textContent = number;
  who.append(name, which);
  const amount = document.createElement('b');
  amount.textContent = money;
  const remark = document.createElement('small');
  remark.textContent = note;
  item.append(time, who, amount, remark);
  return item;
}

/** Draws the state now and after each change; a page with a `lost` says when its program is gone. */
export function follow(draw) {
  const events = new EventSource('/events');
  const tellLost = (isLost) => {
    const lost = find('lost');
    if (lost !== null) lost.hidden = !isLost;
  };
  events.addEventListener('state', ({ data }) => {
    tellLost(false);
    draw(JSON.parse(data));
  });
  events.addEventListener('error', () => tellLost(true));
}
