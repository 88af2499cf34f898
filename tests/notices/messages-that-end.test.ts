import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Person } from '../../sandbox/discord/index.js';
import type { SeenMessage } from '../../sandbox/discord/person/seen-message.js';
import { mayasPassword } from '../../sandbox/household.js';
import { getsPass, houseWith, letsIn } from '../passes/passes-house.js';
import { mayaHasOne, setsOwn } from '../passwords/own-password.js';
import { forgottenHouse, pinCame, pressesForgotPassword, usesPin } from '../pins/forgotten-house.js';
import { asksForRescue, rescueHouse } from '../rescue/rescue-house.js';
import { kept } from '../status-card/status-card.js';
import { type BotHousehold, closeAll, startBot } from '../support/bot.js';
import { opensInJellyfin } from '../support/in-jellyfin.js';
import { newDevice } from '../support/quick-connect.js';
import { waitsBehindButton } from '../support/two-owners.js';

afterEach(closeAll);

const hourMs = 3_600_000;

/** A message with buttons, and what takes them away. */
interface Ending {
  readonly bot: BotHousehold;
  readonly message: SeenMessage;
  readonly end: () => Promise<unknown>;
  /** The buttons that stay; none, unless said. */
  readonly left?: readonly string[];
}

async function later(bot: BotHousehold, ms: number): Promise<void> {
  bot.passes(ms);
  for (let round = 0; round < 2; round += 1) await bot.app.runJob('upkeep');
}

/** Maya's account is locked, and the bot has seen that. */
async function locked() {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  await bot.app.runJob('lockouts');
  await bot.jellyfin.signIn('maya', mayasPassword, { device: 'phone' });
  await bot.jellyfin.lock('maya');
  await bot.app.runJob('lockouts');
  return bot;
}

const inAdmins = (bot: BotHousehold, words: RegExp) => bot.dad.sees(words, { in: bot.discord.adminChannelId });
const inDm = (person: Person, words: RegExp) => person.sees(words, { in: 'dm' });

async function asked(end: (bot: BotHousehold) => Promise<unknown>): Promise<Ending> {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  await bot.jellyfin.lock('maya');
  await (await bot.maya.types('/unlock')).answer();
  return { bot, message: await inAdmins(bot, /asks to unlock/), end: () => end(bot) };
}

async function lockoutCard(end: (bot: BotHousehold) => Promise<unknown>): Promise<Ending> {
  const bot = await locked();
  const message = await inAdmins(bot, /maya is locked/);
  return { bot, message, end: async () => (await end(bot), await bot.app.runJob('lockouts')) };
}

async function ownersMessage(
  end: (bot: BotHousehold) => Promise<unknown>,
  left: readonly string[] = [],
): Promise<Ending> {
  const bot = await locked();
  const message = await inDm(bot.maya, /Was it you/);
  return { bot, message, end: async () => (await end(bot), await bot.app.runJob('lockouts')), left };
}

async function denial(): Promise<Ending> {
  const bot = await locked();
  await bot.maya.presses("It wasn't me");
  const message = await inAdmins(bot, /somebody else who typed/);
  const end = () => bot.dad.pressesRaw(`status:sign-out-yes:${bot.jellyfin.user('maya').Id}`);
  return { bot, message, end };
}

async function signedInDevice(): Promise<Ending> {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  const { code } = await newDevice(bot.jellyfin);
  await (await bot.maya.types('/signin', { code })).answer();
  await (await bot.maya.presses('It is in front of me: sign it in')).answer();
  const message = await inDm(bot.maya, /A new device was signed in/);
  return { bot, message, end: () => bot.maya.presses("It wasn't me", { on: message }) };
}

async function password(end: (bot: BotHousehold, password: string) => Promise<unknown>): Promise<Ending> {
  const bot = await startBot();
  const { message, password } = await mayaHasOne(bot);
  return { bot, message, end: async () => (await end(bot, password), await later(bot, 60_000)) };
}

async function reminder(end: (bot: BotHousehold, password: string) => Promise<unknown>): Promise<Ending> {
  const bot = await startBot();
  const { password } = await mayaHasOne(bot);
  await later(bot, 12 * hourMs + 60_000);
  const message = await inDm(bot.maya, /You have not signed in to Jellyfin with your temporary password/);
  return { bot, message, end: async () => (await end(bot, password), await later(bot, 60_000)) };
}

async function pin(end: (bot: BotHousehold, pin: string) => Promise<unknown>): Promise<Ending> {
  const bot = await forgottenHouse();
  const { pin } = await pressesForgotPassword(bot, 'maya');
  const message = await inDm(bot.maya, pinCame);
  return { bot, message, end: () => end(bot, pin) };
}

async function announcement(end: (bot: BotHousehold, message: SeenMessage) => Promise<unknown>): Promise<Ending> {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  const message = await waitsBehindButton(bot);
  return { bot, message, end: async () => (await end(bot, message), await later(bot, 60_000)) };
}

async function passCard(end: (bot: BotHousehold) => Promise<unknown>): Promise<Ending> {
  const bot = await houseWith('remote');
  await letsIn(bot, 'remote');
  return { bot, message: await inAdmins(bot, /has let maya in/), end: () => end(bot) };
}

async function rescueCard(end: (bot: BotHousehold) => Promise<unknown>, words?: RegExp): Promise<Ending> {
  const bot = await rescueHouse();
  const message = await asksForRescue(bot);
  return { bot, message, end: async () => (await end(bot), words && (await inDm(bot.dad, words))) };
}

const opensHere = async ({ dad }: BotHousehold) => (await dad.types('/unlock', { user: 'maya' })).answer();

/** Every row of the table in docs/architecture.md, and what ends its messages. */
const table: Readonly<Record<string, Readonly<Record<string, () => Promise<Ending>>>>> = {
  'request card, lockout card': {
    'the request is approved': () => asked(({ gran }) => gran.presses('Approve')),
    'the request is denied': () =>
      asked(async ({ gran }) => (await gran.presses('Deny'), await gran.fillsIn({ 'In your own words': 'No' }))),
    'the request is taken back': () => asked(({ maya }) => maya.presses('Cancel my request')),
    'the request is reminded of, in a message of its own': () => asked((bot) => later(bot, 12 * hourMs + 60_000)),
    'nobody decides': () => asked((bot) => later(bot, 25 * hourMs)),
    'the same is done in another way': () => asked(opensHere),
    'the account is unlocked by a command': () => lockoutCard(opensHere),
    'the account is opened in Jellyfin': () => lockoutCard((bot) => opensInJellyfin(bot.jellyfin, 'maya')),
    'its owner asks': () => lockoutCard(async ({ maya }) => (await maya.types('/unlock')).answer()),
  },
  'message to a locked account’s owner': {
    'it was somebody else': () => ownersMessage(({ maya }) => maya.presses("It wasn't me")),
    'the account is open': () => ownersMessage(opensHere, ["It wasn't me"]),
  },
  'denial, device that was signed in': {
    'the account is signed out everywhere': denial,
    'it was somebody else': signedInDevice,
  },
  'temporary password, reminder of one': {
    'it is replaced by a newer one': () =>
      password(async ({ dad }) => (await dad.types('/resetpw', { user: 'maya' })).answer()),
    'its owner sets one of their own': () => password((bot, current) => setsOwn(bot, current)),
    'its time is over': () => password((bot) => later(bot, 25 * hourMs)),
    'the one that was reminded of is replaced': () => reminder((bot, current) => setsOwn(bot, current)),
    'the time of the one that was reminded of is over': () => reminder((bot) => later(bot, 13 * hourMs)),
  },
  PIN: {
    'it is used': () => pin((bot, typed) => usesPin(bot, typed)),
    'its time is over': () => pin((bot) => later(bot, 31 * 60_000)),
  },
  'announcement in a channel (`announcement`)': {
    'its button is pressed': () => announcement(({ maya }, on) => maya.presses('Show my password', { on })),
    'what it offers is done elsewhere': () =>
      announcement(async ({ maya }) => {
        const read = await (await maya.types('/status')).answer();
        await (await maya.presses('Show my password', { on: read })).answer();
      }),
    'it is read elsewhere': async () => {
      const { bot, end } = await asked(opensHere);
      bot.maya.closesDms();
      await end();
      const message = await bot.maya.sees(/There is an answer to your request/, { in: bot.discord.generalChannelId });
      const reads = async () => {
        // The second is answered once the bot knows that the first has arrived.
        for (let n = 0; n < 2; n += 1) await (await bot.maya.types('/status')).answer();
        await later(bot, 60_000);
      };
      return { bot, message, end: reads };
    },
    'a newer one takes its place': async () => {
      const bot = await startBot();
      await bot.links(bot.maya, 'maya');
      const message = await waitsBehindButton(bot);
      return { bot, message, end: () => later(bot, 25 * hourMs) };
    },
  },
  'pass that is open': {
    'its time is over': () => passCard((bot) => later(bot, 16 * 60_000)),
    'it is ended': () => passCard(({ dad }) => dad.presses('End now')),
    'it is over for its member': async () => {
      const bot = await houseWith('remote');
      await getsPass(bot, 'remote');
      const message = await inDm(bot.maya, /is let in/);
      return { bot, message, end: () => later(bot, 16 * 60_000), left: ['Show my account'] };
    },
  },
  'rescue card': {
    'it is answered': () => rescueCard(({ dad }) => dad.presses('Start'), /You are back in/),
    'it is called off': () => rescueCard(({ dad }) => dad.presses('Cancel')),
    'nobody answers': async () => {
      const bot = await rescueHouse({ overrides: { rescueAnswerWithinMs: 400 } });
      const message = await asksForRescue(bot);
      return { bot, message, end: () => inDm(bot.dad, /did not answer within 15 minutes/) };
    },
  },
};

const doc = readFileSync(join(process.cwd(), 'docs', 'architecture.md'), 'utf8');
const [, rest = ''] = doc.split('**Messages with buttons, and what ends them.**');
const rows = [...(rest.split('\n\n')[1] ?? '').matchAll(/^\| (.+?) +\|/gm)].map(([, row = '']) =>
  row.replaceAll("'", '’'),
);

test('every row of the table in docs/architecture.md is walked', () => {
  expect(rows.slice(2)).toEqual([...Object.keys(table), 'status card, _Cannot sign in?_']);
});

describe.each(Object.entries(table))('%s: no button is left where', (_, endings) => {
  test.each(Object.entries(endings))('%s', async (_, begin) => {
    const { bot, message, end, left = [] } = await begin();
    expect(message.labels.filter((label) => !left.includes(label))).not.toEqual([]);
    await end();
    const now = () => bot.discord.messagesIn(message.channelId).find(({ id }) => id === message.id);
    await bot.discord.until(() => now()?.labels.join() === left.join() || undefined, `gone: ${now()?.text ?? 'all'}`);
    await later(bot, 60_000);
    expect(now()?.labels).toEqual(left);
  });
});

test('status card, “Cannot sign in?”: theirs stay, whatever is pressed', async () => {
  const bot = await kept();
  await bot.links(bot.maya, 'maya');
  await (await bot.dad.types('/help')).answer();
  await (
    await bot.dad.selects('Channel for the card “Cannot sign in?”', { id: bot.discord.generalChannelId })
  ).answer();
  const help = await bot.maya.sees(/Cannot sign in\?/, { in: bot.discord.generalChannelId });
  await (await bot.maya.presses('Cannot sign in?', { on: help })).answer();
  await later(bot, 25 * hourMs);
  const labels = (card: SeenMessage) =>
    bot.discord.messagesIn(card.channelId).find(({ id }) => id === card.id)?.labels ?? [];
  expect([labels(bot.card), labels(help)]).toEqual([bot.card.labels, help.labels]);
  expect([...bot.card.labels, ...help.labels]).toEqual(
    expect.arrayContaining(['Stop keeping this', 'Cannot sign in?']),
  );
});
