/** What a trial or training makes up for itself, once per data folder; live gets these from its settings. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Secrets {
  /** Signs the screens' session cookies. */
  session: string;
  apiToken: string;
  /** Signs the survey's codes and lets the office fetch the answers. */
  survey: string;
}

/** Reads the data folder's secrets; makes them, readable by the service's own user only, on the first start. */
export function openSecrets(
  dataDir: string,
  given: { apiToken: string | undefined; survey: string | undefined },
): Secrets {
  const path = join(dataDir, 'secrets.json');
  if (!existsSync(path)) {
    const random = (): string => randomBytes(24).toString('base64url');
    const made: Secrets = { session: random(), apiToken: random(), survey: random() };
    writeFileSync(path, JSON.stringify(made, undefined, 2), { mode: 0o600, flush: true });
  }
  const kept = JSON.parse(readFileSync(path, 'utf8')) as Secrets;
  return { ...kept, apiToken: given.apiToken ?? kept.apiToken, survey: given.survey ?? kept.survey };
}
