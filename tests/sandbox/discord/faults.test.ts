import { startBot, type RunningBot } from './bot.js';
import { call } from './call.js';
import { startDiscord, type Discord } from '../../../sandbox/discord/index.js';

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
