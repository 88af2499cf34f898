import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Events, GatewayIntentBits, SlashCommandBuilder } from 'discord.js';
import { WebSocket } from 'ws';
import { type RunningBot, startBot } from './bot.js';
import { type Discord, startDiscord } from '../../../sandbox/discord/index.js';
import { call } from './call.js';

describe('the gateway', () => {
  let discord: Discord;

  let bots: RunningBot[];

  beforeEach(async () => {
    discord = await startDiscord();
    bots = [];
  });

  afterEach(async () => {
    for (const bot of bots) await bot.stop();
    await discord.close();
    expect(discord.mistakes).toEqual([]);
  });

  const ask = new SlashCommandBuilder().setName('ask').setDescription('Asks');

  async function connect(): Promise<RunningBot> {
    const bot = await startBot(discord);
    bots.push(bot);
    return bot;
  }

  test('The client finds the server as it is: roles, channels, its own member and permissions', async () => {
    const bot = await connect();
    const guild = bot.client.guilds.cache.get(discord.guildId);
    expect(guild?.available).toBe(true);
    expect(guild?.roles.cache.map((role) => role.name).sort()).toEqual(['@everyone', 'Latchkey', 'admin', 'helper']);
    expect(guild?.channels.cache.map((channel) => channel.name).sort()).toEqual(['admins', 'general']);
    const admins = guild?.channels.cache.get(discord.adminChannelId);
    const me = guild?.members.me;
    expect(
      me && admins?.permissionsFor(me).has(['ViewChannel', 'SendMessages', 'AttachFiles', 'ReadMessageHistory']),
    ).toBe(true);
    expect(admins?.permissionsFor(discord.guildId)?.has('ViewChannel')).toBe(false);
    discord.setBotOverwrite(discord.adminChannelId, { deny: ['SendMessages'] });
    await new Promise((resolve) => bot.client.once(Events.ChannelUpdate, resolve));
    expect(me && admins?.permissionsFor(me).has('SendMessages')).toBe(false);
  });

  test.each([
    ['is cut off', () => discord.gateway.dropConnections()],
    ['is told to reconnect', () => discord.gateway.sendReconnect()],
    ['is closed with 4009', () => discord.gateway.closeWith(4009)],
  ])('A bot that %s resumes, and hears what happened meanwhile once', async (_, disturb) => {
    const bot = await connect();
    const maya = discord.addPerson('Maya');
    await bot.register([ask]);
    const heard: string[] = [];
    bot.client.on(Events.InteractionCreate, (interaction) => {
      heard.push(interaction.id);
      if (interaction.isChatInputCommand()) interaction.reply('here').catch(bot.failed);
    });
    await (await maya.types('/ask')).answer();
    disturb();
    await discord.until(
      () => discord.gateway.sessions.every((session) => !session.connected) || undefined,
      'the bot is away',
    );
    const missed = await maya.types('/ask');
    await missed.answer();
    expect(discord.gateway.identifies).toBe(1);
    expect(discord.gateway.sessions[0]?.resumes).toBe(1);
    expect(heard).toEqual(discord.interactions.map((interaction) => interaction.id));
    await bot.stop();
    expect(discord.gateway.sessions).toHaveLength(0);
  });

  test('A session that was invalidated is identified anew', async () => {
    const bot = await connect();
    const again = new Promise((resolve) => bot.client.once(Events.ShardReady, resolve));
    discord.gateway.invalidateSession(false);
    await again;
    expect(discord.gateway.identifies).toBe(2);
  }, 15_000);

  test('A wrong token is turned away at the first request', async () => {
    await expect(startBot({ url: discord.url, token: 'wrong' } as Discord)).rejects.toThrow(
      'An invalid token was provided',
    );
  });

  test.each([
    [4004, () => discord.gateway.refuseIdentifyWith(4004), [GatewayIntentBits.Guilds]],
    [4013, () => discord.gateway.refuseIdentifyWith(4013), [GatewayIntentBits.Guilds]],
    [4014, () => undefined, [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMembers]],
  ])('A bot that may not identify is closed with %i', async (code, prepare, intents) => {
    prepare();
    const closed = await identifyRaw({ token: discord.token, intents: intents.reduce((sum, bit) => sum | bit, 0) });
    expect(closed).toBe(code);
    expect(discord.gateway.identifies).toBe(0);
  });

  test('An identify with a wrong token is closed with 4004, an intent that does not exist with 4013', async () => {
    expect(await identifyRaw({ token: 'wrong', intents: 1 })).toBe(4004);
    expect(await identifyRaw({ token: discord.token, intents: 1 << 29 })).toBe(4013);
  });

  test('Being thrown out of the server reaches the bot as that, an outage as an outage', async () => {
    const bot = await connect();
    const away = new Promise((resolve) => bot.client.once(Events.GuildUnavailable, resolve));
    discord.startOutage();
    await away;
    const back = new Promise((resolve) => bot.client.once(Events.GuildAvailable, resolve));
    discord.endOutage();
    await back;
    const left = new Promise<string>((resolve) => bot.client.once(Events.GuildDelete, (guild) => resolve(guild.id)));
    discord.removeBotFromGuild();
    expect(await left).toBe(discord.guildId);
  });

  /** Identifies over a bare WebSocket and returns the code that it is closed with. */
  async function identifyRaw(identify: { token: string; intents: number }): Promise<number> {
    const { WebSocket } = await import('ws');
    const socket = new WebSocket(`${discord.url.replace('http', 'ws').replace('/api', '')}/?v=10&encoding=json`);
    return new Promise((resolve, reject) => {
      socket.on('error', reject);
      socket.on('close', resolve);
      socket.on('message', () => socket.send(JSON.stringify({ op: 2, d: { ...identify, properties: {} } })));
    });
  }
});

describe('faults', () => {
  let discord: Discord;

  beforeEach(async () => {
    discord = await startDiscord();
  });

  afterEach(() => discord.close());

  const path = () => `/channels/${discord.generalChannelId}/messages`;

  const send = () => call(discord, 'POST', path(), { content: 'hi' });

  const sent = () => discord.messagesIn(discord.generalChannelId).length;

  const match = { method: 'POST', path: /\/messages$/ };

  test('A call can be answered with any status, as often as told, with nothing done', async () => {
    const fault = discord.faults.on({ ...match, status: 500, times: 2 });
    expect([(await send()).status, (await send()).status, (await send()).status]).toEqual([500, 500, 200]);
    expect(fault.met).toBe(2);
    expect(sent()).toBe(1);
  });

  test('A connection can be cut before the thing is done, or after', async () => {
    discord.faults.on({ ...match, cut: 'before' });
    await expect(send()).rejects.toThrow('fetch failed');
    expect(sent()).toBe(0);
    discord.faults.on({ ...match, cut: 'after' });
    await expect(send()).rejects.toThrow('fetch failed');
    expect(sent()).toBe(1);
    expect(discord.requests.map((request) => request.status)).toEqual([0, 0]);
  });

  test('A call can be done at once and answered late', async () => {
    discord.faults.on({ ...match, delayMs: 200 });
    const answer = send();
    await discord.until(() => sent() === 1 || undefined, 'the message is there');
    expect(discord.requests[0]?.status).toBe(0);
    expect((await answer).status).toBe(200);
  });

  test('A call can be held until it is let go', async () => {
    const hold = discord.faults.hold(match);
    const answer = send();
    expect((await hold.arrived).path).toBe(path());
    expect(sent()).toBe(0);
    hold.release();
    expect((await answer).status).toBe(200);
  });

  test('A held call can be dropped with nothing done, as when the caller dies first', async () => {
    const hold = discord.faults.hold(match);
    const answer = send();
    await hold.arrived;
    hold.drop();
    await expect(answer).rejects.toThrow('fetch failed');
    expect(sent()).toBe(0);
    expect((await send()).status).toBe(200);
  });

  test('Every answer carries the headers of its bucket, and a bucket that is empty answers 429', async () => {
    discord.rateLimits.set({ ...match, limit: 2, perMs: 60_000 });
    const first = await send();
    expect(first.headers.get('x-ratelimit-limit')).toBe('2');
    expect(first.headers.get('x-ratelimit-remaining')).toBe('1');
    expect(first.headers.get('x-ratelimit-bucket')).toMatch(/^[0-9a-f]{32}$/);
    await send();
    const refused = await send();
    expect(refused.status).toBe(429);
    expect(refused.body).toMatchObject({ global: false, retry_after: expect.any(Number) });
    expect(refused.headers.get('x-ratelimit-scope')).toBe('user');
    expect(sent()).toBe(2);
  });

  test('The limit over everything answers 429 with the global mark', async () => {
    discord.rateLimits.setGlobal(1, 60_000);
    await send();
    const refused = await send();
    expect(refused.body['global']).toBe(true);
    expect(refused.headers.get('x-ratelimit-global')).toBe('true');
  });

  describe('with the real client', () => {
    let bot: RunningBot;
    beforeEach(async () => {
      bot = await startBot(discord);
    });
    afterEach(() => bot.stop());

    test('A 429 is waited for as long as it says, and then the message arrives once', async () => {
      const fault = discord.faults.on({ ...match, status: 429, retryAfterMs: 150 });
      const channel = await bot.client.channels.fetch(discord.generalChannelId);
      if (!channel?.isSendable()) throw new Error('no channel');
      const before = Date.now();
      await channel.send('hi');
      expect(Date.now() - before).toBeGreaterThanOrEqual(140);
      expect(fault.met).toBe(1);
      expect(sent()).toBe(1);
    });

    test('A file arrives with its name and bytes, and can be fetched again', async () => {
      const channel = await bot.client.channels.fetch(discord.generalChannelId);
      if (!channel?.isSendable()) throw new Error('no channel');
      const message = await channel.send({
        content: 'list',
        files: [{ attachment: Buffer.from('a,b\n'), name: 'history.csv' }],
      });
      const [file] = discord.messagesIn(discord.generalChannelId)[0]?.attachments ?? [];
      expect([file?.filename, file?.bytes.toString()]).toEqual(['history.csv', 'a,b\n']);
      const url = message.attachments.first()?.url ?? '';
      expect(await (await fetch(url)).text()).toBe('a,b\n');
    });
  });
});

describe('member chunks', () => {
  const open: { discord: Discord; socket: WebSocket }[] = [];

  afterEach(async () => {
    for (const { discord, socket } of open.splice(0)) {
      socket.terminate();
      await discord.close();
    }
  });

  interface Chunk {
    readonly members: readonly { readonly user: { readonly username: string } }[];
    readonly nonce?: string;
    readonly not_found?: readonly string[];
  }

  /** A bare bot without privileged intents: asks with opcode 8, and gives back the chunk of that nonce, or nothing. */
  async function bareBot() {
    const discord = await startDiscord({ guildName: 'Home' });
    for (const name of ['Maya', 'Max', 'Leo']) discord.addPerson(name);
    const socket = new WebSocket(`${discord.url.replace(/^http/, 'ws').replace(/\/api$/, '')}/?v=10&encoding=json`);
    open.push({ discord, socket });
    const chunks: Chunk[] = [];
    const ready = new Promise<void>((resolve) => {
      socket.on('message', (data: Buffer) => {
        const { op, t, d } = JSON.parse(data.toString()) as { op: number; t: string; d: Chunk };
        if (op === 10) socket.send(JSON.stringify({ op: 2, d: { token: discord.token, intents: 1, properties: {} } }));
        if (t === 'READY') resolve();
        if (t === 'GUILD_MEMBERS_CHUNK') chunks.push(d);
      });
    });
    await ready;
    /** Answers come in order: one that is missing is known to be so when the next is there. */
    const asks = async (d: object) => {
      socket.send(JSON.stringify({ op: 8, d: { guild_id: discord.guildId, ...d, nonce: 'asked' } }));
      socket.send(JSON.stringify({ op: 8, d: { guild_id: discord.guildId, user_ids: [], nonce: 'last' } }));
      for (;;) {
        const at = chunks.findIndex(({ nonce }) => nonce === 'last');
        if (at >= 0) {
          const [first] = chunks.splice(0, at + 1).filter(({ nonce }) => nonce === 'asked');
          return first && { ...first, names: first.members.map(({ user }) => user.username) };
        }
        await new Promise((resolve) => socket.once('message', resolve));
      }
    };
    return { discord, asks };
  }

  test('the beginning of a name brings whom it fits, without any privileged intent, up to the limit', async () => {
    const { asks } = await bareBot();
    expect((await asks({ query: 'ma', limit: 10 }))?.names).toEqual(['maya', 'max']);
    expect((await asks({ query: 'ma', limit: 1 }))?.names).toEqual(['maya']);
    expect((await asks({ query: 'zz', limit: 10 }))?.names).toEqual([]);
  });

  test('the whole list, and a name without a limit, bring nothing at all', async () => {
    const { asks } = await bareBot();
    expect(await asks({ query: '', limit: 0 })).toBeUndefined();
    expect(await asks({ query: 'ma', limit: 0 })).toBeUndefined();
  });

  test('ids bring those who are there, and say who is not', async () => {
    const { discord, asks } = await bareBot();
    const leo = [...discord.world.users.values()].find(({ username }) => username === 'Leo');
    const chunk = await asks({ user_ids: [leo?.id, '1'] });
    expect(chunk?.names).toEqual(['leo']);
    expect(chunk?.not_found).toEqual(['1']);
  });
});
