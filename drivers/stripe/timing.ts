/** Every time that the driver keeps. Stripe promises hardly any: where no page is named, it is our choice. */
export const TIMING = {
  /** How long one request may take; the SDK repeats it twice, with the same key. Its own default is 80 s. */
  requestMs: 20_000,
  /** Between two looks at the reader and the payment, while a card is awaited or authorised. */
  pollMs: 1_000,
  /** The longest pause between two looks, while the service can't be reached. */
  longestPollMs: 5_000,
  /** How long the service may be out of reach within a payment before the dialogue is given up. */
  silenceMs: 30_000,
  /** How long the reader waits for a card. Stripe's readers wait until somebody cancels. */
  cardMs: 120_000,
  /** How long authorising may take beyond that, before the result is left to a later query. */
  authorisingMs: 60_000,
  /** How long a state that decides nothing is watched before the payment is stopped, as far as it can be. */
  doubtMs: 15_000,
  /** Between two attempts to stop: a reader that authorises refuses, and must not be asked in a loop. */
  stopAgainMs: 5_000,
  /** After this a request that was lost is surely over: longer than the SDK's default for one that is not. */
  lateMs: 120_000,
  /** By how much Stripe's clock and ours may differ, looking for a payment by the time at which it was armed. */
  clockMs: 600_000,
} as const;

export type Timing = Record<keyof typeof TIMING, number>;
