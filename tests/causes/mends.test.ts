import { afterEach, describe, expect, test } from 'vitest';
import { type BotHousehold, closeAll, startBot } from '../support/bot.js';
import { connect } from '../support/connect.js';
import { forges } from '../support/forged.js';
import { changesPolicy } from '../support/in-jellyfin.js';
import { auditLines, callsDuring, changes, passwordIn } from '../support/traces.js';

afterEach(closeAll);

const ldap = 'Jellyfin.Plugin.LDAP_Auth.LdapAuthenticationProviderPlugin';
const statusOf = async (person: BotHousehold['maya'], user?: string) =>
  (await person.types('/status', user === undefined ? {} : { user })).answer();

/** Leo's account was switched off, and Maya owns it. */
async function switchedOff(): Promise<BotHousehold> {
  const bot = await startBot({
    before: ({ jellyfin }) => void jellyfin.addUser('leo', { password: 'popcorn', disabled: true }),
  });
  await bot.links(bot.maya, 'leo');
  return bot;
}

describe('an account that an administrator switched off', () => {
  test('is switched on at its owner’s request by an admin, and its password works as before', async () => {
    const bot = await switchedOff();
    expect((await bot.jellyfin.signIn('leo', 'popcorn')).status).toBe(403);
    const before = bot.jellyfin.user('leo').Policy;
    expect((await statusOf(bot.maya)).labels).toEqual(['Ask to be switched on']);
    expect((await (await bot.maya.presses('Ask to be switched on')).answer()).text).toMatch(/switch \*\*leo\*\* on/);
    expect((await statusOf(bot.maya)).labels).toEqual(['Cancel my request']);

    const card = await bot.dad.sees(/asks to switch leo on/);
    expect(card.text).toMatch(/jfa-go or Wizarr/);
    await bot.dad.presses('Approve', { on: card });
    await bot.dad.sees(/Done: leo is switched on for .* \(approved by/);
    await bot.maya.sees(/leo is switched on again: sign in with your usual password/, { in: 'dm' });
    expect(bot.jellyfin.user('leo').Policy).toEqual({ ...before, IsDisabled: false });
    expect((await bot.jellyfin.signIn('leo', 'popcorn')).status).toBe(200);
  });

  test('is no helper’s to switch on: they see no button, and the card is the admins’', async () => {
    const bot = await switchedOff();
    await statusOf(bot.maya);
    await bot.maya.presses('Ask to be switched on');
    const card = await bot.dad.sees(/asks to switch leo on/);
    expect((await statusOf(bot.gran, 'leo')).labels).toEqual([]);
    expect((await (await bot.gran.types('/requests')).answer()).labels).not.toContain('Approve');
    const calls = await callsDuring(bot, async () => {
      expect((await (await bot.gran.presses('Approve', { on: card })).answer()).text).toMatch(/for admins/);
      const id = bot.jellyfin.user('leo').Id;
      for (const act of ['enable', 'enable-go', 'provider', 'provider-go'])
        expect((await forges(bot, bot.gran, 'buttons', `status:${act}:${id}`).answer()).text).toMatch(/for admins/);
    });
    expect(changes(calls)).toEqual([]);
    expect(bot.jellyfin.user('leo').Policy.IsDisabled).toBe(true);
  });

  test('is switched on by an admin after a question, and whoever asked for it hears', async () => {
    const bot = await switchedOff();
    await statusOf(bot.maya);
    await bot.maya.presses('Ask to be switched on');
    await bot.dad.sees(/asks to switch leo on/);
    const said = await statusOf(bot.dad, 'leo');
    expect(said.labels).toEqual(['Switch on']);
    const question = await (await bot.dad.presses('Switch on', { on: said })).answer();
    expect(question.text).toMatch(/Switch leo on again\?.*perhaps for a reason[^]*jfa-go or Wizarr/);
    expect(bot.jellyfin.user('leo').Policy.IsDisabled).toBe(true);
    await bot.dad.presses('No', { on: question });
    expect(bot.jellyfin.user('leo').Policy.IsDisabled).toBe(true);
    const again = await (await bot.dad.presses('Switch on', { on: said })).answer();
    expect((await (await bot.dad.presses('Switch on', { on: again })).answer()).text).toMatch(/is switched on again/);
    expect(bot.jellyfin.user('leo').Policy.IsDisabled).toBe(false);
    await bot.maya.sees(/leo is switched on again/, { in: 'dm' });
    expect(auditLines(bot)).toEqual(expect.arrayContaining(['Dad enable begun', 'Dad enable done']));
    expect((await (await bot.dad.presses('Switch on', { on: said })).answer()).text).toMatch(/is not switched off/);
  });

  test('is left alone where it is an administrator’s, or was locked since the question', async () => {
    const bot = await switchedOff();
    bot.jellyfin.addUser('boss', { administrator: true, disabled: true });
    const goes = async (name: string) =>
      (await forges(bot, bot.dad, 'buttons', `status:enable-go:${bot.jellyfin.user(name).Id}`).answer()).text;
    expect(await goes('boss')).toMatch(/That account is a Jellyfin administrator's/);
    await changesPolicy(bot.jellyfin, 'leo', { InvalidLoginAttemptCount: 3, LoginAttemptsBeforeLockout: 3 });
    expect(await goes('leo')).toMatch(/is not switched off/);
    for (const name of ['boss', 'leo']) expect(bot.jellyfin.user(name).Policy.IsDisabled).toBe(true);
  });

  test('is nobody else’s to ask for, and an open one nobody’s', async () => {
    const bot = await switchedOff();
    bot.jellyfin.addUser('other', { disabled: true });
    await bot.links(bot.maya, 'maya');
    const asks = async (act: string, name: string) =>
      (await forges(bot, bot.maya, 'buttons', `status:${act}:${bot.jellyfin.user(name).Id}`).answer()).text;
    for (const act of ['ask-enable', 'ask-provider'])
      expect(await asks(act, 'other')).toMatch(/not one of your accounts/);
    expect(await asks('ask-enable', 'maya')).toMatch(/is not switched off/);
    for (const act of ['enable', 'enable-go', 'provider', 'provider-go'])
      expect(await asks(act, 'leo')).toMatch(/for (helpers and )?admins/);
    expect(bot.discord.messagesIn(bot.discord.adminChannelId)).toEqual([]);
    expect(bot.jellyfin.user('other').Policy.IsDisabled).toBe(true);
  });
});

/** What checked the password of Leo's account is gone, and Maya owns it. */
async function stranded(password: string | undefined = 'popcorn'): Promise<BotHousehold> {
  const bot = await startBot({
    before: ({ jellyfin }) =>
      void jellyfin.addUser('leo', {
        ...(password !== undefined && { password }),
        policy: { AuthenticationProviderId: ldap, PasswordResetProviderId: ldap },
      }),
  });
  await bot.links(bot.maya, 'leo');
  return bot;
}

describe('an account whose provider is gone', () => {
  test('is offered a code first, and its password is Jellyfin’s own after a request, all else as it was', async () => {
    const bot = await stranded();
    const before = bot.jellyfin.user('leo').Policy;
    expect((await statusOf(bot.maya)).labels).toEqual(['Sign in with a code', 'Ask an admin to mend it', 'My devices']);
    expect((await (await bot.maya.presses('Ask an admin to mend it')).answer()).text).toMatch(/let Jellyfin check/);
    const card = await bot.dad.sees(/cannot sign in to leo: what checked its password is gone/);
    expect((await (await bot.gran.presses('Approve', { on: card })).answer()).text).toMatch(/for admins/);
    await bot.dad.presses('Approve', { on: card });
    const password = passwordIn((await bot.maya.sees(/\|\|/, { in: 'dm' })).text);
    await bot.dad.sees(/Done: Jellyfin checks the password of leo itself/);
    const { Policy: after } = bot.jellyfin.user('leo');
    expect(after).toEqual({
      ...before,
      AuthenticationProviderId: expect.stringMatching(/DefaultAuthenticationProvider$/),
      PasswordResetProviderId: expect.stringMatching(/DefaultPasswordResetProvider$/),
    });
    expect((await bot.jellyfin.signIn('leo', password)).status).toBe(200);
    expect((await bot.jellyfin.signIn('leo', 'popcorn')).status).toBe(401);
  });

  test('never stands open without a password, wherever it is cut off; Try again finishes it', async () => {
    const bot = await stranded(undefined);
    await statusOf(bot.maya);
    await bot.maya.presses('Ask an admin to mend it');
    const card = await bot.dad.sees(/cannot sign in to leo/);
    const mends = bot.jellyfin.faults.on({ method: 'POST', path: /^\/Users\/Password/, status: 400, times: 9 });
    await bot.dad.presses('Approve', { on: card });
    const failed = await bot.dad.sees(/request did not work/);
    expect((await bot.jellyfin.signIn('leo', '')).status).toBe(403);
    expect((await statusOf(bot.maya)).text).toMatch(/### leo: no password yet/);
    expect((await statusOf(bot.dad, 'leo')).labels).toContain('Let Jellyfin check the password itself');
    mends();
    await bot.dad.presses('Try again', { on: failed });
    await bot.dad.sees(/Done: Jellyfin checks the password of leo itself/);
    expect((await bot.jellyfin.signIn('leo', '')).status).toBe(401);
    expect(bot.jellyfin.user('leo').Policy.AccessSchedules).toEqual([]);
  });

  test('that was opened, though the server could not say so any more, is finished by Try again with a password that is read', async () => {
    const bot = await stranded();
    await statusOf(bot.maya);
    await bot.maya.presses('Ask an admin to mend it');
    const card = await bot.dad.sees(/cannot sign in to leo/);
    const policies = () =>
      bot.jellyfin.calls.filter(({ method, path }) => method === 'POST' && path.endsWith('/Policy'));
    const before = policies().length;
    const stop = bot.jellyfin.onCall(() => {
      if (policies().length === before + 2) bot.jellyfin.faults.on({ method: 'GET', status: 502 });
    });
    await bot.dad.presses('Approve', { on: card });
    const failed = await bot.dad.sees(/request did not work/);
    stop();
    bot.jellyfin.faults.clear();
    expect(bot.jellyfin.user('leo').Policy.AccessSchedules).toEqual([]);
    await bot.dad.presses('Try again', { on: failed });
    await bot.dad.sees(/Done: Jellyfin checks the password of leo itself/);
    const password = passwordIn((await bot.maya.sees(/\|\|/, { in: 'dm' })).text);
    expect((await bot.jellyfin.signIn('leo', password)).status).toBe(200);
  });

  test('is finished by an admin’s own press, too, and told nobody to have it switched off meanwhile', async () => {
    const bot = await stranded();
    const { Id: id } = bot.jellyfin.user('leo');
    bot.jellyfin.faults.on({ method: 'POST', path: /^\/Users\/Password/, status: 400, times: 1 });
    await forges(bot, bot.dad, 'buttons', `status:provider-go:${id}`).answer();
    expect((await bot.jellyfin.signIn('leo', '')).status).toBe(403);
    await changesPolicy(bot.jellyfin, 'leo', { IsDisabled: true });
    const calls = await callsDuring(bot, async () => {
      for (const [who, act] of [
        [bot.dad, 'provider-go'],
        [bot.maya, 'ask-provider'],
      ] as const)
        expect((await forges(bot, who, 'buttons', `status:${act}:${id}`).answer()).text).toMatch(
          /switched off by an admin/,
        );
    });
    expect(changes(calls)).toEqual([]);
    await changesPolicy(bot.jellyfin, 'leo', { IsDisabled: false });
    const said = await statusOf(bot.dad, 'leo');
    const question = await (await bot.dad.presses('Let Jellyfin check the password itself', { on: said })).answer();
    await bot.dad.presses('Let Jellyfin check the password itself', { on: question });
    const password = passwordIn((await bot.maya.sees(/\|\|/, { in: 'dm' })).text);
    expect((await bot.jellyfin.signIn('leo', password)).status).toBe(200);
  });

  test('is mended by an admin after a question; without an owner the password is theirs to pass on', async () => {
    const bot = await startBot({
      before: ({ jellyfin }) =>
        void jellyfin.addUser('leo', { password: 'popcorn', policy: { AuthenticationProviderId: ldap } }),
    });
    expect((await statusOf(bot.gran, 'leo')).labels).toEqual(['Devices']);
    const said = await statusOf(bot.dad, 'leo');
    const button = 'Let Jellyfin check the password itself';
    const question = await (await bot.dad.presses(button, { on: said })).answer();
    expect(question.text).toMatch(/LdapAuthenticationProviderPlugin, which did that, is not on this Jellyfin any more/);
    const password = passwordIn((await (await bot.dad.presses(button, { on: question })).answer()).text);
    expect((await bot.jellyfin.signIn('leo', password)).status).toBe(200);
  });

  test('is said to have its provider again some minutes after that is back', async () => {
    const bot = await stranded();
    await statusOf(bot.maya);
    bot.jellyfin.addPlugin(ldap);
    bot.passes(6 * 60_000);
    expect((await statusOf(bot.maya)).labels).not.toContain('Ask an admin to mend it');
  });

  test('is left alone where its provider is back when the request is approved', async () => {
    const bot = await stranded();
    await statusOf(bot.maya);
    await bot.maya.presses('Ask an admin to mend it');
    const card = await bot.dad.sees(/cannot sign in to leo/);
    bot.jellyfin.addPlugin(ldap);
    const calls = await callsDuring(bot, async () => {
      await bot.dad.presses('Approve', { on: card });
      await bot.dad.sees(/What checks the password of this account is there/);
      const { Id: id } = bot.jellyfin.user('leo');
      for (const [who, act] of [
        [bot.maya, 'ask-provider'],
        [bot.dad, 'provider-go'],
      ] as const)
        expect((await forges(bot, who, 'buttons', `status:${act}:${id}`).answer()).text).toMatch(
          /What checks the password of this account is there/,
        );
    });
    expect(changes(calls)).toEqual([]);
  });

  test('is a rescue’s where it is an administrator’s', async () => {
    const bot = await stranded();
    await changesPolicy(bot.jellyfin, 'leo', { IsAdministrator: true });
    connect(bot, bot.dad, 'leo');
    expect((await statusOf(bot.dad, 'leo')).labels).not.toContain('Let Jellyfin check the password itself');
    const id = bot.jellyfin.user('leo').Id;
    for (const act of ['ask-provider', 'provider-go'])
      expect((await forges(bot, bot.dad, 'buttons', `status:${act}:${id}`).answer()).text).toMatch(
        /administrator's account.*rescue/,
      );
  });
});

test.each([
  ['Ask to be switched on', switchedOff, /asks to switch leo on/],
  ['Ask an admin to mend it', stranded, /cannot sign in to leo/],
] as const)(
  '%s: approved after the account became an administrator’s, nothing is changed',
  async (button, house, asks) => {
    const bot = await house();
    await statusOf(bot.maya);
    await bot.maya.presses(button);
    const card = await bot.dad.sees(asks);
    await changesPolicy(bot.jellyfin, 'leo', { IsAdministrator: true });
    const calls = await callsDuring(bot, async () => {
      await bot.dad.presses('Approve', { on: card });
      await bot.dad.sees(/did not work/);
    });
    expect(changes(calls)).toEqual([]);
  },
);

test('the owner of an administrator’s account whose provider is gone is told of /rescue', async () => {
  const policy = { AuthenticationProviderId: ldap, IsAdministrator: true };
  const bot = await startBot({
    before: ({ jellyfin }) => void jellyfin.addUser('boss', { administrator: true, password: 'x', policy }),
  });
  connect(bot, bot.dad, 'boss');
  expect((await statusOf(bot.dad, 'boss')).text).toMatch(/An administrator's account gets .* with <\/rescue:\d+>/);
});
