import { existsSync, readdirSync, readFileSync, renameSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SmallProject } from './small-project.js';

describe('the build', () => {
  const project = new SmallProject({ installed: true });

  afterAll(() => project.remove());

  // Each test on its own, in any order: one that failed may have left its sources.
  beforeEach(() => {
    for (const name of ['repair', 'commands', 'more.ts']) {
      rmSync(project.path(`src/${name}`), { recursive: true, force: true });
    }
    project.write('src/index.ts', "console.log('first');\n");
    rmSync(project.path('dist'), { recursive: true, force: true });
  });

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
  });

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

    for (const name of ['repair', 'commands']) rmSync(project.path(`src/${name}`), { recursive: true });
    project.write('src/index.ts', "console.log('third');\n");
    expect(await start()).toBe('Building dist/.\nthird\n');
    for (const name of ['commands', 'repair']) expect(existsSync(project.path(`dist/${name}`))).toBe(false);
  });

  test('a failed build shows why, ends non-zero, keeps the earlier one, and is not taken for done', async () => {
    expect(await start()).toBe('Building dist/.\nfirst\n');
    project.write('src/index.ts', 'const wrong: number = "text";\nconsole.log(wrong);\n');
    for (const attempt of [1, 2]) {
      const { code, output } = await project.run('start');
      expect({ attempt, code }).toEqual({ attempt, code: 1 });
      expect(output).toContain('src/index.ts(1,7): error TS2322');
      expect(readFileSync(project.path('dist/index.js'), 'utf8')).toContain('first');
    }
    project.write('src/index.ts', "console.log('fourth');\n");
    expect(await start()).toBe('Building dist/.\nfourth\n');
  });

  test('two at once, in two windows, both end with a whole build, and leave nothing beside it', async () => {
    project.write('src/index.ts', "import './repair/main.js';\n");
    project.write('src/repair/main.ts', "console.log('repaired');\n");
    // So many that neither is done before the other has begun to write.
    for (let each = 0; each < 300; each += 1) project.write(`src/commands/c${each}.ts`, `export default ${each};\n`);
    for (const { output, code } of await Promise.all([project.run('start'), project.run('start')]))
      expect({ output, code }).toEqual({ output: 'Building dist/.\nrepaired\n', code: 0 });
    expect(existsSync(project.path('dist/repair/main.cjs'))).toBe(true);
    expect(readdirSync(project.path('dist/commands')).filter((name) => name.endsWith('.js'))).toHaveLength(300);
    expect(readdirSync(project.path('.')).filter((name) => /^dist(?!-tools$)/.test(name))).toEqual(['dist']);
    expect(await start()).toBe('repaired\n');
  });

  test('arguments reach the demo, and its exit code comes back', async () => {
    const { code, output } = await project.run('demo', ['--keep', 'a b']);
    expect(output).toMatch(/demo --keep a b\n$/);
    expect(code).toBe(3);
  });
});

describe('the setup', () => {
  let project: SmallProject;

  beforeEach(() => void (project = new SmallProject({ installed: false })));

  afterEach(() => project.remove());

  /** Stands where npm would: notes how it was called, then does `work`. */
  function npmThat(work: string): NodeJS.ProcessEnv {
    project.write(
      'fake/npm-cli.js',
      `const fs = require('node:fs');
     fs.appendFileSync(${JSON.stringify(project.path('calls'))}, process.argv.slice(2).join(' ') + '\\n');
     ${work}`,
    );
    project.write('fake/package.json', '{}');
    return { npm_execpath: project.path('fake/npm-cli.js') };
  }

  const linking = `fs.symlinkSync(${JSON.stringify(join(process.cwd(), 'node_modules'))}, 'node_modules', 'junction');`;

  const calls = () => readFileSync(project.path('calls'), 'utf8').trim().split('\n');

  test('in a fresh clone the packages are installed first, said in one line, and only once', async () => {
    const npm = npmThat(linking);
    const first = await project.run('start', [], npm);
    expect(first).toEqual({
      code: 0,
      output: 'Setting up: no packages are installed yet; running npm ci (a minute or two).\nBuilding dist/.\nfirst\n',
    });
    expect(await project.run('start', [], npm)).toEqual({ code: 0, output: 'first\n' });
    expect(calls()).toEqual(['ci --include=dev --no-audit --no-fund']);
  });

  test('packages of another lock file are replaced', async () => {
    await project.run('setup', [], npmThat(linking));
    const lock = JSON.parse(readFileSync(project.path('package-lock.json'), 'utf8'));
    lock.packages['node_modules/valibot'].version = '0.0.1';
    project.write('package-lock.json', JSON.stringify(lock));
    const { code, output } = await project.run('setup', [], npmThat(''));
    expect(output).toContain('the installed packages are not those of package-lock.json');
    expect(code).toBe(1); // this npm changed nothing, and that does not pass for done
  });

  test.each([
    ['npm error code ENOTFOUND', 'The package registry could not be reached'],
    [
      'npm error prebuild-install warn install getaddrinfo ENOTFOUND github.com',
      'binary could not be fetched from github.com',
    ],
    ['npm error gyp ERR! find Python', 'Python 3, make and a C++ compiler'],
    ['npm error code ENOSPC', 'The disk is full'],
  ])(
    'when npm fails with %s, its words and what to do are shown',
    async (words, advice) => {
      const { code, output } = await project.run(
        'test',
        [],
        npmThat(`console.error(${JSON.stringify(words)}); process.exit(7);`),
      );
      expect(code).toBe(1);
      expect(output).toContain(words);
      expect(output).toContain(advice);
      rmSync(project.path('calls'));
    },
    60_000,
  );
});
