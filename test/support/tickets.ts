/** Charge tickets of a trial, as another desk hands them over. */
import { join } from 'node:path';
import { signTicket, type Ticket } from '../../src/tickets/format.ts';
import { privateKeyPath, readPrivateKey, TRIAL_KEY } from '../../src/tickets/keys.ts';

/** Its text, signed with the key that the trial in `dataDir` has made for itself. */
export function signTrialTicket(dataDir: string, ticket: Omit<Ticket, 'key'>): string {
  const key = readPrivateKey(privateKeyPath(join(dataDir, 'ticket-keys.json'), TRIAL_KEY));
  return signTicket({ ...ticket, key: TRIAL_KEY }, key);
}
