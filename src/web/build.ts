/**
 * Builds the screens with Vite's own interface, and only when something they are made of has changed: this folder, the
 * lock file and the few files that they share with the service. Of the rest of the house they take nothing but types.
 */
import { createHash } from 'node:crypto';
import { access, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('.', import.meta.url));
const DIST = join(ROOT, 'dist');
const LOCK_FILE = join(ROOT, '../../package-lock.json');
/** Pure files that the service and the screens both use. */
export const SHARED_FILES: readonly string[] = [
  join(ROOT, '../terminal/offer.ts'),
  join(ROOT, '../terminal/reply.ts'),
  join(ROOT, '../daycare/charge.ts'),
  join(ROOT, '../business-date.ts'),
  join(ROOT, '../sum.ts'),
  join(ROOT, '../counted/share.ts'),
  join(ROOT, '../fees/accounts.ts'),
  join(ROOT, '../fees/catalogue.ts'),
  join(ROOT, '../fees/describe.ts'),
  join(ROOT, '../fees/tax.ts'),
  join(ROOT, '../fees/inputs.ts'),
  join(ROOT, '../fees/unit-rules.ts'),
  join(ROOT, '../fees/questions.ts'),
  join(ROOT, '../fees/pricing.ts'),
  join(ROOT, '../fees/revision.ts'),
  join(ROOT, '../once/keys.ts'),
  join(ROOT, '../once/stickers.ts'),
  join(ROOT, '../payments/brand-rules.ts'),
  join(ROOT, '../payments/search.ts'),
  join(ROOT, '../reconcile/books/acquirer.ts'),
  join(ROOT, '../reconcile/books/calendar.ts'),
  join(ROOT, '../reconcile/books/view.ts'),
  join(ROOT, '../reconcile/books/words.ts'),
  join(ROOT, '../reconcile/statements/view.ts'),
  join(ROOT, '../reconcile/desk/reasons.ts'),
  join(ROOT, '../reconcile/desk/words.ts'),
  join(ROOT, '../reconcile/view.ts'),
  join(ROOT, '../reconcile/statements/format.ts'),
  join(ROOT, '../staff/staff.ts'),
  join(ROOT, '../tickets/reasons.ts'),
  join(ROOT, '../tickets/scan.ts'),
  join(ROOT, '../tickets/state.ts'),
];
/** Written last: a build that was broken off leaves none. */
const STAMP = join(DIST, '.stamp');
const HASHED = 'assets/[name]-[hash][extname]';
/** How what the service renders to print looks. */
const PRINTED = ['slip.css', 'sheet.css'];
const ENTRIES = ['index.html', 'office.html', 'help.html', ...PRINTED, 'print.ts'];

/** Builds where needed and returns the folder to serve. @throws what Vite throws when a source is at fault. */
export async function buildScreens(options: { force?: boolean } = {}): Promise<string> {
  const stamp = await fingerprint();
  if (options.force !== true && (await builtFrom()) === stamp) return DIST;
  await rm(STAMP, { force: true });
  await bundle();
  await writeFile(STAMP, stamp);
  return DIST;
}

async function bundle(): Promise<void> {
  // Loaded only where it is needed: a start with built screens does without.
  const { build } = await import('vite');
  await build({
    configFile: false,
    root: ROOT,
    base: './',
    publicDir: false,
    logLevel: 'warn',
    css: { postcss: { plugins: [WITHOUT_OLD_FONTS] } },
    build: {
      outDir: DIST,
      emptyOutDir: true,
      // Inlined files would be data: URLs, which the content security policy does not let in.
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 1024,
      rolldownOptions: {
        input: ENTRIES.map((entry) => join(ROOT, entry)),
        // Pages to print are written by the service, which knows their style sheets and their button by name.
        output: {
          assetFileNames: ({ names }) =>
            PRINTED.some((sheet) => names.includes(sheet)) ? '[name][extname]' : HASHED,
          entryFileNames: ({ name }) => (name === 'print' ? '[name].js' : 'assets/[name]-[hash].js'),
        },
      },
    },
  });
}

/** Every browser that can show these pages reads woff2; the older format would double what is shipped. */
const WITHOUT_OLD_FONTS = {
  postcssPlugin: 'without-old-fonts',
  Declaration: {
    src: (declaration: { value: string }) => {
      declaration.value = declaration.value.replace(/, *url\([^)]*\.woff\) *format\('woff'\)/, '');
    },
  },
};

async function builtFrom(): Promise<string | undefined> {
  try {
    return await readFile(STAMP, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** SHA-256 over the names and contents of all sources. */
async function fingerprint(): Promise<string> {
  const entries = await readdir(ROOT, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.startsWith(DIST))
    .sort();
  const lock = await exists(LOCK_FILE);
  const hash = createHash('sha256');
  for (const file of [...files, ...SHARED_FILES, ...(lock ? [LOCK_FILE] : [])]) {
    const content = await readFile(file);
    hash.update(`${file.slice(ROOT.length)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
