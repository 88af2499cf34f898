/** npm test: sets up, builds, runs jest; the last line is `N passed, N failed[, N skipped]`. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildWithTools } from './build.mjs';
import { inRoot } from './lib/root.mjs';
import { runNode } from './lib/run.mjs';
import { setUp } from './setup.mjs';

await setUp();
await buildWithTools();

const folder = mkdtempSync(join(tmpdir(), 'latchkey-test-'));
const file = join(folder, 'counts.json');
try {
  const { code } = await runNode(
    [
      '--experimental-vm-modules', // jest has ES modules behind this flag only, and node says so at length
      '--disable-warning=ExperimentalWarning',
      inRoot('node_modules/jest/bin/jest.js'),
      ...process.argv.slice(2), // first: --reporters takes every plain word after it for a reporter
      '--reporters=default',
      `--reporters=${inRoot('scripts/lib/count-reporter.mjs')}`,
    ],
    { env: { ...process.env, TEST_COUNTS_FILE: file } },
  );
  // No counts: jest itself did not get to the end, which is a failure of one thing at least.
  const counts = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { passed: 0, failed: 1, skipped: 0 };
  const skipped = counts.skipped ? `, ${counts.skipped} skipped` : '';
  console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`);
  process.exitCode = counts.passed === 0 || counts.failed > 0 ? code || 1 : code;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
