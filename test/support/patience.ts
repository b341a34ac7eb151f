/** What has just appeared takes no touch for a moment (src/web/counter/use-settled.ts): it is tried again, not for ever. */
import type { Locator } from 'playwright-core';

const PATIENCE_MS = 15_000;
const LOOKS_AGAIN_AFTER_MS = 250;
const TRIES_MS = 1_000;

/**
 * @param tries what is done until `sign` is there; that it can't be done just then is no failure
 * @throws Error when there is no sign in 15 s
 */
export async function tryUntil(
  sign: Locator,
  tries: () => Promise<unknown>,
  state: 'visible' | 'hidden' = 'visible',
): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  while ((await sign.isVisible()) !== (state === 'visible')) {
    if (Date.now() > until) throw new Error(`tried in vain until ${state}: ${String(sign)}`);
    await tries().catch(() => undefined);
    await sign
      .first()
      .waitFor({ state, timeout: LOOKS_AGAIN_AFTER_MS })
      .catch(() => undefined);
  }
}

/** Pressed until it is taken: until `gone`, the button itself if nothing else is named, is no more. */
export const pressUntil = (pressed: Locator, gone: Locator = pressed): Promise<void> =>
  tryUntil(gone, () => pressed.click({ timeout: TRIES_MS }), 'hidden');
