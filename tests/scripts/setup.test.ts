import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { SmallProject } from './small-project.js';

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
}, 60_000);

test('packages of another lock file are replaced', async () => {
  await project.run('setup', [], npmThat(linking));
  const lock = JSON.parse(readFileSync(project.path('package-lock.json'), 'utf8'));
  lock.packages['node_modules/valibot'].version = '0.0.1';
  project.write('package-lock.json', JSON.stringify(lock));
  const { code, output } = await project.run('setup', [], npmThat(''));
  expect(output).toContain('the installed packages are not those of package-lock.json');
  expect(code).toBe(1); // this npm changed nothing, and that does not pass for done
}, 60_000);

test.each([
  ['npm error code ENOTFOUND', 'The package registry could not be reached'],
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
