import { readdirSync } from 'node:fs';
import { ESLint } from 'eslint';
import { beforeAll, describe, expect, test } from '@jest/globals';
import tseslint from 'typescript-eslint';

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

describe('the dependency table: not allowed', () => {
  test.each([
    ['src/errors.ts', './secret.js'],
    ['src/config.ts', './errors.js'],
    ['src/config.ts', 'pino'],
    ['src/config/duration.ts', '../logger.js'],
    ['src/logger.ts', './services/account.js'],
    ['src/services/unlock.ts', 'discord.js'],
    ['src/services/unlock.ts', 'better-sqlite3'],
    ['src/services/unlock.ts', '@jellyfin/sdk'],
    ['src/services/unlock.ts', '@jellyfin/sdk/lib/utils/api'],
    ['src/services/unlock.ts', 'node-cron'],
    ['src/services/unlock.ts', 'axios'],
    ['src/services/unlock.ts', '../db/links.js'],
    ['src/services/unlock.ts', '../jellyfin/client.js'],
    ['src/services/unlock.ts', '../discord/messenger.js'],
    ['src/services/unlock.ts', '../commands/unlock.js'],
    ['src/services/unlock.ts', '../app.js'],
    ['src/commands/unlock.ts', '../db/links.js'],
    ['src/commands/unlock.ts', '../jellyfin/client.js'],
    ['src/commands/unlock.ts', '../discord/dispatch.js'],
    ['src/commands/unlock.ts', 'better-sqlite3'],
    ['src/commands/unlock.ts', '../../sandbox/person.js'],
    ['src/commands/deeper/card.ts', '../../db/links.js'],
    ['src/db/links.ts', '../jellyfin/client.js'],
    ['src/db/links.ts', '../discord/messenger.js'],
    ['src/db/links.ts', '../commands/link.js'],
    ['src/db/migrations/001-links.ts', '../../services/links.js'],
    ['src/db/links.ts', 'discord.js'],
    ['src/jellyfin/client.ts', '../db/links.js'],
    ['src/jellyfin/client.ts', '../discord/messenger.js'],
    ['src/jellyfin/client.ts', 'discord.js'],
    ['src/jellyfin/client.ts', '../commands/link.js'],
    ['src/discord/messenger.ts', '../db/links.js'],
    ['src/discord/messenger.ts', '../jellyfin/client.js'],
    ['src/discord/messenger.ts', '../commands/link.js'],
    ['src/discord/messenger.ts', 'better-sqlite3'],
    ['src/jobs/expiry.ts', '../db/requests.js'],
    ['src/jobs/expiry.ts', '../discord/messenger.js'],
    ['src/jobs/expiry.ts', '../services/requests.js'],
    ['src/app.ts', '../sandbox/person.js'],
    ['src/index.ts', '../sandbox/person.js'],
  ])('%s may not import %s', async (file, module) => {
    expect(await broken(file, valued(module))).toEqual(['latchkey/layers']);
  });

  test.each([
    ['a dynamic import', "export const later = import('../db/links.js');"],
    ['a type only', typed('../db/links.js')],
    ['a re-export', "export { links } from '../db/links.js';"],
    ['a re-export of all', "export * from '../db/links.js';"],
    ['an import for its effect', "import '../db/links.js';"],
    ['a type in place', "export type Links = import('../db/links.js').Links;"],
  ])('%s counts as an import', async (_, code) => {
    expect(await broken('src/services/unlock.ts', code)).toEqual(['latchkey/layers']);
  });

  test('a new folder has no rights before the table gives it some', async () => {
    expect(await broken('src/extras/thing.ts', valued('../errors.js'))).toEqual(['latchkey/layers']);
  });
});

describe('the dependency table: allowed', () => {
  test.each([
    ['src/services/unlock.ts', '../errors.js'],
    ['src/services/unlock.ts', './account.js'],
    ['src/services/unlock.ts', 'node:crypto'],
    ['src/commands/unlock.ts', '../discord/command.js'],
    ['src/commands/unlock.ts', '../discord/parts.js'],
    ['src/commands/unlock.ts', 'discord.js'],
    ['src/db/links.ts', 'better-sqlite3'],
    ['src/jellyfin/client.ts', '@jellyfin/sdk/lib/utils/api/user-api.js'],
    ['src/discord/messenger.ts', 'discord.js'],
    ['src/app.ts', './db/links.js'],
  ])('%s may import %s', async (file, module) => {
    expect(await broken(file, valued(module))).toEqual([]);
  });

  test.each([
    ['src/commands/unlock.ts', '../words.js'],
    ['src/db/links.ts', '../services/link.js'],
    ['src/discord/messenger.ts', '../logger.js'],
    ['src/jobs/expiry.ts', '../services/requests.js'],
  ])('%s may import the types of %s, and only those', async (file, module) => {
    expect(await broken(file, typed(module))).toEqual([]);
    expect(await broken(file, valued(module))).toEqual(['latchkey/layers']);
  });

  test('every folder of src is in the table', async () => {
    const folders = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory());
    for (const { name } of folders.filter(({ name }) => name !== 'locales')) {
      expect(await broken(`src/${name}/thing.ts`, valued('node:fs'))).toEqual([]);
    }
  });
});

describe('the environment is read in two places', () => {
  test.each([
    'export const level = process.env.LOG_LEVEL;',
    'export const { env } = process;',
    "import { env } from 'node:process';\nexport const level = env.LOG_LEVEL;",
  ])('%s', async (code) => {
    for (const file of ['src/app.ts', 'src/config.ts', 'src/services/unlock.ts', 'src/commands/unlock.ts']) {
      expect(await broken(file, code)).toEqual([expect.stringMatching(/^no-restricted-/)]);
    }
    for (const file of ['src/index.ts', 'src/cli.ts']) expect(await broken(file, code)).toEqual([]);
  });
});

describe('everywhere', () => {
  test.each([
    ["import { thing } from './thing';\nexport const same = thing;", 'latchkey/js-extension'],
    ["export { thing } from './thing.ts';", 'latchkey/js-extension'],
    ["export const later = import('./thing');", 'latchkey/js-extension'],
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
