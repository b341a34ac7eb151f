/** Where a terminal is, as the settings say it after `model@`. */
import { parseAddress, type Address } from './port.ts';

export type Place =
  | { reach: 'line'; address: Address }
  | { reach: 'service'; url: URL }
  /** No link: the clerk is the link. */
  | { reach: 'clerk' }
  /** The model's own virtual terminal, for trial and training. */
  | { reach: 'virtual' };

/**
 * Reads `virtual`, `clerk`, `https://api.example.com`, or an address of a line (see `parseAddress`); undefined if it is
 * none of them. A service is spoken to in clear on this machine only.
 */
export function parsePlace(text: string): Place | undefined {
  if (text === 'virtual' || text === 'clerk') return { reach: text };
  if (/^https?:/.test(text)) {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const isSafe =
      url?.protocol === 'https:' || ['127.0.0.1', '[::1]', 'localhost'].includes(url?.hostname ?? '');
    return url !== undefined && isSafe ? { reach: 'service', url } : undefined;
  }
  const address = parseAddress(text);
  return address && { reach: 'line', address };
}
