import { existsSync, readFileSync, renameSync, rmSync, utimesSync } from 'node:fs';
import { afterAll, expect, test } from '@jest/globals';
import { SmallProject } from './small-project.js';

const project = new SmallProject({ installed: true });
afterAll(() => project.remove());

const start = async () => (await project.run('start')).output;

test('it is built when a source has changed, and then only', async () => {
  expect(await start()).toBe('Building dist/.\nfirst\n');
  expect(await start()).toBe('first\n');

  project.write('src/index.ts', "import './more.js';\nconsole.log('second');\n");
  project.write('src/more.ts', 'export const more = 1;\n');
  expect(await start()).toBe('Building dist/.\nsecond\n');

  const inAnHour = Date.now() / 1000 + 3600;
  utimesSync(project.path('src/more.ts'), inAnHour, inAnHour);
  expect(await start()).toBe('Building dist/.\nsecond\n');
}, 60_000);

test('what was built from a deleted source is gone; the program of a repair is one file, which runs without the others', async () => {
  project.write('src/index.ts', "import './repair/main.js';\n");
  project.write('src/repair/main.ts', "import { word } from './part.js';\nconsole.log(word);\n");
  project.write('src/repair/part.ts', "export const word = 'repaired';\n");
  project.write('src/commands/more.ts', 'export default 1;\n');
  expect(await start()).toBe('Building dist/.\nrepaired\n');
  expect(existsSync(project.path('dist/commands/more.js'))).toBe(true);
  renameSync(project.path('dist/repair/main.cjs'), project.path('alone.cjs'));
  const { output } = await project.start('node', [project.path('alone.cjs')]).ended;
  expect(output).toBe('repaired\n');

  for (const name of ['repair', 'commands', 'more.ts']) rmSync(project.path(`src/${name}`), { recursive: true });
  project.write('src/index.ts', "console.log('third');\n");
  expect(await start()).toBe('Building dist/.\nthird\n');
  for (const name of ['commands', 'repair']) expect(existsSync(project.path(`dist/${name}`))).toBe(false);
}, 60_000);

test('a failed build shows why, ends non-zero, keeps the earlier one, and is not taken for done', async () => {
  project.write('src/index.ts', 'const wrong: number = "text";\nconsole.log(wrong);\n');
  for (const attempt of [1, 2]) {
    const { code, output } = await project.run('start');
    expect({ attempt, code }).toEqual({ attempt, code: 1 });
    expect(output).toContain('src/index.ts(1,7): error TS2322');
    expect(readFileSync(project.path('dist/index.js'), 'utf8')).toContain('third');
  }
  project.write('src/index.ts', "console.log('fourth');\n");
  expect(await start()).toBe('Building dist/.\nfourth\n');
}, 60_000);

test('arguments reach the demo, and its exit code comes back', async () => {
  const { code, output } = await project.run('demo', ['--keep', 'a b']);
  expect(output).toMatch(/demo --keep a b\n$/);
  expect(code).toBe(3);
}, 60_000);
