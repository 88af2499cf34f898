/** npm test: sets up, builds, runs jest; the last line is `N passed, N failed[, N skipped]`. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildWithTools } from './build.mjs';
import { quickFolder } from './lib/quick-folder.mjs';
import { inRoot } from './lib/root.mjs';
import { runNode } from './lib/run.mjs';
import { withoutCertificates } from './lib/without-certificates.mjs';
import { setUp } from './setup.mjs';

// Until jest has counted: something failed before it could, such as the build, or jest itself.
let counted = '0 passed, 1 failed';
process.on('exit', () => console.log(counted));

await setUp();
await buildWithTools();

const folder = quickFolder('latchkey-test-');
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
