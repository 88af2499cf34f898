import { Events, GatewayIntentBits, SlashCommandBuilder } from 'discord.js';
import { startBot, type RunningBot } from './bot.js';
import { startDiscord, type Discord } from '../../../sandbox/discord/index.js';

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
