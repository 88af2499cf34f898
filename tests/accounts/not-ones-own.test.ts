import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type BotHousehold, closeAll, startBot } from '../support/bot.js';
import { auditOf, callsDuring, changes, passwordIn, withoutCodes } from '../support/traces.js';
import { connect } from '../support/connect.js';
import type { Exchange, Person } from '../../sandbox/discord/index.js';
import type { SeenMessage } from '../../sandbox/discord/person/seen-message.js';
import { forges } from '../support/forged.js';
import { newDevice } from '../support/quick-connect.js';

const notYours = /not one of your accounts/;

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
