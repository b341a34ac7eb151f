/** The files that lie beside the sample formats. */
import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('../../src/reconcile/statements/samples/', import.meta.url);

export function sampleFile(format: string): Uint8Array {
  const name = readdirSync(FOLDER).find((each) => each.startsWith(`${format}.`) && each !== `${format}.json`);
  if (name === undefined) throw new Error(`no sample of ${format}`);
  return readFileSync(new URL(name, FOLDER));
}
