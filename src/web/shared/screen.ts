/** Which screen this is: an id of its own for as long as the page is open, and a name if somebody has given it one. */
import { newId } from './new-id.ts';
import { recall, remember } from './storage.ts';

const NAME = 'madoguchi.screen-name';

let id: string | undefined;

export const screenId = (): string => (id ??= newId());

/** Empty: the service calls it by a number. */
export function screenName(): string {
  const known = recall(NAME);
  return typeof known === 'string' ? known : '';
}

export const nameScreen = (name: string): void => void remember(NAME, name === '' ? undefined : name);
