/** The virtual terminal's own page, beside the counter's: in a trial the clerk plays the resident too. */
import { Button } from 'react-aria-components';
import { useRemembered } from '../shared/use-remembered.ts';

/** `needed`: on a narrow screen it is shown only while it is; there it stands over the fees, which rest then. */
export function VirtualTerminal({ url, needed }: { url: string; needed: boolean }) {
  const [open, setOpen] = useRemembered('madoguchi.terminal-open', true);
  return (
    <aside className="dock" aria-label="仮想端末" data-open={open} data-needed={needed}>
      <div className="dock-head">
        <h2>仮想端末（お客様の役）</h2>
        <Button className="quiet" aria-expanded={open} onPress={() => setOpen(!open)}>
          {open ? 'たたむ' : '仮想端末'}
        </Button>
      </div>
      <iframe className="dock-page" src={url} title="仮想端末" />
    </aside>
  );
}
