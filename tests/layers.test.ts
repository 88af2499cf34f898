import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ESLint } from 'eslint';
import { beforeAll, describe, expect, test } from 'vitest';
import ts from 'typescript';
import tseslint from 'typescript-eslint';
import { capabilities } from '../eslint.layers.mjs';

/** Rules about types need files that exist; the ones asked here do not, and the rules asked here need no types. */
const eslint = new ESLint({
  overrideConfig: [
    tseslint.configs.disableTypeChecked,
    { languageOptions: { parserOptions: { projectService: false } } },
  ] as NonNullable<ESLint.Options['overrideConfig']>,
});

/** The rules that a file of this code, at this place, breaks. */
async function broken(filePath: string, code: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(`${code}\n`, { filePath });
  return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message);
}

const typed = (module: string) => `import type { Thing } from '${module}';\nexport type Same = Thing;`;
const valued = (module: string) => `import { thing } from '${module}';\nexport const same = thing;`;

// The first call loads the configuration, which takes longer than a rule.
beforeAll(() => broken('src/errors.ts', ''), 30_000);

const layers = 'boundaries/dependencies';

/** A relative import is refused for what it names, and not because it names nothing. */
function expectThere(file: string, module: string): void {
  if (!module.startsWith('.')) return;
  expect({ module, there: existsSync(join(dirname(file), module.replace(/\.js$/, '.ts'))) }).toEqual({
    module,
    there: true,
  });
}

describe('the dependency table: not allowed', () => {
  test.each([
    ['src/errors.ts', './secret.js'],
    ['src/config.ts', './errors.js'],
    ['src/config.ts', 'pino'],
    ['src/config/readers.ts', '../logger.js'],
    ['src/logger.ts', './services/accounts/account.js'],
    ['src/services/requests/new.ts', 'discord.js'],
    ['src/services/requests/new.ts', 'better-sqlite3'],
    ['src/services/requests/new.ts', '@jellyfin/sdk'],
    ['src/services/requests/new.ts', '@jellyfin/sdk/lib/utils/api'],
    ['src/services/requests/new.ts', 'node-cron'],
    ['src/services/requests/new.ts', 'axios'],
    ['src/services/requests/new.ts', '../../db/stores.js'],
    ['src/services/requests/new.ts', '../../jellyfin/pin-folder.js'],
    ['src/services/requests/new.ts', '../../discord/messenger.js'],
    ['src/services/requests/new.ts', '../../commands/unlock.js'],
    ['src/services/requests/new.ts', '../../app.js'],
    ['src/services/new.ts', '../db/stores.js'],
    ['src/commands/new.ts', '../db/stores.js'],
    ['src/commands/new.ts', '../jellyfin/pin-folder.js'],
    ['src/commands/new.ts', '../discord/dispatch.js'],
    ['src/commands/new.ts', 'better-sqlite3'],
    ['src/commands/new.ts', '../../sandbox/household.js'],
    ['src/commands/requests/new.ts', '../../db/stores.js'],
    ['src/db/new.ts', '../jellyfin/pin-folder.js'],
    ['src/db/new.ts', '../discord/messenger.js'],
    ['src/db/new.ts', '../commands/link.js'],
    ['src/db/migrations/001-new.ts', '../../services/requests/request.js'],
    ['src/db/new.ts', 'discord.js'],
    ['src/jellyfin/new.ts', '../db/stores.js'],
    ['src/jellyfin/new.ts', '../discord/messenger.js'],
    ['src/jellyfin/new.ts', 'discord.js'],
    ['src/jellyfin/new.ts', '../commands/link.js'],
    ['src/discord/new.ts', '../db/stores.js'],
    ['src/discord/new.ts', '../jellyfin/pin-folder.js'],
    ['src/discord/new.ts', '../commands/link.js'],
    ['src/discord/new.ts', 'better-sqlite3'],
    ['src/jobs/new.ts', '../db/stores.js'],
    ['src/jobs/new.ts', '../discord/messenger.js'],
    ['src/jobs/new.ts', '../services/requests/requests.js'],
    ['src/app.ts', '../sandbox/household.js'],
    ['src/index.ts', '../sandbox/household.js'],
  ])('%s may not import %s', async (file, module) => {
    expectThere(file, module);
    expect(await broken(file, valued(module))).toEqual([layers]);
  });

  test.each([
    ['a dynamic import', "export const later = import('../../db/stores.js');"],
    ['a type only', typed('../../db/stores.js')],
    ['a re-export', "export { stores } from '../../db/stores.js';"],
    ['a re-export of all', "export * from '../../db/stores.js';"],
    ['an import for its effect', "import '../../db/stores.js';"],
    ['a type in place', "export type Stores = import('../../db/stores.js').Stores;"],
  ])('%s counts as an import', async (_, code) => {
    expect(await broken('src/services/requests/new.ts', code)).toEqual([layers]);
  });

  test('a new folder has no rights before the table gives it some', async () => {
    expect(await broken('src/extras/new.ts', valued('../errors.js'))).toEqual([layers]);
    expect(await broken('src/services/extras/new.ts', valued('../../errors.js'))).toEqual([layers]);
  });
});

describe('the dependency table: allowed', () => {
  test.each([
    ['src/services/requests/new.ts', '../../errors.js'],
    ['src/services/requests/new.ts', './request.js'],
    ['src/services/requests/new.ts', 'node:crypto'],
    ['src/services/new.ts', './requests/request.js'],
    ['src/commands/new.ts', '../discord/command.js'],
    ['src/commands/new.ts', '../discord/parts.js'],
    ['src/commands/new.ts', '../services/requests/request.js'],
    ['src/commands/new.ts', 'discord.js'],
    ['src/db/new.ts', 'better-sqlite3'],
    ['src/jellyfin/new.ts', '@jellyfin/sdk/lib/utils/api/user-api.js'],
    ['src/discord/new.ts', 'discord.js'],
    ['src/app.ts', './db/stores.js'],
  ])('%s may import %s', async (file, module) => {
    expectThere(file, module);
    expect(await broken(file, valued(module))).toEqual([]);
  });

  test.each([
    ['src/commands/new.ts', '../words.js'],
    ['src/db/new.ts', '../services/accounts/link.js'],
    ['src/logger.ts', './services/log.js'],
    ['src/discord/new.ts', '../services/log.js'],
    ['src/jobs/new.ts', '../services/requests/requests.js'],
  ])('%s may import the types of %s, and only those', async (file, module) => {
    expectThere(file, module);
    expect(await broken(file, typed(module))).toEqual([]);
    expect(await broken(file, valued(module))).toEqual([layers]);
  });

  test('every folder of src is in the table', async () => {
    const folders = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory());
    for (const { name } of folders.filter(({ name }) => !['locales', 'services'].includes(name))) {
      const own = await broken(`src/${name}/new.ts`, valued(`./${firstFile(`src/${name}`)}`));
      expect({ name, own }).toEqual({ name, own: [] });
    }
  });
});

describe('the capabilities of services', () => {
  const names = readdirSync('src/services', { withFileTypes: true }).flatMap((one) =>
    one.isDirectory() ? one.name : [],
  );

  test('each is in the table, and none imports upward', () => {
    const inOrder = Object.keys(capabilities);
    expect([...inOrder].sort()).toEqual(names.sort());
    for (const [name, below] of Object.entries(capabilities)) {
      for (const each of below) expect(inOrder.slice(0, inOrder.indexOf(name))).toContain(each);
    }
  });

  test('each may import those that the table names, and no other', async () => {
    for (const [name, below] of Object.entries(capabilities)) {
      const others = names.filter((each) => each !== name);
      const lines = others.map((other, at) => {
        const module = `../${other}/${firstFile(`src/services/${other}`)}`;
        return `export type { Thing as Thing${at} } from '${module}';`;
      });
      const [result] = await eslint.lintText(`${lines.join('\n')}\n`, { filePath: `src/services/${name}/new.ts` });
      const refused = (result?.messages ?? []).map(({ ruleId, line }) => ({ ruleId, other: others[line - 1] }));
      const beyond = others.filter((other) => !below.includes(other));
      expect({ name, refused }).toEqual({ name, refused: beyond.map((other) => ({ ruleId: layers, other })) });
    }
  });

  test.each(['passwords', 'links'])('requests imports no kind of request: not %s', async (kind) => {
    const module = `../${kind}/${firstFile(`src/services/${kind}`)}`;
    expect(await broken('src/services/requests/new.ts', typed(module))).toEqual([layers]);
  });
});

test('no circle of imports, types included', () => {
  const finished = new Set<string>();
  const circles: string[] = [];
  const follow = (file: string, way: string[]): void => {
    if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(' > '));
    if (finished.has(file) || way.includes(file)) return;
    for (const next of importsOf(file)) follow(next, [...way, file]);
    finished.add(file);
  };
  for (const folder of ['src', 'sandbox', 'bench']) for (const file of filesIn(folder)) follow(file, []);
  expect(finished.size).toBeGreaterThan(400);
  expect(circles).toEqual([]);
});

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((name) =>
    name.endsWith('.ts') ? join(folder, name) : [],
  );

function firstFile(folder: string): string {
  const name = readdirSync(folder).find((each) => each.endsWith('.ts'));
  if (name === undefined) throw new Error(`${folder} holds no file`);
  return name.replace(/\.ts$/, '.js');
}

/** The project's own modules that a file imports, as TypeScript's reader finds them: `import type` and `import()` as well. */
function importsOf(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'));
  const relative = importedFiles.filter(({ fileName }) => /^\..*\.js$/.test(fileName));
  return relative.map(({ fileName }) => join(dirname(file), fileName.replace(/\.js$/, '.ts')));
}

describe('the environment is read in two places', () => {
  test.each([
    'export const level = process.env.LOG_LEVEL;',
    'export const { env } = process;',
    "import { env } from 'node:process';\nexport const level = env.LOG_LEVEL;",
  ])('%s', async (code) => {
    for (const file of ['src/app.ts', 'src/config.ts', 'src/services/requests/new.ts', 'src/commands/new.ts']) {
      expect(await broken(file, code)).toEqual([expect.stringMatching(/^no-restricted-/)]);
    }
    for (const file of ['src/index.ts', 'src/cli.ts']) expect(await broken(file, code)).toEqual([]);
  });
});

describe('everywhere', () => {
  test.each([
    ['src/app.ts', './errors'],
    ['sandbox/new.ts', './household'],
    ['tests/new.test.ts', './scripts/small-project'],
  ])('a relative import in %s names the file that node will load', async (file, module) => {
    const extension = ['n/file-extension-in-import'];
    expect(await broken(file, valued(module))).toEqual(extension);
    expect(await broken(file, `export { thing } from '${module}.ts';`)).toEqual(extension);
    expect(await broken(file, `export const later = import('${module}');`)).toEqual(extension);
    expect(await broken(file, valued(`${module}.js`))).toEqual([]);
  });

  test.each([
    ['export const thing: any = 1;', '@typescript-eslint/no-explicit-any'],
    ['// @ts-ignore\nexport const thing = 1;', '@typescript-eslint/ban-ts-comment'],
  ])('%s', async (code, rule) => {
    for (const file of ['src/app.ts', 'sandbox/thing.ts', 'tests/thing.test.ts']) {
      expect(await broken(file, code)).toEqual([rule]);
    }
  });

  test('the sandbox shares no code with the bot', async () => {
    expect(await broken('sandbox/thing.ts', valued('../src/errors.js'))).toEqual(['no-restricted-imports']);
  });
});
