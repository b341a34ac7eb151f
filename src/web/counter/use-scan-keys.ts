/** Takes what a scanner types, wherever the focus is, before any key of it can press a button. */
import { useCallback, useEffect, useState } from 'react';
import { PREFIX } from '../../tickets/scan.ts';
import { characterOf, GAP_MS, isScannersEnd, NO_RUN, struck, wasScanner } from './scan-keys.ts';

/** Here letters are typed by hand, and stay where they are; only a ticket is taken out again. */
const TEXT = 'input:not([type="radio"], [type="checkbox"]), textarea, select, [contenteditable="true"]';
const HEAD = `${PREFIX}.`;

/** Listens for lines as a scanner on a serial line would send them; returns what ends it. */
export type ListenForScans = (onScan: (line: string) => void) => () => void;

/** To be used before other listeners for keys. */
export function useScanKeys(): ListenForScans {
  const [listeners] = useState(() => new Set<(line: string) => void>());
  useEffect(
    () =>
      watchKeys((line) => {
        for (const listener of listeners) listener(line);
      }),
    [listeners],
  );
  return useCallback(
    (onScan) => {
      listeners.add(onScan);
      return () => listeners.delete(onScan);
    },
    [listeners],
  );
}

function watchKeys(onScan: (line: string) => void): () => void {
  let run = NO_RUN;
  let held: KeyboardEvent[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const replayed = new WeakSet<Event>();

  /** They were a hand's after all. */
  const letGo = (): void => {
    const keys = held;
    held = [];
    for (const key of keys) {
      const again = new KeyboardEvent('keydown', key);
      replayed.add(again);
      (key.target ?? window).dispatchEvent(again);
    }
  };
  const end = (isScan: boolean): void => {
    clearTimeout(timer);
    const { text } = run;
    run = NO_RUN;
    if (isScan) held = [];
    else letGo();
    if (isScan) onScan(text);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (replayed.has(event) || event.ctrlKey || event.altKey || event.metaKey || event.key === 'Shift')
      return;
    const target = event.target instanceof HTMLElement ? event.target : null;
    const isTyping = target?.closest(TEXT) != null;
    if (event.key === 'Enter') {
      const isTicket = run.text.startsWith(HEAD);
      const isEnd = isScannersEnd(run, event.timeStamp) && (!isTyping || isTicket);
      end(isEnd);
      if (isEnd) swallow(event);
      return;
    }
    const character = characterOf(event.code);
    if (character === undefined || event.repeat) {
      end(false);
      return;
    }
    if (event.timeStamp - run.at > GAP_MS) end(wasScanner(run));
    run = struck(run, character, event.timeStamp);
    clearTimeout(timer);
    timer = setTimeout(() => end(run.text.startsWith(HEAD) || (!isTyping && wasScanner(run))), GAP_MS);
    if (!isTyping) held.push(event);
    if (isTyping && run.text === HEAD) takeOut(target, PREFIX.length);
    if (!isTyping || run.text.startsWith(HEAD)) swallow(event);
  };
  window.addEventListener('keydown', onKeyDown, { capture: true });
  return () => {
    clearTimeout(timer);
    window.removeEventListener('keydown', onKeyDown, { capture: true });
  };
}

function swallow(event: KeyboardEvent): void {
  event.preventDefault();
  event.stopImmediatePropagation();
}

/** The beginning of a ticket that was typed into a field before it could be known as one. */
function takeOut(field: HTMLElement | null, count: number): void {
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return;
  const prototype =
    field instanceof HTMLInputElement ? HTMLInputElement.prototype : HTMLTextAreaElement.prototype;
  // React watches the field's own setter and would not hear of a plain assignment.
  Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(field, field.value.slice(0, -count));
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
