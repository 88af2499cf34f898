import { ChannelType, DiscordAPIError, PermissionsBitField } from 'discord.js';
import { describe, expect, test } from 'vitest';
import { permissionsIn } from '../../src/discord/channel-permissions.js';
import { RestChannels } from '../../src/discord/channels.js';

const refusal = (code: number) => new DiscordAPIError({ code, message: 'no' }, code, 403, 'GET', 'url', {});
const view = `${PermissionsBitField.Flags.ViewChannel}`;
const everybody = { id: '1', permissions: view };
const hidden = [{ id: '1', type: 0, allow: '0', deny: view }];

/** Channels of server 1, in which everybody sees what is not hidden; what is `refused` fails. */
function house(channels: Record<string, object>, refused?: Error) {
  const logged: object[] = [];
  const asked: string[] = [];
  const note = (fields: object) => void logged.push(fields);
  const call = (method: string) => (route: string) => {
    asked.push(`${method} ${route}`);
    if (refused) return Promise.reject(refused);
    return Promise.resolve(
      route.startsWith('/guilds') ? { roles: [everybody] } : channels[route.split('/').at(-1) ?? ''],
    );
  };
  const rest = { get: call('GET'), put: call('PUT'), delete: call('DELETE') } as never;
  return { channels: new RestChannels(rest, '1', { info: note, warn: note, error: note }), logged, asked };
}

describe('whether everybody sees a channel', () => {
  const text = { type: ChannelType.GuildText };
  const thread = (type: ChannelType, parent_id: string) => ({ type, parent_id });

  test('is told by its own rules, those of a thread by its channel’s; a private thread only the invited see', async () => {
    const { channels } = house({
      ...{ open: text, closed: { ...text, permission_overwrites: hidden } },
      ...{ a: thread(ChannelType.PublicThread, 'closed'), b: thread(ChannelType.AnnouncementThread, 'closed') },
      ...{ c: thread(ChannelType.PublicThread, 'open'), d: thread(ChannelType.PrivateThread, 'open') },
    });
    const seen = await Promise.all(['open', 'closed', 'a', 'b', 'c', 'd'].map((id) => channels.isOpenToAll(id)));
    expect(seen).toEqual([true, false, false, false, true, false]);
  });

  test('is not known of one that Discord does not show; that Discord is away is another matter', async () => {
    await expect(house({}, refusal(50_001)).channels.isOpenToAll('x')).rejects.toMatchObject({
      code: 'cannotPostThere',
    });
    await expect(house({}, new Error('away')).channels.isOpenToAll('x')).rejects.toThrow('away');
  });
});

test('a card that Discord does not let the bot pin or delete stays; what is not usual is in the log', async () => {
  const at = { channelId: '5', messageId: '7' };
  const well = house({});
  expect(await well.channels.pin(at)).toBe(true);
  await well.channels.remove(at);
  expect(well.asked).toEqual(['PUT /channels/5/messages/pins/7', 'DELETE /channels/5/messages/7']);
  for (const [code, lines] of [
    ...[50_013, 50_001, 30_003, 10_008, 10_003].map((usual) => [usual, 0] as const),
    [50_024, 1],
  ] as const) {
    const { channels, logged } = house({}, refusal(code));
    expect([code, await channels.pin(at), logged.length]).toEqual([code, false, lines]);
    await channels.remove(at);
  }
  const { channels: silent } = house({}, new Error('away'));
  await expect(silent.pin(at)).rejects.toThrow('away');
  await expect(silent.remove(at)).rejects.toThrow('away');
});

test('what somebody may do in a channel: their roles together, then what it denies and allows everybody, roles, and them', () => {
  const [see, send, all] = [1n << 10n, 1n << 11n, 1n << 3n];
  const roles = [
    { id: '1', permissions: `${see}` },
    { id: 'a', permissions: `${send}` },
    { id: 'b', permissions: '0' },
    { id: 'boss', permissions: `${all}` },
  ] as never;
  const over = (id: string, type: 0 | 1, allow: bigint, deny: bigint) => ({
    id,
    type,
    allow: `${allow}`,
    deny: `${deny}`,
  });
  const may = (overwrites: object[] | undefined, held: string[] | undefined) => {
    const channel = overwrites ? { permission_overwrites: overwrites as never } : {};
    return permissionsIn(channel, roles, '1', held && { id: 'maya', roles: held }).bitfield;
  };
  expect([may(undefined, undefined), may([], ['b']), may([], ['a'])]).toEqual([see, see, see | send]);
  expect(may([over('1', 0, 0n, see)], ['a'])).toBe(0n);
  // What one role is denied another may allow, and what roles are denied, somebody alone.
  expect(may([over('a', 0, 0n, send), over('b', 0, send, 0n)], ['a', 'b'])).toBe(see | send);
  expect(may([over('a', 0, 0n, send), over('b', 0, send, 0n)], ['a'])).toBe(see);
  expect(may([over('1', 0, send, 0n), over('a', 0, 0n, send)], ['a'])).toBe(see);
  expect(may([over('a', 0, 0n, send), over('maya', 1, send, 0n)], ['a'])).toBe(see | send);
  expect(may([over('leo', 1, 0n, send), over('b', 0, 0n, send)], ['a'])).toBe(see | send);
  // An id that is a member's and a role's is taken for what it says.
  expect(may([over('maya', 0, 0n, send), over('a', 1, 0n, send)], ['a'])).toBe(see | send);
  expect(may([over('1', 0, 0n, see | send)], ['boss'])).toBe(PermissionsBitField.All);
});
