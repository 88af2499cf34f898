import { afterEach, expect, test } from '@jest/globals';
import en from '../src/locales/en.json' with { type: 'json' };
import { closeAll, startBot, type BotHousehold } from './support/bot.js';
import { connect } from './support/connect.js';
import { asksForRescue, rescueHouse } from './rescue/rescue-house.js';

afterEach(closeAll);

type Tree = { readonly [key: string]: string | Tree };

/** Finnish and German are about a third longer than English: half as long again has room for all of them. */
function longer(text: string, most = Infinity): string {
  const filler = 'äöü '.repeat(Math.ceil(text.length / 8)).trim();
  return `${text} ${filler}`.slice(0, most);
}

function lengthened({ commandNames: _names, ...tree }: Tree, most?: number): Tree {
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [
      key,
      // Discord's own limit for what describes a command, which translators are told of.
      typeof value === 'string' ? longer(value, most) : lengthened(value, key === 'commands' ? 100 : most),
    ]),
  );
}

/** In the place of English, so that everybody and every card speaks it. */
const options = { overrides: { languages: { en: lengthened(en) } } };
/** As long as Jellyfin's dashboard lets a name be typed. */
const longName = (number: number) =>
  `${number} Grandmother Wilhelmina von und zu Hohenzollern-Sigmaringen `.padEnd(64, 'x');

/** Whatever Discord refused is in the log. */
function nothingRefused(bot: BotHousehold): void {
  const said = bot.logged.filter((line) => /did not take|refuses|Invalid Form Body|could not be/.test(line));
  expect(said).toEqual([]);
}

test('a language half as long again fits: a household full of trouble, with long names', async () => {
  const bot = await startBot(options);
  const { dad, gran, maya, jellyfin } = bot;
  for (let number = 0; number < 14; number += 1) {
    jellyfin.addUser(longName(number), { password: 'x', limit: 3, ...(number > 10 && { disabled: true }) });
    if (number <= 10) await jellyfin.lock(longName(number));
  }
  const own = [0, 1, 2, 3, 4, 5].map(longName);
  for (const name of own) connect(bot, maya, name);
  for (const name of own.slice(0, 3)) await (await maya.types('/unlock', { user: name })).answer();
  for (const [person, lines] of [
    [maya, ['/status', '/unlock', '/resetpw', '/help', '/requests']],
    [gran, ['/status', '/requests', '/help']],
    [dad, ['/status', '/requests', '/help', '/history', '/link', '/unlink']],
  ] as const) {
    for (const line of lines) {
      const answer = await (await person.types(line)).answer();
      expect(answer.text).not.toMatch(/Something went wrong/);
    }
  }
  await (await gran.types('/status', {}, { in: bot.discord.adminChannelId })).answer();
  await (await gran.presses(longer(en.statusCard.keep))).answer();
  nothingRefused(bot);
});

test('a language half as long again fits: requests from asking to the end, a form, and a password', async () => {
  const bot = await startBot(options);
  const { dad, maya, jellyfin } = bot;
  const name = longName(1);
  jellyfin.addUser(name, { password: 'x', limit: 3 });
  await (await maya.types('/status')).answer();
  await maya.presses(longer(en.buttons.askLink));
  await dad.selects(longer(en.card.pickAccount), name);
  await maya.sees(/You are linked/, { in: 'dm' });
  await jellyfin.lock(name);
  await (await maya.types('/unlock')).answer();
  const modal = await (await dad.presses(longer(en.buttons.deny))).modal();
  expect(modal.title.length).toBeLessThanOrEqual(45);
  await dad.fillsIn({ [longer(en.card.denyReason)]: 'w'.repeat(300) });
  await maya.sees(/was denied/, { in: 'dm' });
  await (await maya.types('/resetpw')).answer();
  await dad.presses(longer(en.buttons.approve));
  await maya.sees(/tap the line above/, { in: 'dm' });
  await maya.presses(longer(en.buttons.signedIn));
  await maya.sees(/set your own password now/, { in: 'dm' });
  nothingRefused(bot);
});

test('a language half as long again fits: a rescue, with its questions', async () => {
  const bot = await rescueHouse({ ...options, knowsFolder: true });
  await bot.jellyfin.lock('boss');
  await asksForRescue(bot);
  await bot.dad.presses(longer(en.rescueCard.yes.plan));
  await bot.dad.sees(/You are back in/, { in: 'dm' });
  nothingRefused(bot);
});

test('a language half as long again fits: twenty lockouts at once, of long names and from a long address', async () => {
  const bot = await startBot(options);
  await bot.app.runJob('lockouts');
  for (let number = 0; number < 20; number += 1) {
    bot.jellyfin.addUser(longName(number), { password: 'x', limit: 3 });
    await bot.jellyfin.lock(longName(number), '2001:db8:85a3:8d3:1319:8a2e:3701:7348');
  }
  await bot.app.runJob('lockouts');
  const [card, ...others] = bot.discord.messagesIn(bot.discord.adminChannelId);
  expect(others).toEqual([]);
  expect(card?.content).toMatch(/^20 accounts are locked/);
  const lines = card?.text.match(/\*\*: locked/g)?.length ?? 0;
  expect(lines).toBeGreaterThan(8);
  expect(card?.text).toContain(`and ${20 - lines} more`);
  expect(card?.labels).toHaveLength(20);
  nothingRefused(bot);
});

test('names in which every sign has to be escaped fit: /status, and the card that stays', async () => {
  const bot = await startBot();
  const { dad, gran, jellyfin } = bot;
  const odd = (number: number) => `${number}`.padEnd(40, '*');
  for (let number = 0; number < 36; number += 1) {
    jellyfin.addUser(odd(number), { password: 'x', limit: 3, ...(number >= 24 && { disabled: true }) });
    if (number < 12) await (await gran.types('/resetpw', { user: odd(number) })).answer();
    else if (number < 24) await jellyfin.lock(odd(number));
  }
  await dad.types('/status');
  const said = await dad.sees(/Temporary passwords not yet replaced/);
  const [, passwords = ''] = said.text.split('Temporary passwords not yet replaced:**');
  const lines = passwords.match(/, until </g)?.length ?? 0;
  expect(lines).toBeGreaterThan(5);
  expect(passwords).toContain(`and ${12 - lines} more`);
  expect(said.text).toMatch(/12 locked accounts:.* and \d+ more/);
  await (await gran.types('/status', {}, { in: bot.discord.adminChannelId })).answer();
  expect((await (await gran.presses('Keep here')).answer()).text).toMatch(/stands in this channel now/);
  nothingRefused(bot);
});
