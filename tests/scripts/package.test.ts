import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startBotProcess } from '../../sandbox/bot-process.js';
import { ProcessHouse } from '../process/process-house.js';
import { endAll, folder as emptyFolder } from '../cli/latchkey.js';

afterAll(endAll);

/** The package as somebody installs it into an empty folder: with the packages that it asks for, and no others. */
const folder = emptyFolder();
const installed = join(folder, 'node_modules', 'latchkey');
let house: ProcessHouse;

interface Locked {
  readonly dependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}

/** The packages that these need, and those in turn. */
function allOf(names: readonly string[], found = new Set<string>()): Set<string> {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> };
  for (const name of names.filter((each) => !found.has(each))) {
    const locked = packages[`node_modules/${name}`];
    if (!locked) continue; // of another platform
    found.add(name);
    allOf(Object.keys({ ...locked.dependencies, ...locked.optionalDependencies }), found);
  }
  return found;
}

beforeAll(async () => {
  house = await ProcessHouse.start();
  const npm = (...args: string[]) =>
    execFileSync('npm', args, { encoding: 'utf8', shell: process.platform === 'win32' });
  const [packed] = JSON.parse(npm('pack', '--json', '--ignore-scripts', '--pack-destination', folder)) as {
    filename: string;
  }[];
  execFileSync('tar', ['-xzf', join(folder, packed?.filename ?? ''), '-C', folder]);
  mkdirSync(dirname(installed));
  cpSync(join(folder, 'package'), installed, { recursive: true });
  const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Locked;
  for (const name of allOf(Object.keys(dependencies ?? {}))) {
    const place = join(folder, 'node_modules', name);
    if (!existsSync(join('node_modules', name))) continue; // of another platform
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(join(process.cwd(), 'node_modules', name), place, 'junction');
  }
});
afterEach(() => house.tidy());
afterAll(() => house.close());

const latchkey = (...args: string[]) => [join(installed, 'dist', 'cli.js'), ...args];

test('`npx latchkey` says what there is, in words that work when pasted', () => {
  const env = { ...process.env, npm_command: 'exec' };
  const said = execFileSync(process.execPath, latchkey('link', '--help'), { encoding: 'utf8', cwd: folder, env });
  expect(said).toContain('npx latchkey link');
});

/** Every name by which a file of the built program asks for another. */
function askedFor(file: string): string[] {
  const text = readFileSync(join(installed, 'dist', file), 'utf8');
  const asked =
    /(?:\bfrom|\bimport\(?|\w*require\w*(?:\([\w.]+\))?(?:\.resolve)?\()["'`]((?:@[a-z]|[a-z])[\w@/.:-]*)/gi;
  return [...text.matchAll(asked)].map(([, name = '']) => name);
}

test('what it does not bring along it has among its packages: any other is looked for in folders above, whosever they are', () => {
  const programs = readdirSync(join(installed, 'dist'), { recursive: true }).map(String);
  const asked = programs.filter((file) => /\.c?js$/.test(file)).flatMap(askedFor);
  const packages = new Set(asked.filter((name) => !isBuiltin(name)).map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)?.[0]));
  const { dependencies = {} } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Locked;
  expect([...packages].sort()).toEqual(Object.keys(dependencies).sort());
});

test('the bot runs from it, and has what it draws pictures with', async () => {
  const { dad, maya, jellyfin } = house.home;
  const bot = await startBotProcess(join(installed, 'dist', 'index.js'), house.env(), house.folder());
  try {
    await house.links(maya, 'maya');
    await jellyfin.lock('maya');
    await maya.types('/unlock');
    await dad.presses('Approve');
    await maya.sees(/maya is unlocked/, { in: 'dm' });
  } finally {
    expect(await bot.kill('SIGTERM')).toBe(0);
  }
  const from = createRequire(join(installed, 'dist', 'index.js'));
  expect(from('@resvg/resvg-js')).toHaveProperty('Resvg');
  expect(existsSync(from.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'))).toBe(true);
});

test('nothing that is only needed to build, or by those who change it, comes along; the licenses of others do', () => {
  const files = readdirSync(installed, { recursive: true }).map(String);
  const folders = new Set(files.map((file) => file.split(/[\\/]/)[0]));
  expect([...folders].sort()).toEqual([
    '.env.example',
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'dist',
    'docs',
    'package.json',
  ]);
  expect(files.filter((file) => file.endsWith('.map'))).toEqual([]);
  expect(readFileSync(join(installed, 'dist', 'THIRD-PARTY-LICENSES.txt'), 'utf8')).toMatch(
    /^discord\.js \S+ \(Apache-2\.0\)/m,
  );
});
