import { EventEmitter } from 'node:events';
import { Events } from 'discord.js';
import { expect, test } from 'vitest';
import { AdminChannelWatch } from '../../src/discord/admin-channel-watch.js';

/** A bot that watches channel 5 of server 1, and a Discord that says nothing: what it is asked for, and what is told. */
function watching() {
  const client = Object.assign(new EventEmitter(), { user: { id: 'bot' } });
  const told: object[] = [];
  const logged: string[] = [];
  let looks = 0;
  const rest = {
    get: () => {
      looks += 1;
      return Promise.reject(new Error('away'));
    },
  };
  const note = (_fields: object, text: string) => void logged.push(text);
  const watch = new AdminChannelWatch(
    {
      client: client as never,
      lookedAt: {
        rest,
        guildId: '1',
        adminChannelId: '5',
        adminRoleIds: [],
        helperRoleIds: [],
        retryPausesMs: [],
      } as never,
      events: { emit: (_event: string, what: object) => void told.push(what) } as never,
      log: { info: note, warn: note, error: note },
      sentence: ({ code }) => code,
    },
    [],
  );
  watch.start();
  const isLookedAt = async (event: string, ...args: unknown[]) => {
    const before = looks;
    client.emit(event, ...args);
    await watch.idle();
    return looks > before;
  };
  return { isLookedAt, told, logged };
}

test('what becomes of other channels, servers and members is nobody’s reason to look at the admin channel', async () => {
  const { isLookedAt, told } = watching();
  const [own, other] = [{ guild: { id: '1' } }, { guild: { id: '2' } }];
  const looked = [
    ...[await isLookedAt(Events.ChannelDelete, { id: '6' }), await isLookedAt(Events.ChannelUpdate, {}, { id: '6' })],
    ...[await isLookedAt(Events.GuildRoleDelete, other), await isLookedAt(Events.GuildRoleUpdate, {}, other)],
    await isLookedAt(Events.GuildMemberUpdate, {}, { id: 'maya', ...own }),
    await isLookedAt(Events.GuildMemberUpdate, {}, { id: 'bot', ...other }),
    await isLookedAt(Events.GuildAvailable, { id: '2' }),
  ];
  expect([looked, told]).toEqual([Array.from({ length: 7 }, () => false), []]);
});

test('its own changes are looked at, and its deletion is known at once; that Discord is away is in the log', async () => {
  const { isLookedAt, told, logged } = watching();
  const own = { guild: { id: '1' } };
  expect(await isLookedAt(Events.ChannelUpdate, {}, { id: '5' })).toBe(true);
  expect([told, logged]).toEqual([[], ['the admin channel was changed, and Discord does not show it']]);
  const looked = [
    ...[await isLookedAt(Events.GuildRoleDelete, own), await isLookedAt(Events.GuildRoleUpdate, {}, own)],
    await isLookedAt(Events.GuildMemberUpdate, {}, { id: 'bot', ...own }),
    ...[await isLookedAt(Events.GuildAvailable, { id: '1' }), await isLookedAt(Events.ChannelDelete, { id: '5' })],
  ];
  expect(looked).toEqual(Array.from({ length: 5 }, () => true));
  expect(told).toEqual([{ isClosed: true, goneRoleIds: [] }]);
});
