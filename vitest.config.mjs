import { defineConfig } from 'vitest/config';
import SlowFirst from './scripts/vitest/slow-first.mjs';

/** Whether any order is asked for, as in `npm test -- --sequence.shuffle.files`. */
const isAnyOrder = process.argv.some((each) => each.startsWith('--sequence.shuffle'));

export default defineConfig({
  // Not among temporary files, which a run has of its own: how long each file took makes the next run faster.
  cacheDir: 'node_modules/.cache/vitest',
  test: {
    include: ['tests/**/*.test.ts'],
    // A test file finds `src` and the packages as the file before left them: to load them anew for each of a hundred and
    // fifty files took longer than most of their tests. ESLint holds that no module of `src` keeps a state.
    isolate: false,
    setupFiles: ['scripts/vitest/usual-umask.mjs'],
    // For two cores: most tests wait for sockets and child processes half of their time.
    maxWorkers: 4,
    sequence: isAnyOrder ? {} : { sequencer: SlowFirst },
    // Many tests drive real processes, beside one another on a small machine.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    slowTestThreshold: 10_000,
  },
});
