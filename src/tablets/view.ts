/** The counter's tablets, as its own screen shows them. */
import type { Invitation, Tablet } from './tablets.ts';

/** What `GET /api/tablets` answers. */
export interface TabletsView {
  /** Where tablets come in, and what they are to trust; null: the settings let none in. */
  lan: { urls: readonly string[]; fingerprint: string; isOwn: boolean } | null;
  tablets: Tablet[];
}

/** What `POST /api/tablets` answers. */
export interface TabletInvitation extends Invitation {
  /** An address each, and the picture that opens it with the code: a data URL. */
  ways: { url: string; code: string }[];
}
