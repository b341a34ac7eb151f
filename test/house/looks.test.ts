/** No screen without a look: who adds a dialog, a page or a part of the counter also says which test looks at it. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { LOOKS } from './looks.ts';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));
const TESTS = import.meta.dirname;

const read = (file: string): string => readFileSync(join(SRC, file), 'utf8');
const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /\.(tsx?|html)$/.test(file) && !file.includes('/dist/'));

/** Whatever stands over a screen: the frame of dialogs is each of them, and none itself. */
const dialogs = sources.filter(
  (file) =>
    /<(DialogFrame|ModalOverlay|Popover)\b|^ *role="dialog"/m.test(read(file)) &&
    !file.endsWith('/dialog-frame.tsx'),
);
/** Pages that the service writes, and the one that is only read; the frame of what is printed is each of those, and none itself. */
const written = sources.filter(
  (file) =>
    /<!doctype html>|\brenderPrintedPage\(\{/.test(read(file)) &&
    !['web/index.html', 'web/office.html', 'printed-page.ts'].includes(file),
);
/** What a screen is put together from. */
const partsOf = (screen: string): string[] =>
  [...read(screen).matchAll(/^import .* from '(\..+\.tsx)';$/gm)].map(([, path = '']) =>
    join(dirname(screen), path).replaceAll('\\', '/'),
  );
const faces = ['counter/counter.tsx', 'counter/board.tsx', 'counter/sale-face.tsx', 'counter/main.tsx']
  .flatMap((file) => partsOf(`web/${file}`))
  .filter((file) => !/\/(counter|board|sale-face|counter-dialogs)\.tsx$/.test(file));
const pages = partsOf('web/office/office.tsx').filter((file) => file.endsWith('-page.tsx'));

test('each screen, dialog and written page has a look in the list, and nothing is in it that is gone', () => {
  const screens = new Set([...dialogs, ...written, ...faces, ...pages]);
  assert.ok(screens.size > 60, 'the sources are where this test looks for them');
  assert.deepEqual(
    [...screens].filter((file) => !(file in LOOKS)),
    [],
    'without a look: add it to test/house/looks.ts, with the test that opens it and calls expectNoViolations',
  );
  assert.deepEqual(
    Object.keys(LOOKS).filter((file) => !screens.has(file)),
    [],
    'in the list, and no screen',
  );
});

test('each look of the list is there, in the test that it names', () => {
  const missing = Object.values(LOOKS)
    .flat()
    .filter((look) => {
      const [file = '', name = ''] = look.split(': ', 2);
      const path = join(TESTS, `${file}.test.ts`);
      if (!existsSync(path)) return true;
      // A picture alone is no look.
      const text = readFileSync(path, 'utf8').replace(/\bpicture\w*\([^;]*;/g, '');
      return (
        !/\b(expectNoViolations|look|lookInBothSizes)\(/.test(text) ||
        ![`'${name}'`, `\`${name}`].some((each) => text.includes(each))
      );
    });
  assert.deepEqual(missing, []);
});
