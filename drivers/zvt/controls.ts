/**
 * Control fields (PA00P015 §2, §3) by name, and what stands before the bitmaps of their data: passwords, codes and
 * other bytes without a tag. Data for reading a message; what the driver itself understands is in messages.ts.
 */

/** Bytes without a tag at the front of a message's data, as far as the data reaches. */
export interface HeadPart {
  name: string;
  /** Undefined: all the bytes that are left. */
  bytes?: number;
  as: 'hex' | 'number' | 'digits' | 'currency' | 'text' | 'secret';
}

interface Control {
  name: string;
  head?: readonly HeadPart[];
  /** The data is neither bitmaps nor known: file blocks, maker's own. */
  isOpaque?: true;
}

const PASSWORD: HeadPart = { name: 'password', bytes: 3, as: 'secret' };
const REGISTRATION: readonly HeadPart[] = [
  PASSWORD,
  { name: 'configByte', bytes: 1, as: 'hex' },
  { name: 'currency', bytes: 2, as: 'currency' },
];
const RECEIPT_RANGE: readonly HeadPart[] = [
  PASSWORD,
  { name: 'receiptFrom', bytes: 2, as: 'digits' },
  { name: 'receiptTo', bytes: 2, as: 'digits' },
];
const PRINT_LINE: readonly HeadPart[] = [
  { name: 'attribute', bytes: 1, as: 'hex' },
  { name: 'text', as: 'text' },
];

export const CONTROLS: Readonly<Record<string, Control>> = {
  '0401': { name: 'set date and time in the register' },
  '040c': { name: 'file wanted' },
  '040d': { name: 'input wanted' },
  '040f': { name: 'status information' },
  '04ff': { name: 'intermediate status' },
  '0501': { name: 'status enquiry', head: [PASSWORD] },
  '0600': { name: 'registration', head: REGISTRATION },
  '0601': { name: 'authorisation' },
  '0602': { name: 'log-off' },
  '0603': { name: 'balance inquiry' },
  '060f': { name: 'completion' },
  '0610': { name: 'turnover totals', head: [PASSWORD] },
  '0612': { name: 'print turnover receipts', head: RECEIPT_RANGE },
  '0618': { name: 'reset terminal', head: [PASSWORD] },
  '061a': { name: 'print system configuration', head: [PASSWORD] },
  '061e': { name: 'abort by the terminal' },
  '0620': { name: 'repeat receipt', head: [PASSWORD] },
  '0622': { name: 'reservation' },
  '0623': { name: 'partial reversal or booking of a reservation' },
  '0624': { name: 'booking of a reservation' },
  '0625': { name: 'reversal of a reservation' },
  '0626': { name: 'reversal of an external reservation' },
  '0630': { name: 'reversal', head: [PASSWORD] },
  '0631': { name: 'refund', head: [PASSWORD] },
  '0650': { name: 'end of day', head: [PASSWORD] },
  '0651': { name: 'send offline transactions', head: [PASSWORD] },
  '0670': { name: 'diagnosis' },
  '0691': { name: 'set date and time in the terminal', head: [PASSWORD] },
  '0693': { name: 'initialisation', head: [PASSWORD] },
  '06b0': { name: 'abort by the register' },
  '06c0': { name: 'read card', head: [{ name: 'timeoutSeconds', bytes: 1, as: 'number' }] },
  '06d1': { name: 'print line', head: PRINT_LINE },
  '06d3': { name: 'print text block' },
  '06d8': { name: 'dial up' },
  '06d9': { name: 'transmit by dial-up', isOpaque: true },
  '06da': { name: 'hang up' },
  '06db': { name: 'receive by dial-up', isOpaque: true },
  '06dd': { name: 'transparent data', isOpaque: true },
  '06e0': { name: 'display text' },
  '0810': { name: 'software update', isOpaque: true },
  '0811': { name: 'read file', isOpaque: true },
  '0812': { name: 'delete file', isOpaque: true },
  '0813': { name: 'configuration', isOpaque: true },
  '0814': { name: 'write file', isOpaque: true },
  '0830': { name: 'select language', head: [{ name: 'language', bytes: 1, as: 'hex' }] },
  '0840': { name: 'change baud rate', head: [{ name: 'baudRateCode', bytes: 1, as: 'hex' }] },
  '0850': { name: 'activate service menu' },
};

/** Commands that carry a password at some makers and none at others: the content decides. */
export const PASSWORD_IF_NO_BITMAP: readonly HeadPart[] = [PASSWORD];

/** Tags of the TLV container (§9.4) that a counter's dialogues hold, in a few words. */
export const TAGS: Readonly<Record<string, string>> = {
  '07': 'text line',
  '08': 'receipt number',
  '09': 'attribute of the lines',
  '0a': 'command',
  '10': 'merchant display',
  '11': 'customer display',
  '12': 'characters per printed line',
  '13': 'extra result code',
  '14': 'character set',
  '15': 'language',
  '1a': 'longest message',
  '1b': 'kind of diagnosis',
  '24': 'display texts',
  '25': 'print texts',
  '26': 'permitted commands',
  '27': 'character sets',
  '2e': 'time stamp',
  '2f': 'payment type',
  '41': 'card type',
  '42': 'application name',
  '43': 'application id',
  '44': 'preferred name',
  '45': 'receipts that are due',
  '4c': 'UID of the card',
  '60': 'application',
  '62': 'applications on the chip',
  e4: 'device',
  '1f01': 'receipt wanted',
  '1f04': 'receipt wishes',
  '1f07': 'kind of receipt',
  '1f0e': 'date',
  '1f0f': 'time of day',
  '1f10': 'check of the cardholder',
  '1f11': 'online',
  '1f12': 'card technology',
  '1f13': 'function that the terminal asks for',
  '1f16': "maker's error code",
  '1f17': "maker's error text",
  '1f1f': 'receipt accepted last',
  '1f26': 'kind of end of day',
  '1f2b': 'long trace number',
  '1f37': 'about the receipt',
  '1f41': 'software version',
  '1f43': 'state of the device',
  '1f44': 'terminal id',
  '1f55': 'locks',
  '1f73': 'message id',
};

/** What a control field means, in a few words. */
export function nameOf(control: string): string {
  if (control.startsWith('80') || control === '8400') return 'taken';
  if (control.startsWith('84')) return 'not taken';
  return CONTROLS[control]?.name ?? 'unknown command';
}
