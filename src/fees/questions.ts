/** What has to be known of an item before it has a price, on a day, and the answers to it. Pure. */
import type { FeeItem, FeeSettings } from './catalogue.ts';
import {
  choiceInput,
  dateInput,
  inputOn,
  readInput,
  type Inputs,
  type InputSpec,
  type LineInput,
} from './inputs.ts';
import { ruleOf } from './unit-rules.ts';

/** The day of the sale, and whose day's price counts. */
export interface AskingDay {
  /** Date in Tokyo, `YYYY-MM-DD`. */
  on: string;
  settings: FeeSettings;
}

/** An application by post that has waited longer is not this year's matter. */
const MOST_DAYS_WAITING = 366;

/**
 * What has to be asked for an item on a day, in the order of the entry: the class, what the unit rule counts, and the
 * day of acceptance where that day's price counts.
 */
export function inputsOf(item: FeeItem, { on, settings }: AskingDay): InputSpec[] {
  const rule = ruleOf(item);
  const classes = item.classes.length > 1 ? [choiceInput('class', ['区分', 'Class'], item.classes)] : [];
  const accepted =
    settings.priceBasis === 'acceptance' && rule.pricedOn === null
      ? [dateInput('acceptedOn', ['受付日', 'Accepted on'], -MOST_DAYS_WAITING, 0)]
      : [];
  return [...classes, ...rule.inputs, ...accepted].map((input) => {
    const term = item.terms[input.code];
    return inputOn(term === undefined ? input : { ...input, default: term }, on);
  });
}

/** Whether the entry has to be filled in before the item costs anything. */
export const needsEntry = (inputs: readonly InputSpec[]): boolean =>
  inputs.some((input) => input.default === null);

/** Every answer as the line keeps it; or the first that is missing, can't be meant, or answers nothing that was asked. */
export function readAnswers(
  item: FeeItem,
  given: Inputs,
  day: AskingDay,
): LineInput[] | { input: string; labelJa: string } {
  const specs = inputsOf(item, day);
  const stray = Object.keys(given).find((name) => specs.every((input) => input.code !== name));
  if (stray !== undefined) return { input: stray, labelJa: stray };
  const answers: LineInput[] = [];
  for (const input of specs) {
    const answer = readInput(input, given[input.code], day.on);
    if (answer === undefined) return { input: input.code, labelJa: input.labelJa };
    answers.push(answer);
  }
  return answers;
}
