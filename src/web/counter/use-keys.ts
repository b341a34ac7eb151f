/** The counter's keys. Dialogs, menus, forms and text fields keep theirs. */
import { useEffect, useEffectEvent } from 'react';
import { commandOf, type Command } from './keys.ts';

export function useKeys(onCommand: (command: Command) => void): void {
  const handle = useEffectEvent(onCommand);
  useEffect(() => {
    // Enter pays, wherever a touch has left the focus. Whoever walks with Tab or arrows presses what they stand on.
    let walking = false;
    const onKeyDown = (event: KeyboardEvent): void => {
      const target = event.target instanceof Element ? event.target : null;
      // Tab walks out of a text field too; otherwise Enter on what comes next would pay.
      if (event.key === 'Tab') walking = true;
      if (event.isComposing || target?.closest(KEEPS_ITS_KEYS) != null) return;
      // What a dialog covers is not paid or cleared behind it, wherever the focus has gone.
      if (document.querySelector(COVERS) !== null) return;
      if (event.key.startsWith('Arrow')) walking = true;
      const command = commandOf(event);
      if (command === undefined) return;
      if (command.do === 'primary' && walking && target?.closest(CAN_BE_PRESSED) != null) return;
      // A touch has left the focus there; from now on the keys speak, and no ring shall point at it.
      if (!walking && document.activeElement instanceof HTMLElement) document.activeElement.blur();
      walking = false;
      event.preventDefault();
      event.stopPropagation();
      handle(command);
    };
    const onPointerDown = (): void => {
      walking = false;
    };
    window.addEventListener('keydown', onKeyDown, { capture: true });
    window.addEventListener('pointerdown', onPointerDown, { capture: true });
    return () => {
      window.removeEventListener('keydown', onKeyDown, { capture: true });
      window.removeEventListener('pointerdown', onPointerDown, { capture: true });
    };
  }, []);
}

const COVERS = '[role="dialog"], [role="alertdialog"], [role="menu"]';
const KEEPS_ITS_KEYS = `${COVERS}, form, input, textarea, select`;
const CAN_BE_PRESSED = 'button, a, [role="tab"], [role="radio"]';
