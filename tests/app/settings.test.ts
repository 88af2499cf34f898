import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readSettings, wordsAtStart } from '../../src/app/settings.js';
import { ConfigError } from '../../src/config.js';
import { createWords } from '../../src/words.js';
import { temporaryFolders } from '../support/temporary-folder.js';

const newFolder = temporaryFolders();
const words = createWords('en');
const t = words.forOperators('en');
const home = process.cwd();

beforeEach(() => process.chdir(newFolder()));
afterEach(() => process.chdir(home));

const whole = {
  ...{ DISCORD_TOKEN: 't', DISCORD_GUILD_ID: '100000000000000001', DISCORD_ADMIN_ROLE_IDS: '100000000000000002' },
  ...{ DISCORD_ADMIN_CHANNEL_ID: '100000000000000003', JELLYFIN_URL: 'http://nas:8096', JELLYFIN_API_KEY: 'k' },
};

/** What whoever starts the bot is told: why it does not start, if it does not, and beside that. */
function reading(env: Record<string, string>) {
  const warned: string[] = [];
  try {
    readSettings(env, { locales: words.locales, t }, (sentence) => void warned.push(sentence));
  } catch (error) {
    if (error instanceof ConfigError) return { refused: error.message.split('\n'), warned };
    throw error;
  }
  return { refused: undefined, warned };
}

describe('a .env that cannot be read', () => {
  beforeEach(() => mkdirSync('.env'));
  const closed =
    '.env is there but cannot be read (no ordinary file). Put a file with the settings in its place, or take it away.';

  test('hides what is missing, and not what is wrong in the environment; it is told once', () => {
    expect(reading({})).toEqual({ refused: [closed], warned: [] });
    const { JELLYFIN_URL: _url, ...most } = whole;
    expect(reading({ ...most, REQUEST_TTL: 'soon' })).toEqual({
      refused: ['One setting needs a change:', expect.stringMatching(/^ {2}REQUEST_TTL /), closed],
      warned: [],
    });
  });

  test('is a warning where the environment says everything', () => {
    expect(reading(whole)).toEqual({ refused: undefined, warned: [closed] });
  });
});

test('settings that can be used are warned about where they are open, quoted or misspelled, and refused ones, too', () => {
  writeFileSync('.env', 'REQUEST_TTL=soon\nLOG_LEVL=info\n');
  chmodSync('.env', 0o600);
  const slip = 'LOG_LEVL is not a setting of Latchkey: was LOG_LEVEL meant?';
  const quoted = expect.stringMatching(/^The quotes around DISCORD_TOKEN are taken off/);
  const given = { ...whole, DISCORD_TOKEN: '"t"' };
  expect(reading(given)).toEqual({
    refused: [
      'One setting needs a change:',
      expect.stringMatching(/REQUEST_TTL/),
      expect.stringMatching(/^They are read from/),
    ],
    warned: [quoted, slip],
  });
  expect(reading({ ...given, REQUEST_TTL: '1h' })).toEqual({ refused: undefined, warned: [quoted, slip] });
});

test('what is said at the start is said in the household’s language, or the terminal’s until that is known', () => {
  const language = (env: Record<string, string>) => wordsAtStart(words, env).locale;
  expect([language({ LANG: 'de_DE.UTF-8' }), language({ LANG: 'C' })]).toEqual(['de', 'en']);
  writeFileSync('.env', 'LATCHKEY_LOCALE=de\n', { mode: 0o600 });
  expect(language({ LANG: 'C' })).toBe('de');
  expect(language({ LANG: 'C', LATCHKEY_LOCALE: 'en' })).toBe('en');
});
