/** npm test: sets up, builds, runs vitest; the last line is `N passed, N failed[, N skipped]`. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildWithTools } from './build.mjs';
import { inRoot } from './lib/root.mjs';
import { runNode } from './lib/run.mjs';
import { withoutCertificates } from './lib/without-certificates.mjs';
import { setUp } from './setup.mjs';

// Until vitest has counted: something failed before it could, such as the build, or vitest itself.
let counted = '0 passed, 1 failed';
process.on('exit', () => console.log(counted));

await setUp();
await buildWithTools();

// In memory where Linux has 2 GB free there: SQLite waits for the disk at every commit, a tenth of the time of many tests.
const memory = existsSync('/dev/shm') && statfsSync('/dev/shm');
const inMemory = memory && memory.bavail * memory.bsize > 2 * 1024 ** 3;
const folder = mkdtempSync(join(inMemory ? '/dev/shm' : tmpdir(), 'latchkey-test-'));
chmodSync(folder, 0o1777); // as /tmp is: some tests act as another user
const file = join(folder, 'counts.json');
try {
  const { code } = await runNode(
    [
      inRoot('node_modules/vitest/vitest.mjs'),
      'run',
      '--reporter=default',
      `--reporter=${inRoot('scripts/vitest/count-reporter.mjs')}`,
      ...process.argv.slice(2),
    ],
    { env: { ...withoutCertificates(process.env), TMPDIR: folder, TEST_COUNTS_FILE: file } },
  );
  process.exitCode = code || 1;
  if (existsSync(file)) {
    const { passed, failed, skipped } = JSON.parse(readFileSync(file, 'utf8'));
    counted = `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`;
    if (passed > 0 && failed === 0) process.exitCode = code;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
