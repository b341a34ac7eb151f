/** What an office sees of the four books: edges, statuses, settlements. */

/** One acquirer's edge between our book and its statement. Integer yen. */
export interface EdgeDifference {
  acquirer: string;
  oursYen: number;
  theirsYen: number;
  /** Theirs minus ours. */
  differenceYen: number;
  /** What the exceptions add up to. */
  explainedYen: number;
  /** Not explained: has to be 0. */
  remainderYen: number;
  exceptions: number;
}
