/** Which page the office shows, and what the page is asked for: in the address, so that a link and a reload lead there. */
import { useSyncExternalStore } from 'react';
import { readDate } from '../shared/read-date.ts';

export interface Place {
  /** A tab's id; empty: none is named, the first is shown. */
  page: string;
  /** What the page is asked for: `#payments?on=2026-11-27`. */
  asked: URLSearchParams;
}

const followHash = (onChange: () => void): (() => void) => {
  addEventListener('hashchange', onChange);
  return () => removeEventListener('hashchange', onChange);
};

export function usePlace(): Place {
  const hash = useSyncExternalStore(followHash, () => location.hash);
  const [page = '', asked = ''] = hash.slice(1).split('?', 2);
  return { page, asked: new URLSearchParams(asked) };
}

/** The day `on` of the address, which can be sent to a colleague; without one, the newest day. */
export function useAskedDay(newestDay: string): string {
  return readDate(usePlace().asked.get('on') ?? '', newestDay) || newestDay;
}

/** What a link to a page has as its `href`; only what is asked for is in it. */
export function addressOf(page: string, asked: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(asked).toString();
  return query === '' ? `#${page}` : `#${page}?${query}`;
}

/** Leads there as a step of the browser's own; `isInPlace`: the last step is forgotten, as it was only on the way. */
export function lead(address: string, isInPlace = false): void {
  if (isInPlace) location.replace(address);
  else location.assign(address);
}
