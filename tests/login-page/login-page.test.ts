import { afterEach, describe, expect, test } from 'vitest';
import { closeAll, startBot, type BotHousehold } from '../support/bot.js';
import { callsJellyfin } from '../support/in-jellyfin.js';
import { auditLines, callsDuring, changes } from '../support/traces.js';

afterEach(closeAll);

interface Branding {
  readonly LoginDisclaimer?: string;
  readonly CustomCss?: string;
  readonly SplashscreenEnabled?: boolean;
}

const path = '/System/Configuration/branding';
const sets = ({ jellyfin }: BotHousehold, branding: Branding) => callsJellyfin(jellyfin, 'POST', path, branding);
/** As anybody gets it who opens the login page. */
const page = async ({ jellyfin }: BotHousehold) =>
  (await (await fetch(`${jellyfin.url}/Branding/Configuration`)).json()) as Branding;

async function opens(bot: BotHousehold, who = bot.dad) {
  await (await who.types('/help')).answer();
  return (await who.presses('A line on the login page')).answer();
}

/** Puts the line there, with what is typed as a link. */
async function puts(bot: BotHousehold, link = '') {
  await bot.dad.presses('Put it there', { on: await opens(bot) });
  return (await bot.dad.fillsIn({ 'Invite or channel link (optional)': link })).answer();
}

const theirs = {
  LoginDisclaimer: 'Zoë\'s "house" <b>bold</b> & &amp; 🔑\nline two\ttab\r\nline three  ',
  CustomCss: '.a { content: "<>&\\201C" }',
  SplashscreenEnabled: true,
};

describe.each(['10.10.7', '10.11.11', '12.0'])('Jellyfin %s', (version) => {
  test('an admin puts a line on the login page and takes it away: all else is there byte for byte', async () => {
    const bot = await startBot({ version });
    await sets(bot, theirs);
    const asked = await opens(bot);
    expect(asked.text).toMatch(/It would say:\n.*Cannot sign in\? Type \/status in our Discord/);
    expect(asked.labels).toEqual(['Put it there']);
    const done = await puts(bot);
    expect(done.text).toMatch(/It stands there now\. I looked/);
    const line = 'Cannot sign in? Type /status in our Discord.';
    expect(await page(bot)).toEqual({
      ...theirs,
      LoginDisclaimer: `${theirs.LoginDisclaimer}\n\n<!-- Latchkey -->\n${line}\n<!-- /Latchkey -->`,
    });
    await bot.jellyfin.restart();
    expect((await page(bot)).LoginDisclaimer).toContain(line);
    expect((await (await bot.dad.presses('Take it away', { on: done })).answer()).text).toMatch(/It is taken away/);
    expect(await page(bot)).toEqual(theirs);
    expect(auditLines(bot).slice(-4)).toEqual([
      'Dad login page begun',
      'Dad login page put',
      'Dad login page begun',
      'Dad login page removed',
    ]);
  });

  test('where nothing stood, nothing stands afterwards', async () => {
    const bot = await startBot({ version });
    const done = await puts(bot);
    await (await bot.dad.presses('Take it away', { on: done })).answer();
    expect(await page(bot)).toEqual({ SplashscreenEnabled: false });
    // Taken away once more, nothing is written.
    const again = () => bot.dad.pressesRaw(done.buttons[0]?.customId ?? '', { message: done });
    expect(changes(await callsDuring(bot, async () => (await again()).answer()))).toEqual([]);
  });
});

test.each([
  ['discord.gg/abc-123', 'https://discord.gg/abc-123'],
  [' https://discord.com/channels/100000000000000001/100000000000000002 ', 'https://discord.com/channels/1'],
])('with %s the line has a link; put there anew it is there once, in its old place', async (typed, link) => {
  const bot = await startBot();
  await sets(bot, theirs);
  await puts(bot);
  await sets(bot, { ...(await page(bot)), LoginDisclaimer: `${(await page(bot)).LoginDisclaimer}\nPS: be kind` });
  await bot.dad.presses('Put it there anew', { on: await opens(bot) });
  await (await bot.dad.fillsIn({ 'Invite or channel link (optional)': typed })).answer();
  const { LoginDisclaimer = '' } = await page(bot);
  expect(LoginDisclaimer.match(/Cannot sign in/g)).toHaveLength(1);
  expect(LoginDisclaimer).toContain(`in our Discord: <${link}`);
  expect(LoginDisclaimer.startsWith(`${theirs.LoginDisclaimer}\n\n<!-- Latchkey -->`)).toBe(true);
  expect(LoginDisclaimer.endsWith('<!-- /Latchkey -->\nPS: be kind')).toBe(true);
});

test.each(['https://evil.example/discord.gg/abc', 'discord.gg/a b', 'https://discord.gg/abc)<script>', 'javascript:1'])(
  '%s is no link, and nothing is written',
  async (typed) => {
    const bot = await startBot();
    const calls = await callsDuring(bot, async () =>
      expect((await puts(bot, typed)).text).toMatch(/no Discord invite/),
    );
    expect(changes(calls)).toEqual([]);
  },
);

test.each([
  { LoginDisclaimer: 'a\u0001b', CustomCss: '.c{}' },
  { LoginDisclaimer: 'ab', CustomCss: '.c{}\u0001' },
])(
  'a control character that is there already is not written once more: nothing is changed, and the admin hears why',
  async (there) => {
    const bot = await startBot();
    await sets(bot, there);
    const calls = await callsDuring(bot, async () =>
      expect((await puts(bot)).text).toMatch(/control character.*loses both at its next restart/),
    );
    expect(changes(calls)).toEqual([]);
  },
);

test('where the marks were broken, what is whose is not guessed', async () => {
  const bot = await startBot();
  await puts(bot);
  await sets(bot, { LoginDisclaimer: '<!-- Latchkey -->\nCannot sign in? And more words' });
  expect((await opens(bot)).text).toMatch(/by hand/);
  expect((await page(bot)).LoginDisclaimer).toMatch(/And more words$/);
});

test('a page of nothing but beginnings keeps nobody waiting, and a long line is shown as far as it fits', async () => {
  const bot = await startBot();
  await sets(bot, { LoginDisclaimer: '<!-- Latchkey -->\n'.repeat(200_000) });
  const began = performance.now();
  expect((await opens(bot)).text).toMatch(/by hand/);
  expect(performance.now() - began).toBeLessThan(3000);
  await sets(bot, { LoginDisclaimer: `<!-- Latchkey -->\n${'long '.repeat(2000)}\n<!-- /Latchkey -->` });
  expect((await opens(bot)).text).toMatch(/> (long )+.*…/);
});

test('a write that changes nothing is found out', async () => {
  const bot = await startBot();
  bot.jellyfin.faults.on({ method: 'POST', path: /branding/, status: 204 });
  expect((await puts(bot)).text).toMatch(/Jellyfin said yes, but its login page/);
  expect(auditLines(bot).filter((line) => line.includes('login page'))).toEqual(['Dad login page begun']);
});

test('the line speaks the household’s language, whatever the admin’s is', async () => {
  const bot = await startBot({ env: { LATCHKEY_LOCALE: 'de' }, locales: ['en', 'de'] });
  await puts(bot);
  expect((await page(bot)).LoginDisclaimer).toContain('Schreib /status in unserem Discord.');
});

test('helpers and members are not offered it', async () => {
  const bot = await startBot();
  for (const person of [bot.gran, bot.maya])
    expect((await (await person.types('/help')).answer()).labels).not.toContain('A line on the login page');
});
