/** What is done at counters with the drivers whose far end can't be played in virtual time (other-drivers.ts). */
import type { Subject } from '../drivers/contract.ts';
import { subjects as manual } from '../drivers/manual/subject.ts';
import { HASTY } from '../drivers/stripe/far-end.ts';
import { subjects as stripe } from '../drivers/stripe/subject.ts';
import { HANAKO, returnOf, saleOf } from './clerk.ts';
import { PRICE_YEN, type Counter } from './counter.ts';

/** One deed, or several at once; each under an id that stays the same until it has an answer. */
export type Wish = (counter: Counter) => unknown;

export interface OtherScene {
  name: string;
  /** Terminals 1, 2 … of the counter. */
  subjects: readonly Subject[];
  /** What is wished for, after one sale that nothing disturbed. @param quantity of that sale; the next are free */
  wishes: (quantity: number) => Wish[];
}

export const sell =
  (quantity: number): Wish =>
  ({ payments }) =>
    payments.take(saleOf(`sale-${quantity}`, quantity), HANAKO);
const voidSale =
  (quantity: number): Wish =>
  ({ payments }) => {
    const request = returnOf('void', quantity * PRICE_YEN, `void-${quantity}`);
    return payments.afterwards.giveBack(`sale-${quantity}`, request, HANAKO, null);
  };

/** A sale and a void with each, and two sales at once where both stand at one counter. */
export function createOtherScenes(): OtherScene[] {
  // What had left is waited for before the next life begins: none of it can be late.
  const prompt = { timing: { ...HASTY, lateMs: 1 } };
  const subjects = [...manual, ...stripe.map((subject) => ({ ...subject, options: prompt }))];
  return [
    ...subjects.flatMap((subject): OtherScene[] => [
      {
        name: `a sale with ${subject.driver.model}`,
        subjects: [subject],
        wishes: (last) => [sell(last + 1)],
      },
      {
        name: `a void with ${subject.driver.model}`,
        subjects: [subject],
        wishes: (last) => [voidSale(last)],
      },
    ]),
    {
      name: `two sales at ${subjects.map(({ driver }) => driver.model).join(' and ')}`,
      subjects,
      wishes: (last) => [sell(last + 1), sell(last + 2)],
    },
  ];
}
