import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, symlinkSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { setup } from '../../src/cli/setup.js';
import { createWords } from '../../src/words.js';
import { NewHousehold, questions, theCode, upTo, type Wizard } from './wizard.js';
import { isRootAlone, isRootAmongOthers } from '../support/other-users.js';

let home: NewHousehold;
afterEach(() => home.close());

async function nothingIsLeft(wizard: Wizard, code = 1): Promise<void> {
  await wizard.sees(/Stopped\. Nothing was written\./);
  expect(await wizard.ended).toBe(code);
  expect(home.settings()).toBeUndefined();
  expect(existsSync(join(home.folder, 'data'))).toBe(false);
  expect(home.leftovers()).toEqual({ devices: [], keys: 0 });
}

describe('Ctrl-C leaves nothing written, and nobody signed in', () => {
  test('at the token', async () => {
    home = await NewHousehold.start();
    const wizard = home.setupHere();
    await wizard.at(/Nothing is written before[^]*Enter takes what stands there[^]*The bot's token[^]*└/, 'ctrlC');
    await nothingIsLeft(wizard);
  });

  test.each(questions.map(([question], index) => [String(question), index] as const))('at %s', async (_, index) => {
    home = await NewHousehold.start();
    const wizard = home.setupHere();
    await upTo(wizard, home, index);
    const question = questions[index]?.[0] ?? /never/;
    await wizard.at(question, 'ctrlC');
    await nothingIsLeft(wizard);
  });

  test('while it waits for the bot to be invited', async () => {
    home = await NewHousehold.start();
    home.discord.removeBotFromGuild();
    const wizard = home.setupHere();
    await wizard.answers(/The bot's token/, home.discord.token);
    await wizard.at(/it goes on here/, 'ctrlC');
    await nothingIsLeft(wizard);
  });

  test('at the code', async () => {
    home = await NewHousehold.start();
    const wizard = home.setupHere();
    await upTo(wizard, home);
    await wizard.at(/Code: \d{6}[^]*Escape for another way/, 'ctrlC');
    await nothingIsLeft(wizard);
  });

  test.each(['10.10.7', '10.11.11', '12.0'])('after the code was confirmed, on Jellyfin %s', async (version) => {
    home = await NewHousehold.start(version);
    const wizard = home.setupHere();
    await upTo(wizard, home);
    await home.confirms(await theCode(wizard));
    await wizard.at(/Link Dad in Discord to root[^]*No/, 'ctrlC');
    await nothingIsLeft(wizard);
  });

  test.each([
    ['at what may be had besides', 1],
    ['at the channel of the card', 2],
  ])('%s', async (_, count) => {
    home = await NewHousehold.start();
    const wizard = home.setupHere();
    await upTo(wizard, home);
    await home.confirms(await theCode(wizard));
    await wizard.at(/Link Dad in Discord to root[^]*No/, 'enter');
    await wizard.sees(/Anything else\?[^]*A card/);
    if (count === 2) {
      wizard.presses('space', 'down', 'space', 'enter');
      await wizard.sees(/In which channel is the card[^]*#general/);
    }
    wizard.presses('ctrlC');
    await nothingIsLeft(wizard);
    expect(home.discord.messagesIn(home.discord.generalChannelId)).toEqual([]);
  });

  test('after everything is written it says that it is', async () => {
    home = await NewHousehold.start();
    const wizard = home.setup();
    await upTo(wizard, home);
    await home.confirms(await theCode(wizard));
    await wizard.at(/Link Dad in Discord to root[^]*No/, 'enter');
    await wizard.at(/Anything else\?[^]*└/, 'enter');
    const held = home.discord.faults.hold({ method: 'PATCH', path: /\/applications\/@me$/ });
    await wizard.at(/Write the settings[^]*○ Write them/, 'down', 'enter');
    await wizard.sees(/Written: /);
    wizard.kill('SIGINT');
    await wizard.sees(/Stopped, but the settings are written: .*\.env\./);
    held.release();
    expect(await wizard.ended).toBe(1);
    expect(home.settings()).toBeDefined();
  });

  test('a session that cannot be signed out is named', async () => {
    home = await NewHousehold.start();
    const wizard = home.setupHere();
    await upTo(wizard, home);
    await home.confirms(await theCode(wizard));
    await wizard.sees(/Link Dad in Discord to root[^]*No/);
    home.jellyfin.faults.on({ method: 'POST', path: /\/Sessions\/Logout$/i, status: 500 });
    wizard.presses('ctrlC');
    await wizard.sees(/still signed in to Jellyfin \([^]*Remove the device Latchkey there/);
    expect(await wizard.ended).toBe(1);
  });

  test('at the last question, by a signal as well', async () => {
    home = await NewHousehold.start();
    const wizard = home.setup();
    await upTo(wizard, home);
    await home.confirms(await theCode(wizard));
    await wizard.at(/Link Dad in Discord to root[^]*No/, 'enter');
    await wizard.at(/Anything else\?[^]*└/, 'enter');
    await wizard.sees(/Write the settings[^]*○ Write them/);
    wizard.kill('SIGTERM');
    await nothingIsLeft(wizard);
    // The questions that are answered have nothing more to say.
    expect(wizard.output).not.toMatch(/(\r?\n){4}/);
  });

  test('while a computer does not answer: that it takes a moment is said, and nobody waits for it then', async () => {
    home = await NewHousehold.start();
    const silent = createServer(() => undefined);
    await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
    const sockets = new Set<Socket>();
    silent.on('connection', (socket) => sockets.add(socket));
    home.atEnd(() => {
      for (const socket of sockets) socket.destroy();
      silent.close();
    });
    const wizard = home.setup({ servers: [] });
    await upTo(wizard, home, 3);
    const address = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    await wizard.answers(/Jellyfin's address, as the bot reaches it/, address);
    await wizard.sees(/One moment …/);
    wizard.kill('SIGINT');
    await nothingIsLeft(wizard);
    // Once the first question has had no answer in its time, it would be looked a second time.
    expect(sockets.size).toBe(1);
  });
});

test('Escape goes back, question by question, over those that nobody was asked', async () => {
  home = await NewHousehold.start();
  const wizard = home.setupHere();
  // Before the first there is none.
  await wizard.at(/The bot's token[^]*└/, 'escape');
  await upTo(wizard, home, 2);
  await wizard.at(/In which channel do requests appear/, 'escape');
  await wizard.at(/Which roles help/, 'escape');
  await wizard.at(/Which roles decide/, 'escape');
  // There is one server only, which was not asked for.
  await wizard.answers(/The bot's token[^]*└/, home.discord.token);
  await wizard.sees(/Which roles decide/);
});

test('a .env that is there answers every question, and what it says besides stays', async () => {
  home = await NewHousehold.start();
  const { discord, jellyfin } = home;
  const before = {
    ...{ DISCORD_TOKEN: discord.token, DISCORD_GUILD_ID: discord.guildId },
    DISCORD_ADMIN_ROLE_IDS: discord.roles['admin'] ?? '',
    DISCORD_HELPER_ROLE_IDS: discord.roles['helper'] ?? '',
    DISCORD_ADMIN_CHANNEL_ID: discord.adminChannelId,
    ...{ JELLYFIN_URL: jellyfin.url, JELLYFIN_API_KEY: jellyfin.apiKey },
    ...{ JELLYFIN_PUBLIC_URL: jellyfin.url, SELF_UNLOCK: 'allow' },
  };
  home.writes(before);
  const wizard = home.setupHere({ servers: [] });
  await wizard.at(/Your \.env is offered[^]*The bot's token[^]*└/, 'enter');
  await wizard.at(/Which roles decide[^]*└/, 'enter');
  await wizard.at(/Which roles help[^]*└/, 'enter');
  await wizard.at(/In which channel[^]*└/, 'enter');
  await wizard.at(/Which Jellyfin[^]*└/, 'enter');
  await wizard.at(/At which address[^]*└/, 'enter');
  await wizard.at(/The API key in your \.env works\. Keep it\?[^]*└/, 'enter');
  await wizard.at(/Anything else\?[^]*└/, 'enter');
  await wizard.at(/Write the settings to \.env\?[^]*└/, 'down', 'enter');
  expect(await wizard.ended).toBe(0);
  expect(home.settings()).toEqual(before);
  expect(wizard.output).toContain('Start the bot with: latchkey start');
  expect(wizard.output).not.toContain('undefined');
});

test('without arrows, in German: numbers are typed, and < goes back', async () => {
  home = await NewHousehold.start();
  const wizard = home.setup({ args: ['--plain'], env: { LC_ALL: 'de_AT.UTF-8' } });
  await wizard.answers(/Das Token des Bots: /, home.discord.token);
  await wizard.answers(/1 {2}helper \(0 Mitglieder\)[^]*2 {2}admin \(1 Mitglied\)[^]*Nummern, mit Komma: /, '7');
  await wizard.answers(/Bitte Nummern von 1 bis 2\.[^]*Nummern, mit Komma: /, '2');
  await wizard.answers(/Welche Rollen helfen[^]*0 für keine: /, '<');
  await wizard.answers(/Welche Rollen entscheiden[^]*Nummern, mit Komma: /, '2');
  await wizard.answers(/Welche Rollen helfen[^]*0 für keine: /, '0');
  await wizard.answers(/In welchem Kanal[^]*Nummer \[1\]: /, '');
  await wizard.answers(/Welches Jellyfin[^]*Nummer \[1\]: /, '');
  await wizard.answers(/Unter welcher Adresse[^:]*: /, '');
  await home.confirms(await theCode(wizard));
  await wizard.answers(/Dad in Discord mit root in Jellyfin verknüpfen[^]*\(Ja\/Nein\) \[Ja\]: /, 'n');
  await wizard.answers(/Sonst noch etwas\?[^]*0 für keine: /, '0');
  await wizard.answers(/Nummer \[1\]: /, '2');
  expect(await wizard.ended).toBe(0);
  expect(home.discord.messagesIn(home.discord.adminChannelId)[0]?.text).toMatch(/Latchkey ist eingerichtet/);
  expect(home.settings()).toMatchObject({
    DISCORD_ADMIN_CHANNEL_ID: home.discord.adminChannelId,
    LATCHKEY_LOCALE: 'de',
  });
  // A screen reader says every line once: nothing is written over, and no colour is asked for.
  expect(wizard.raw).not.toMatch(/\x1B\[[0-9;]*m|\x1B\[\d*[AF]/);
  expect(wizard.output).not.toContain(home.discord.token);
});

const onPosix = process.platform === 'win32' || isRootAlone ? test.skip : test;
onPosix.each<[string, RegExp]>([
  ['written', /This user may not write in .* \(EACCES\), where \.env belongs/],
  ['read', /\.env is there but cannot be read/],
])('where .env cannot be %s nobody is asked anything', async (how, sentence) => {
  home = await NewHousehold.start();
  if (how === 'read') home.writes({ SELF_UNLOCK: 'allow' });
  if (how === 'read') chmodSync(home.envFile, 0);
  chmodSync(home.folder, how === 'read' ? 0o777 : 0o555);
  const wizard = home.setup({ uid: isRootAmongOthers ? 65534 : undefined });
  await wizard.sees(sentence);
  expect(await wizard.ended).toBe(1);
  expect(wizard.output).not.toContain('token');
});

const asRoot = process.platform === 'linux' && isRootAmongOthers ? test : test.skip;
asRoot.each([
  ['a folder of theirs', ''],
  ['a link to a folder of theirs', 'theirs'],
])('root asks with the rights of whoever could exchange .env meanwhile, and for good: in %s', async (_, theirs) => {
  home = await NewHousehold.start();
  const stranger = 65_534;
  home.writes({ JELLYFIN_START_COMMAND: 'touch proof' });
  chmodSync(home.envFile, 0o644);
  chmodSync(home.folder, 0o755);
  if (theirs !== '') {
    mkdirSync(join(home.folder, theirs));
    renameSync(home.envFile, join(home.folder, theirs, 'environ'));
    symlinkSync(join(theirs, 'environ'), home.envFile);
  }
  chownSync(join(home.folder, theirs), stranger, stranger);
  const wizard = home.setup();
  await wizard.sees(/The bot's token/);
  // Real, effective, saved and for files: nothing that the settings start can be root again, and no link leads to root's files.
  const rights = () => readFileSync(`/proc/${wizard.pid}/status`, 'utf8');
  expect(rights()).toMatch(/^Uid:(\t65534){4}\nGid:(\t65534){4}$/m);
  expect(rights()).toMatch(/^Groups:\t65534 $/m);
});

asRoot.each([
  ['everybody could exchange .env', '', 0o777, 0],
  ['everybody could leave a .env of their own', '', 0o1777, 0],
  ['a group could exchange .env', '', 0o775, 65_534],
  ['everybody could exchange the database', 'data', 0o777, 0],
  ['a group could exchange the database', 'data', 0o775, 65_534],
])('root asks nobody where %s', async (_, name, mode, group) => {
  home = await NewHousehold.start();
  const folder = join(home.folder, name);
  if (name !== '') mkdirSync(folder);
  chownSync(folder, 0, group);
  chmodSync(folder, mode);
  const wizard = home.setup();
  await wizard.sees(/Others than root may write in .*, so that any file there may be theirs/);
  expect(await wizard.ended).toBe(1);
  expect(wizard.output).not.toContain('token');
});

asRoot('a database in a folder of somebody else’s is theirs, and .env stays root’s own', async () => {
  home = await NewHousehold.start();
  const stranger = 65_534;
  const data = join(home.folder, 'data');
  mkdirSync(data);
  chmodSync(home.folder, 0o755);
  chownSync(data, stranger, stranger);
  const wizard = home.setup();
  await upTo(wizard, home);
  await home.confirms(await theCode(wizard));
  await wizard.at(/Link Dad in Discord to root[^]*No/, 'enter');
  await wizard.at(/Anything else\?[^]*└/, 'enter');
  await wizard.at(/Write the settings[^]*○ Write them/, 'down', 'enter');
  await wizard.sees(/Looked over once more: all is in order/);
  expect(await wizard.ended).toBe(0);
  expect(statSync(join(data, 'latchkey.db')).uid).toBe(stranger);
  expect(statSync(home.envFile).uid).toBe(0);
});

test('without a terminal it says what to do instead', async () => {
  home = await NewHousehold.start();
  const { status, stderr } = spawnSync(process.execPath, [resolve('dist/cli.js'), 'setup'], {
    cwd: home.folder,
    env: { PATH: process.env.PATH, LANG: 'C' },
    encoding: 'utf8',
  });
  expect(status).toBe(2);
  expect(stderr).toMatch(
    /there is no terminal to ask them at\. Run it in a terminal; docs\/setting-up\.md says how to do the same by hand/,
  );
  // Nor where what it says goes into a file.
  const before = Object.getOwnPropertyDescriptor(process.stdin, 'isTTY');
  Object.defineProperty(process.stdin, 'isTTY', { value: true, configurable: true });
  try {
    await expect(setup(createWords('en'), {}, {})).rejects.toThrow('there is no terminal to ask them at');
  } finally {
    Object.defineProperty(process.stdin, 'isTTY', before ?? { value: undefined, configurable: true });
  }
});
