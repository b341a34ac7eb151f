/** Where this screen stands and who is at it: what `GET /api/session` answers. */
import type { Book } from '../../book.ts';
import type { Opening } from '../../closing/opening.ts';
import type { Role } from '../../staff/staff.ts';
import type { Offer } from '../../terminal/offer.ts';

export interface Session {
  book: Book;
  /** Nothing in this book has happened: what it shows instead; null: it is no demo data. */
  demo: string | null;
  municipalityName: string;
  counterId: string;
  counterName: string;
  clerk: { number: string; name: string; roles: readonly (Role | 'api')[] };
  /** In a trial: the pages on which one plays the resident, one per terminal. */
  virtualTerminals: { terminal: string; nameJa: string; url: string }[];
  officeUrl: string | null;
  /** The name of the paired tablet that this is; null: the counter's own screen. */
  tablet: string | null;
  /** Whom to call, a line each; as the settings have it. */
  helpdesk: readonly string[];
  /** What this counter's terminals take. */
  offers: Offer[];
  today: string;
  /** False: a live counter that the 出納員 has not opened today. */
  isOpen: boolean;
  /** From this amount on giving back needs a second person, in yen. */
  secondPersonFromYen: number;
  opening: Opening | null;
}
