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
  expect(await described({ custom_install_url: 'https://x.example' })).toMatchObject({ hasInstallSettings: true });
});

test('that somebody is in no server is not said of whom Discord does not let us look up', async () => {
  const { guildId, faults } = home.discord;
  expect(await side.membership(guildId, '100000000000000099')).toEqual({ isMember: false, roleIds: [] });
  faults.on({ path: /\/members\/\d+$/, status: 403, times: 2 });
  await expect(side.membership(guildId, home.owner.id)).rejects.toMatchObject({ name: 'NoAnswer' });
  const refused = side.servers.bind(side);
  faults.on({ path: /\/users\/@me\/guilds$/, status: 403, times: 2 });
  await expect(refused()).rejects.toMatchObject({ why: expect.not.stringContaining('tokenRefused') });
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
