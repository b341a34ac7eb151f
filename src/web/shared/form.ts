/** What was typed into a form's field. */
export function textOf(fields: FormData, name: string): string {
  const value = fields.get(name);
  return typeof value === 'string' ? value : '';
}

/** The same where it is a number or a code: as it was meant, also when the input method was still on. */
export const plainTextOf = (fields: FormData, name: string): string =>
  textOf(fields, name).normalize('NFKC').trim();

/** 職員番号 as it may be typed. */
export const STAFF_NUMBER = '[0-9０-９]{1,10}';
