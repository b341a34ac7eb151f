/** Puts a page on the screen. A fault of ours that takes it away leaves words in its place, and never a white screen. */
import type { ReactNode } from 'react';
import { createRoot } from 'react-dom/client';

const WORDS =
  'それまでの操作が済んだかどうかは、読み込み直すと分かります。支払いの途中だったときも、もう一度支払いをせず、先に読み込み直してください。';

export function mount(page: ReactNode): void {
  const root = document.getElementById('root');
  if (root === null) throw new Error('the page has no #root');
  document.addEventListener('invalid', keepRoomForFault, true);
  createRoot(root, {
    onUncaughtError(error) {
      reportError(error);
      const left = document.createElement('main');
      left.className = 'crashed';
      const title = document.createElement('h1');
      title.textContent = '画面に不具合が起きました';
      const told = document.createElement('p');
      told.setAttribute('role', 'alert');
      told.textContent = WORDS;
      const again = document.createElement('button');
      again.className = 'button primary';
      again.textContent = '読み込み直す';
      again.onclick = () => location.reload();
      left.append(title, told, again);
      document.body.append(left);
      again.focus();
    },
  }).render(page);
}

/**
 * A fault under a field goes as soon as the field is left, which is when the button below is pressed: if it moved up then, the
 * finger would let go beside it, and nothing would be sent (controls.css).
 */
function keepRoomForFault({ target }: Event): void {
  if (target instanceof Element)
    target.parentElement?.closest('[data-rac]')?.setAttribute('data-faulted', '');
}
