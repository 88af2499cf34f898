import { rmSync } from 'node:fs';
import { afterAll, beforeEach, expect, test } from '@jest/globals';
import { SmallProject } from './small-project.js';

const project = new SmallProject({ installed: true });
afterAll(() => project.remove());
beforeEach(() => rmSync(project.path('tests'), { recursive: true, force: true }));

const passing = "test('passes', () => undefined);\n";
const failing = "test('fails', () => { throw new Error('no'); });\n";
const skipped = "test.skip('waits', () => undefined);\n";
const crashing = "import './not-there.js';\ntest('never runs', () => undefined);\n";

test.each([
  ['a skipped test', { 'a.test.ts': passing + skipped }, '1 passed, 0 failed, 1 skipped', 0],
  ['a failing test', { 'a.test.ts': passing + failing }, '1 passed, 1 failed', 1],
  ['a suite that does not run', { 'a.test.ts': passing, 'b.test.ts': crashing }, '1 passed, 1 failed', 1],
  ['no test at all', { 'a.ts': '' }, '0 passed, 1 failed', 1],
  [
    'a process that ends in between',
    { 'a.test.ts': "test('ends', () => process.abort());\n" },
    '0 passed, 1 failed',
    1,
  ],
])(
  '%s',
  async (_, files, line, exitCode) => {
    for (const [name, text] of Object.entries(files)) project.write(`tests/${name}`, text);
    const { code, output } = await project.run('test', ['--runInBand']);
    expect(output.match(/^\d+ passed, .*$/gm)).toEqual([line]);
    expect(code).toBe(exitCode);
  },
  60_000,
);

test('a build that fails counts as a failure', async () => {
  project.write('tests/a.test.ts', passing);
  project.write('src/wrong.ts', 'export const wrong: number = true;\n');
  const { code, output } = await project.run('test');
  rmSync(project.path('src/wrong.ts'));
  expect(output).toMatch(/src\/wrong\.ts.*\n0 passed, 1 failed\n$/s);
  expect(code).toBe(1);
}, 60_000);

test('further arguments reach jest', async () => {
  project.write('tests/a.test.ts', passing);
  project.write('tests/b.test.ts', failing);
  const { code, output } = await project.run('test', ['tests/a']);
  expect(output).toMatch(/^1 passed, 0 failed$/m);
  expect(code).toBe(0);
}, 60_000);
