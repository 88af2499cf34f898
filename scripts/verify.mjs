/** npm run verify: everything a change must pass; runs all of it, then says what did not. */
import { inRoot } from './lib/root.mjs';
import { runNode } from './lib/run.mjs';
import { setUp } from './setup.mjs';

const checks = [
  ['format', ['node_modules/prettier/bin/prettier.cjs', '--check', '.']],
  ['lint', ['node_modules/eslint/bin/eslint.js', '--max-warnings=0', '.']],
  ['types', ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json']],
  ['types of the page', ['node_modules/typescript/bin/tsc', '-p', 'sandbox/playground/page/tsconfig.json']],
  ['tests', ['scripts/test.mjs']],
];

await setUp();
const results = [];
for (const [name, [script, ...args]] of checks) {
  console.log(`\n${name}:`);
  const { code } = await runNode([inRoot(script), ...args]);
  results.push({ name, ok: code === 0 });
}
console.log('');
for (const { name, ok } of results) console.log(`${ok ? 'ok    ' : 'FAILED'} ${name}`);
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
