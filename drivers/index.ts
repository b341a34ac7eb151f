/** The terminal models that this program can drive. A new one is its folder and one line here. */
import type { Driver } from '../src/terminal/driver.ts';
import { manual } from './manual/manual.ts';
import { stripe } from './stripe/stripe.ts';
import { zvt } from './zvt/zvt.ts';

export const drivers: readonly Driver[] = [zvt, manual, stripe];
