import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { REST } from 'discord.js';
import { type Discord, startDiscord } from '../../sandbox/discord/index.js';
import { inviteLink } from '../../src/discord/invite.js';
import { preflight, type PreflightOptions } from '../../src/discord/preflight.js';
import sentences from '../../src/locales/en.json' with { type: 'json' };

let discord: Discord;
beforeEach(async () => {
  discord = await startDiscord();
});
afterEach(() => discord.close());

async function look(changed: Partial<PreflightOptions> = {}, token = discord.token) {
  const result = await preflight({
    rest: new REST({ api: discord.url, retries: 0 }).setToken(token),
    guildId: discord.guildId,
    adminRoleIds: [discord.roles['admin'] ?? ''],
    helperRoleIds: [discord.roles['helper'] ?? ''],
    adminChannelId: discord.adminChannelId,
    ...changed,
  });
  const findings = [...result.problems, ...result.warnings];
  for (const { code, params } of findings) {
    const holes = [...sentences.preflight[code].matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name);
    expect(Object.keys(params)).toEqual(expect.arrayContaining(holes));
  }
  const told = { problems: result.problems.map(({ code }) => code), warnings: result.warnings.map(({ code }) => code) };
  return { ...result, findings, told };
}

const fine = { problems: [], warnings: [] };
const needed = ['ViewChannel', 'SendMessages', 'EmbedLinks', 'AttachFiles', 'ReadMessageHistory'] as const;

test('a right set-up has no findings, and says whose it is', async () => {
  discord.setBotOverwrite(discord.adminChannelId, { allow: needed });
  const result = await look();
  expect(result.told).toEqual(fine);
  expect(result).toMatchObject({ applicationId: discord.applicationId, botUserId: discord.botUserId });
  expect(result.guild?.roles.map(({ id }) => id)).toContain(discord.roles['helper']);
});

test('a wrong token is one problem, and nothing else is asked', async () => {
  const { told } = await look({}, 'MTE.wrong.token');
  expect(told).toEqual({ problems: ['tokenRefused'], warnings: [] });
  expect(discord.requests).toHaveLength(1);
});

test('a server without the bot comes with the link that adds it', async () => {
  discord.removeBotFromGuild();
  const { told, findings } = await look();
  expect(told.problems).toEqual(['notInServer']);
  expect(findings[0]?.params['invite']).toBe(inviteLink(discord.applicationId, discord.guildId));
});

test('roles that do not exist, are everybody’s or cannot be pinged are named with their variable', async () => {
  const silent = discord.addRole('silent', { mentionable: false });
  const { findings } = await look({ adminRoleIds: ['404', silent], helperRoleIds: [discord.guildId] });
  expect(findings.map(({ code, params }) => [code, params['variable'], params['name'] ?? params['id']])).toEqual([
    ['roleUnknown', 'DISCORD_ADMIN_ROLE_IDS', '404'],
    ['roleEverybody', 'DISCORD_HELPER_ROLE_IDS', discord.guildId],
    ['roleNotPinged', 'DISCORD_ADMIN_ROLE_IDS', 'silent'],
  ]);
});

test('a bot that may mention every role pings those, too', async () => {
  const silent = discord.addRole('silent', { mentionable: false });
  discord.setBotOverwrite(discord.adminChannelId, { allow: [...needed, 'MentionEveryone'] });
  expect((await look({ adminRoleIds: [silent] })).told).toEqual(fine);
});

test('every permission that is missing in the admin channel is named as Discord names it', async () => {
  discord.setBotOverwrite(discord.adminChannelId, { allow: ['ViewChannel'], deny: ['SendMessages', 'AttachFiles'] });
  const { told, findings } = await look();
  expect(told).toEqual({ problems: ['channelPermissions'], warnings: [] });
  expect(findings[0]?.params).toMatchObject({ name: 'admins', permissions: 'Send Messages, Attach Files' });
});

test('what one role is denied another may allow, and administrators need nothing', async () => {
  const denied = discord.addRole('denied');
  const allowed = discord.addRole('allowed');
  discord.setBotRoles([denied, allowed]);
  discord.setOverwrite(discord.adminChannelId, denied, { deny: ['EmbedLinks'] });
  expect((await look()).told.problems).toEqual(['channelPermissions']);
  discord.setOverwrite(discord.adminChannelId, allowed, { allow: ['EmbedLinks'] });
  expect((await look()).told).toEqual(fine);
  discord.setBotOverwrite(discord.adminChannelId, { deny: needed });
  discord.setBotRoles([discord.addRole('all', { permissions: ['Administrator'] })]);
  expect((await look()).told).toEqual(fine);
});

test('a channel that is gone, hidden, elsewhere or not for text is a problem', async () => {
  const voice = discord.addChannel('voice', { type: 2 });
  const { channelId } = discord.addOtherGuild();
  discord.setBotOverwrite(discord.adminChannelId, { deny: ['ViewChannel'] });
  const problems = async (adminChannelId: string) => (await look({ adminChannelId })).told.problems;
  expect(await problems('404')).toEqual(['channelUnknown']);
  expect(await problems(voice)).toEqual(['channelNotText']);
  expect(await problems(channelId)).toEqual(
    expect.arrayContaining([expect.stringMatching(/channel(Elsewhere|Hidden)/)]),
  );
  expect(await problems(discord.adminChannelId)).toEqual(['channelHidden']);
});

test('an admin channel that everybody sees is warned about', async () => {
  const { told } = await look({ adminChannelId: discord.generalChannelId });
  expect(told).toEqual({ problems: [], warnings: ['channelPublic'] });
});

test('a Discord that fails says nothing about the set-up', async () => {
  discord.faults.on({ path: /guilds/, status: 500 });
  await expect(look()).rejects.toThrow();
  const url = discord.url;
  await discord.close();
  const rest = new REST({ api: url, retries: 0 }).setToken(discord.token);
  const roles = { adminRoleIds: [], helperRoleIds: [] };
  const options = { rest, guildId: '1', ...roles, adminChannelId: '2', retryPausesMs: [1, 1] };
  await expect(preflight(options)).rejects.toThrow();
  discord = await startDiscord();
});

test('the invite asks for the needed permissions and no others, for this server', () => {
  const link = new URL(inviteLink('11', '22'));
  expect(link.origin + link.pathname).toBe('https://discord.com/oauth2/authorize');
  expect(Object.fromEntries(link.searchParams)).toMatchObject({
    client_id: '11',
    guild_id: '22',
    scope: 'bot applications.commands',
  });
  const bits = [10, 11, 14, 15, 16].reduce((sum, bit) => sum + 2 ** bit, 0);
  expect(link.searchParams.get('permissions')).toBe(String(bits));
});
