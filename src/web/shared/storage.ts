/**
 * What this browser remembers for itself. A browser may refuse (private windows, a full disk): a sale goes on
 * without; only a reload would then not find it again, and the service still does.
 */

/** The remembered value, or undefined where there is none, or none that can be read. */
export function recall(key: string): unknown {
  try {
    const text = localStorage.getItem(key);
    return text === null ? undefined : JSON.parse(text);
  } catch {
    // Unreadable is as good as forgotten; nobody could do anything about it.
    return undefined;
  }
}

/** Remembers a value; undefined forgets it. Returns whether the browser did. */
export function remember(key: string, value: unknown): boolean {
  try {
    if (value === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}
