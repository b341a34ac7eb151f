/** What is needed a few times a day or less: closing, help when something is out of order, the office, how it works. */
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import type { OpenDialog } from './counter-dialogs.tsx';
import type { Session } from './session.ts';

export function CounterMenu(props: {
  session: Session;
  hasStickers: boolean;
  onOpen: (dialog: OpenDialog) => void;
}) {
  const { officeUrl, tablet } = props.session;
  const isCounter = tablet === null;
  const entry = (dialog: NonNullable<OpenDialog>, words: string) => (
    <MenuItem className="menu-item" onAction={() => props.onOpen(dialog)}>
      {words}
    </MenuItem>
  );
  return (
    <MenuTrigger>
      <Button className="bar-button">メニュー</Button>
      <Popover className="popover" placement="bottom end">
        <Menu className="menu">
          {isCounter && entry({ show: 'closing' }, '締め')}
          {entry({ show: 'support' }, '困ったとき・連絡先')}
          {entry({ show: 'cash_notice' }, '現金のみのお知らせ')}
          {isCounter && entry({ show: 'earlier' }, '前の日の支払い（取り消し・返金・訂正）')}
          {isCounter && entry({ show: 'slip_entry' }, '後からの記録（端末だけで受けた支払い）')}
          {isCounter && props.hasStickers && entry({ show: 'sticker', number: '' }, 'シールを調べる')}
          {isCounter && entry({ show: 'screen_name' }, 'この画面の名前')}
          {isCounter && entry({ show: 'tablets' }, 'タブレットをつなぐ')}
          {officeUrl !== null && (
            <MenuItem className="menu-item" href={officeUrl} target="_blank">
              会計課の画面（突合）
            </MenuItem>
          )}
          <MenuItem className="menu-item" href="help.html" target="_blank">
            使い方
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
