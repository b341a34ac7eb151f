/** Every time that the driver keeps, with the clause it comes from; those of the serial line are in link.ts. */
export const TIMING = {
  /** T3, command to answer: PA00P016 §5.2.5, must be adjustable. */
  t3Ms: 5_000,
  /** T4, silence of the terminal within a dialogue: PA00P016 §5.2.5; each 04 FF and 04 0F starts it anew. */
  t4Ms: 180_000,
  /** How long the end of a dialogue is awaited after T4 has passed and an abort was sent (our choice). */
  afterAbortMs: 10_000,
  /**
   * Silence after which a terminal counts as gone in a dialogue in which nobody types a PIN and no host is asked:
   * registration, status, totals, the last receipt (our choice, so that it is usable again ten seconds after it is back).
   */
  plainSilenceMs: 6_000,
  /** A new rate holds two seconds after the terminal's yes (PA00P015 §2.57); and a little, for our clock and its. */
  newRateMs: 2_100,
  /** How long a terminal is listened for at one rate before another is tried (our choice; an ACK takes milliseconds). */
  rateProbeMs: 1_500,
  /** How long a terminal waits for the answer to a status information: PA00P015 §2.2.8, BMP 01. */
  answerMs: 30_000,
  /** How long a record may take before the terminal is asked to say it again (our choice). */
  commitWaitMs: 500,
  /** What is kept of the terminal's patience: its pause of two seconds after 84 9C, and the line (our choice). */
  commitReserveMs: 5_000,
  /** How long storing a text may hold up its acknowledgement: a third of the terminal's patience (our choice). */
  textWaitMs: 10_000,
  /** How long a terminal that announced an update may be silent without being called lost (our choice). */
  updateMaxMs: 30 * 60_000,
  /** How long what runs in a busy terminal is listened to between two enquiries (our choice; 05 01 may come at any rate). */
  busyListenMs: 2_000,
  /** How long a busy terminal is waited for before that is reported, to be asked again later (our choice). */
  busyMaxMs: 10_000,
  /** A found payment is surely older than ours only if its time is this much earlier (our choice). */
  clockDriftMs: 5 * 60_000,
  /** A found payment can be ours only if its time is at most this much earlier (our choice). */
  clockSlackMs: 30_000,
  /**
   * A found payment can be ours only if its time is at most this much later (our choice): card, PIN and a slow host take
   * minutes. What comes after that somebody has taken on the terminal alone.
   */
  lastMomentMs: 15 * 60_000,
} as const;
