import { EventEmitter } from 'node:events';
import { Events } from 'discord.js';
import { describe, expect, test } from 'vitest';
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

describe('what is found there', () => {
  const sends = 1n << 11n;
  const role = { id: 'r', permissions: `${0x1fffffn & ~8n}`, mentionable: true, name: 'r' };

  /** A server in which the bot is denied `denied` in the admin channel; `said` are the findings of the start. */
  function finding(said: readonly string[]) {
    const client = Object.assign(new EventEmitter(), { user: { id: 'bot' } });
    const server = { denied: 0n };
    let looks = 0;
    let whileLooking: (() => void) | undefined;
    const answers: Record<string, () => object> = {
      '/users/@me': () => ({ id: 'bot' }),
      '/applications/@me': () => ({ id: 'app' }),
      '/guilds/1': () => ({ roles: [{ id: '1', permissions: '0' }, role] }),
      '/guilds/1/members/bot': () => ({ roles: ['r'] }),
      '/channels/5': () => {
        looks += 1;
        const permission_overwrites = [{ id: 'bot', type: 1, allow: '0', deny: `${server.denied}` }];
        return { type: 0, name: 'admins', guild_id: '1', permission_overwrites };
      },
    };
    const get = (route: string) => {
      const answer = answers[route]?.();
      if (route === '/channels/5') whileLooking?.();
      return Promise.resolve(answer);
    };
    const told: unknown[] = [];
    const logged: string[] = [];
    const note = (_fields: object, text: string) => void logged.push(text);
    const roles = { adminRoleIds: ['r'], helperRoleIds: [] };
    const watch = new AdminChannelWatch(
      {
        client: client as never,
        lookedAt: { rest: { get }, guildId: '1', adminChannelId: '5', ...roles, retryPausesMs: [] } as never,
        events: { emit: (_event: string, { isClosed }: { isClosed: boolean }) => void told.push(isClosed) } as never,
        log: { info: note, warn: note, error: note },
        sentence: ({ code }) => code,
      },
      said.map((code) => ({ code: code as never, params: {} })),
    );
    watch.start();
    const changes = async (denied: bigint) => {
      server.denied = denied;
      client.emit(Events.ChannelUpdate, {}, { id: '5' });
      await watch.idle();
      return [told.splice(0), logged.splice(0)];
    };
    return { changes, looks: () => looks, during: (act: () => void) => (whileLooking = act), client };
  }

  test('is said once for as long as it is so, and so is that it is over', async () => {
    const { changes } = finding([]);
    const inOrder = 'the admin channel and the roles are in order again';
    expect(await changes(0n)).toEqual([[false], []]);
    expect(await changes(sends)).toEqual([[true], ['channelPermissions']]);
    expect(await changes(sends)).toEqual([[true], []]);
    expect(await changes(0n)).toEqual([[false], [inOrder]]);
    expect(await changes(sends)).toEqual([[true], ['channelPermissions']]);
  });

  test('at the start is not said again', async () => {
    const { changes } = finding(['channelPermissions']);
    expect(await changes(sends)).toEqual([[true], []]);
  });

  test('is looked for once more where something changes meanwhile, and no more often', async () => {
    const { changes, looks, during, client } = finding([]);
    let isFirst = true;
    during(() => {
      if (isFirst) for (let at = 0; at < 3; at += 1) client.emit(Events.ChannelUpdate, {}, { id: '5' });
      isFirst = false;
    });
    await changes(0n);
    expect(looks()).toBe(2);
  });
});
