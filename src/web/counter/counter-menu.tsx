/** What is needed a few times a day or less: closing, help when something is out of order, the office, how it works. */
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import type { OpenDialog } from './counter-dialogs.tsx';
import type { Session } from './session.ts';

export function CounterMenu(props: {
  session: Session;
  hasStickers: boolean;
  onOpen: (dialog: OpenDialog) => void;
}) {
  const { officeUrl } = props.session;
  return (
    <MenuTrigger>
      <Button className="bar-button">メニュー</Button>
      <Popover className="popover" placement="bottom end">
        <Menu className="menu">
          <MenuItem className="menu-item" onAction={() => props.onOpen({ show: 'closing' })}>
            締め
          </MenuItem>
          <MenuItem className="menu-item" onAction={() => props.onOpen({ show: 'support' })}>
            困ったとき・連絡先
          </MenuItem>
          <MenuItem className="menu-item" onAction={() => props.onOpen({ show: 'cash_notice' })}>
            現金のみのお知らせ
          </MenuItem>
          <MenuItem className="menu-item" onAction={() => props.onOpen({ show: 'earlier' })}>
            前の日の支払い（取り消し・返金・訂正）
          </MenuItem>
          <MenuItem className="menu-item" onAction={() => props.onOpen({ show: 'slip_entry' })}>
            後からの記録（端末だけで受けた支払い）
          </MenuItem>
          {props.hasStickers && (
            <MenuItem className="menu-item" onAction={() => props.onOpen({ show: 'sticker', number: '' })}>
              シールを調べる
            </MenuItem>
          )}
          <MenuItem className="menu-item" onAction={() => props.onOpen({ show: 'screen_name' })}>
            この画面の名前
          </MenuItem>
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
