import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Discord, type PermissionName, startDiscord } from '../../../sandbox/discord/index.js';
import { call } from './call.js';

describe('permissions', () => {
  let discord: Discord;

  beforeEach(async () => {
    discord = await startDiscord();
  });

  afterEach(() => discord.close());

  const send = (channelId: string, body: object = { content: 'hi' }) =>
    call(discord, 'POST', `/channels/${channelId}/messages`, body);

  const without = (name: PermissionName) => discord.setBotOverwrite(discord.generalChannelId, { deny: [name] });

  test('Sending is refused for each permission that the bot lacks, with the code that belongs to it', async () => {
    without('ViewChannel');
    expect((await send(discord.generalChannelId)).body.code).toBe(50001);
    without('SendMessages');
    expect((await send(discord.generalChannelId)).body.code).toBe(50013);
    without('EmbedLinks');
    expect((await send(discord.generalChannelId, { embeds: [{ title: 'a' }] })).body.code).toBe(50013);
    expect((await send(discord.generalChannelId)).status).toBe(200);
    without('ReadMessageHistory');
    expect((await call(discord, 'GET', `/channels/${discord.generalChannelId}/messages`)).body).toEqual([]);
    discord.deleteChannel(discord.generalChannelId);
    expect((await send(discord.generalChannelId)).body.code).toBe(10003);
    expect((await send(discord.addChannel('News', { type: 4 }))).body.code).toBe(50008);
  });

  test('Overwrites count in their order: everybody, then roles, then the member', async () => {
    const channel = discord.addChannel('quiet', { overwrites: { [discord.guildId]: { deny: ['SendMessages'] } } });
    expect((await send(channel)).body.code).toBe(50013);
    const role = discord.addRole('speaker');
    discord.setBotRoles([role]);
    discord.setOverwrite(channel, role, { allow: ['SendMessages'] });
    expect((await send(channel)).status).toBe(200);
    const muted = discord.addRole('muted');
    discord.setBotRoles([role, muted]);
    discord.setOverwrite(channel, muted, { deny: ['SendMessages'] });
    expect((await send(channel)).status).toBe(200);
    discord.setBotOverwrite(channel, { deny: ['SendMessages'] });
    expect((await send(channel)).body.code).toBe(50013);
  });

  test('A direct message is refused to somebody who closed theirs, with the code chosen, and to somebody who has left', async () => {
    const maya = discord.addPerson('Maya', { dmsClosed: true });
    const opened = await call(discord, 'POST', '/users/@me/channels', { recipient_id: maya.id });
    expect(opened.status).toBe(200);
    const channel = String(opened.body['id']);
    expect((await send(channel)).body.code).toBe(50007);
    maya.closesDms(50278);
    expect((await send(channel)).body.code).toBe(50278);
    maya.opensDms();
    expect((await send(channel)).status).toBe(200);
    maya.leaves();
    expect((await send(channel)).body.code).toBe(50278);
    expect((await call(discord, 'GET', `/guilds/${discord.guildId}/members/${maya.id}`)).body.code).toBe(10007);
    expect((await call(discord, 'GET', `/guilds/${discord.guildId}/members/123456789012345678`)).body.code).toBe(10013);
  });

  test('A bot that was thrown out no longer finds the server, and nobody is in two places', async () => {
    const other = discord.addOtherGuild();
    const stranger = discord.addPerson('Stranger', { guild: other });
    expect((await call(discord, 'GET', `/guilds/${discord.guildId}/members/${stranger.id}`)).body.code).toBe(10007);
    discord.removeBotFromGuild();
    expect((await call(discord, 'GET', `/guilds/${discord.guildId}`)).body.code).toBe(10004);
    expect((await send(discord.generalChannelId)).body.code).toBe(50001);
  });

  test('Messages that are not there, not the bot’s own, or too old to edit are refused as such', async () => {
    const { body } = await send(discord.generalChannelId);
    const path = `/channels/${discord.generalChannelId}/messages/${String(body['id'])}`;
    const message = discord.world.findMessage(String(body['id']));
    if (!message) throw new Error('not stored');
    discord.refuseOldEdits(429);
    expect((await call(discord, 'PATCH', path, { content: 'a' })).status).toBe(200);
    discord.ageMessage(message.id, 3_700_000);
    const late = await call(discord, 'PATCH', path, { content: 'b' });
    expect([late.status, late.body.code, late.headers.get('retry-after')]).toEqual([429, 30046, '1']);
    discord.refuseOldEdits(400);
    expect((await call(discord, 'PATCH', path, { content: 'b' })).body.code).toBe(30046);
    message.authorId = discord.addBot('Another');
    expect((await call(discord, 'PATCH', path, { content: 'b' })).body.code).toBe(50005);
    discord.deleteMessage(message.id);
    expect((await call(discord, 'PATCH', path, { content: 'b' })).body.code).toBe(10008);
  });

  test('Without the right token everything is 401, and an unknown route is put on record', async () => {
    const bare = await fetch(`${discord.url}/v10/users/@me`, { headers: { authorization: 'Bot wrong' } });
    expect(bare.status).toBe(401);
    expect((await call(discord, 'GET', '/guilds/1/emojis')).status).toBe(404);
    expect(discord.mistakes).toEqual(['No route for GET /guilds/1/emojis']);
  });
});
