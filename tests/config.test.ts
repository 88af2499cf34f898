import { inspect } from 'node:util';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'dotenv';
import { type Config, ConfigError, configWarnings, databasePath, loadConfig } from '../src/config.js';
import type { Env } from '../src/settings-text.js';
import { discordAddress, readAddress, readDiscordAddress, splitCommand } from '../src/config/readers.js';
import { type KeyPlace, misnamedEnvFiles, mustBeSavable, readEnvFile, saveJellyfinKey } from '../src/env-file.js';
import type { AppError } from '../src/errors.js';
import { variables } from '../src/config/variables.js';
import { createWords } from '../src/words.js';

const say = createWords('en').forOperators('en');

const guildId = '100000000000000001';

const least = {
  DISCORD_TOKEN: 'the-token-of-the-bot',
  DISCORD_GUILD_ID: guildId,
  DISCORD_ADMIN_ROLE_IDS: '100000000000000002',
  DISCORD_ADMIN_CHANNEL_ID: '100000000000000003',
  JELLYFIN_URL: 'http://192.168.1.10:8096',
  JELLYFIN_API_KEY: 'the-key-of-jellyfin',
};

const noFiles = (): string => {
  throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
};

const load = (more: Env = {}): Config => loadConfig({ ...least, ...more }, noFiles, say);

/** The problems of an environment, by variable name. */
function problemsOf(env: Env, readFile = noFiles): Record<string, string> {
  try {
    loadConfig(env, readFile, say);
  } catch (error) {
    if (error instanceof ConfigError) return Object.fromEntries(error.problems.map((one) => [one.name, one.problem]));
    throw error;
  }
  return {};
}

test('the six required variables are enough, and the rest has the documented defaults', () => {
  const config = load();
  expect(config.discord.token.reveal()).toBe('the-token-of-the-bot');
  expect(config.jellyfin.apiKey.reveal()).toBe('the-key-of-jellyfin');
  expect(config).toMatchObject({
    discord: { apiUrl: 'https://discord.com/api', guildId, helperRoleIds: [] },
    jellyfin: { url: 'http://192.168.1.10:8096', publicUrl: undefined, serverDir: undefined, stopCommand: undefined },
    database: 'data/latchkey.db',
    selfUnlock: 'ask',
    requestTtlMs: 86_400_000,
    requestReminderMs: 43_200_000,
    tempPasswordTtlMs: 86_400_000,
    locale: 'en',
    logLevel: 'info',
  });
});

test('five mistakes are five problems of one error, by name, without a single value', () => {
  const env = {
    ...least,
    DISCORD_TOKEN: undefined,
    DISCORD_GUILD_ID: 'my-wrong-guild',
    JELLYFIN_URL: 'my-wrong-address:8096',
    REQUEST_TTL: '24wrong',
    LOG_LEVEL: 'wrongloud',
  };
  const problems = problemsOf(env);
  expect(Object.keys(problems).sort()).toEqual(
    ['DISCORD_GUILD_ID', 'DISCORD_TOKEN', 'JELLYFIN_URL', 'LOG_LEVEL', 'REQUEST_TTL'].sort(),
  );
  expect(() => loadConfig(env, noFiles, say)).toThrow(
    /^5 settings need a change:\n {2}DISCORD_TOKEN is missing: write /,
  );
  for (const text of Object.values(problems)) {
    expect(text).toMatch(/: write ./);
    expect(text).not.toMatch(/wrong/);
  }
});

test('a mistake between two variables is told together with the mistakes inside of one', () => {
  const env = {
    ...least,
    DISCORD_HELPER_ROLE_IDS: guildId,
    JELLYFIN_API_KEY: '',
    REQUEST_TTL: '1h',
    REQUEST_REMINDER: '60m',
  };
  expect(Object.keys(problemsOf(env)).sort()).toEqual([
    'DISCORD_HELPER_ROLE_IDS',
    'JELLYFIN_API_KEY',
    'REQUEST_REMINDER',
  ]);
});

test('a reminder comes before the request ends, also where only one of the two is said', () => {
  expect(Object.keys(problemsOf({ ...least, REQUEST_REMINDER: '24h' }))).toEqual(['REQUEST_REMINDER']);
  expect(load({ REQUEST_REMINDER: '23h' })).toMatchObject({ requestReminderMs: 82_800_000 });
  expect(Object.keys(problemsOf({ ...least, REQUEST_TTL: 'soon', REQUEST_REMINDER: '1h' }))).toEqual(['REQUEST_TTL']);
});

test('blanks around a value are no part of it', () => {
  expect(load({ DISCORD_GUILD_ID: ` ${guildId} `, LATCHKEY_DB: ' data/x.db ' })).toMatchObject({
    discord: { guildId },
    database: 'data/x.db',
  });
  expect([{}, { LATCHKEY_DB: ' ' }, { LATCHKEY_DB: ' x.db ' }].map(databasePath)).toEqual([
    ...['data/latchkey.db', 'data/latchkey.db'],
    'x.db',
  ]);
});

test.each([
  ['DISCORD_TOKEN', 'two words'],
  ['DISCORD_GUILD_ID', '123'],
  ['DISCORD_ADMIN_ROLE_IDS', '100000000000000002,admins'],
  ['DISCORD_ADMIN_ROLE_IDS', ' , '],
  ['DISCORD_ADMIN_ROLE_IDS', guildId],
  ['DISCORD_ADMIN_CHANNEL_ID', '#admins'],
  ['DISCORD_API_URL', 'http://discord.example/api'],
  ['DISCORD_API_URL', 'http://127.0.0.1.example/api'],
  ['JELLYFIN_URL', 'ftp://jellyfin'],
  ['JELLYFIN_URL', 'http://root:word@jellyfin'],
  ['JELLYFIN_URL', 'http://jellyfin/web/#/home'],
  ['JELLYFIN_PUBLIC_URL', 'watch.example'],
  ['JELLYFIN_STOP_COMMAND', 'systemctl stop "jellyfin'],
  ['SELF_UNLOCK', 'yes'],
  ['LOCKOUT_ENDS_AFTER', '10m'],
  ['LOCKOUT_ENDS_AFTER', '25h'],
  ['LOCKOUT_ENDS_AFTER', 'never'],
  ['REQUEST_TTL', '0h'],
  ['REQUEST_TTL', '24'],
  ['TEMP_PASSWORD_TTL', '9000d'],
  ['LATCHKEY_LOCALE', 'klingon'],
])('%s may not be %j', (name, value) => {
  expect(Object.keys(problemsOf({ ...least, [name]: value }))).toEqual([name]);
});

test('locks end after a time of their own, for which they have to be watched', () => {
  expect(load({}).lockoutEndsAfterMs).toBeUndefined();
  expect(load({ LOCKOUT_ENDS_AFTER: 'off', WATCH_LOCKOUTS: 'off' }).lockoutEndsAfterMs).toBeUndefined();
  expect(load({ LOCKOUT_ENDS_AFTER: '15m' }).lockoutEndsAfterMs).toBe(900_000);
  expect(Object.keys(problemsOf({ ...least, LOCKOUT_ENDS_AFTER: '15m', WATCH_LOCKOUTS: 'off' }))).toEqual([
    'LOCKOUT_ENDS_AFTER',
  ]);
});

test.each([
  ['https://home.example/jellyfin/', 'https://home.example/jellyfin'],
  ['http://[::1]:8096', 'http://[::1]:8096'],
])('Jellyfin may be at %s', (given, url) => {
  expect(load({ JELLYFIN_URL: given }).jellyfin.url).toBe(url);
});

test.each([
  ['http://127.0.0.1:4000/api/', 'http://127.0.0.1:4000/api'],
  ['http://localhost:4000', 'http://localhost:4000'],
  ['https://proxy.example/api/v10', 'https://proxy.example/api'],
])('Discord may be at %s', (given, url) => {
  expect(load({ DISCORD_API_URL: given }).discord.apiUrl).toBe(url);
});

test.each([
  ['90m', 5_400_000],
  ['2d', 172_800_000],
  ['30s', 30_000],
])('%s is a duration, and its half is when a request is mentioned again', (text, ms) => {
  expect(load({ REQUEST_TTL: text })).toMatchObject({ requestTtlMs: ms, requestReminderMs: ms / 2 });
});

test('lists forgive blanks and repetitions', () => {
  const ids = ' 100000000000000005 ,100000000000000006,, 100000000000000005';
  expect(load({ DISCORD_HELPER_ROLE_IDS: ids }).discord.helperRoleIds).toEqual([
    '100000000000000005',
    '100000000000000006',
  ]);
});

test.each([
  ['systemctl stop jellyfin', ['systemctl', 'stop', 'jellyfin']],
  [`ssh nas "docker stop 'jelly fin'"`, ['ssh', 'nas', "docker stop 'jelly fin'"]],
  [String.raw`"C:\Program Files\nssm.exe" stop it's\ not' here'`, undefined],
  [String.raw`run '' a\ b "say \"hi\""`, ['run', '', 'a b', 'say "hi"']],
  [`echo $(reboot); rm`, ['echo', '$(reboot);', 'rm']],
])('the command %s is split without a shell', (text, parts) => {
  const env = { ...least, JELLYFIN_START_COMMAND: text };
  if (parts) expect(loadConfig(env, noFiles, say).jellyfin.startCommand).toEqual(parts);
  else expect(Object.keys(problemsOf(env))).toEqual(['JELLYFIN_START_COMMAND']);
});

test('an empty value is the same as none', () => {
  expect(load({ JELLYFIN_PUBLIC_URL: '', LOG_LEVEL: ' ', REQUEST_TTL: '' })).toEqual(load());
  expect(problemsOf({ ...least, DISCORD_TOKEN: '  ' })).toEqual({
    DISCORD_TOKEN: expect.stringMatching(/^is missing/),
  });
});

test('a secret can come from a file, which is read without its last newline', () => {
  const env = { ...least, DISCORD_TOKEN: undefined, DISCORD_TOKEN_FILE: '/run/secrets/token' };
  const config = loadConfig(env, (path) => `content of ${path}`.replaceAll(' ', '-') + '\n', say);
  expect(config.discord.token.reveal()).toBe('content-of-/run/secrets/token');
});

test('quotes in a secret’s file are no part of the secret, and mentioned', () => {
  const env = { ...least, DISCORD_TOKEN: undefined, DISCORD_TOKEN_FILE: '/run/secrets/token' };
  expect(loadConfig(env, () => '"the-token"\n', say).discord.token.reveal()).toBe('the-token');
  expect(configWarnings(env, () => '"the-token"\n', say)).toEqual([
    expect.stringMatching(/quotes in the file that DISCORD_TOKEN_FILE/),
  ]);
  expect(configWarnings(env, () => 'the-token\n', say)).toEqual([]);
});

test('a secret file that gives nothing is named, and its secret not called missing as well', () => {
  const env = { ...least, JELLYFIN_API_KEY: undefined, JELLYFIN_API_KEY_FILE: '/private/place' };
  expect(problemsOf(env)).toEqual({ JELLYFIN_API_KEY_FILE: expect.stringMatching(/cannot be read \(ENOENT\)/) });
  expect(problemsOf(env, () => '\n')).toEqual({ JELLYFIN_API_KEY_FILE: expect.stringMatching(/empty file/) });
  expect(JSON.stringify(problemsOf(env))).not.toContain('/private/place');
  expect(Object.keys(problemsOf({ ...env, JELLYFIN_API_KEY: 'x' }, () => 'y'))).toEqual(['JELLYFIN_API_KEY_FILE']);
});

test('a language is one that Latchkey speaks', () => {
  const env = { ...least, LATCHKEY_LOCALE: 'qx' };
  expect(loadConfig(env, noFiles, say, ['en', 'qx']).locale).toBe('qx');
  expect(problemsOf(env)).toEqual({ LATCHKEY_LOCALE: 'cannot be used as it is: write en' });
});

test('a misspelled or unknown variable is warned about, those of other programs are not', () => {
  const env = {
    ...least,
    DISCORD_TOKN: 'x',
    DISCORD_GUILDS_IDS: '1',
    GUILDS_IDS: '1',
    SELF_UNLOK: 'allow',
    JELLYFIN_WEB_DIR: '/x',
    PATH: '/bin',
    JELLYFIN_API_KEY_FILE: 'x',
    // Set by this project's own tests and demo.
    LATCHKEY_TEST_MACHINE: '{}',
  };
  expect(configWarnings(env, noFiles, say)).toEqual([
    'DISCORD_TOKN is not a setting of Latchkey: was DISCORD_TOKEN meant?',
    'DISCORD_GUILDS_IDS is not a setting of Latchkey: was DISCORD_GUILD_ID meant?',
    'SELF_UNLOK is not a setting of Latchkey: was SELF_UNLOCK meant?',
    'JELLYFIN_WEB_DIR is not a setting of Latchkey and is not used.',
  ]);
});

test('a configuration that is printed shows no secret', () => {
  const printed = `${inspect(load(), { depth: 9 })} ${JSON.stringify(load())}`;
  expect(printed).not.toContain('the-token-of-the-bot');
  expect(printed).not.toContain('the-key-of-jellyfin');
});

describe('the command line’s', () => {
  const given = `"C:\\My Tools\\stop.exe" C:\\tools\\a.exe 'a "b"' --word=`;

  test('on Windows a backslash is a character like any other', () => {
    expect(splitCommand(given, 'win32')).toEqual(['C:\\My Tools\\stop.exe', 'C:\\tools\\a.exe', 'a "b"', '--word=']);
    expect(splitCommand('"C:\\Tools\\"', 'win32')).toEqual(['C:\\Tools\\']);
    expect(splitCommand('"C:\\Tools', 'win32')).toBeUndefined();
  });

  test('elsewhere it takes the next character as it is', () => {
    expect(splitCommand('a\\ b "say \\"so\\"" \'c\\d\' e"f g"h', 'linux')).toEqual([
      'a b',
      'say "so"',
      'c\\d',
      'ef gh',
    ]);
    expect(splitCommand('stop \\', 'linux')).toBeUndefined();
  });
});

describe('.env', () => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-env-'));

  const file = join(folder, '.env');

  afterAll(() => rmSync(folder, { recursive: true }));

  beforeEach(() => writeFileSync(file, 'A=from the file\nB="with # inside" # and a comment\n', { mode: 0o600 }));

  test('the environment wins over the file', () => {
    expect(readEnvFile(file, { A: 'from the environment', C: 'c' }, say)).toEqual({
      env: { A: 'from the environment', B: 'with # inside', C: 'c' },
      own: { A: 'from the environment', C: 'c' },
      warnings: [],
      file: 'read',
    });
  });

  test('without a file there is the environment alone, and nothing to warn about', () => {
    const alone = { env: { A: 'a' }, own: { A: 'a' }, warnings: [], file: 'missing' };
    expect(readEnvFile(join(folder, 'none'), { A: 'a' }, say)).toEqual(alone);
  });

  const text = 'DISCORD_TOKEN=tök\nJELLYFIN_API_KEY=key\n';
  const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le');

  test.each([
    ['UTF-16, as PowerShell writes it', utf16],
    ['UTF-16 the other way round', Buffer.from(utf16).swap16()],
    ['UTF-8 with a mark, as Notepad writes it', Buffer.from(`\ufeff${text}`)],
    ['UTF-16 with Windows’ ends of lines', Buffer.from(`\ufeff${text.replaceAll('\n', '\r\n')}`, 'utf16le')],
  ])('in %s is read, and a new key is written into it', (_, bytes) => {
    writeFileSync(file, bytes);
    expect(readEnvFile(file, {}, say).env).toEqual({ DISCORD_TOKEN: 'tök', JELLYFIN_API_KEY: 'key' });
    saveJellyfinKey({ own: {}, all: {}, envPath: file }, 'new');
    expect(readEnvFile(file, {}, say).env).toEqual({ DISCORD_TOKEN: 'tök', JELLYFIN_API_KEY: 'new' });
  });

  test('quotes that docker keeps are taken off every setting, and mentioned once; others’ variables are left alone', () => {
    const { env, own, warnings } = readEnvFile(
      join(folder, 'none'),
      {
        LATCHKEY_DB: '"data/x.db"',
        DISCORD_TOKEN: " 'abc' ",
        JELLYFIN_STOP_COMMAND: '"docker stop jellyfin"',
        JELLYFIN_START_COMMAND: '"/a b/start" "jelly fin"',
        SELF_UNLOCK: '"allow',
        PS1: '"$ "',
      },
      say,
    );
    expect(env).toEqual({
      LATCHKEY_DB: 'data/x.db',
      DISCORD_TOKEN: 'abc',
      JELLYFIN_STOP_COMMAND: 'docker stop jellyfin',
      JELLYFIN_START_COMMAND: '"/a b/start" "jelly fin"',
      SELF_UNLOCK: '"allow',
      PS1: '"$ "',
    });
    expect(own).toEqual(env);
    expect(warnings).toEqual([
      expect.stringMatching(/^The quotes around LATCHKEY_DB, DISCORD_TOKEN, JELLYFIN_STOP_COMMAND are/),
    ]);
  });

  test('a file’s own quotes are dotenv’s to take; of a second pair none is left, but for a command’s words', () => {
    const others = `PS1='"$ "'\n`;
    writeFileSync(
      file,
      `LATCHKEY_DB='"x.db"'\nJELLYFIN_STOP_COMMAND='"/a b/stop"'\nJELLYFIN_URL="http://x"\n${others}`,
    );
    expect(readEnvFile(file, {}, say)).toMatchObject({
      env: { LATCHKEY_DB: 'x.db', JELLYFIN_STOP_COMMAND: '"/a b/stop"', JELLYFIN_URL: 'http://x', PS1: '"$ "' },
      warnings: [],
    });
  });

  test('a channel’s name is a value that cannot be used, and no comment', () => {
    writeFileSync(file, 'DISCORD_ADMIN_CHANNEL_ID=#admins\nDISCORD_GUILD_ID=# to be filled in\n');
    expect(readEnvFile(file, {}, say).env).toEqual({ DISCORD_ADMIN_CHANNEL_ID: '#admins', DISCORD_GUILD_ID: '' });
    // Of several lines the last one counts.
    writeFileSync(file, 'DISCORD_ADMIN_CHANNEL_ID=#admins\nDISCORD_ADMIN_CHANNEL_ID=7\n');
    expect(readEnvFile(file, {}, say).env).toEqual({ DISCORD_ADMIN_CHANNEL_ID: '7' });
  });

  test('a new key goes where it is read: into a file that is made, at the end of a line, or into the file of the key', () => {
    const kept = (all: Env, path: string, key = 'new') => {
      const before = readdirSync(folder);
      mustBeSavable({ own: {}, all, envPath: file });
      expect(readdirSync(folder)).toEqual(before);
      saveJellyfinKey({ own: {}, all, envPath: file }, key);
      return readFileSync(path, 'utf8');
    };
    rmSync(file);
    expect(kept({}, file)).toBe('JELLYFIN_API_KEY=new\n');
    writeFileSync(file, 'A=b');
    expect(kept({}, file)).toBe('A=b\nJELLYFIN_API_KEY=new\n');
    const ofKey = join(folder, 'key');
    writeFileSync(ofKey, 'old\n');
    const link = join(folder, 'key-link');
    symlinkSync(ofKey, link);
    expect(kept({ JELLYFIN_API_KEY_FILE: link }, ofKey)).toBe('new\n');
    expect(kept({}, file)).toBe('A=b\nJELLYFIN_API_KEY=new\n');
  });

  test('a new key is kept by nobody where the environment says another, or its folder is not there', () => {
    const code = (place: KeyPlace) => {
      const codes = [mustBeSavable, (at: KeyPlace) => saveJellyfinKey(at, 'new')].map((keep) => {
        try {
          keep(place);
          return 'kept';
        } catch (error) {
          return (error as AppError).code;
        }
      });
      return new Set(codes);
    };
    expect(code({ own: { JELLYFIN_API_KEY: 'x' }, all: { JELLYFIN_API_KEY: 'x' }, envPath: file })).toEqual(
      new Set(['keyFromEnvironment']),
    );
    expect(code({ own: {}, all: { JELLYFIN_API_KEY_FILE: join(folder, 'no', 'key') }, envPath: file })).toEqual(
      new Set(['keyNotSaved']),
    );
  });

  test('settings that were saved under another name are found; what is empty, or something else, is none', () => {
    const other = mkdtempSync(join(folder, 'names-'));
    for (const name of ['.env.txt', 'env', '.ENV.backup', '.env.example.txt'])
      writeFileSync(join(other, name), 'DISCORD_TOKEN=x\n');
    writeFileSync(join(other, '.env.example'), 'DISCORD_TOKEN=\n#JELLYFIN_DB=/x\n');
    writeFileSync(join(other, 'environment'), 'DISCORD_TOKEN=x\n');
    writeFileSync(join(other, 'env.ts'), 'export {};\n');
    expect(misnamedEnvFiles(other).sort()).toEqual(['.ENV.backup', '.env.example.txt', '.env.txt', 'env']);
  });

  const onPosix = process.platform === 'win32' ? test.skip : test;

  onPosix.each([0o640, 0o604, 0o644])('a file of mode %o is warned about, with the command that helps', (mode) => {
    chmodSync(file, mode);
    expect(readEnvFile(file, {}, say).warnings).toEqual([`${file} can be read by others: run chmod 600 ${file}`]);
    chmodSync(file, 0o600);
  });

  test('a file that is there and cannot be read is told of, and does not pass for none', () => {
    const inIt = join(folder, 'folder');
    mkdirSync(inIt);
    expect(readEnvFile(inIt, {}, say).warnings).toEqual([
      `${inIt} is there but cannot be read (no ordinary file). Put a file with the settings in its place, or take it away.`,
    ]);
  });
});

describe('.env.example', () => {
  const example = readFileSync('.env.example', 'utf8');

  const noFiles = (): string => {
    throw new Error('no file is named in the example');
  };

  const required = {
    DISCORD_TOKEN: 'token',
    DISCORD_GUILD_ID: '100000000000000001',
    DISCORD_ADMIN_ROLE_IDS: '100000000000000002',
    DISCORD_ADMIN_CHANNEL_ID: '100000000000000003',
    JELLYFIN_URL: 'http://127.0.0.1:8096',
    JELLYFIN_API_KEY: 'key',
  };

  test('the example names every setting there is, and no other', () => {
    const everything = parse(example.replaceAll(/^#(?=[A-Z_]+=)/gm, ''));
    expect(Object.keys(everything).sort()).toEqual(Object.keys(variables([], say).entries).sort());
    expect(configWarnings(everything, noFiles, say)).toEqual([]);
  });

  test('copied as it is, it asks for the required ones and nothing else', () => {
    const missing = () => loadConfig(parse(example), noFiles, say);
    expect(missing).toThrow(ConfigError);
    expect(missing).toThrow(/^6 settings need a change/);
  });

  test('its commented values are the defaults, and good examples where there is none', () => {
    const everything = parse(example.replaceAll(/^#(?=[A-Z_]+=)/gm, ''));
    const config = loadConfig({ ...everything, ...required }, noFiles, say);
    const { jellyfin, ...defaults } = loadConfig({ ...parse(example), ...required }, noFiles, say);
    expect(config).toMatchObject(defaults);
    expect(config.jellyfin).toMatchObject({
      url: jellyfin.url,
      stopCommand: ['sudo', 'systemctl', 'stop', 'jellyfin'],
    });
  });
});

test('an address has no name and no password in it, and Discord’s is plain http on this computer alone', () => {
  const addresses = [
    'http://nas:8096/jf//',
    'http://dad@nas',
    'http://:popcorn@nas',
    'http://nas/?x',
    'nas',
    'ftp://nas',
  ];
  expect(addresses.map(readAddress)).toEqual(['http://nas:8096/jf', ...Array.from({ length: 5 }, () => undefined)]);
  const slashes = '/'.repeat(30_000);
  expect([`http://nas/a${slashes}b${slashes}`, 'http://nas//'].map(readAddress)).toEqual([
    `http://nas/a${slashes}b`,
    'http://nas',
  ]);
  const local = ['http://localhost:1/api/v10', 'http://[::1]:1/api', 'http://127.8.0.1/api', 'https://discord.com/api'];
  expect(local.map(readDiscordAddress)).toEqual(['http://localhost:1/api', ...local.slice(1)]);
  expect(['nowhere', 'http://nas/api', 'http://1127.0.0.1.example/api'].map(readDiscordAddress)).toEqual(
    Array.from({ length: 3 }, () => undefined),
  );
  const usual = 'https://discord.com/api';
  expect([undefined, '', 'nowhere', local[0]].map(discordAddress)).toEqual([
    usual,
    usual,
    usual,
    'http://localhost:1/api',
  ]);
  expect(['', '  ', "it's"].map((text) => splitCommand(text))).toEqual(Array.from({ length: 3 }, () => undefined));
});
