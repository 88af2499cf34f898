import { afterEach, describe, expect, test } from 'vitest';
import { type BotHousehold, closeAll, startBot } from '../support/bot.js';
import { auditLines, callsDuring, changes, passwordIn } from '../support/traces.js';
import type { Person } from '../../sandbox/discord/index.js';
import { deletesAccount, setsPassword } from '../support/in-jellyfin.js';

afterEach(closeAll);

const dmAgain = { in: 'dm' } as const;

const lastOf = <T>(list: readonly T[]): T => list[list.length - 1] as T;

async function asksAndIsApproved(bot: BotHousehold, where: { in?: string } = {}) {
  await bot.links(bot.maya, 'maya');
  await (await bot.maya.types('/resetpw', {}, where)).answer();
  bot.maya.closesDms();
  await bot.dad.presses('Approve');
  return bot.dad.sees(/does not take direct messages from me: it is made when they press/);
}

describe('a member whose direct messages are closed', () => {
  test.each([50007, 50278] as const)(
    '(%i) is told in the channel they asked in, without detail, and is the only one pinged',
    async (code) => {
      const bot = await startBot();
      await bot.links(bot.maya, 'maya');
      await bot.jellyfin.lock('maya');
      await (await bot.maya.types('/unlock')).answer();
      bot.maya.closesDms(code);
      await bot.dad.presses('Approve');
      const word = await bot.maya.sees(/There is an answer to your request/, { in: bot.discord.generalChannelId });
      expect(word.pings).toEqual({ users: [bot.maya.id], roles: [], everyone: false });
      expect(word.private).toBe(false);
      expect(word.text).not.toMatch(/unlock|maya(?!>)/);
      expect((await bot.dad.sees(/Done: maya is unlocked/)).text).not.toMatch(/could not be reached/);
      const first = await (await bot.maya.types('/status')).answer();
      expect(first.lines[0]).toMatch(/Your Jellyfin account maya is unlocked/);
      const second = await (await bot.maya.types('/status')).answer();
      expect(second.text).not.toMatch(/is unlocked: sign in/);
      await bot.app.runJob('upkeep');
      const left = await bot.maya.sees(/This is done/, { in: bot.discord.generalChannelId });
      expect([left.id, left.labels]).toEqual([word.id, []]);
    },
  );

  test('is not told by an answer that only changes an older message, where nobody would look for it', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await bot.jellyfin.lock('maya');
    await (await bot.maya.types('/unlock')).answer();
    const other = await (await bot.maya.types('/resetpw')).answer();
    bot.maya.closesDms();
    await bot.dad.presses('Deny', { on: await bot.dad.sees(/asks to unlock/) });
    await bot.dad.fillsIn({ 'In your own words': 'Bed time' });
    await bot.maya.sees(/There is an answer to your request/, { in: bot.discord.generalChannelId });
    await bot.app.runJob('upkeep');
    const changed = await (await bot.maya.presses('Cancel my request', { on: other })).answer();
    expect(changed.text).not.toMatch(/was denied/);
    expect((await (await bot.maya.types('/status')).answer()).lines[0]).toMatch(/was denied/);
  });

  test('who asked in direct messages is told at the next command, and the card says how to help until then', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await bot.jellyfin.lock('maya');
    await (await bot.maya.types('/unlock', {}, dmAgain)).answer();
    bot.maya.closesDms();
    await bot.dad.presses('Deny');
    await bot.dad.fillsIn({ 'In your own words': 'Bed time' });
    const card = await bot.gran.sees(/could not be reached/);
    expect(card.text).toMatch(
      new RegExp(`${bot.maya.mention} could not be reached: tell them to open Discord and type </status:\\d+>`),
    );
    expect(bot.discord.messagesIn(bot.discord.generalChannelId)).toEqual([]);

    const answer = await (await bot.maya.types('/unlock')).answer();
    expect(answer.lines[0]).toMatch(/Your request .* was denied/);
    expect(answer.text).toMatch(/They say: Bed time/);
    expect(answer.text).toMatch(/asked the admins to unlock/);
    const second = await (await bot.maya.types('/status')).answer();
    expect(second.text).not.toMatch(/was denied/);
    await bot.app.runJob('upkeep');
    const later = await bot.gran.sees(/denied .*'s request/);
    expect(later.text).not.toMatch(/could not be reached/);
  });

  test('reads the answer behind the button under the word in the channel, and behind “Cannot sign in?”', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await (await bot.maya.types('/resetpw')).answer();
    bot.maya.closesDms();
    await bot.dad.presses('Deny');
    await bot.dad.fillsIn({ 'In your own words': 'Bed time' });
    await bot.maya.sees(/There is an answer to your request/, { in: bot.discord.generalChannelId });
    const read = await (await bot.maya.presses('Show my account')).answer();
    expect(read.text).toMatch(/was denied\.\n│ They say: Bed time/);
    expect(read.text).toMatch(/### maya/);
    await (await bot.maya.types('/resetpw', {}, dmAgain)).answer();
    await bot.dad.presses('Approve');
    await bot.dad.sees(/does not take direct messages/);
    const shown = await (await bot.maya.pressesRaw('status:check:own')).answer();
    expect(shown.labels).toContain('Show my password');
  });

  test('hears it at the next command where the bot may not write in the channel they asked in', async () => {
    const bot = await startBot();
    bot.discord.setBotOverwrite(bot.discord.generalChannelId, { deny: ['SendMessages'] });
    await bot.links(bot.maya, 'maya');
    await bot.jellyfin.lock('maya');
    await (await bot.maya.types('/unlock')).answer();
    bot.maya.closesDms();
    await bot.gran.presses('Approve');
    const card = await bot.dad.sees(/could not be reached/);
    expect(card.text).toMatch(/Done: maya is unlocked/);
    expect((await (await bot.maya.types('/resetpw')).answer()).lines[0]).toMatch(/maya is unlocked/);
  });

  test('gets a button only they can press; the password is made at that press, in an answer only they see', async () => {
    const bot = await startBot();
    const calls = await callsDuring(bot, () => asksAndIsApproved(bot));
    expect(changes(calls)).toEqual([]);
    const word = await bot.maya.sees(/press the button, only you will see/, { in: bot.discord.generalChannelId });
    expect(word.labels).toEqual(['Show my password']);
    for (const other of [bot.gran, bot.dad]) {
      const refused = await (await other.presses('Show my password')).answer();
      expect(refused.text).toMatch(/belongs to somebody else/);
    }
    expect(bot.jellyfin.calls.filter(({ path }) => path.includes('Password'))).toEqual([]);

    const shown = await (await bot.maya.presses('Show my password')).answer();
    expect(shown.private).toBe(true);
    expect(shown.text).toMatch(/This message disappears <t:\d+:R>/);
    expect((await bot.jellyfin.signIn('maya', passwordIn(shown.text))).status).toBe(200);
    await bot.dad.sees(/Done: .* has a new password for maya/);
    const again = await (await bot.maya.presses('Show my password')).answer();
    expect(again.text).toMatch(/already done/);
    expect((await bot.jellyfin.signIn('maya', passwordIn(shown.text))).status).toBe(200);
    expect(auditLines(bot)).toContain('Dad reset done');
  });

  test('gets a button, too, where no direct message can be begun with them', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await (await bot.maya.types('/resetpw')).answer();
    const body = { code: 50007, message: 'Cannot send messages to this user' };
    bot.discord.faults.on({ method: 'POST', path: /^\/users\/@me\/channels$/, status: 403, body, times: 9 });
    await bot.dad.presses('Approve');
    await bot.maya.sees(/press the button, only you will see/, { in: bot.discord.generalChannelId });
  });

  test('gets the button first thing at the next command when they asked in direct messages', async () => {
    const bot = await startBot();
    await asksAndIsApproved(bot, dmAgain);
    const first = await (await bot.maya.types('/status')).answer();
    expect(first.lines[0]).toMatch(/Your new password for maya is approved: press the button/);
    expect(first.labels).toContain('Show my password');
    const shown = await (await bot.maya.presses('Show my password')).answer();
    expect((await bot.jellyfin.signIn('maya', passwordIn(shown.text))).status).toBe(200);
  });

  test('presses again when the answer did not get through, and then only the password that was shown works', async () => {
    const bot = await startBot();
    await asksAndIsApproved(bot);
    await bot.maya.sees(/press the button/);
    const lost = bot.discord.faults.on({ method: 'PATCH', path: /original$/, status: 400, times: 1 });
    await bot.maya.presses('Show my password');
    await bot.discord.until(() => lost.met || undefined, 'the answer is refused');
    const shown = await (await bot.maya.presses('Show my password')).answer();
    expect(bot.jellyfin.calls.filter(({ path }) => path.includes('Password'))).toHaveLength(2);
    expect((await bot.jellyfin.signIn('maya', passwordIn(shown.text))).status).toBe(200);
    await bot.dad.sees(/Done: .* has a new password/);
  });

  test('to whom a helper gave one hears, too, that it was not fetched in time', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await (await bot.maya.types('/status')).answer();
    bot.maya.closesDms();
    await (await bot.gran.types('/resetpw', { user: 'maya' })).answer();
    await bot.app.runJob('upkeep');
    bot.maya.opensDms();
    bot.passes(25 * 3_600_000);
    await bot.app.runJob('upkeep');
    await bot.maya.sees(/was not fetched in time, so none was set/, { in: 'dm' });
  });

  test('who never presses is told that the time is over, and no password was ever set', async () => {
    const bot = await startBot();
    await asksAndIsApproved(bot);
    const word = await bot.maya.sees(/press the button/);
    const button = word.buttons[0]?.customId ?? '';
    bot.maya.opensDms();
    bot.passes(25 * 3_600_000);
    await bot.app.runJob('upkeep');
    await bot.maya.sees(/was not fetched in time, so none was set/, { in: 'dm' });
    await bot.dad.sees(/request did not work/);
    await bot.app.runJob('upkeep');
    const left = await bot.maya.sees(/This is done/, { in: bot.discord.generalChannelId });
    expect([left.id, left.labels]).toEqual([word.id, []]);
    expect((await (await bot.maya.pressesRaw(button)).answer()).text).toMatch(/already failed/);
    expect(bot.jellyfin.calls.filter(({ path }) => path.includes('Password'))).toEqual([]);
    expect(auditLines(bot)).toContain('Dad reset notCollected');
  });
});

describe('a new password in a direct message', () => {
  test('stands in the one message that was sent first to prove the way, before anything was set', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await (await bot.maya.types('/resetpw')).answer();
    const hold = bot.jellyfin.faults.hold({ method: 'POST', path: /Password/ });
    await bot.dad.presses('Approve');
    await hold.arrived;
    expect(bot.maya.directMessages().map(({ content }) => content)).toEqual([
      'Your new password for maya appears here in a moment.',
    ]);
    hold.release();
    const shown = await bot.maya.sees(/Tap it to see it/, { in: 'dm' });
    expect(bot.maya.directMessages()).toHaveLength(1);
    expect(shown.content.split('\n')[0]).toBe(`Your new password for **maya**: ||\`${passwordIn(shown.text)}\`||`);
    expect(shown.lines.filter((line) => !line.startsWith('['))).toHaveLength(4);
    expect(shown.labels).toEqual(['Show it alone, to copy', 'I have set my own', 'New one', `Open Jellyfin`]);
    expect(shown.text).toContain(`sign in at <${bot.jellyfin.url}>`);
    expect(bot.maya.notifications.every(({ preview }) => preview !== '')).toBe(true);
  });

  test('is scrubbed when its owner is in; nobody else can say so', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await (await bot.gran.types('/resetpw', { user: 'maya' })).answer();
    const shown = await bot.maya.sees(/Tap it to see it/, { in: 'dm' });
    const inButton = shown.buttons[1]?.customId ?? '';
    for (const id of [inButton, inButton.replace('in', 'renew')]) {
      expect((await (await bot.dad.pressesRaw(id)).answer()).text).toMatch(/belongs to somebody else/);
    }
    await bot.maya.presses('I have set my own');
    const scrubbed = await bot.maya.sees(/Good, so it is covered/, { in: 'dm' });
    expect(scrubbed.text).not.toContain(passwordIn(shown.text));
    expect(scrubbed.labels).toEqual(['New one']);
    expect((await bot.jellyfin.signIn('maya', passwordIn(shown.text))).status).toBe(200);
  });

  test('is replaced in the same message by New one, and the earlier one stops working', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await (await bot.gran.types('/resetpw', { user: 'maya' })).answer();
    const first = passwordIn((await bot.maya.sees(/Tap it to see it/, { in: 'dm' })).text);
    await bot.maya.presses('New one');
    const second = await bot.discord.until(() => {
      const { text } = lastOf(bot.maya.directMessages());
      return text.includes(first) ? undefined : passwordIn(text);
    }, 'another password stands there');
    expect(bot.maya.directMessages()).toHaveLength(1);
    expect((await bot.jellyfin.signIn('maya', first)).status).toBe(401);
    expect((await bot.jellyfin.signIn('maya', second)).status).toBe(200);
    await bot.app.stop();
    expect(auditLines(bot).slice(-2)).toEqual(['Gran reset done', 'Maya reset done']);
  });

  test('that a newer one supersedes is scrubbed from its own message', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await (await bot.gran.types('/resetpw', { user: 'maya' })).answer();
    await bot.maya.sees(/Tap it to see it/, { in: 'dm' });
    await (await bot.gran.types('/resetpw', { user: 'maya' })).answer();
    await bot.maya.sees(/does not work any more: there is a newer one/, { in: 'dm' });
    expect(bot.maya.directMessages().filter(({ text }) => text.includes('||'))).toHaveLength(1);
  });
});

describe('what is true for who reads it', () => {
  const says = async (person: Person, command: string, options: Record<string, string> = {}) =>
    (await person.types(command, options)).answer();

  test('a member who is linked to nothing hears of the ways that members have', async () => {
    const bot = await startBot();
    const ways = ['I am signed in somewhere', "Type my account's name", 'Ask an admin'];
    for (const said of [await says(bot.maya, '/help'), await says(bot.maya, '/signin', { code: '123456' })]) {
      expect(said.text).toMatch(/### Which Jellyfin account is yours\?\n.*I do not know that yet\./);
      expect(said.labels).toEqual(ways);
    }
    const said = await says(bot.maya, '/unlock');
    expect(said.components[0]).toMatchObject({ accent_color: 0xd9a441 });
  });

  test('a helper who is linked to nothing is sent to an admin, not to what only members get', async () => {
    const bot = await startBot();
    for (const said of [await says(bot.gran, '/help'), await says(bot.gran, '/signin', { code: '123456' })]) {
      expect(said.text).toMatch(/A code that you type there links you at once\.\n.*\*\* Ask an admin to link you\./);
      expect(said.labels).toEqual(['I am signed in somewhere', 'Ask an admin']);
    }
    const said = await says(bot.gran, '/unlock');
    expect(said.labels).toEqual(['I am signed in somewhere', 'Ask an admin']);
    await bot.gran.presses('Ask an admin');
    await bot.dad.sees(/asks to be linked to their Jellyfin account/);
  });

  test('an admin who is linked to nothing is sent to the list, where their account and the code are', async () => {
    const bot = await startBot();
    for (const said of [await says(bot.dad, '/help'), await says(bot.dad, '/signin', { code: '123456' })]) {
      expect(said.text).toMatch(
        /I do not know that yet\. <\/link:\d+> in the Discord server lists the accounts that have no member/,
      );
      expect(said.text).not.toMatch(/is asked for what you need|ask an admin/i);
    }
    expect((await says(bot.dad, '/resetpw')).labels).toEqual(['I am signed in somewhere']);
    const list = await says(bot.dad, '/link');
    expect(list.text).toMatch(/maya/);
    expect(list.labels).toContain('Link myself with a code');
  });

  test('the owner of a deleted account is not sent to a list where there is none', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await deletesAccount(bot.jellyfin, 'maya');
    for (const command of ['/unlock', '/resetpw']) {
      const { text } = await says(bot.maya, command);
      expect(text).toMatch(
        /does not exist any more: it was deleted in Jellyfin\. If that surprises you, ask an admin\./,
      );
    }
  });

  test('whose temporary password was replaced reads what to do if that was not them', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await says(bot.dad, '/resetpw', { user: 'maya' });
    const { text } = await bot.maya.sees(/Tap it to see it/, { in: 'dm' });
    await setsPassword(bot.jellyfin, 'maya', 'somebody-elses');
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
    const { text } = await bot.maya.sees(/Tap it to see it/, { in: 'dm' });
    await (await bot.maya.presses('New one')).settled();
    const another = await bot.discord.until(
      () => bot.maya.directMessages().find((now) => now.text.includes('||') && now.text !== text),
      'another password stands there',
    );
    await bot.jellyfin.signIn('maya', passwordIn(another.text));
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
});
