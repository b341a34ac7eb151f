/** Who or what established what became of an operation, in the order in which they are believed. */
import type { TerminalAnswer } from '../terminal/terminal.ts';

export type EvidenceSource =
  | 'terminal_query'
  /** In older journals: a terminal whose totals were nothing was believed that it had taken nothing. */
  | 'terminal_totals'
  /** The provider was asked, by the name of the order there. */
  | 'provider_api'
  /** A line of a statement that the office has brought in. */
  | 'provider_statement'
  | 'two_people';

/** Where a statement says it. */
export interface StatementPlace {
  lineId: number;
  file: string;
  line: number;
  acquirer: string;
}

export interface Evidence {
  source: EvidenceSource;
  finding: 'approved' | 'not_charged' | 'inconclusive';
  reason: string;
  answer: TerminalAnswer | null;
  /** Of `two_people`: who they are, as the record names them. */
  people?: readonly [string, string];
  /** Of `provider_statement`. */
  statement?: StatementPlace;
}

/** What the office has found in a statement about an operation whose own record does not know it, or says otherwise. */
export interface StatementFinding extends StatementPlace {
  operationId: string;
}

/** A query of the terminal, or of the service behind it: however inconclusive, the terminal is free again after it. */
export const isQuery = (source: EvidenceSource): boolean =>
  source === 'terminal_query' || source === 'terminal_totals' || source === 'provider_api';
