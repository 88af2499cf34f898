import { afterEach, describe, expect, test } from 'vitest';
import { type BotHousehold, closeAll, startBot } from '../support/bot.js';
import { callsDuring } from '../support/traces.js';
import { connect } from '../support/connect.js';
import { changesPolicy, deletesAccount } from '../support/in-jellyfin.js';

afterEach(closeAll);

type NewAccount = NonNullable<Parameters<BotHousehold['jellyfin']['addUser']>[1]>;

describe('/status tells a member why they cannot sign in', () => {
  async function statusOf(account: NewAccount, prepare?: (bot: BotHousehold) => Promise<unknown>) {
    const bot = await startBot({
      before: ({ jellyfin }) => void jellyfin.addUser('leo', { password: 'x', ...account }),
    });
    await bot.links(bot.maya, 'leo');
    await prepare?.(bot);
    return (await bot.maya.types('/status')).answer();
  }
  const otherDay = () => new Date(Date.now() + 3 * 86_400_000).toLocaleDateString('en', { weekday: 'long' });

  test('locked, after so many wrong passwords: ask for unlock, or a new password', async () => {
    const said = await statusOf({ limit: 4 }, ({ jellyfin }) => jellyfin.lock('leo'));
    expect(said.text).toMatch(/\*\*Locked\*\* after too many wrong passwords \(4 of 4\)/);
    expect(said.text).toMatch(/Wrong passwords: 4 of 4 · Never seen/);
    expect(said.labels).toEqual(['Ask for unlock', 'Reset my password', 'My devices']);
    expect(said.text).not.toMatch(/Nothing stands in the way/);
  });

  test('switched off: asking an admin to switch it on is all that helps', async () => {
    const said = await statusOf({ disabled: true });
    expect(said.text).toMatch(/\*\*Switched off\*\* by an administrator/);
    expect(said.labels).toEqual(['Ask to be switched on']);
  });

  test('outside the hours it may be used in', async () => {
    const said = await statusOf({
      policy: { AccessSchedules: [{ Id: 1, UserId: '', DayOfWeek: otherDay(), StartHour: 7.5, EndHour: 20 }] },
    });
    expect(said.text).toMatch(/\*\*Not now:\*\* this account may sign in only at certain hours: \w+days 7:30–20:00/);
    expect(said.text).not.toMatch(/Nothing stands in the way/);
  });

  test('at home only, on listed devices, or through another provider', async () => {
    const provider = 'Jellyfin.Plugin.LDAP_Auth.LdapAuthenticationProviderPlugin';
    const listed = { EnableAllDevices: false, EnabledDevices: ['tv', 'phone'] };
    const policy = { ...listed, EnableRemoteAccess: false, MaxActiveSessions: 2, AuthenticationProviderId: provider };
    const said = await statusOf({ policy }, ({ jellyfin }) => Promise.resolve(jellyfin.addPlugin(provider)));
    expect(said.text).toMatch(/at home only/);
    expect(said.text).toMatch(/on 2 listed devices only/);
    // Nobody is signed in: so many devices are no reason.
    expect(said.text).not.toMatch(/devices at once|Too many devices/);
    expect(said.text).toMatch(/checked by LdapAuthenticationProviderPlugin, not by Jellyfin/);
    expect(said.text).not.toMatch(/it is the password/);
    expect(said.labels).toEqual(['Sign in with a code', 'Let me in for a while', 'Which was it?', 'My devices']);
  });

  test('through a provider that is not there any more: a code comes first, as it still works', async () => {
    const policy = { AuthenticationProviderId: 'Jellyfin.Plugin.LDAP_Auth.LdapAuthenticationProviderPlugin' };
    const said = await statusOf({ policy });
    expect(said.text).toMatch(
      /### leo: password cannot be checked\n.*LdapAuthenticationProviderPlugin, which did that/,
    );
    expect(said.text).not.toMatch(/it is the password/);
    expect(said.labels[0]).toBe('Sign in with a code');
  });

  test('on too many devices: which they are', async () => {
    const said = await statusOf({ policy: { MaxActiveSessions: 2 } }, async ({ jellyfin }) => {
      for (const device of ['the *big* TV', 'phone']) await jellyfin.signIn('leo', 'x', { device });
      expect((await jellyfin.signIn('leo', 'x', { device: 'tablet' })).status).toBe(403);
    });
    expect(said.text).toMatch(/### leo: too many devices/);
    expect(said.labels).toEqual(['My devices', 'Let me in for a while']);
    expect(said.text).toMatch(/signed in on 2, and 2 are allowed: .*the \\\*big\\\* TV \(/);
    expect(said.text).not.toMatch(/it is the password/);
  });

  test('with an app that is too old for the server: before a new password, which would sign out what still works', async () => {
    const said = await statusOf({}, ({ jellyfin }) => Promise.resolve(jellyfin.takesOldApps(false)));
    expect(said.text).toMatch(/one app\*\* stop since Jellyfin's update\?[^]*it is the password/);
    expect(said.labels).toEqual(['Sign in with a code', 'Reset my password', 'Which was it?', 'My devices']);
  });

  test('all that at three calls at most, and less where it is known from before', async () => {
    const bot = await startBot({
      before: ({ jellyfin }) => void jellyfin.addUser('leo', { password: 'x', policy: { MaxActiveSessions: 2 } }),
    });
    await bot.links(bot.maya, 'leo');
    const status = async () => (await bot.maya.types('/status')).answer();
    expect((await callsDuring(bot, status)).map((call) => call.replace(/[0-9a-f]{32}/, 'id')).sort()).toEqual([
      'GET /Sessions',
      'GET /System/Configuration',
      'GET /Users/id',
    ]);
    expect(await callsDuring(bot, status)).toHaveLength(2);
    await changesPolicy(bot.jellyfin, 'leo', { AuthenticationProviderId: 'Some.Plugin' });
    expect(await callsDuring(bot, status)).toHaveLength(3);
    expect(await callsDuring(bot, status)).toHaveLength(2);
  });

  const restrictions = {
    hours: { AccessSchedules: [{ Id: 1, UserId: '', DayOfWeek: 'Everyday', StartHour: 0, EndHour: 24 }] },
    sessions: { MaxActiveSessions: 1 },
    provider: { AuthenticationProviderId: 'Some.Plugin' },
    none: {},
  };
  const kinds = Object.keys(restrictions) as (keyof typeof restrictions)[];

  test('of several own accounts, too, whatever each is restricted by; one that is gone is said to be', async () => {
    const bot = await startBot({
      before: ({ jellyfin }) => ['leo', 'mia', 'tom'].forEach((name) => void jellyfin.addUser(name, { password: 'x' })),
    });
    for (const name of ['leo', 'mia', 'tom']) await bot.links(bot.maya, name);
    const free = {
      AccessSchedules: [],
      MaxActiveSessions: 0,
      AuthenticationProviderId: bot.jellyfin.user('tom').Policy['AuthenticationProviderId'],
    };
    for (const [one, other] of kinds.flatMap((first) => kinds.map((second) => [first, second] as const))) {
      await changesPolicy(bot.jellyfin, 'leo', { ...free, ...restrictions[one] });
      await changesPolicy(bot.jellyfin, 'mia', { ...free, ...restrictions[other] });
      bot.passes(6 * 60_000);
      const calls = await callsDuring(bot, async () => {
        const said = await (await bot.maya.types('/status')).answer();
        expect(said.text).toMatch(/### leo[^]*### mia[^]*### tom/);
        if (other === 'hours' && one !== 'sessions' && one !== 'provider')
          expect(said.text).not.toMatch(/by Jellyfin's clock/);
        if ([one, other].includes('provider')) expect(said.text).toMatch(/Its password cannot be checked/);
      });
      expect(calls.length).toBeLessThanOrEqual(3);
    }
    await deletesAccount(bot.jellyfin, 'mia');
    expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/### mia\n.*(deleted|not there|gone)/i);
  });

  test('and what the server does not say is left open', async () => {
    const said = await statusOf({ policy: { MaxActiveSessions: 1 } }, async ({ jellyfin }) => {
      await jellyfin.signIn('leo', 'x');
      jellyfin.faults.on({ path: /^\/(Sessions|System\/Configuration)/, status: 403, times: 99 });
    });
    expect(said.text).toMatch(/in use on 1 devices at once[^]*it is the password/);
  });

  test('over the limit but open', async () => {
    const bot = await startBot({ version: '10.11.11' });
    await bot.links(bot.maya, 'maya');
    await bot.jellyfin.lock('maya');
    const said = await (await bot.maya.types('/status')).answer();
    expect(said.text).toMatch(/There were 3 wrong passwords, and 3 are allowed; the account is open/);
    expect(said.labels).toContain('Ask for unlock');
  });

  test('nothing at all: then it is the password', async () => {
    const said = await statusOf({});
    expect(said.text).toMatch(/Nothing stands in the way of signing in\. If it fails, it is the password/);
    expect(said.text).toMatch(/this account never locks/);
    expect(said.labels).toEqual(['Reset my password', 'Sign in with a code', 'My devices']);
  });
});

test('the buttons of /status ask, and the open request then shows with its way back instead of them', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  await bot.jellyfin.lock('maya');
  await (await bot.maya.types('/status')).answer();
  expect((await (await bot.maya.presses('Ask for unlock')).answer()).text).toMatch(/asked the admins to unlock/);
  const said = await (await bot.maya.types('/status')).answer();
  expect(said.text).toMatch(/Open request: unlock maya, waiting, asked <t:\d+:R>/);
  expect(said.labels).toEqual(['Reset my password', 'Cancel my request', 'My devices']);
});

test('asking to unlock an account that is not locked shows what else may stop them instead', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  const said = await (await bot.maya.types('/unlock')).answer();
  expect(said.text).toMatch(/not locked, so there is nothing to unlock/);
  expect(said.text).not.toMatch(/it is the password/);
  expect(said.labels).toEqual(['Show my account']);
  expect((await (await bot.maya.presses('Show my account')).answer()).labels).toContain('Reset my password');
  await bot.maya.presses('Reset my password');
  await bot.dad.sees(/asks for a new password for maya/);
});

test('somebody with several accounts sees each, and is asked which where one is needed', async () => {
  const bot = await startBot({ before: ({ jellyfin }) => void jellyfin.addUser('leo', { password: 'x', limit: 3 }) });
  for (const account of ['maya', 'leo']) await bot.links(bot.maya, account);
  await bot.jellyfin.lock('leo');
  const said = await (await bot.maya.types('/status')).answer();
  expect(said.text).toMatch(/maya[^]*leo[^]*Locked/);
  await (await bot.maya.types('/unlock')).answer();
  await bot.maya.selects('Pick an account', 'leo');
  await bot.dad.sees(/asks to unlock leo/);
});

describe('/status for helpers', () => {
  test('shows the household: version, who is locked with Unlock, who is disabled, what waits, which passwords are out', async () => {
    const bot = await startBot({
      before: ({ jellyfin }) => {
        jellyfin.addUser('leo', { password: 'x', limit: 3 });
        jellyfin.addUser('old', { disabled: true });
      },
    });
    await bot.links(bot.maya, 'maya');
    await bot.jellyfin.lock('leo');
    await (await bot.gran.types('/resetpw', { user: 'maya' })).answer();
    const uncle = bot.discord.addPerson('Uncle');
    await bot.links(uncle, 'maya');
    await (await uncle.types('/resetpw')).answer();
    const said = await (await bot.gran.types('/status')).answer();
    expect(said.text).toMatch(/### loopback · Jellyfin 10\\\.10\.7/);
    expect(said.text).toMatch(/1 locked account:\*\* leo/);
    expect(said.text).toMatch(/Switched off by an administrator:\*\* old/);
    expect(said.text).toMatch(new RegExp(`${uncle.mention}: new password for maya, asked`));
    expect(said.text).toMatch(new RegExp(`maya \\(${bot.maya.mention}\\), until <t:\\d+:R>`));
    expect(said.labels).toEqual(['Unlock leo', 'Approve', 'Deny', 'Keep here']);

    expect((await (await bot.gran.presses('Unlock leo')).answer()).text).toMatch(/\*\*leo\*\* is unlocked/);
    await bot.gran.presses('Approve');
    await bot.dad.sees(/Done: .* has a new password/);
  });

  test('still says what the bot itself knows while Jellyfin is down, and what to look at', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await (await bot.maya.types('/resetpw')).answer();
    await bot.jellyfin.starting('refused');
    const said = await (await bot.gran.types('/status')).answer();
    expect(said.text).toMatch(/cannot reach the Jellyfin server/);
    expect(said.text).toMatch(/JELLYFIN_URL/);
    expect(said.text).toMatch(/new password for maya/);
    const memberSaid = await (await bot.maya.types('/status')).answer();
    expect(memberSaid.text).toMatch(/cannot reach the Jellyfin server right now/);
    expect(memberSaid.text).not.toMatch(/JELLYFIN_URL|127\.0\.0\.1/);
  });

  test('fits into one answer however much there is to say', async () => {
    const people = Array.from({ length: 12 }, (_, n) => `${'*_'.repeat(40)}${n}`);
    const bot = await startBot({
      before: ({ jellyfin }) => people.forEach((name) => void jellyfin.addUser(name, { password: 'x', limit: 1 })),
    });
    for (const name of people) {
      const person = bot.discord.addPerson(name.slice(-12));
      connect(bot, person, name);
      await bot.jellyfin.lock(name);
      await (await person.types('/unlock')).answer();
      await (await person.types('/resetpw')).answer();
    }
    const said = await (await bot.gran.types('/status')).answer();
    expect(said.text).toMatch(/12 locked accounts/);
    expect(said.text).toMatch(/and \d+ more/);
    expect(said.labels).toContain('Approve');
    const list = await (await bot.gran.types('/requests')).answer();
    expect(list.text).toMatch(/and 18 more/);
  });

  test('of one account shows the acting buttons, and the menu of a member shows the same', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await bot.jellyfin.lock('maya');
    const card = await (await bot.gran.types('/status', { user: 'maya' })).answer();
    expect(card.labels).toEqual(['Unlock', 'Reset password', 'Devices']);
    const menu = await (await bot.gran.usesMenu('Jellyfin account', bot.maya)).answer();
    expect(menu.text).toBe(card.text);
    expect((await (await bot.gran.usesMenu('Jellyfin account', bot.dad)).answer()).text).toMatch(
      /is not linked to any/,
    );
    const calls = await callsDuring(bot, async () => {
      const refused = await (await bot.maya.usesMenu('Jellyfin account', bot.maya)).answer();
      expect(refused.text).toMatch(/for helpers and admins/);
    });
    expect(calls).toEqual([]);
  });
});

test('/requests lists what waits with its buttons, decides there too, and says when nothing waits', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  expect((await (await bot.gran.types('/requests')).answer()).text).toMatch(/Nothing is waiting/);
  await (await bot.maya.types('/resetpw')).answer();
  const list = await (await bot.gran.types('/requests', {}, { in: 'dm' })).answer();
  expect(list.labels).toEqual(['Approve', 'Deny']);
  const pressed = await bot.gran.presses('Approve', { on: list });
  expect((await pressed.answer()).text).toMatch(/Nothing is waiting/);
  await bot.maya.sees(/Tap it to see it/, { in: 'dm' });
  expect((await (await bot.maya.types('/requests')).answer()).text).toMatch(/for helpers and admins/);
});

describe('what is offered while somebody types', () => {
  const names = (choices: readonly { name: string }[]) => choices.map(({ name }) => name).sort();

  test('helpers and admins are offered every account, members their own, in the server and in direct messages', async () => {
    const bot = await startBot();
    bot.jellyfin.addUser('leo');
    await bot.links(bot.maya, 'maya');
    for (const place of [{}, { in: 'dm' }]) {
      for (const command of ['/status', '/unlock', '/resetpw']) {
        expect(names(await bot.gran.typesInto(command, 'user', '', place))).toEqual(['leo', 'maya', 'root']);
        expect(names(await bot.dad.typesInto(command, 'user', 'LE', place))).toEqual(['leo']);
        const calls = await callsDuring(bot, async () => {
          expect(names(await bot.maya.typesInto(command, 'user', '', place))).toEqual(['maya']);
          expect(await bot.maya.typesInto(command, 'user', 'leo', place)).toEqual([]);
        });
        expect(calls).toEqual([]);
      }
    }
  });

  test('what is offered is an account’s id, so that a choice means that account even where names are alike', async () => {
    const bot = await startBot();
    const [choice] = await bot.gran.typesInto('/unlock', 'user', 'may');
    expect(choice?.value).toBe(bot.jellyfin.user('maya').Id);
  });

  test('nothing is offered to a member in a command that is not theirs beyond what they own anyway', async () => {
    const bot = await startBot();
    expect(await bot.maya.typesInto('/link', 'user', '')).toEqual([]);
    expect(await bot.maya.typesInto('/unlink', 'user', 'r')).toEqual([]);
  });

  test('nothing is offered when Discord cannot say who is typing, or to somebody who left', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    const fault = bot.discord.faults.on({ method: 'GET', path: /\/members\//, status: 403, times: 5 });
    expect(await bot.gran.typesInto('/unlock', 'user', '', { in: 'dm' })).toEqual([]);
    fault.off();
    bot.maya.leaves();
    expect(await bot.maya.typesInto('/unlock', 'user', '', { in: 'dm' })).toEqual([]);
  });

  test('a new account and lost roles show within 30 seconds, and one look at Discord serves all keys until then', async () => {
    const bot = await startBot();
    const looks = () => bot.discord.requests.filter(({ path }) => path.endsWith(`/members/${bot.gran.id}`)).length;
    for (const typed of ['', 'm', 'ma']) await bot.gran.typesInto('/unlock', 'user', typed, { in: 'dm' });
    expect(looks()).toBe(1);
    bot.jellyfin.addUser('newcomer');
    bot.passes(30_001);
    expect(names(await bot.gran.typesInto('/unlock', 'user', 'new', { in: 'dm' }))).toEqual(['newcomer']);
    bot.gran.setRoles([]);
    bot.passes(30_001);
    expect(await bot.gran.typesInto('/unlock', 'user', '', { in: 'dm' })).toEqual([]);
    expect(looks()).toBe(3);
  });

  test('nothing is offered, and nothing breaks, while Jellyfin is down', async () => {
    const bot = await startBot();
    bot.passes(60_000);
    bot.jellyfin.faults.on({ status: 503, path: /^\/Users/ });
    expect(await bot.gran.typesInto('/unlock', 'user', 'm')).toEqual([]);
  });
});
