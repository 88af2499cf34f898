import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { rootPassword, startJellyfin } from '../../sandbox/jellyfin/index.js';
import { openStores } from '../../src/db/stores.js';
import { quickConnect } from '../support/quick-connect.js';
import { NewHousehold, theCode, upTo, type Wizard } from './wizard.js';
import { isRootAmongOthers } from '../support/other-users.js';

let home: NewHousehold;
afterEach(() => home.close());

async function write(wizard: Wizard): Promise<void> {
  if (!/Anything else/.test(wizard.output)) await wizard.at(/Anything else\?[^]*└/, 'enter');
  await wizard.at(/Write the settings to \.env\?[^]*○ Write them/, 'down', 'enter');
  expect(await wizard.ended).toBe(0);
  expect(wizard.output).toMatch(/Start the bot with: .*\s\(as\s+a\s+service:\s+docs\/operating\.md\)/);
}

const keyWorks = async (key = '') =>
  (await fetch(`${home.jellyfin.url}/Users`, { headers: { authorization: `MediaBrowser Token="${key}"` } })).status;

test('from nothing to a bot that runs: a token, five lists, one code', async () => {
  home = await NewHousehold.start();
  const { discord, jellyfin, owner } = home;
  const wizard = home.setup();
  await upTo(wizard, home);
  await home.confirms(await theCode(wizard));
  await wizard.at(/Link Dad in Discord to root in Jellyfin\?/, 'enter');
  await wizard.at(/Anything else\?[^]*◻ A line on Jellyfin's login page[^]*◻ A card[^]*◻ Latchkey's picture/, 'enter');
  await wizard.at(/Write the settings to \.env\?/, 'enter');
  await wizard.sees(/Written: .*\.env[^]*all is in order/);
  await wizard.sees(/connected to Discord: ready/);

  const settings = home.settings();
  expect(settings).toEqual({
    DISCORD_TOKEN: discord.token,
    DISCORD_GUILD_ID: discord.guildId,
    DISCORD_ADMIN_ROLE_IDS: discord.roles['admin'],
    DISCORD_ADMIN_CHANNEL_ID: discord.adminChannelId,
    JELLYFIN_URL: jellyfin.url,
    JELLYFIN_API_KEY: expect.stringMatching(/^[\da-f]{32}$/),
  });
  // Of the example everything is kept but the lines that have a value now.
  const example = readFileSync('.env.example', 'utf8').split('\n');
  const written = readFileSync(home.envFile, 'utf8').split('\n');
  expect(written.filter((line) => !example.includes(line))).toHaveLength(6);
  expect(written).toHaveLength(example.length);
  if (process.platform !== 'win32') expect(home.mode()).toBe(0o600);
  expect(await keyWorks(settings?.JELLYFIN_API_KEY)).toBe(200);
  expect(home.leftovers()).toEqual({ devices: [], keys: 1 });
  // The one who proved the administrator's account may do everything.
  const status = await (await owner.types('/status')).answer();
  expect(status.text).toContain('Nobody is locked');
  await owner.sees(/Latchkey is set up/);
  // Who set it up and is linked by that has linked nobody else yet.
  await owner.sees(/Latchkey is ready/);
  await owner.sees(/I write to you in direct messages/);
  const { description, install, hasIcon } = discord.world.profile;
  expect(description).toMatch(/Type \/status here/);
  expect(install).toMatchObject({ '0': { oauth2_install_params: { permissions: 2251799813803008 } } });
  // What nobody wished for is not there.
  expect(hasIcon).toBe(false);
  expect(discord.messagesIn(discord.generalChannelId)).toEqual([]);
  expect(await disclaimer()).toBeUndefined();
  expect(wizard.keystrokes).toBeLessThan(14);
  // Each answered question leaves its mark; the code is a question to somebody at another screen.
  expect(wizard.output.match(/◇/g)?.length).toBe(9);
  expect(wizard.output).not.toContain(discord.token);
  expect(wizard.output).toMatch(/The bot starts here, and runs as long as this window is open\./);
  // Node warns of it where one listens again and again to the same.
  expect(wizard.output).not.toContain('Warning');
});

const disclaimer = async (): Promise<unknown> => {
  const branding = await fetch(`${home.jellyfin.url}/Branding/Configuration`);
  return ((await branding.json()) as { LoginDisclaimer?: unknown }).LoginDisclaimer;
};

describe('what is put up besides', () => {
  test.each(['10.10.7', '12.0'])('a line, a card, a picture, on Jellyfin %s', async (version) => {
    home = await NewHousehold.start(version);
    const { discord, owner } = home;
    const data = join(home.folder, 'data');
    // As a folder of the bot's user that root sets up for them.
    mkdirSync(data);
    chmodSync(home.folder, 0o755);
    if (isRootAmongOthers) chownSync(data, 65_534, 65_534);
    const wizard = home.setup();
    await toTheExtras(wizard);
    await wizard.at(/Anything else\?[^]*picture/, 'space', 'down', 'space', 'down', 'space', 'enter');
    await wizard.at(/In which channel is the card[^]*#general[^]*#admins/, 'enter');
    expect(await disclaimer()).toBeUndefined();
    await write(wizard);
    expect(wizard.output).toContain('Start the bot with: npm start');
    await wizard.sees(/The bot has its picture[^]*The card “Cannot sign in\?” stands in #general/);
    await wizard.sees(/Jellyfin's login page says: Cannot sign in\? Type \/status in our Discord: <https:[^>]*>/);
    await owner.sees(/You cannot sign in to Jellyfin\? Press the button/);
    expect(await disclaimer()).toContain(`https://discord.com/channels/${discord.guildId}/${discord.generalChannelId}`);
    expect(discord.world.profile.hasIcon).toBe(true);
    expect(discord.world.users.get(discord.world.botUserId)?.hasAvatar).toBe(true);
    expect(statSync(join(data, 'latchkey.db')).uid).toBe(statSync(data).uid);
  });

  test('what somebody has set before stays; what fails is said, and the settings are good', async () => {
    home = await NewHousehold.start();
    const { discord, jellyfin } = home;
    const { profile } = discord.world;
    const install = { '0': { oauth2_install_params: { scopes: ['bot'], permissions: 8 } } };
    Object.assign(profile, { description: 'Our own bot.', install, hasIcon: true });
    Object.assign(discord.world.users.get(discord.world.botUserId) ?? {}, { hasAvatar: true });
    const wizard = home.setup();
    await toTheExtras(wizard);
    jellyfin.faults.on({ method: 'POST', path: /\/System\/Configuration\/branding$/i, status: 500 });
    // Back and forth, over the channel that was not wished for at first.
    await wizard.at(/Anything else\?[^]*A card/, 'space', 'down', 'space', 'enter');
    await wizard.sees(/In which channel is the card[^]*#general/);
    wizard.presses('escape');
    await wizard.at(/Anything else\?[^]*A card/, 'space', 'enter');
    await write(wizard);
    await wizard.sees(/Nothing was put on Jellyfin's login page \([^]*\)\. \/help does it later/);
    expect(wizard.output).not.toContain("Latchkey's picture");
    expect(profile).toMatchObject({ description: 'Our own bot.', install });
    expect(home.settings()).toBeDefined();
  });

  test('a key for commands alone on the profile is no way in', async () => {
    home = await NewHousehold.start();
    const { profile } = home.discord.world;
    profile.install = { '0': { oauth2_install_params: { scopes: ['applications.commands'], permissions: 0 } } };
    home.writes({ REQUEST_TTL: 'soon' });
    const wizard = home.setupHere();
    await toTheExtras(wizard);
    await wizard.at(/Anything else\?[^]*A card/, 'enter');
    await write(wizard);
    expect(profile.install).toMatchObject({ '0': { oauth2_install_params: { permissions: 2251799813803008 } } });
    // What is wrong besides is told at once.
    expect(wizard.output).toMatch(/REQUEST_TTL/);
    expect(wizard.output).not.toContain('all is in order');
  });
});

async function toTheExtras(wizard: Wizard): Promise<void> {
  await upTo(wizard, home);
  await home.confirms(await theCode(wizard));
  await wizard.at(/Link Dad in Discord to root in Jellyfin\?/, 'enter');
}

describe('what stands in the way is said, and got over without beginning again', () => {
  test('a wrong token, a bot that is not invited, a channel that is closed to it', async () => {
    home = await NewHousehold.start();
    const { discord } = home;
    discord.removeBotFromGuild();
    discord.setBotOverwrite(discord.adminChannelId, {});
    const wizard = home.setupHere();
    await wizard.answers(/The bot's token/, 'not.a.token');
    await wizard.sees(/Discord refuses this token\. Take the one under Bot > Reset Token/);
    await wizard.answers(/The bot's token/, `Bot ${discord.token}`);
    const [link] = await wizard.sees(/https:\/\/discord\.com\/oauth2\/authorize\S+/);
    expect(new URL(link).searchParams.get('permissions')).toBe('2251799813803008');
    await wizard.sees(/█ ▄▄▄▄▄ █[^]*As soon as Latchkey is in the Discord server/);
    discord.addBotToGuild();
    await wizard.sees(/In the Discord server The Household/);
    await wizard.at(/Which roles decide\?[^]*admin/, 'down', 'space', 'enter');
    await wizard.at(/Which roles help\?/, 'enter');
    await wizard.at(/admins \(the bot is not let in yet\)[^]*general \(everybody reads it\)/, 'enter');
    await wizard.sees(/#admins > Edit Channel > Permissions[^]*View Channel, Send Messages, Embed Links/);
    discord.setBotOverwrite(discord.adminChannelId, { allow: ['ViewChannel'] });
    await wizard.sees(/The bot can work in #admins[^]*The bot may not pin its cards in #admins\. To let it: .*/);
  });

  test('a channel that everybody reads, roles that nobody hears and one does not hold', async () => {
    home = await NewHousehold.start();
    const { discord } = home;
    discord.setRoleMentionable(discord.roles['helper'] ?? '', false);
    const wizard = home.setupHere();
    await wizard.answers(/The bot's token/, discord.token);
    await wizard.at(/Which roles decide\?[^]*admin/, 'enter');
    await wizard.at(/Mark at least one[^]*Which roles decide\?[^]*admin/, 'space', 'enter');
    await wizard.sees(/Nobody's phone rings for helper/);
    await wizard.sees(/You hold none of these roles\. Give yourself one of them in Discord: helper/);
    await wizard.at(/Which roles help\?/, 'enter');
    await wizard.at(/In which channel/, 'down', 'enter');
    await wizard.at(/Everybody in the Discord server can read #general/, 'enter');
    await wizard.at(/In which channel/, 'down', 'enter');
    await wizard.at(/Everybody in the Discord server can read #general/, 'up', 'enter');
    await wizard.sees(/Which Jellyfin\?/);
  });

  test('several servers: one is picked, or the bot invited to another', async () => {
    home = await NewHousehold.start();
    const { discord } = home;
    const other = discord.addOtherGuild('The Neighbours');
    const wizard = home.setupHere();
    await wizard.answers(/The bot's token/, discord.token);
    await wizard.at(/Which Discord server[^]*The Household[^]*The Neighbours[^]*Another one/, 'down', 'down', 'enter');
    await wizard.sees(/As soon as Latchkey is in the Discord server/);
    wizard.presses('escape');
    await wizard.answers(/The bot's token[^]*└/, discord.token);
    await wizard.at(/Which Discord server[^]*Another one/, 'down', 'enter');
    await wizard.at(/This server|The Discord server has no role yet/, 'ctrlC');
    expect(await wizard.ended).toBe(1);
    expect(other.guildId).not.toBe(discord.guildId);
  });

  test.each(['10.10.7', '10.11.11', '12.0'])(
    'Jellyfin %s at a wrong address, then as copied from the browser, with a base path',
    async (version) => {
      home = await NewHousehold.start(version, '/media');
      const { origin } = new URL(home.jellyfin.url);
      const wizard = home.setupHere({ servers: [] });
      await upTo(wizard, home, 3);
      await wizard.answers(/Jellyfin's address, as the bot reaches it/, '127.0.0.1:1');
      await wizard.sees(/Nobody listens at http:\/\/127\.0\.0\.1:1\..*(port right|in a container)/);
      await wizard.answers(/Jellyfin's address/, await anotherPage());
      await wizard.sees(/Something answers there, but it is not Jellyfin/);
      await wizard.answers(/Jellyfin's address/, `${origin.replace('http://', '')}/media/web/#/home`);
      await wizard.sees(new RegExp(`Jellyfin ${version}[.\\d]*, at ${home.jellyfin.url}`));
      await wizard.answers(/At which address do people open Jellyfin/, 'https://nobody.invalid');
      await wizard.at(
        /Nobody here knows the name nobody\.invalid[^]*press Enter once more[^]*At which address/,
        'enter',
      );
      await wizard.sees(/People open https:\/\/nobody\.invalid/);
      // Without its path it is found as well, as the server sends everybody there.
      await wizard.sees(/Code: /);
      wizard.presses('escape');
      await wizard.sees(/How does Latchkey come by its API key/);
      wizard.presses('escape');
      await wizard.sees(/At which address/);
      wizard.presses('escape');
      await wizard.answers(/Jellyfin's address/, origin);
      await wizard.sees(new RegExp(`at ${home.jellyfin.url}`));
    },
  );

  test('another Jellyfin at the address that people open', async () => {
    home = await NewHousehold.start();
    const other = await startJellyfin({ version: '12.0' });
    home.atEnd(() => other.close());
    const wizard = home.setupHere();
    await upTo(wizard, home, 4);
    await wizard.answers(/At which address do people open/, other.url);
    await wizard.sees(new RegExp(`That is another Jellyfin than the one at ${home.jellyfin.url}: .*, ${other.url}\\.`));
  });
});

test('on a narrow terminal every line is broken between words', async () => {
  home = await NewHousehold.start();
  const wizard = home.setup({ env: { COLUMNS: '50' } });
  await wizard.answers(/The bot's token/, 'not.a.token');
  await wizard.sees(/Discord refuses this token\. Take\s+│? *the one/);
  await wizard.at(/The bot's token[^]*└/, 'ctrlC');
  await wizard.ended;
  const lines = wizard.output.split(/\r?\n/).filter((line) => !line.includes('_'));
  expect(lines.filter((line) => line.length > 50)).toEqual([]);
});

describe('the key', () => {
  test('with Quick Connect off by name and password, which are kept nowhere', async () => {
    home = await NewHousehold.start();
    await quickConnect(home.jellyfin, false);
    home.jellyfin.addUser('leo', { password: 'leo-leo' });
    const wizard = home.setupHere();
    await upTo(wizard, home);
    await wizard.at(/Quick Connect is off on this Jellyfin\.[^]*● With an administrator's name[^]*made one/, 'enter');
    await wizard.answers(/The administrator's name in Jellyfin/, 'leo');
    await wizard.answers(/leo's password/, 'leo-leo');
    await wizard.at(/leo is no administrator[^]*● With an administrator's name[^]*made one/, 'enter');
    expect(home.leftovers().devices).toEqual([]);
    await wizard.answers(/The administrator's name in Jellyfin/, 'root');
    await wizard.answers(/root's password/, 'wrong');
    await wizard.at(/did not take this password[^]*● With an administrator's name[^]*made one/, 'enter');
    await wizard.answers(/The administrator's name in Jellyfin/, 'root');
    await wizard.answers(/root's password/, rootPassword);
    await wizard.at(/Link Dad in Discord to root/, 'enter');
    await write(wizard);
    expect(await keyWorks(home.settings()?.JELLYFIN_API_KEY)).toBe(200);
    expect(home.leftovers()).toEqual({ devices: [], keys: 1 });
    expect(wizard.output).not.toContain(rootPassword);
    expect(everythingIn(home.folder)).not.toContain(rootPassword);
  });

  test('pasted: refused, then taken; nobody is linked by it', async () => {
    home = await NewHousehold.start();
    const wizard = home.setupHere({ latchkey: 'docker compose run --rm latchkey' });
    await upTo(wizard, home);
    await theCode(wizard);
    wizard.presses('escape');
    await wizard.at(/How does Latchkey come by[^]*made one/, 'down', 'enter');
    await wizard.answers(/The API key/, '0123456789abcdef0123456789abcdef');
    await wizard.sees(/Jellyfin does not know this key\. Copy it once more/);
    await wizard.answers(/The API key/, home.jellyfin.apiKey);
    // How many others there are is not worth an end in the middle.
    await wizard.sees(/Anything else/);
    home.jellyfin.faults.on({ method: 'GET', path: /^\/Auth\/Keys/, status: 500 });
    wizard.presses('enter');
    // A container that goes away starts nothing.
    await wizard.at(/Write the settings to \.env\?[^]*Yes/, 'enter');
    expect(await wizard.ended).toBe(0);
    expect(wizard.output).toContain('Start the bot with: docker compose up -d');
    expect(home.settings()?.JELLYFIN_API_KEY).toBe(home.jellyfin.apiKey);
    expect(home.leftovers()).toEqual({ devices: [], keys: 0 });
    expect(wizard.output).not.toContain('Link Dad');
    expect(wizard.output).not.toContain('more API key');
  });

  test('a code that somebody who is no administrator confirms', async () => {
    home = await NewHousehold.start('12.0');
    home.jellyfin.addUser('maya', { password: 'popcorn' });
    const wizard = home.setupHere();
    await upTo(wizard, home);
    await home.confirms(await theCode(wizard), 'maya', 'popcorn');
    await wizard.at(/maya is no administrator of this Jellyfin[^]*How does Latchkey come by[^]*made one/, 'enter');
    expect(home.leftovers()).toEqual({ devices: [], keys: 0 });
    await home.confirms(await theCode(wizard));
    await wizard.sees(/root is an administrator/);
  });

  test('of an earlier set-up is left alone, as another bot may use it, and said to be there', async () => {
    home = await NewHousehold.start();
    const first = home.setupHere();
    await toTheExtras(first);
    await write(first);
    // The stand-in's own is called so, too.
    expect(first.output).toMatch(/one more API key called Latchkey, of an earlier set-up .*Dashboard > API Keys/);
    expect(linksOf(home)).toMatchObject([{ accountName: 'root', madeBy: 'proof', ofAdmin: true }]);
    rmSync(home.envFile);
    // Whoever holds none of the roles by then does nothing as an administrator.
    const { world, guildId } = home.discord;
    Object.assign(world.guilds.get(guildId)?.members.get(home.owner.id) ?? {}, { roles: [] });
    const second = home.setupHere();
    await toTheExtras(second);
    await write(second);
    expect(second.output).toMatch(/2 more API keys called Latchkey/);
    expect(linksOf(home)).toMatchObject([{ accountName: 'root', madeBy: 'proof', ofAdmin: false }]);
    expect(home.leftovers()).toEqual({ devices: [], keys: 2 });
  });

  test('that Jellyfin does not make is no fault of .env, and nobody stays signed in', async () => {
    home = await NewHousehold.start();
    const wizard = home.setupHere();
    await toTheExtras(wizard);
    await wizard.at(/Anything else\?[^]*└/, 'enter');
    await wizard.sees(/Write the settings to \.env\?[^]*○ Write them/);
    home.jellyfin.faults.on({ method: 'POST', path: /^\/Auth\/Keys/, status: 500 });
    wizard.presses('enter');
    expect(await wizard.ended).toBe(1);
    expect(wizard.output).toContain('jellyfinBroken');
    expect(wizard.output).not.toContain('could not be written');
    expect(home.settings()).toBeUndefined();
    expect(home.leftovers()).toEqual({ devices: [], keys: 0 });
  });

  test.each([
    ['there is no folder for the database', 'data', /Nobody was linked \(/],
    ['the database is none', 'data/latchkey.db', /Nobody was linked \(.*latchkey\.db is /],
  ])('is good, and its session signed out, where %s, so that nobody is linked', async (_, file, sentence) => {
    home = await NewHousehold.start();
    if (file.includes('/')) mkdirSync(join(home.folder, 'data'));
    writeFileSync(join(home.folder, file), 'no folder, and no database at all');
    const wizard = home.setupHere();
    await toTheExtras(wizard);
    await write(wizard);
    await wizard.sees(sentence);
    expect(await keyWorks(home.settings()?.JELLYFIN_API_KEY)).toBe(200);
    expect(home.leftovers()).toEqual({ devices: [], keys: 1 });
  });

  // Nothing can take the place of a folder that holds something, or be read from one.
  test.each([
    ['cannot be written', '.env.part/something', /could not be written to \.env \(\w+\)\. Nothing was changed/],
    ['is no file any more', '.env', /could not be written to \.env \(no ordinary file\)\. Nothing was changed/],
  ])('is deleted again where .env %s', async (_, folder, sentence) => {
    home = await NewHousehold.start();
    const wizard = home.setupHere();
    await toTheExtras(wizard);
    await wizard.at(/Anything else\?[^]*└/, 'enter');
    await wizard.sees(/Write the settings to \.env\?[^]*○ Write them/);
    mkdirSync(join(home.folder, folder), { recursive: true });
    wizard.presses('enter');
    await wizard.sees(sentence);
    expect(await wizard.ended).toBe(1);
    expect(existsSync(home.envFile) && statSync(home.envFile).isFile()).toBe(false);
    expect(home.leftovers()).toEqual({ devices: [], keys: 0 });
  });

  test.each([
    ['is refused', { status: 500 }],
    ['is answered, and does nothing', { status: 204 }],
  ])('is named with what to do where .env cannot be written and its deletion %s', async (_, fault) => {
    home = await NewHousehold.start();
    const wizard = home.setupHere();
    await toTheExtras(wizard);
    await wizard.at(/Anything else\?[^]*└/, 'enter');
    await wizard.sees(/Write the settings to \.env\?[^]*○ Write them/);
    mkdirSync(join(home.folder, '.env.part', 'something'), { recursive: true });
    home.jellyfin.faults.on({ method: 'DELETE', path: /^\/Auth\/Keys\//, ...fault });
    wizard.presses('enter');
    await wizard.sees(
      /could not be written to \.env \(\w+\), and the API key that was made for them could not be deleted again: [^]*Delete that key yourself in Jellyfin \(Dashboard > API Keys\): the newest one called Latchkey/,
    );
    expect(await wizard.ended).toBe(1);
    expect(home.leftovers()).toEqual({ devices: [], keys: 1 });
  });
});

test('a Jellyfin whose folder is on this computer may be rescued by it; a secret in a file of its own stays there', async () => {
  home = await NewHousehold.start();
  const { discord, jellyfin, folder } = home;
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, `${discord.token}\n`, { mode: 0o600 });
  home.writes({ DISCORD_TOKEN_FILE: tokenFile, JELLYFIN_API_KEY: 'of another server' });
  chmodSync(home.envFile, 0o644);
  const env = { DISCORD_ADMIN_CHANNEL_ID: discord.generalChannelId, DISCORD_GUILD_ID: discord.guildId };
  const wizard = home.setup({ folders: [jellyfin.serverDir], env });
  if (process.platform !== 'win32') await wizard.sees(/\.env can be read by others/);
  await wizard.at(/The bot's token \(Enter alone keeps[^]*└/, 'enter');
  await wizard.at(/Which roles decide\?[^]*admin/, 'down', 'space', 'enter');
  await wizard.at(/Which roles help\?[^]*helper/, 'enter');
  // What the environment says is offered, and is none of the best.
  await wizard.at(/In which channel[^]*● #general/, 'up', 'enter');
  await wizard.at(/Which Jellyfin\?[^]*Another/, 'enter');
  await wizard.at(/At which address[^]*└/, 'enter');
  await home.confirms(await theCode(wizard));
  await wizard.at(/Link Dad in Discord to root[^]*No/, 'enter');
  await wizard.at(/Anything else\?[^]*◼ Help when no administrator gets in any more: use [^]*◻ A card/, 'enter');
  await write(wizard);
  expect(wizard.output).toMatch(/The environment says otherwise than \.env, and wins: DISCORD_ADMIN_CHANNEL_ID\./);
  const settings = home.settings();
  expect(settings).toMatchObject({ DISCORD_TOKEN_FILE: tokenFile, JELLYFIN_SERVER_DIR: jellyfin.serverDir });
  expect(settings).not.toHaveProperty('DISCORD_TOKEN');
  expect(await keyWorks(settings?.JELLYFIN_API_KEY)).toBe(200);
});

const quiet = { info: () => undefined, warn: () => undefined };

/** What the bot is going to know of whose account it is. */
function linksOf({ folder, owner }: NewHousehold): readonly object[] {
  const { db, links } = openStores(join(folder, 'data', 'latchkey.db'), quiet, Date.now);
  try {
    return links.everyOf(owner.id);
  } finally {
    db.close();
  }
}

/** Something on the network that is not Jellyfin. */
async function anotherPage(): Promise<string> {
  const server = createServer((_request, response) => response.end('<html>a printer</html>'));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  home.atEnd(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Every file of a folder, one after the other. */
function everythingIn(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1')).join('\n');
}
