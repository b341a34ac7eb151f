/** The desk's keys: j/k or arrows to the next case, Enter the usual step, a letter for each act, and / to search. */
import { useEffect, useEffectEvent, type KeyboardEvent as TypedKey, type RefObject } from 'react';
import type { CaseCommand } from './case-panel.tsx';

const COMMANDS: Record<string, CaseCommand> = {
  ...{ Enter: 'next', a: 'assign', c: 'comment', e: 'evidence' },
  ...{ q: 'ask', r: 'resolve', u: 'unpair', w: 'withdraw' },
} as const;
const STEPS: Record<string, number> = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };

/** Where a key means something of its own. Enter belongs to the button or link that has the focus. */
const COVERS = '[role="dialog"], [role="alertdialog"]';
const KEEPS_ITS_KEYS = 'form, input, textarea, select';
const CAN_BE_PRESSED = 'button, a, summary, [role="tab"]';

/** From wherever in the form: in a text Enter alone begins a new line. */
export function submitByKey(event: TypedKey<HTMLFormElement>): void {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  event.currentTarget.requestSubmit();
}

export function useDeskKeys(props: {
  isOff: boolean;
  onMove: (step: number) => void;
  onCommand: (command: CaseCommand) => void;
  searchField: RefObject<HTMLInputElement | null>;
}): void {
  const { isOff } = props;
  const handle = useEffectEvent((event: KeyboardEvent): void => {
    const target = event.target instanceof Element ? event.target : null;
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (target?.closest(KEEPS_ITS_KEYS) != null || document.querySelector(COVERS) !== null) return;
    const step = STEPS[event.key];
    const command = COMMANDS[event.key];
    const isSearch = event.key === '/';
    if (step === undefined && command === undefined && !isSearch) return;
    const isArrow = event.key.startsWith('Arrow');
    if ((event.key === 'Enter' || isArrow) && target?.closest(CAN_BE_PRESSED) != null) return;
    event.preventDefault();
    if (isSearch) {
      props.searchField.current?.focus();
      props.searchField.current?.select();
    } else if (step !== undefined) props.onMove(step);
    else if (command !== undefined) props.onCommand(command);
  });
  useEffect(() => {
    if (isOff) return undefined;
    const onKeyDown = (event: KeyboardEvent): void => handle(event);
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [isOff]);
}
