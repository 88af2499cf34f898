import { afterEach, expect, test } from '@jest/globals';
import type { Person } from '../../sandbox/discord/index.js';
import { closeAll, startBot, type BotHousehold } from '../support/bot.js';
import { passwordIn } from '../support/traces.js';

afterEach(closeAll);

const says = async (person: Person, command: string, options: Record<string, string> = {}) =>
  (await person.types(command, options)).answer();

async function deletes({ jellyfin }: BotHousehold, name: string): Promise<void> {
  const headers = { authorization: `MediaBrowser Token="${jellyfin.apiKey}"` };
  await fetch(`${jellyfin.url}/Users/${jellyfin.user(name).Id}`, { method: 'DELETE', headers });
}

test('a member who is linked to nothing hears of the ways that members have', async () => {
  const bot = await startBot();
  expect((await says(bot.maya, '/help')).text).toMatch(/<\/status:\d+> has a button that asks the admins/);
  const said = await says(bot.maya, '/signin', { code: '123456' });
  expect(said.text).toMatch(/<\/status:\d+> offers ways to tell me/);
  expect(said.labels).toEqual(['Link myself with a code', 'Ask an admin to link me']);
});

test('a helper who is linked to nothing is sent to an admin, not to what only members get', async () => {
  const bot = await startBot();
  for (const said of [await says(bot.gran, '/help'), await says(bot.gran, '/signin', { code: '123456' })]) {
    const own = /I do not know yet which Jellyfin account is yours\..*/.exec(said.text)?.[0] ?? '';
    expect(own).toMatch(/<\/link:\d+> gives you a code .* Otherwise ask an admin to link you\.$/);
    expect(said.text).not.toMatch(/has a button that asks|asks them for a new password|offers ways/);
  }
  const said = await says(bot.gran, '/unlock');
  expect(said.labels).toEqual(['Link myself with a code', 'Ask an admin to link me']);
  await bot.gran.presses('Ask an admin to link me');
  await bot.dad.sees(/asks to be linked to their Jellyfin account/);
});

test('an admin who is linked to nothing is sent to the list, where their account and the code are', async () => {
  const bot = await startBot();
  for (const said of [await says(bot.dad, '/help'), await says(bot.dad, '/signin', { code: '123456' })]) {
    const own = /I do not know yet which Jellyfin account is yours\..*/.exec(said.text)?.[0] ?? '';
    expect(own).toMatch(/<\/link:\d+> lists the accounts that have no member/);
    expect(said.text).not.toMatch(/has a button that asks|asks them for a new password|offers ways|ask an admin/i);
  }
  expect((await says(bot.dad, '/resetpw')).labels).toEqual(['Link myself with a code']);
  const list = await says(bot.dad, '/link');
  expect(list.text).toMatch(/maya/);
  expect(list.labels).toContain('Link myself with a code');
});

test('the owner of a deleted account is not sent to a list where there is none', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  await deletes(bot, 'maya');
  for (const command of ['/unlock', '/resetpw']) {
    const { text } = await says(bot.maya, command);
    expect(text).toMatch(/does not exist any more: it was deleted in Jellyfin\. If that surprises you, ask an admin\./);
  }
});

test('whose temporary password was replaced reads what to do if that was not them', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  await says(bot.dad, '/resetpw', { user: 'maya' });
  const { text } = await bot.maya.sees(/tap the line above/, { in: 'dm' });
  // What an administrator does in the dashboard.
  await fetch(`${bot.jellyfin.url}/Users/Password?userId=${bot.jellyfin.user('maya').Id}`, {
    method: 'POST',
    headers: { authorization: `MediaBrowser Token="${bot.jellyfin.apiKey}"`, 'content-type': 'application/json' },
    body: JSON.stringify({ NewPw: 'somebody-elses' }),
  });
  expect((await bot.jellyfin.signIn('maya', passwordIn(text))).status).not.toBe(200);
  bot.passes(60_000);
  await bot.app.runJob('upkeep');
  const scrubbed = await bot.maya.sees(/stood here was replaced/, { in: 'dm' });
  expect(scrubbed.content).toMatch(/If that was you, all is well\. .*not.* cannot sign in.*<\/resetpw:\d+>/);
});

test('a card counts what its member asked for, not what an admin gave them or they had made anew', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  await says(bot.dad, '/resetpw', { user: 'maya' });
  const { text } = await bot.maya.sees(/tap the line above/, { in: 'dm' });
  await (await bot.maya.presses('New one')).settled();
  await bot.discord.until(
    () => bot.maya.directMessages().some((now) => now.text.includes('||') && now.text !== text) || undefined,
    'another password stands there',
  );
  await says(bot.maya, '/resetpw');
  expect((await bot.dad.sees(/asks for a new password/)).text).toMatch(/Never asked before/);
});

test('a card for a name counts what was asked for that name', async () => {
  const bot = await startBot();
  const asksFor = async (user: string) => {
    await says(bot.maya, '/resetpw', { user });
    const card = await bot.dad.sees(new RegExp(`asks for a new password for ${user}`));
    await says(bot.maya, '/resetpw', { user });
    await (await bot.maya.presses('Cancel my request')).settled();
    await bot.dad.sees(/request was taken back/);
    return card.text;
  };
  expect(await asksFor('maya')).toMatch(/Never asked before/);
  expect(await asksFor('root')).toMatch(/Never asked before/);
  expect(await asksFor('MAYA')).toMatch(/Asked once before/);
});
