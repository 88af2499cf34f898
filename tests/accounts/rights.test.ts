import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type BotHousehold, closeAll, startBot } from '../support/bot.js';
import { auditLines, auditOf, callsDuring, changes, passwordIn, withoutCodes } from '../support/traces.js';
import { connect } from '../support/connect.js';
import type { Exchange, Person } from '../../sandbox/discord/index.js';
import type { SeenMessage } from '../../sandbox/discord/person/seen-message.js';
import { forges } from '../support/forged.js';
import { changesPolicy } from '../support/in-jellyfin.js';
import { newDevice } from '../support/quick-connect.js';

const notYours = /not one of your accounts/;

describe('rights', () => {
  afterEach(closeAll);

  const refusedRank = /That is for (helpers and )?admins/;

  describe('a plain member', () => {
    test('hears the same about an account that exists and one that does not, and Jellyfin is asked about their own alone', async () => {
      const bot = await startBot();
      await bot.links(bot.maya, 'maya');
      const root = bot.jellyfin.user('root').Id;
      for (const command of ['/status', '/unlock', '/resetpw']) {
        const answers: string[] = [];
        const calls = await callsDuring(bot, async () => {
          for (const user of ['root', 'nobody-at-all', root, 'f'.repeat(32), bot.dad.mention]) {
            answers.push((await (await bot.maya.types(command, { user })).answer()).text);
          }
        });
        expect(new Set(answers).size).toBe(1);
        expect(answers[0]).toMatch(notYours);
        // For the two names, whether there is such an account or not.
        const own = `GET /Users/${bot.jellyfin.user('maya').Id}`;
        expect(calls).toEqual([own, own]);
      }
      expect(auditLines(bot).filter((line) => line.endsWith('accountNotYours'))).toHaveLength(15);
    });

    test('who is linked to nothing hears one and the same sentence about every name', async () => {
      const bot = await startBot();
      const calls = await callsDuring(bot, async () => {
        for (const user of ['maya', 'root', 'nobody-at-all']) {
          expect((await (await bot.maya.types('/status', { user })).answer()).text).toMatch(
            /Which Jellyfin account is yours/,
          );
        }
      });
      expect(calls).toEqual([]);
    });

    test('who is refused again and again leaves twenty lines an hour and one that counts, and keeps nobody else out of the history', async () => {
      const bot = await startBot();
      const tries = () => bot.maya.types('/status', { user: 'root' });
      for (let count = 0; count < 23; count += 1) await (await tries()).answer();
      await bot.restart();
      await (await tries()).answer();
      await (await bot.gran.types('/link', { member: bot.gran, user: 'maya' })).answer();
      const lines = auditLines(bot);
      expect(lines.filter((line) => line === 'Maya status notLinked')).toHaveLength(20);
      expect(lines.slice(20)).toEqual(['Maya refused tooOften', 'Gran link linkOthers']);
      const shown = await (await bot.dad.types('/history')).answer();
      expect(shown.text).toMatch(/was refused 4 more times · no: too often/);
      bot.passes(60 * 60_000);
      await (await tries()).answer();
      expect(auditLines(bot).at(-1)).toBe('Maya status notLinked');
    });

    test('cannot reach a stranger’s account by forging what a button or a select carries', async () => {
      const bot = await startBot();
      await bot.links(bot.maya, 'maya');
      bot.jellyfin.addUser('leo', { password: 'x', limit: 3 });
      await bot.jellyfin.lock('leo');
      const leo = bot.jellyfin.user('leo').Id;
      const calls = await callsDuring(bot, async () => {
        for (const action of ['unlock:ask', 'resetpw:ask']) {
          expect((await (await bot.maya.pressesRaw(`${action}:${leo}`)).answer()).text).toMatch(notYours);
        }
        for (const action of ['unlock:now', 'resetpw:now']) {
          expect((await (await bot.maya.pressesRaw(`${action}:${leo}`)).answer()).text).toMatch(refusedRank);
        }
      });
      expect(calls).toEqual([]);
    });

    test('unlocks and resets nothing, not even the own account, without somebody’s approval', async () => {
      const bot = await startBot();
      await bot.links(bot.maya, 'maya');
      await bot.jellyfin.lock('maya');
      const calls = await callsDuring(bot, async () => {
        await (await bot.maya.types('/unlock')).answer();
        await (await bot.maya.types('/resetpw', {}, { in: 'dm' })).answer();
        const card = await bot.dad.sees(/asks to unlock maya/);
        const approve = card.buttons.find((each) => each.label === 'Approve')?.customId ?? '';
        expect((await (await bot.maya.pressesRaw(approve)).answer()).text).toMatch(refusedRank);
        expect((await (await bot.maya.pressesRaw(approve, { in: 'dm' })).answer()).text).toMatch(refusedRank);
      });
      expect(changes(calls)).toEqual([]);
      expect(bot.jellyfin.user('maya').Policy.IsDisabled).toBe(true);
    });
  });

  describe('an ordinary account', () => {
    test('is unlocked by a helper in the server and in direct messages alike', async () => {
      const { jellyfin, gran } = await startBot();
      for (const place of [{}, { in: 'dm' }]) {
        await jellyfin.lock('maya');
        expect((await (await gran.types('/unlock', { user: 'maya' }, place)).answer()).text).toMatch(/is unlocked/);
        expect(jellyfin.user('maya').Policy.IsDisabled).toBe(false);
      }
    });

    test('is not linked or unlinked by a helper', async () => {
      const bot = await startBot();
      await bot.links(bot.maya, 'maya');
      for (const command of ['/link', '/unlink']) {
        const asked = await bot.gran.types(command, { member: bot.maya, user: 'maya' });
        expect((await asked.answer()).text).toMatch(refusedRank);
      }
      expect(auditLines(bot)).toEqual(['Dad link done', 'Gran link linkOthers', 'Gran unlink adminsOnly']);
    });
  });

  describe('an administrator’s account', () => {
    const act = async (bot: BotHousehold, person: BotHousehold['dad'], user: string) => {
      await bot.jellyfin.lock(user);
      const said = (await (await person.types('/unlock', { user })).answer()).text;
      return { said, open: !bot.jellyfin.user(user).Policy.IsDisabled };
    };

    test('is not touched by a helper, nor by an admin who is linked to none', async () => {
      const bot = await startBot();
      bot.jellyfin.addUser('boss', { administrator: true, password: 'x', limit: 3 });
      for (const person of [bot.gran, bot.dad]) {
        for (const command of ['/unlock', '/resetpw']) {
          await bot.jellyfin.lock('boss');
          const calls = await callsDuring(bot, async () => {
            const said = (await (await person.types(command, { user: 'boss' })).answer()).text;
            expect(said).toMatch(/a Jellyfin administrator's\. Only a Discord admin/);
          });
          expect(changes(calls)).toEqual([]);
        }
      }
      expect(auditLines(bot).every((line) => line.endsWith('adminAccount'))).toBe(true);
      expect(auditOf(bot)).toHaveLength(4);
    });

    test('is changed by the admin it is linked to, and by a server admin who is linked to another one', async () => {
      const bot = await startBot();
      for (const name of ['boss', 'chief'])
        bot.jellyfin.addUser(name, { administrator: true, password: 'x', limit: 3 });
      connect(bot, bot.dad, 'boss');
      expect(await act(bot, bot.dad, 'boss')).toEqual({ said: expect.stringMatching(/is unlocked/), open: true });
      expect(await act(bot, bot.dad, 'chief')).toEqual({ said: expect.stringMatching(/is unlocked/), open: true });
    });

    test('that belongs to a member or helper is asked for by them and decided by nobody but a server admin', async () => {
      const bot = await startBot();
      bot.jellyfin.addUser('boss', { administrator: true, password: 'x', limit: 3 });
      bot.jellyfin.addUser('chief', { administrator: true, password: 'x', limit: 3 });
      connect(bot, bot.gran, 'boss');
      const { said } = await act(bot, bot.gran, 'boss');
      expect(said).toMatch(/asked the admins to unlock \*\*boss/);
      const card = await bot.dad.sees(/asks to unlock boss/);
      expect([card.pings.roles, card.labels]).toEqual([[bot.discord.roles['admin']], ['Details']]);

      const refused = await bot.gran.pressesRaw('requests:approve:1', { message: card });
      expect((await refused.answer()).text).toMatch(/Only a Discord admin/);
      const details = await (await bot.dad.presses('Details', { on: card })).answer();
      const pressed = await bot.dad.presses('Approve', { on: details });
      expect((await pressed.answer()).text).toMatch(/Only a Discord admin/);
      expect(bot.jellyfin.user('boss').Policy.IsDisabled).toBe(true);
      connect(bot, bot.dad, 'chief');
      await bot.dad.presses('Approve', { on: details });
      await bot.dad.sees(/Done: boss is unlocked/);
      expect(bot.jellyfin.user('boss').Policy.IsDisabled).toBe(false);
    });

    test('cannot be linked from Discord, not by a server admin either, by command or by card', async () => {
      const bot = await startBot();
      connect(bot, bot.dad, 'root');
      const said = await (await bot.dad.types('/link', { member: bot.maya, user: 'root' })).answer();
      expect(said.text).toMatch(/cannot be linked from here/);
      await (await bot.maya.types('/status')).answer();
      await bot.maya.presses('Ask an admin');
      const card = await bot.dad.sees(/asks to be linked/);
      expect(card.text).toContain('maya');
      expect(card.text).not.toContain('root');
      // Made an administrator's after the card was drawn.
      await changesPolicy(bot.jellyfin, 'maya', { IsAdministrator: true });
      const picked = await bot.dad.selects('Approve: pick their account', 'maya', { on: card });
      expect((await picked.answer()).text).toMatch(/cannot be linked from here/);
      expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/still waiting/);
    });
  });

  describe('roles count at the moment of the act', () => {
    test('a helper who loses the role between the card and the press decides nothing, in either place', async () => {
      const bot = await startBot();
      await bot.links(bot.maya, 'maya');
      await bot.jellyfin.lock('maya');
      await (await bot.maya.types('/unlock')).answer();
      const card = await bot.gran.sees(/asks to unlock maya/);
      const approve = card.buttons.find((each) => each.label === 'Approve')?.customId ?? '';
      await (await bot.gran.types('/requests', {}, { in: 'dm' })).answer();
      bot.gran.setRoles([]);
      expect((await (await bot.gran.pressesRaw(approve)).answer()).text).toMatch(refusedRank);
      expect((await (await bot.gran.presses('Approve')).answer()).text).toMatch(refusedRank);
      expect(bot.jellyfin.user('maya').Policy.IsDisabled).toBe(true);
      bot.gran.setRoles([bot.discord.roles['helper'] ?? '']);
      await bot.gran.presses('Approve');
      await bot.dad.sees(/Done: maya is unlocked/);
    });

    test('an admin who loses the role while the reason is being written denies nothing', async () => {
      const bot = await startBot();
      await bot.links(bot.maya, 'maya');
      await (await bot.maya.types('/resetpw')).answer();
      await (await bot.dad.types('/requests', {}, { in: 'dm' })).answer();
      await bot.dad.presses('Deny');
      bot.dad.setRoles([]);
      const sent = await bot.dad.fillsIn({ 'In your own words': 'no' });
      expect((await sent.answer()).text).toMatch(refusedRank);
      await bot.gran.sees(/asks for a new password for maya/);
      expect(auditLines(bot).at(-1)).toBe('Dad requests deny notAllowed');
    });
  });

  describe('when Discord cannot say who somebody is', () => {
    test('a direct message is refused with "try again", and nothing is done', async () => {
      const bot = await startBot();
      await bot.jellyfin.lock('maya');
      bot.discord.faults.on({ method: 'GET', path: /\/members\//, status: 500, times: 20 });
      const calls = await callsDuring(bot, async () => {
        const said = await (await bot.gran.types('/unlock', { user: 'maya' }, { in: 'dm' })).answer();
        expect(said.text).toMatch(/I did nothing\. Please try again/);
        expect(said.text).not.toMatch(/500|Error/);
      });
      expect(calls).toEqual([]);
      expect(auditLines(bot)).toEqual(['Gran unlock tryAgain']);
    });

    test('in the server the roles come with the interaction, so nobody needs to be asked', async () => {
      const bot = await startBot();
      await bot.jellyfin.lock('maya');
      bot.discord.faults.on({ method: 'GET', path: /\/members\//, status: 500, times: 20 });
      expect((await (await bot.gran.types('/unlock', { user: 'maya' })).answer()).text).toMatch(/is unlocked/);
    });

    test('every direct message asks anew', async () => {
      const bot = await startBot();
      const asked = () => bot.discord.requests.filter(({ path }) => path.endsWith(`/members/${bot.gran.id}`)).length;
      for (const times of [1, 2, 3]) {
        await (await bot.gran.types('/requests', {}, { in: 'dm' })).answer();
        expect(asked()).toBe(times);
      }
    });
  });

  test('who was an administrator a moment ago changes no other administrator’s account, and their link goes by no one’s old list', async () => {
    const bot = await startBot({
      before: ({ jellyfin }) =>
        ['boss', 'chief'].forEach((name) => jellyfin.addUser(name, { administrator: true, limit: 3 })),
    });
    connect(bot, bot.dad, 'boss');
    await bot.links(bot.maya, 'maya');
    await bot.jellyfin.lock('chief');
    const types = async (command: string, options: object) =>
      (await (await bot.dad.types(command, { ...options })).answer()).text;
    expect(await types('/status', {})).toContain('chief');
    await changesPolicy(bot.jellyfin, 'boss', { IsAdministrator: false });
    expect(await types('/unlock', { user: 'chief' })).toMatch(/That account is a Jellyfin administrator's/);
    await changesPolicy(bot.jellyfin, 'maya', { IsAdministrator: true });
    expect(await types('/unlink', { member: bot.maya, user: 'maya' })).toMatch(
      /That account is a Jellyfin administrator's/,
    );
  });

  test('somebody who left the server is refused in direct messages', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await (await bot.maya.types('/status', {}, { in: 'dm' })).answer();
    bot.maya.leaves();
    const calls = await callsDuring(bot, async () => {
      const said = await (await bot.maya.types('/resetpw', {}, { in: 'dm' })).answer();
      expect(said.text).toMatch(/not in this household's Discord server any more/);
    });
    expect(calls).toEqual([]);
    expect(auditLines(bot).at(-1)).toBe('Maya resetpw notInServer');
  });

  test('another server gets a polite refusal for commands, buttons and modals, whatever roles are held there', async () => {
    const bot = await startBot();
    const guild = bot.discord.addOtherGuild();
    const stranger = bot.discord.addPerson('Stranger', { guild, roles: [bot.discord.roles['admin'] ?? ''] });
    const calls = await callsDuring(bot, async () => {
      for (const said of [
        await (await stranger.types('/status')).answer(),
        await (await stranger.types('/unlock', { user: 'maya' })).answer(),
        await (await stranger.pressesRaw('requests:approve:1')).answer(),
        await (await stranger.pressesRaw('requests:deny:1')).answer(),
      ]) {
        expect(said.text).toMatch(/one household's Discord server only/);
        expect(said.private).toBe(true);
      }
      expect(await stranger.typesInto('/unlock', 'user', '')).toEqual([]);
    });
    expect(calls).toEqual([]);
    expect(auditOf(bot).map(({ outcome }) => outcome)).toEqual(Array(4).fill('otherServer'));
  });
});

describe('forty ways to what is not one’s own', () => {
  /** What is tried on: an account that belongs to somebody else, is an administrator's, belongs to nobody, or is not there. */
  const targets = ['maya', 'root', 'spare', 'ghost'] as const;

  type Target = (typeof targets)[number];

  let bot: BotHousehold;

  /** Owns `zoe`, and nothing else. */
  let zoe: Person;

  /** On the screen of a device in front of Zoe. */
  let code: string;

  const ids = new Map<Target, string>();

  const id = (target: Target) => ids.get(target) ?? '';

  const owner = (target: Target): Person => (target === 'maya' ? bot.maya : target === 'root' ? bot.dad : bot.gran);

  beforeAll(async () => {
    bot = await startBot();
    zoe = bot.discord.addPerson('Zoe');
    bot.jellyfin.addUser('zoe');
    bot.jellyfin.addUser('spare');
    for (const target of targets) ids.set(target, target === 'ghost' ? '0f'.repeat(16) : bot.jellyfin.user(target).Id);
    await bot.links(bot.maya, 'maya');
    await bot.links(zoe, 'zoe');
    connect(bot, bot.dad, 'root');
    await (await bot.maya.types('/resetpw')).answer();
    await bot.dad.presses('Approve');
    const { text } = await bot.maya.sees(/Tap it to see it/, { in: 'dm' });
    await bot.jellyfin.signIn('maya', passwordIn(text));
    await (await bot.maya.types('/resetpw')).answer();
    ({ code } = await newDevice(bot.jellyfin));
  });

  afterAll(closeAll);
  // Of one person's refusals the history takes twenty an hour.
  beforeEach(() => bot.passes(13 * 60_000));

  type Way = readonly [name: string, act: (target: Target) => Promise<Exchange>, refusal: RegExp];

  const forAdmins = /That is for (helpers and )?admins/;

  const gone = /not linked to this member any more/;

  const belongs = /belongs to somebody else/;

  const step = () => Math.floor(Date.now() / 10_000);

  const typed = (command: string, text: (target: Target) => string, where: { in?: string } = {}) => {
    return (target: Target) => zoe.types(command, { user: text(target) }, where);
  };

  const press = (customId: (target: Target) => string, where: { in?: string } = {}) => {
    return (target: Target) => zoe.pressesRaw(customId(target), where);
  };

  const named = (target: Target) => target;

  const shouted = (target: Target) => target.toUpperCase();

  const dashed = (target: Target) => id(target).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

  /** A select with one option of the bot's own, sent off with another value, as only a forged client can. */
  const chooses = (customId: string) => (target: Target) =>
    Promise.resolve(forges(bot, zoe, 'selects', customId, { values: [id(target)] }));

  const onOneAccount: Way[] = [
    ...(['/status', '/unlock', '/resetpw'] as const).flatMap((command): Way[] => [
      [`${command} with its name`, typed(command, named), notYours],
      [`${command} with its name in capitals`, typed(command, shouted), notYours],
      [`${command} with its id`, typed(command, id), notYours],
      [`${command} with its id in another spelling`, typed(command, dashed), notYours],
      [`${command} with its owner’s mention`, typed(command, (target) => owner(target).mention), notYours],
      [`${command} in direct messages`, typed(command, named, { in: 'dm' }), notYours],
    ]),
    ['/rescue', typed('/rescue', named), forAdmins],
    ['the button Ask for unlock', press((target) => `unlock:ask:${id(target)}`), notYours],
    ['the same button in direct messages', press((target) => `unlock:ask:${id(target)}`, { in: 'dm' }), notYours],
    ['the button Unlock', press((target) => `unlock:now:${id(target)}`), forAdmins],
    ['the button Reset my password', press((target) => `resetpw:ask:${id(target)}`), notYours],
    ['the button Reset password', press((target) => `resetpw:now:${id(target)}`), forAdmins],
    ['the press that signs a device in', press((target) => `signin:go:${id(target)}.${code}:${step()}`), notYours],
    ['the button Not these', press((target) => `link:not-these:${id(target)}`), gone],
    ['the select of /status', chooses('status:pick:account'), notYours],
    ['the select of /unlock', chooses('unlock:pick:account'), notYours],
    ['the select of /resetpw', chooses('resetpw:pick:account'), notYours],
    ['the select of /signin', (target) => chooses(`signin:pick:${code}:${step()}`)(target), notYours],
    ['the select of whose password it is', chooses('resetpw:owner:account'), forAdmins],
    ['the select in a member’s menu', (target) => chooses(`account:link:${zoe.id}`)(target), forAdmins],
    ['the select on a request’s card', chooses('requests:account:1'), forAdmins],
    ['/link of oneself', (target) => zoe.types('/link', { member: zoe, user: target }), forAdmins],
    ['/unlink of its owner', (target) => zoe.types('/unlink', { member: owner(target), user: target }), forAdmins],
    ['the button to sign in, with a code in the modal', signsIn, notYours],
  ];

  async function signsIn(target: Target): Promise<Exchange> {
    await (await zoe.pressesRaw(`signin:open:${id(target)}`)).modal();
    const field = { id: 'code', value: code };
    return forges(bot, zoe, 'modals', `signin:open:${id(target)}`, { field });
  }

  const onSomebodyElses: readonly (readonly [name: string, act: () => Promise<Exchange>, refusal: RegExp])[] = [
    ['Approve on her request', () => zoe.pressesRaw('requests:approve:2'), forAdmins],
    ['Deny on her request', () => zoe.pressesRaw('requests:deny:2'), forAdmins],
    ['the modal of Deny on her request', forgedDenial, forAdmins],
    ['Try again on her request', () => zoe.pressesRaw('requests:retry:1'), forAdmins],
    ['Cancel my request on hers', () => zoe.pressesRaw('requests:cancel:2'), belongs],
    ['Show my password on hers', () => zoe.pressesRaw('resetpw:show:1'), belongs],
    ['I have set my own on hers', () => zoe.pressesRaw('resetpw:in:1'), belongs],
    ['Show it alone on hers', () => zoe.pressesRaw('resetpw:copy:1'), belongs],
    ['New one on hers', () => zoe.pressesRaw('resetpw:renew:1'), belongs],
    ['/requests', () => zoe.types('/requests'), forAdmins],
    ['her member’s menu', () => zoe.usesMenu('Jellyfin account', bot.maya), forAdmins],
    ['the list of accounts', () => zoe.pressesRaw('link:free:news1'), forAdmins],
    ['Link as shown', () => zoe.pressesRaw('link:as-shown:page:0'), forAdmins],
  ];

  function forgedDenial(): Promise<Exchange> {
    return Promise.resolve(forges(bot, zoe, 'modals', 'requests:deny:2'));
  }

  /** Whether the audit says which account was tried, by whatever name. */
  const names = (detail: string | null | undefined, target: Target) =>
    [target, id(target), dashed(target), owner(target).mention].some((name) => detail?.toLowerCase().includes(name));

  /** What was written down since; a code of their own, of an earlier test, ends in its own time. */
  const writtenSince = (rows: number) =>
    auditOf(bot)
      .slice(rows)
      .filter(({ act }) => act !== 'prove');

  /** What was said, without what differs by itself. */
  const plain = ({ text, labels }: SeenMessage) => `${text.replace(/<t:\d+:\w>/g, 'WHEN')} ${labels.join()}`;

  test('there are more than forty', () => {
    expect(onOneAccount.length + onSomebodyElses.length).toBeGreaterThanOrEqual(40);
  });

  describe('a member who tries what is not theirs is refused, it is written down, and nobody can tell whether it exists, at', () => {
    test.each(onOneAccount)('%s', async (_name, act, refusal) => {
      const said = new Set<string>();
      const asked = new Set<string>();
      const rows = auditOf(bot).length;
      for (const target of targets) {
        const calls = await callsDuring(bot, async () => {
          const answer = await (await act(target)).answer();
          expect(answer.text).toMatch(refusal);
          said.add(plain(answer));
        });
        // Nor is Jellyfin asked for more than how their own account is called: not even the time that an answer takes tells anything.
        const own = withoutCodes(calls);
        asked.add(own.join());
        expect(own.filter((call) => call !== `GET /Users/${bot.jellyfin.user('zoe').Id}`)).toEqual([]);
      }
      expect(said.size).toBe(1);
      expect(asked.size).toBe(1);
      const written = writtenSince(rows);
      expect(written.map(({ actor_id }) => actor_id)).toEqual(targets.map(() => zoe.id));
      expect(
        written.every(({ outcome }) => /^(accountNotYours|notAllowed|adminsOnly|linkOthers|linkGone)$/.test(outcome)),
      ).toBe(true);
      expect(targets.filter((target, n) => !names(written[n]?.detail, target))).toEqual([]);
    });

    test.each(onSomebodyElses)('%s', async (_name, act, refusal) => {
      const rows = auditOf(bot).length;
      const calls = await callsDuring(bot, async () => {
        expect((await (await act()).answer()).text).toMatch(refusal);
      });
      expect(changes(withoutCodes(calls))).toEqual([]);
      expect(writtenSince(rows)).toMatchObject([{ actor_id: zoe.id }]);
    });

    test('typing, which offers nothing but their own', async () => {
      for (const command of ['/status', '/unlock', '/resetpw', '/link', '/unlink']) {
        for (const words of ['', 'maya', 'root', 'spare', 'ghost']) {
          const offered = await zoe.typesInto(command, 'user', words);
          expect(offered.filter(({ name }) => name !== 'zoe')).toEqual([]);
        }
      }
    });

    test('a code, which proves what one is signed in to and nothing else', async () => {
      expect((await (await zoe.types('/link')).answer()).text).toMatch(/Type this code on a device/);
      expect((await (await zoe.types('/status', { user: 'maya' })).answer()).text).toMatch(notYours);
    });
  });

  test('whom a refused command named is written down as well', async () => {
    await (await zoe.types('/unlink', { member: bot.maya, user: 'maya' })).answer();
    await (await zoe.usesMenu('Jellyfin account', bot.maya)).answer();
    expect(auditOf(bot).slice(-2)).toMatchObject([
      { actor_id: zoe.id, act: 'unlink', member_id: bot.maya.id, detail: 'maya' },
      { actor_id: zoe.id, act: 'Jellyfin account', member_id: bot.maya.id, detail: null },
    ]);
  });

  test('after all that, everything is as it was', () => {
    expect(bot.jellyfin.user('maya').Policy.IsDisabled).toBe(false);
    expect(bot.maya.directMessages().filter(({ text }) => /Tap it to see it/.test(text))).toHaveLength(1);
    expect(auditOf(bot).filter(({ actor_id, outcome }) => actor_id === zoe.id && outcome === 'done')).toEqual([]);
  });
});
