/**
 * Brings the city's database up to date and lets the service in: `npm run migrate`. Run by an administrator, with the
 * owner's account in DATABASE_OWNER_URL and the service's in DATABASE_URL; see src/db/README.md.
 */
import { loadEnvFile } from '../src/config.ts';
import { DatabaseFault, prepareDatabase } from '../src/db/roles.ts';

loadEnvFile();
const { DATABASE_OWNER_URL: ownerUrl, DATABASE_URL: appUrl } = process.env;
if (!ownerUrl || !appUrl) {
  console.error(
    'DATABASE_OWNER_URL（所有者）と DATABASE_URL（サービス）を設定してください / set both; see src/db/README.md',
  );
  process.exit(2);
}
try {
  const ran = await prepareDatabase(ownerUrl, appUrl);
  const { username, host, pathname } = new URL(appUrl);
  console.log(
    ran.length === 0
      ? '新しい変更はありません / already up to date'
      : `適用しました / applied: ${ran.join(', ')}`,
  );
  console.log(
    `${decodeURIComponent(username)} は ${host}${pathname} に記録でき、記録を書き換えられません / may record, and change no record`,
  );
} catch (error) {
  console.error(error instanceof DatabaseFault ? error.message : error);
  process.exit(1);
}
