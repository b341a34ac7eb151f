/**
 * Loaded into the process of each test file (`--import`): a server, a line or a timer that a test leaves open would keep
 * that process, and with it the whole run, for ever. `--test-timeout` bounds tests only, not their files.
 */
import { after } from 'node:test';

/** Closing what is closed properly takes less; a browser that ends takes the longest. */
const LAST_MS = 20_000;

// The runner itself is loaded with the same options.
if (process.env['NODE_TEST_CONTEXT'] !== undefined) {
  after(() => {
    setTimeout(() => {
      process.stderr.write(
        `still open after the last test: ${process.getActiveResourcesInfo().join(', ')}\n`,
      );
      process.exit(1);
    }, LAST_MS).unref();
  });
}
