/** A described message in lines for a person to read. Pure. */
import { explainResult, explainStatus, verdictOf } from './codes.ts';
import { TAGS } from './controls.ts';
import type { Description } from './describe.ts';

/** The first line says what it is, the others are its fields, indented. */
export function tellDescription(description: Description): string[] {
  const { control, name, fields, tlv, rest, error } = description;
  return [
    control === null ? 'no message' : `${tellControl(control)}  ${name ?? ''}`.trimEnd(),
    ...Object.entries(fields).flatMap(([field, value]) => tellField(field, value)),
    ...tlv.flatMap((node) => tellTlv(node, 1)),
    ...(rest === null ? [] : [`  not read: ${rest}`]),
    ...(error === null ? [] : [`  broken: ${error}`]),
  ];
}

/** `04 0F`, as the specification writes it. */
function tellControl(control: string): string {
  return `${control.slice(0, 2)} ${control.slice(2)}`.toUpperCase();
}

/** `receiptNumber` → `receipt number`. An amount is in the currency that stands beside it, not always in yen. */
const words = (name: string): string =>
  name === 'amountYen' ? 'amount' : name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function tellField(name: string, value: Description['fields'][string]): string[] {
  if (typeof value === 'object') return [`  ${words(name)}: ${JSON.stringify(value)}`];
  return [`  ${words(name)}: ${String(value)}${meaningOf(name, String(value))}`];
}

function meaningOf(name: string, value: string): string {
  // What 00 means depends on the dialogue: it ends a payment and a balance inquiry alike.
  if (name === 'resultCode' && value === '00') return ' (ok)';
  if (name === 'resultCode' && verdictOf(value) === 'unlisted') return ' (a code that tells nothing)';
  if (name === 'resultCode') return ` (${explainResult(value)})`;
  if (name === 'terminalStatus') return ` (${explainStatus(value).sentence})`;
  return '';
}

function tellTlv({ tag, value, text, children }: Description['tlv'][number], depth: number): string[] {
  const indent = '  '.repeat(depth);
  const known = TAGS[tag];
  const name = known === undefined ? `tag ${tag}` : `${known} (${tag})`;
  if (children !== undefined)
    return [`${indent}${name}:`, ...children.flatMap((child) => tellTlv(child, depth + 1))];
  return [`${indent}${name}: ${text === undefined ? value : `"${text}"`}`];
}
