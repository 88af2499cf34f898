import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SeenMessage } from '../../sandbox/discord/person/seen-message.js';
import { colours } from '../../src/discord/parts.js';
import { type BotHousehold, closeAll, startBot } from '../support/bot.js';
import { connect } from '../support/connect.js';

/** Discord's numbers for these parts. */
const container = 17;
const separator = 14;

/** Red: something is broken; amber: it waits for somebody; green: done; grey: over; none: information. */
type Meaning = keyof typeof colours | 'none';

let bot: BotHousehold;
beforeAll(async () => {
  bot = await startBot();
  await bot.links(bot.maya, 'maya');
  connect(bot, bot.dad, 'root');
  await bot.app.runJob('lockouts');
});
afterAll(closeAll);

const adminChannel = () => ({ in: bot.discord.adminChannelId });
const answered = async (exchange: Promise<{ answer(): Promise<SeenMessage> }>) => (await exchange).answer();

/** In this order: each begins where the one before it has left the household. */
const table: readonly [what: string, meaning: Meaning, see: () => Promise<SeenMessage>][] = [
  ['/status of an account that is open', 'none', () => answered(bot.maya.types('/status'))],
  ['/help', 'none', () => answered(bot.dad.types('/help'))],
  ['/unlock of an account that is not locked', 'none', () => answered(bot.maya.types('/unlock'))],
  [
    '/status of somebody who is linked to nothing',
    'waiting',
    () => answered(bot.gran.types('/signin', { code: '123456' })),
  ],
  [
    'the card of a lock',
    'waiting',
    async () => {
      await bot.jellyfin.lock('maya');
      await bot.app.runJob('lockouts');
      return bot.dad.sees(/maya is locked/, adminChannel());
    },
  ],
  ['the message to its owner', 'waiting', () => bot.maya.sees(/Was it you/, { in: 'dm' })],
  ['/status of a locked account', 'waiting', () => answered(bot.maya.types('/status'))],
  ['the answer to who asks', 'waiting', () => answered(bot.maya.types('/unlock'))],
  ['/requests where something waits', 'waiting', () => answered(bot.dad.types('/requests'))],
  ['the card of the request', 'waiting', () => bot.dad.sees(/asks to unlock maya/, adminChannel())],
  [
    'the card of the lock, which the request decides now',
    'quiet',
    async () => {
      await bot.app.runJob('lockouts');
      return bot.dad.sees(/Its owner has asked since/, adminChannel());
    },
  ],
  [
    'the card of a request that is done',
    'good',
    async () => {
      await bot.dad.presses('Approve');
      return bot.dad.sees(/^Done: maya is unlocked/, adminChannel());
    },
  ],
  ['/requests where nothing waits', 'none', () => answered(bot.dad.types('/requests'))],
  ['the card of a lock that is over', 'quiet', () => bot.dad.sees(/is not any more/, adminChannel())],
  [
    'an unlock by a helper',
    'good',
    async () => {
      await bot.jellyfin.lock('maya');
      return answered(bot.gran.types('/unlock', { user: 'maya' }));
    },
  ],
  [
    'the card of a request that was denied',
    'quiet',
    async () => {
      await answered(bot.maya.types('/resetpw'));
      await bot.dad.presses('Deny');
      await bot.dad.fillsIn({});
      return bot.dad.sees(/denied .*request/, adminChannel());
    },
  ],
  [
    'what its member reads at the next command, with closed direct messages',
    'good',
    async () => {
      bot.maya.closesDms();
      await bot.jellyfin.lock('maya');
      await answered(bot.maya.types('/unlock'));
      await bot.gran.presses('Approve');
      await bot.maya.sees(/There is an answer to your request/, { in: bot.discord.generalChannelId });
      return answered(bot.maya.types('/status'));
    },
  ],
  ['a refusal', 'none', () => answered(bot.maya.types('/history'))],
  [
    'an answer while Jellyfin is away',
    'bad',
    async () => {
      bot.jellyfin.revokeKey();
      return answered(bot.maya.types('/unlock'));
    },
  ],
];

test('a message has the colour of what it means', async () => {
  const shown: string[] = [];
  for (const [what, , see] of table) {
    const { components, embeds } = await see();
    const box = components.find(({ type }) => type === container) as { accent_color?: number | null } | undefined;
    const colour = (box ? box.accent_color : (embeds[0] as { color?: number } | undefined)?.color) ?? undefined;
    const named = Object.entries(colours).find(([, each]) => each === colour);
    shown.push(`${what}: ${named?.[0] ?? colour ?? 'none'}`);
  }
  expect(shown).toEqual(table.map(([what, meaning]) => `${what}: ${meaning}`));
});

describe('long answers have a line between their parts', () => {
  test.each(['/help', '/status', '/requests'] as const)('%s', async (command) => {
    const house = await startBot();
    await house.links(house.maya, 'maya');
    connect(house, house.dad, 'root');
    await answered(house.maya.types('/resetpw'));
    const { components } = await answered(house.dad.types(command));
    const { components: parts = [] } = components[0] as { components?: { type: number; content?: string }[] };
    expect(parts.map(({ type }) => type)).toContain(separator);
    expect(parts.some(({ content }) => content?.startsWith('### '))).toBe(true);
  });
});
