import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Discord, type Person, startDiscord } from '../../../sandbox/discord/index.js';
import { call } from './call.js';

describe('pings', () => {
  let discord: Discord;

  let maya: Person;

  let dad: Person;

  beforeEach(async () => {
    discord = await startDiscord();
    maya = discord.addPerson('Maya');
    dad = discord.addPerson('Dad', { roles: [discord.roles['admin'] ?? ''] });
  });

  afterEach(() => discord.close());

  const send = (body: object) => call(discord, 'POST', `/channels/${discord.generalChannelId}/messages`, body);

  const lastPings = () => discord.messagesIn(discord.generalChannelId).at(-1)?.pings;

  const admin = () => discord.roles['admin'] ?? '';

  test('Without allowed_mentions everything that the text names is pinged, V2 text included, what stands in code not', async () => {
    await send({ content: `${maya.mention} <@&${admin()}> \`${dad.mention}\` @everyone` });
    expect(lastPings()).toEqual({ users: [maya.id], roles: [admin()], everyone: false });
    await send({ flags: 1 << 15, components: [{ type: 17, components: [{ type: 10, content: `${dad.mention}` }] }] });
    expect(lastPings()?.users).toEqual([dad.id]);
  });

  test('allowed_mentions narrows it: empty to nobody, a list to those listed who are also named', async () => {
    await send({ content: `${maya.mention} <@&${admin()}>`, allowed_mentions: { parse: [] } });
    expect(lastPings()).toEqual({ users: [], roles: [], everyone: false });
    await send({ content: `${maya.mention}`, allowed_mentions: { users: [maya.id, dad.id], roles: [admin()] } });
    expect(lastPings()).toEqual({ users: [maya.id], roles: [], everyone: false });
  });

  test('A role that cannot be mentioned is pinged only by a bot that may mention everyone', async () => {
    discord.setRoleMentionable(admin(), false);
    const body = { content: `<@&${admin()}> @everyone`, allowed_mentions: { parse: ['roles', 'everyone'] } };
    await send(body);
    expect(lastPings()).toEqual({ users: [], roles: [], everyone: false });
    discord.setBotOverwrite(discord.generalChannelId, { allow: ['MentionEveryone'] });
    await send(body);
    expect(lastPings()).toEqual({ users: [], roles: [admin()], everyone: true });
  });

  test('An edit pings nobody, and phones show the content of direct messages and pings only', async () => {
    const { body } = await send({ content: 'quiet' });
    await call(discord, 'PATCH', `/channels/${discord.generalChannelId}/messages/${String(body['id'])}`, {
      content: `<@&${admin()}>`,
    });
    expect(dad.notifications).toEqual([]);
    await send({ content: `<@&${admin()}> Maya asks` });
    expect(dad.notifications.map((each) => each.preview)).toEqual([`<@&${admin()}> Maya asks`]);
    expect(maya.notifications).toEqual([]);
    const dm = await call(discord, 'POST', '/users/@me/channels', { recipient_id: maya.id });
    const toMaya = (message: object) => call(discord, 'POST', `/channels/${String(dm.body['id'])}/messages`, message);
    await toMaya({ content: 'x'.repeat(300) });
    await toMaya({ flags: 1 << 15, components: [{ type: 10, content: 'unseen' }] });
    expect(maya.notifications.map((each) => each.preview.length)).toEqual([200, 0]);
  });

  test('One nonce makes one message as long as it is enforced', async () => {
    const first = await send({ content: 'one', nonce: 'request-7', enforce_nonce: true });
    const again = await send({ content: 'two', nonce: 'request-7', enforce_nonce: true });
    expect(again.body['id']).toBe(first.body['id']);
    expect(again.body['content']).toBe('one');
    await send({ content: 'three', nonce: 'request-7' });
    expect(discord.messagesIn(discord.generalChannelId).map((message) => message.content)).toEqual(['one', 'three']);
  });
});
