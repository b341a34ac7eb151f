/** Where this screen stands and who is at it: what `GET /api/session` answers. */
import type { Offer } from '../../terminal/offer.ts';

export interface Session {
  book: 'trial' | 'training' | 'live';
  municipalityName: string;
  counterId: string;
  counterName: string;
  clerk: { name: string } | null;
  /** In a trial: the pages on which one plays the resident, one per terminal. */
  virtualTerminals: { terminal: string; nameJa: string; url: string }[];
  officeUrl: string | null;
  /** What this counter's terminals take. */
  offers: Offer[];
  today: string;
}
