import { afterEach, describe, expect, test } from '@jest/globals';
import { closeAll, startBot, type BotHousehold } from '../support/bot.js';
import { passwordIn } from '../support/traces.js';
import { connect } from '../support/connect.js';

afterEach(closeAll);

const names = [
  '@everyone',
  '**x**',
  '<@1>',
  '<@&1>',
  '# x',
  '> q ||s|| `c` ~~d~~ _u_',
  '[a](https://example.org)',
  'https://discord.gg/abc',
  '<t:1:R> </status:1> <#1> <:e:1>',
  '👩‍👩‍👧‍👦'.repeat(8) + '🎬'.repeat(56),
  'w'.repeat(100),
  '*'.repeat(255),
  '{{ name }} {{ status }} $t(errors.notLinked)',
  '‮evil',
  '- 1. x',
];

function nobodyIsPinged({ discord }: BotHousehold): void {
  const allowed = [discord.roles['admin'], discord.roles['helper']];
  for (const { method, path, body, status, answer } of discord.requests) {
    if (method === 'GET' || !/messages|callback|webhooks/.test(path)) continue;
    expect(status < 300 ? 'taken' : { body, answer }).toBe('taken');
    const mentions = (
      body as { allowed_mentions?: { parse: string[]; roles?: string[]; users?: string[] } } | undefined
    )?.allowed_mentions;
    expect(mentions?.parse ?? []).toEqual([]);
    expect(mentions?.users ?? []).toEqual([]);
    for (const role of mentions?.roles ?? []) expect(allowed).toContain(role);
  }
}

/** The very name stands in the text, and before each of its characters that could act stands a backslash. */
function staysText(text: string, name: string): void {
  const parts = [...name.replace('‮', '')].map((character) => {
    const literal = character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
    if (/[*_~`|<>[\]@]/.test(character)) return `\\\\${literal}`;
    return /[\p{L}\p{N}\s]/u.test(character) ? literal : `\\\\?${literal}`;
  });
  expect(text).toMatch(new RegExp(parts.join(''), 'u'));
}

describe.each(names.map((name) => [name]))('an account called %s', (name) => {
  test('is shown as it is wherever it appears, pings nobody, and Discord takes every message', async () => {
    const bot = await startBot({
      before: ({ jellyfin }) => {
        jellyfin.addUser(name, { password: 'x', limit: 2 });
        jellyfin.addUser('second', { password: 'x' });
      },
    });
    const { maya, gran, dad, jellyfin } = bot;
    await jellyfin.lock(name);
    const [choice] = await gran.typesInto('/unlock', 'user', name.slice(0, 5));
    expect(choice?.value).toBe(jellyfin.user(name).Id);
    expect(choice?.name.length).toBeLessThanOrEqual(100);
    expect((await (await gran.types('/status')).answer()).text).toMatch(/1 locked account/);

    const linked = await (await dad.types('/link', { member: maya, user: String(choice?.value) })).answer();
    staysText(linked.text, name);
    connect(bot, maya, 'second');
    staysText((await (await maya.types('/status')).answer()).text, name);
    await (await maya.types('/unlock')).answer();
    const picked = await maya.selects('unlock:pick:account', String(choice?.value));
    staysText((await picked.answer()).text, name);
    const card = await dad.sees(/asks to unlock/);
    staysText(card.content, name);
    staysText((await (await gran.types('/requests')).answer()).text, name.length > 40 ? name.slice(0, 20) : name);
    await gran.presses('Approve', { on: card });
    staysText((await maya.sees(/is unlocked: sign in/, { in: 'dm' })).content, name);
    await (await gran.types('/resetpw', { user: String(choice?.value) })).answer();
    const shown = await maya.sees(/tap the line above/, { in: 'dm' });
    staysText(shown.content, name);
    expect((await jellyfin.signIn(name, passwordIn(shown.text))).status).toBe(200);
    await bot.app.stop();
    nobodyIsPinged(bot);
  });
});

test('a reason, a server and a member with such names do no harm either', async () => {
  const bot = await startBot();
  const odd = bot.discord.addPerson('@everyone **x**');
  await bot.links(odd, 'maya');
  await bot.links(bot.maya, 'maya');
  await (await odd.types('/resetpw')).answer();
  await bot.dad.presses('Deny');
  await bot.dad.fillsIn({ 'Why? (they will read it)': '# @everyone <@1> [x](https://example.org) '.repeat(7) });
  staysText((await odd.sees(/They say/, { in: 'dm' })).text, '# @everyone <@1>');
  const asked = await (await bot.gran.types('/resetpw', { user: 'maya' })).answer();
  expect(asked.text).toContain('@everyone **x**');
  await bot.app.stop();
  nobodyIsPinged(bot);
});
