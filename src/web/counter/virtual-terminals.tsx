/** The virtual terminals' own pages, beside the counter's: in a trial the clerk plays the resident too. */
import { useState } from 'react';
import { Button, ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { useRemembered } from '../shared/use-remembered.ts';
import type { Session } from './session.ts';

/**
 * `wanted`: the terminal that has the payment; its page comes to the front. `needed`: on a narrow screen the pages are
 * shown only while they are; there they stand over the fees, which rest then.
 */
export function VirtualTerminals(props: {
  pages: Session['virtualTerminals'];
  wanted: string | null;
  needed: boolean;
}) {
  const { pages, wanted } = props;
  const [open, setOpen] = useRemembered('madoguchi.terminal-open', true);
  // What was chosen by hand holds until another payment wants its terminal.
  const [chosen, setChosen] = useState<{ terminal: string; over: string | null } | null>(null);
  const front = chosen?.over === wanted ? chosen.terminal : (wanted ?? pages[0]?.terminal);
  return (
    <aside className="dock" aria-label="仮想端末" data-open={open} data-needed={props.needed}>
      <div className="dock-head">
        <h2>仮想端末（お客様の役）</h2>
        <Button className="quiet" aria-expanded={open} onPress={() => setOpen(!open)}>
          {open ? 'たたむ' : '仮想端末'}
        </Button>
      </div>
      {pages.length > 1 && open && (
        <ToggleButtonGroup
          className="dock-tabs"
          aria-label="どの端末"
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={front === undefined ? [] : [front]}
          onSelectionChange={([key]) => setChosen({ terminal: String(key), over: wanted })}
        >
          {pages.map(({ terminal, nameJa }) => (
            <ToggleButton key={terminal} id={terminal} className="method">
              {nameJa}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
      )}
      {pages.map(({ terminal, nameJa, url }) => (
        <iframe
          key={terminal}
          className="dock-page"
          src={url}
          title={`仮想端末 ${nameJa}`}
          hidden={terminal !== front}
        />
      ))}
    </aside>
  );
}
