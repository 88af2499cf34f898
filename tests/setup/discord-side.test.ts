import { afterEach, beforeEach, expect, test } from 'vitest';
import { DiscordSide } from '../../src/setup/discord-side.js';
import { NewHousehold } from './wizard.js';

let home: NewHousehold;
let side: DiscordSide;
beforeEach(async () => {
  home = await NewHousehold.start();
  side = new DiscordSide(home.discord.url, home.discord.token);
});
afterEach(() => home.close());

const body = { id: '7', name: 'Latchkey', description: '', icon: null };
const mum = { id: '8', username: 'mum', global_name: 'Mum' };

/** The application as Discord would describe it. */
async function described(more: object) {
  home.discord.faults.on({ path: /\/applications\/@me$/, status: 200, body: { ...body, ...more } });
  return side.application();
}

test('an application is its owner’s, or its team’s, or nobody’s whom Discord names', async () => {
  const team = { members: [{ user: mum }, { user: { id: '9', username: 'dad', global_name: null } }] };
  expect(await described({ team, owner: { id: '10', username: 'team10' } })).toMatchObject({
    owners: [
      { id: '8', name: 'Mum' },
      { id: '9', name: 'dad' },
    ],
  });
  expect(await described({ owner: mum })).toMatchObject({ owners: [{ id: '8', name: 'Mum' }], botId: '7' });
  expect(await described({ bot: { id: '11', avatar: null } })).toMatchObject({ owners: [], botId: '11' });
});

test('an application has a picture where its bot has one, too, and an invitation of its own brings the bot', async () => {
  expect(await described({ icon: 'a', bot: { id: '7', avatar: null } })).toMatchObject({ hasPicture: false });
  expect(await described({ icon: 'a', bot: { id: '7', avatar: 'b' } })).toMatchObject({ hasPicture: true });
  expect(await described({ bot: { id: '7', avatar: 'b' } })).toMatchObject({ hasPicture: false });
  expect(await described({})).toMatchObject({ hasInstallSettings: false });
  const install = (...scopes: readonly string[]) => ({ scopes, permissions: '8' });
  for (const [more, hasInstallSettings] of [
    [{ custom_install_url: 'https://x.example' }, true],
    [{ install_params: install('bot') }, true],
    [{ integration_types_config: { '0': { oauth2_install_params: install('applications.commands', 'bot') } } }, true],
    [{ integration_types_config: { '0': { oauth2_install_params: install('applications.commands') } } }, false],
  ] as const)
    expect(await described(more)).toMatchObject({ hasInstallSettings });
});

test('that somebody is in no server is not said of whom Discord does not let us look up', async () => {
  const { guildId, faults } = home.discord;
  expect(await side.membership(guildId, '100000000000000099')).toEqual({ isMember: false, roleIds: [] });
  faults.on({ path: /\/members\/\d+$/, status: 403, times: 2 });
  await expect(side.membership(guildId, home.owner.id)).rejects.toMatchObject({ name: 'NoAnswer' });
  const refused = side.servers.bind(side);
  faults.on({ path: /\/users\/@me\/guilds$/, status: 403, times: 2 });
  await expect(refused()).rejects.toMatchObject({ name: 'NoAnswer', why: expect.not.stringContaining('tokenRefused') });
});

test('channels are offered in the order in which the server has them', async () => {
  const channel = (id: string, position: number) => ({ id, name: id, position, type: 0, permission_overwrites: [] });
  const body = [channel('last', 3), channel('first', 1), channel('middle', 2)];
  home.discord.faults.on({ path: /\/guilds\/\d+\/channels$/, status: 200, body });
  const channels = await side.channels(home.discord.guildId, home.discord.world.botUserId);
  expect(channels.map(({ name }) => name)).toEqual(['first', 'middle', 'last']);
});

test('what somebody has set on the profile stays, and what is missing is added', async () => {
  const { world, requests } = home.discord;
  const install = { '0': { oauth2_install_params: { scopes: ['bot'], permissions: 8 } } };
  Object.assign(world.profile, { description: 'Our own bot.' });
  await side.setProfile('For the household.');
  expect(world.profile).toMatchObject({ description: 'Our own bot.' });
  expect(JSON.stringify(world.profile.install)).toContain('2251799813803008');
  Object.assign(world.profile, { description: '', install });
  await side.setProfile('For the household.');
  expect(world.profile).toMatchObject({ description: 'For the household.', install });
  const before = requests.filter(({ method }) => method === 'PATCH').length;
  await side.setProfile('For another household.');
  expect(requests.filter(({ method }) => method === 'PATCH')).toHaveLength(before);
});

test('what Discord refuses is said: a word in a channel, a picture beside the bot’s messages', async () => {
  const { faults, adminChannelId, world } = home.discord;
  const png = Buffer.from('png');
  for (const [method, path, work] of [
    ['POST', /\/messages$/, () => side.post(adminChannelId, 'Hello.')],
    ['PATCH', /\/applications\/@me$/, () => side.setPicture(png)],
    ['PATCH', /\/users\/@me$/, () => side.setPicture(png)],
    ['PATCH', /\/applications\/@me$/, () => side.setProfile('For the household.')],
  ] as const) {
    const fault = faults.on({ method, path, status: 403, times: 9 });
    await expect(work()).rejects.toMatchObject({ name: 'NoAnswer', why: expect.not.stringContaining('notKept') });
    fault.off();
  }
  await side.post(adminChannelId, 'Hello @everyone.');
  expect(home.discord.messagesIn(adminChannelId).map(({ text }) => text)).toEqual(['Hello @everyone.']);
  await side.setPicture(png);
  expect([world.profile.hasIcon, world.users.get(world.botUserId)?.hasAvatar]).toEqual([true, true]);
});

test('what Discord takes and does not keep is not said to be done', async () => {
  const patched = (kept: object) => {
    home.discord.faults.on({ method: 'PATCH', path: /./, status: 200, body: {}, times: 2 });
    Object.assign(home.discord.world.profile, kept);
  };
  patched({});
  await expect(side.setPicture(Buffer.from('png'))).rejects.toMatchObject({ why: 'notKept' });
  home.discord.faults.clear();
  patched({ description: 'Our own bot.' });
  await expect(side.setProfile('For the household.')).rejects.toMatchObject({ why: 'notKept' });
  home.discord.faults.clear();
  patched({ description: '', install: { '0': { oauth2_install_params: { scopes: ['bot'], permissions: '8' } } } });
  await expect(side.setProfile('For the household.')).rejects.toMatchObject({ why: 'notKept' });
});
