import { EventEmitter } from 'node:events';
import { Collection, DiscordAPIError, HTTPError, Status } from 'discord.js';
import { describe, expect, test } from 'vitest';
import { connect, isConnected } from '../../src/discord/connection.js';
import { deployCommands, whyRefused } from '../../src/discord/deploy.js';
import { RestMessenger } from '../../src/discord/messenger.js';
import { inviteLink, preflight } from '../../src/discord/preflight.js';

const refusal = (code: number, status = 403) =>
  new DiscordAPIError({ code, message: 'no\n  way' }, code, status, 'GET', 'url', {});
const failed = new HTTPError(500, 'Internal Server Error', 'GET', 'url', {});
const turn = () => new Promise(setImmediate);

/** A log that keeps what it is told. */
function keeping() {
  const logged: string[] = [];
  const note = (_fields: object, message: string) => void logged.push(message);
  return { logged, log: { info: note, warn: note, error: note } };
}

describe('the connection', () => {
  /** One that is ready; Discord answers with `answer` who asks for the server. */
  async function connected(answer?: Error) {
    const rest = { get: () => (answer ? Promise.reject(answer) : Promise.resolve({})) };
    const client = Object.assign(new EventEmitter(), {
      ...{ ws: new EventEmitter(), rest },
      login: () => Promise.resolve(client.emit('clientReady')),
    });
    const ended: string[] = [];
    const { log, logged } = keeping();
    const onEnd = (reason: string) => void ended.push(reason);
    const heard: unknown[] = [];
    const onInteraction = (interaction: unknown) => void heard.push(interaction);
    await connect(client as never, { token: 't', guildId: '1', log, onInteraction, onEnd });
    return { client, ended, logged, heard };
  }

  test('that stands hears who types, and has its troubles in the log; a server that goes is none of its own', async () => {
    const { client, ended, logged, heard } = await connected();
    client.emit('interactionCreate', 'typed');
    expect(heard).toEqual(['typed']);
    // An error that nobody hears would end the bot.
    for (const event of ['error', 'warn', 'shardError', 'shardReconnecting', 'shardResume']) client.emit(event, {});
    expect(logged).toHaveLength(5);
    client.emit('guildDelete', { id: '2' });
    expect(ended).toEqual([]);
    client.emit('guildDelete', { id: '1' });
    expect(ended).toEqual(['thrownOut']);
  });

  test('stands only once Discord has taken the token and says that all is ready', async () => {
    const reached: string[] = [];
    const client = Object.assign(new EventEmitter(), { ws: new EventEmitter() });
    const options = { token: 't', guildId: '1', log: keeping().log, onInteraction: () => undefined };
    const begin = (login: () => Promise<void>) =>
      connect({ ...{ ws: client.ws, login }, on: client.on.bind(client), once: client.once.bind(client) } as never, {
        ...options,
        onEnd: () => undefined,
      }).then(() => reached.push('stands'));
    const begun = begin(() => Promise.resolve());
    await turn();
    expect(reached).toEqual([]);
    client.emit('clientReady');
    await begun;
    expect(reached).toEqual(['stands']);
    const refused = begin(() => Promise.reject(new Error('refused')));
    await expect(refused).rejects.toThrow('refused');
  });

  test('that Discord ends for good says why', async () => {
    const { client, ended } = await connected();
    for (const code of [4004, 4013, 4014, 4010]) client.emit('shardDisconnect', { code });
    expect(ended).toEqual(['tokenRefused', 'intentsRefused', 'intentsRefused', 'connectionRefused']);
  });

  test.each([
    ['is asked for, and is no more', refusal(50_001), ['thrownOut'], 0],
    ['is asked for, and is no more', refusal(10_004, 404), ['thrownOut'], 0],
    ['is asked for, and Discord is in trouble', failed, [], 1],
    ['is asked for, and the token is refused', refusal(0, 401), [], 1],
    ['is asked for, and nobody answers', Object.assign(new Error('cut'), { status: 404 }), [], 1],
    ['is asked for, and the bot is in it', undefined, [], 0],
  ] as const)('without the server in its list: that %s', async (_, answer, reasons, lines) => {
    const { client, ended, logged } = await connected(answer);
    client.ws.emit('READY', { guilds: [{ id: '1' }] });
    await turn();
    expect([ended, logged]).toEqual([[], []]);
    client.ws.emit('READY', { guilds: [{ id: '2' }] });
    await turn();
    expect([ended, logged.length]).toEqual([reasons, lines]);
  });

  test('stands where there is one, and all of it is ready', () => {
    const stands = (...states: Status[]) =>
      isConnected({ ws: { shards: new Collection(states.map((status, at) => [at, { status }])) } } as never);
    expect([stands(), stands(Status.Ready), stands(Status.Ready, Status.Idle)]).toEqual([false, true, false]);
  });
});

describe('the messenger', () => {
  function messenger(...answers: readonly (object | Error)[]) {
    const asked: string[] = [];
    const call = (route: string) => {
      const answer = answers[asked.push(route) - 1];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    };
    const { log, logged } = keeping();
    const rest = { get: call, post: call, patch: call } as never;
    return { sends: new RestMessenger({ rest, botId: 'bot', log, retryPausesMs: [1] }), asked, logged };
  }
  const at = { channelId: '5', messageId: '7' };

  test('has no way to somebody who takes no messages, and sees nothing in a channel that is closed', async () => {
    for (const code of [50_007, 50_278, 50_001, 10_013])
      expect(await messenger(refusal(code)).sends.openDm('1')).toBeUndefined();
    expect(await messenger({ id: '9' }).sends.openDm('1')).toBe('9');
    expect(await messenger(refusal(50_001)).sends.findOwn('5', ['a:b:1'])).toBeUndefined();
    const gone = messenger(refusal(10_008, 404));
    expect([await gone.sends.read(at), gone.logged]).toEqual([undefined, []]);
    const closed = messenger(refusal(50_001));
    expect([await closed.sends.read(at), closed.logged.length]).toEqual([undefined, 1]);
    expect(await messenger({ id: '7' }).sends.read(at)).toEqual({ at, buttons: [] });
  });

  test('looks for nothing where there is no button to know it by', async () => {
    const { sends, asked } = messenger();
    expect([await sends.findOwn('5', []), asked]).toEqual([undefined, []]);
  });

  test('tries again where the connection was cut, and not where the library has done so already', async () => {
    const cut = messenger(new Error('socket hang up'), { id: '9' });
    expect([await cut.sends.openDm('1'), cut.asked.length]).toEqual(['9', 2]);
    for (const error of [failed, refusal(0, 401), refusal(0, 405)]) {
      const { sends, asked } = messenger(error, { id: '9' });
      await expect(sends.openDm('1')).rejects.toBe(error);
      expect(asked).toHaveLength(1);
    }
  });
});

describe('commands of this server alone', () => {
  const deploying = async (answer: object[] | Error) => {
    const { log, logged } = keeping();
    const get = (route: string) => {
      if (!route.includes('/guilds/')) return Promise.resolve([]);
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    };
    const rest = { get, put: () => Promise.resolve([]) } as never;
    const ids = await deployCommands({ rest, applicationId: '1', guildId: '2', commands: [], log });
    return [ids.size, ...logged];
  };

  test('cannot be shown where the bot was added without the scope for commands: that is said, and no reason to stop', async () => {
    expect(await deploying(refusal(50_001))).toEqual([0, expect.stringMatching(/applications\.commands/)]);
    await expect(deploying(refusal(50_013))).rejects.toThrow('no');
    await expect(deploying(failed)).rejects.toBe(failed);
    expect(await deploying([])).toEqual([0]);
  });

  test('that Discord refuses are told in its own words, on one line; what gave no answer has none', () => {
    expect([whyRefused(refusal(50_035, 400)), whyRefused(failed)]).toEqual(['no way (400, 50035)', undefined]);
  });
});

describe('the look around', () => {
  /** What Discord answers about the bot, who has one role, and an admin channel that everybody else does not see. */
  function looking(denied: bigint, more: Record<string, object | Error> = {}) {
    const answers: Record<string, object | Error> = {
      '/users/@me': { id: 'bot' },
      '/applications/@me': { id: 'app' },
      '/guilds/1': {
        roles: [
          { id: '1', permissions: '0' },
          // The bot's, without the permission to mention everybody.
          { id: 'r', permissions: `${0x1dffffn & ~8n}` },
          { id: 'silent', permissions: '0', name: 'silent', mentionable: false },
        ],
      },
      '/guilds/1/members/bot': { roles: ['r'] },
      '/channels/5': {
        ...{ type: 0, name: 'admins', guild_id: '1' },
        permission_overwrites: [{ id: 'bot', type: 1, allow: '0', deny: `${denied}` }],
      },
      ...more,
    };
    const get = (route: string) => {
      const answer = answers[route];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    };
    const rest = { get } as never;
    const nobody = { adminRoleIds: ['silent'], helperRoleIds: ['none'] };
    return preflight({ rest, guildId: '1', adminChannelId: '5', ...nobody, retryPausesMs: [] });
  }
  const [sendMessages, embedLinks, attachFiles] = [1n << 11n, 1n << 14n, 1n << 15n];

  test('tells that nothing can be posted only where a card needs what is missing', async () => {
    const isClosed = async (denied: bigint) => (await looking(denied)).adminChannel?.isClosed;
    expect([await isClosed(0n), await isClosed(attachFiles)]).toEqual([false, false]);
    expect([await isClosed(sendMessages), await isClosed(embedLinks | attachFiles)]).toEqual([true, true]);
    // One that is there but is not pinged is not gone, and whoever else reads along closes no channel.
    expect((await looking(0n)).adminChannel?.goneRoleIds).toEqual(['none']);
    const open = {
      type: 0,
      name: 'admins',
      guild_id: '1',
      permission_overwrites: [{ id: '1', type: 0, allow: '1024', deny: '0' }],
    };
    expect((await looking(0n, { '/channels/5': open })).adminChannel?.isClosed).toBe(false);
    expect((await looking(0n, { '/channels/5': refusal(10_003, 404) })).adminChannel?.isClosed).toBe(true);
  });

  test('takes the bot’s own id for the application’s where Discord does not show that, as both are one', async () => {
    expect((await looking(0n)).ids).toEqual({ applicationId: 'app', botId: 'bot' });
    expect((await looking(0n, { '/applications/@me': refusal(50_001) })).ids).toEqual({
      ...{ applicationId: 'bot', botId: 'bot' },
    });
  });

  test('finds a bot that is no member of the server as little as a server that it does not see', async () => {
    for (const route of ['/guilds/1', '/guilds/1/members/bot'])
      expect((await looking(0n, { [route]: refusal(10_007, 404) })).findings[0]?.code).toBe('notInServer');
  });

  test('gives a link to a server that is chosen there where none is named', () => {
    expect(new URL(inviteLink('11')).searchParams.has('guild_id')).toBe(false);
  });
});
