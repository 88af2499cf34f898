import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import { AppError } from '../../src/errors.js';
import { Outages } from '../../src/services/outages/outages.js';
import { opened } from '../db/opened.js';
import { fakeMessenger } from '../notices/fake-messenger.js';

const stores = opened();
const minute = 60_000;

let now: number;
let trouble: AppError | undefined;
let discord: ReturnType<typeof fakeMessenger>;
let outages: Outages;

beforeEach(() => {
  now = 1_800_000_000_000;
  trouble = undefined;
  discord = fakeMessenger();
  // It answers a moment later: what was not waited for is seen not to be done.
  const { send, edit } = discord.messenger;
  discord.messenger.send = (...sent) => turn().then(() => send(...sent));
  discord.messenger.edit = (...edited) => turn().then(() => edit(...edited));
  begins();
});

/** A bot that starts on what the one before has left. */
function begins() {
  const { kept, log } = discord;
  const serverInfo = () => (trouble ? Promise.reject(trouble) : Promise.resolve({ name: 'home', version: '10.11.8' }));
  const outageMessages = {
    card: ({ code, endedAt }: { code: string; endedAt: number | undefined }) => ({ [code]: endedAt !== undefined }),
  };
  const adminChannel = { id: 'admins' };
  outages = new Outages({
    stores,
    kept,
    log,
    now: () => now,
    jellyfin: { serverInfo },
    outageMessages,
    adminChannel,
  } as never);
}

const down = new AppError('jellyfinUnreachable', { kind: 'refused' });
const refused = new AppError('jellyfinKeyRefused');

async function after(minutes: number, state: AppError | undefined) {
  now += minutes * minute;
  trouble = state;
  await outages.round();
  return discord.since();
}

test('a server that is back within three minutes was restarted: nobody is told', async () => {
  expect([await after(0, down), await after(2, down), await after(0, undefined), await after(5, down)]).toEqual([
    [],
    [],
    [],
    [],
  ]);
});

test('longer than that it is told, once, with what is the matter by now, and that it is over', async () => {
  await after(0, down);
  expect(await after(3, down)).toEqual(['sent 1 to admins: {"jellyfinUnreachable":false}']);
  expect(await after(1, down)).toEqual([]);
  expect(await after(1, refused)).toEqual(['edited 1: {"jellyfinKeyRefused":false}']);
  expect(await after(1, undefined)).toEqual(['edited 1: {"jellyfinKeyRefused":true}']);
  expect(await after(1, undefined)).toEqual([]);
});

test('what comes back within a quarter of an hour is the same, on the same card; later it is another', async () => {
  await after(0, down);
  await after(3, down);
  await after(1, undefined);
  discord.since();
  expect(await after(10, down)).toEqual(['edited 1: {"jellyfinUnreachable":false}']);
  await after(1, undefined);
  expect(await after(16, down)).toEqual([]);
  expect(await after(3, down)).toEqual(['sent 2 to admins: {"jellyfinUnreachable":false}']);
});

test('a card that stands is the same outage, however long the bot was away', async () => {
  await after(0, down);
  await after(3, down);
  begins();
  expect(await after(600, down)).toEqual([]);
  expect(await after(1, undefined)).toEqual(['edited 1: {"jellyfinUnreachable":true}']);
});

test('what was over before anybody was told, and a stopped bot did not see the end of, is nothing any more', async () => {
  await after(0, down);
  begins();
  expect(await after(60, down)).toEqual([]);
  expect(await after(3, down)).toEqual(['sent 1 to admins: {"jellyfinUnreachable":false}']);
  expect(stores.outages.last()).toMatchObject({ id: 1, begunAt: now - 3 * minute });
});

test('whoever looks is answered, and the card is brought up to date', async () => {
  trouble = down;
  await expect(outages.look()).rejects.toBe(down);
  await after(3, down);
  trouble = undefined;
  expect(await outages.look()).toMatchObject({ version: '10.11.8' });
});
