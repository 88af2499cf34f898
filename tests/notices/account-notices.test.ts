import { afterEach, expect, test } from '@jest/globals';
import { closeAll, startBot, type BotHousehold } from '../support/bot.js';

afterEach(closeAll);

/** A household whose bot sees Jellyfin's folder as well as its log. */
async function watching(): Promise<BotHousehold> {
  const env: Record<string, string> = {};
  const bot = await startBot({
    env,
    overrides: { pinPollMs: 20 },
    before: ({ jellyfin }) => void (env.JELLYFIN_SERVER_DIR = jellyfin.serverDir),
  });
  await bot.links(bot.maya, 'maya');
  await bot.app.runJob('lockouts');
  return bot;
}

const post = ({ jellyfin }: BotHousehold, path: string, body: object) =>
  fetch(`${jellyfin.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
async function forgets(bot: BotHousehold): Promise<void> {
  await post(bot, '/Users/ForgotPassword', { EnteredUsername: 'maya' });
  await bot.app.runJob('upkeep');
}
const pinIn = (text: string) => /\|\|`([\w-]+)`\|\|/.exec(text)?.[1];

test('wrong passwords and then Forgot password are one message, which says both and has each button once', async () => {
  const bot = await watching();
  await bot.jellyfin.lock('maya');
  await bot.app.runJob('lockouts');
  await forgets(bot);
  const both = await bot.maya.sees(/If it was you, here is the PIN/, { in: 'dm' });
  expect(both.text).toMatch(/Too many wrong passwords for your Jellyfin account maya/);
  expect(both.labels).toEqual(['It was not me', 'Ask for unlock', 'Reset my password']);
  expect(pinIn(both.text)).toBeDefined();
  await bot.app.runJob('lockouts');
  await bot.app.runJob('upkeep');
  expect(bot.maya.directMessages()).toHaveLength(1);
  expect(bot.maya.notifications).toHaveLength(1);

  await (await bot.dad.presses('Unlock')).answer();
  const left = await bot.maya.sees(/is not locked any more/, { in: 'dm' });
  expect(pinIn(left.text)).toBe(pinIn(both.text));
  expect(left.content).toMatch(/^Somebody pressed “Forgot password”/);
});

test('Forgot password and then wrong passwords, too; the PIN goes when its time is over, and the rest stays', async () => {
  const bot = await watching();
  await forgets(bot);
  const first = await bot.maya.sees(/here is the PIN/, { in: 'dm' });
  const pin = pinIn(first.text) ?? '';
  await bot.jellyfin.lock('maya');
  await bot.app.runJob('lockouts');
  const both = await bot.maya.sees(/^Too many wrong passwords/, { in: 'dm' });
  expect(both.id).toBe(first.id);
  expect(both.text).toContain(pin);
  bot.passes(31 * 60_000);
  await bot.app.runJob('upkeep');
  const left = await bot.maya.sees(/The PIN for maya has expired/, { in: 'dm' });
  expect(left.text).not.toContain(pin);
  expect(left.content).toMatch(/^Too many wrong passwords/);
  expect(left.labels).toEqual(['Ask for unlock', 'Reset my password', "It wasn't me"]);
  expect(bot.maya.directMessages()).toHaveLength(1);
});

test('It was not me, on a message about both, tells the admins of both', async () => {
  const bot = await watching();
  await bot.jellyfin.lock('maya');
  await bot.app.runJob('lockouts');
  await forgets(bot);
  await bot.maya.sees(/here is the PIN/, { in: 'dm' });
  expect((await (await bot.maya.presses('It was not me')).answer()).text).toMatch(
    /I tell the admins[\s\S]*the PIN is of no use/,
  );
  await bot.dad.sees(/somebody else who typed wrong passwords/, { in: bot.discord.adminChannelId });
  await bot.dad.sees(/somebody else who pressed “Forgot password”/, { in: bot.discord.adminChannelId });
});
