/** The provider's service that an office fetches statements from: `PAYOUTS` and its secret, checked against the drivers. */
import { drivers } from '../drivers/index.ts';
import type { Config } from './config.ts';
import type { StatementSource } from './terminal/statements.ts';
import type { Service } from './terminal/driver.ts';

const sourceOf = (model: string) => {
  const driver = drivers.find((each) => each.model === model);
  return driver?.reach === 'service' && driver.statements !== undefined
    ? { driver, source: driver.statements }
    : undefined;
};

/** The counter whose cards a provider's service settles, by its terminals and `PAYOUTS`: this machine's, or none. */
export const serviceCounterOf = ({ terminals, payouts, counter }: Config): string | undefined =>
  [...terminals, payouts].some((each) => each !== undefined && sourceOf(each.model) !== undefined)
    ? counter.id
    : undefined;

/** What is wrong with the setting, in plain words; the secret is in none of them. */
export function findPayoutFaults({ payouts, book }: Config): string[] {
  if (payouts === undefined) return [];
  const found = sourceOf(payouts.model);
  if (found === undefined || payouts.place.reach !== 'service')
    return [
      `PAYOUTS: ${payouts.model} から明細を取得できません。機種@https://… の形で書いてください / no statements from there`,
    ];
  if (payouts.secret === undefined) return ['PAYOUTS_SECRET: PAYOUTS に必要です / needed for PAYOUTS'];
  const isLive = found.driver.isLiveSecret(payouts.secret);
  return isLive === (book === 'live')
    ? []
    : [
        isLive
          ? `PAYOUTS_SECRET: 本番のキーです。${book} では使えません / a live key, of no use in a ${book}`
          : 'PAYOUTS_SECRET: 試験用のキーです。live では使えません / a test key, of no use in a live book',
      ];
}

/** Undefined: none is set up. */
export function statementServiceOf({
  payouts,
}: Config): { model: string; source: StatementSource; service: Service } | undefined {
  const found = payouts === undefined ? undefined : sourceOf(payouts.model);
  if (payouts?.place.reach !== 'service' || found === undefined || payouts.secret === undefined)
    return undefined;
  const service = { url: payouts.place.url, secret: payouts.secret };
  return { model: payouts.model, source: found.source, service };
}
