import { packages } from './scripts/jest/loaded-once.mjs';

const loadedOnce = [...packages].map(([name, file]) => [
  `^${name.replace(/[.]/g, '\\.')}$`,
  `<rootDir>/scripts/jest/loaded-once/${file}`,
]);

/** ES modules all the way: see "npm test" in scripts/test.mjs for the flag that node needs. */
export default {
  // Not among temporary files, which a run has of its own: what is kept here makes the next run faster.
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  testEnvironment: '<rootDir>/scripts/jest/environment.mjs',
  // For two cores: most tests wait for sockets and child processes half of their time.
  maxWorkers: 4,
  testSequencer: '<rootDir>/scripts/lib/slow-first.mjs',
  testTimeout: 20_000, // many tests drive real processes, beside one another on a small machine
  roots: ['<rootDir>/tests'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1', ...Object.fromEntries(loadedOnce) },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        module: { type: 'es6' },
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript' },
          experimental: { keepImportAttributes: true },
        },
      },
    ],
  },
};
