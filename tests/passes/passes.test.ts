import { afterEach, describe, expect, test } from 'vitest';
import Database from 'better-sqlite3';
import { closeAll, startBot } from '../support/bot.js';
import { connect } from '../support/connect.js';
import { forges } from '../support/forged.js';
import { changesPolicy, deletesAccount } from '../support/in-jellyfin.js';
import { newDevice } from '../support/quick-connect.js';
import { auditLines, auditOf, callsDuring, changes } from '../support/traces.js';
import {
  asks,
  changedFields,
  everyRestriction,
  getsPass,
  houseWith,
  later,
  letsIn,
  policyOf,
  restricted,
  signsIn,
} from './passes-house.js';

afterEach(closeAll);

describe.each(everyRestriction)('a pass on %s', (restriction) => {
  const { opens, opened } = restricted[restriction];

  test('is asked for, approved by an admin, opens that alone, and is taken back when its time is over', async () => {
    const bot = await houseWith(restriction);
    const before = policyOf(bot);
    expect(await signsIn(bot, restriction)).toBe(403);

    expect((await asks(bot, restriction)).text).toContain(
      `I have asked the admins to let **maya** in ${opens}, for 15 minutes`,
    );
    const card = await bot.dad.sees(/asks to let maya in/);
    expect(card.content).toBe(
      `${bot.maya.mention} asks to let maya in ${opens}, for 15 minutes. <@&${bot.discord.roles['admin']}>`,
    );
    expect(card.text).toMatch(/It ends 15 minutes later/);
    expect((await (await bot.gran.presses('Approve', { on: card })).answer()).text).toMatch(/That is for admins/);
    expect(policyOf(bot)).toEqual(before);

    await bot.dad.presses('Approve', { on: card });
    const done = await bot.dad.sees(/Done: maya is let in/);
    expect(done.text).toMatch(/How it stands: Open until <t:\d+:f>/);
    expect(done.labels).toEqual(['End now']);
    const told = await bot.maya.sees(/Your Jellyfin account maya is let in/, { in: 'dm' });
    expect(told.text).toMatch(/It ends <t:\d+:R>/);
    const open = policyOf(bot);
    expect(changedFields(before, open)).toEqual(opened);
    expect(await signsIn(bot, restriction)).toBe(200);

    await later(bot, 14);
    expect(changedFields(before, policyOf(bot))).toEqual(opened);
    await later(bot, 1);
    const over = await bot.dad.sees(/Over: maya was let in/);
    expect(over.text).toMatch(/Over since <t:\d+:f>: as it was before/);
    expect(over.labels).toEqual([]);
    await bot.app.runJob('upkeep');
    const left = await bot.maya.sees(/That is over now: the account is restricted as before/, { in: 'dm' });
    expect([left.id, left.labels]).toEqual([told.id, ['Show my account']]);
    const listed = restriction === 'devices' ? [...before.EnabledDevices, 'television'] : before.EnabledDevices;
    expect(policyOf(bot)).toEqual({ ...before, EnabledDevices: listed });
    expect(await signsIn(bot, restriction, 'another television')).toBe(403);
    expect(auditLines(bot).slice(1)).toEqual([
      'Maya ask pass asked',
      'Gran requests approve adminsOnly',
      'Dad approve done',
      'Dad pass done',
      'latchkey end pass putBack',
    ]);
  });

  test('is given by an admin at once, whose card has its end; the owner hears of it, and may end it', async () => {
    const bot = await houseWith(restriction);
    const before = policyOf(bot);
    const said = await letsIn(bot, restriction, '1 hour');
    expect(said.text).toMatch(new RegExp(`\\*\\*maya\\*\\* is let in ${opens} now, until <t:\\d+:f>`));
    await bot.dad.sees(new RegExp(`has let maya in ${opens}, for an hour`), { in: bot.discord.adminChannelId });
    const told = await bot.maya.sees(/Your Jellyfin account maya is let in/, { in: 'dm' });
    expect(told.text).toContain(`${bot.dad.mention} opened it`);
    expect(bot.dad.directMessages()).toEqual([]);
    expect(changedFields(before, policyOf(bot))).toEqual(opened);

    expect((await (await bot.maya.types('/status')).answer()).text).toMatch(
      new RegExp(`\\*\\*Let in ${opens}\\*\\* until <t:\\d+:f>`),
    );
    expect((await (await bot.maya.presses('End now')).answer()).text).toMatch(/That is over now/);
    expect(policyOf(bot)).toEqual(before);
    const card = await bot.dad.sees(/Over: maya was let in/);
    expect(card.text).toContain(`Ended by ${bot.maya.mention}`);
    expect(auditLines(bot).slice(1)).toEqual([
      'Dad pass begun',
      'Dad pass done',
      'Maya end pass begun',
      'Maya end pass putBack',
    ]);
  });

  test('what an administrator has changed meanwhile stays, and the card says so', async () => {
    const bot = await houseWith(restriction);
    await getsPass(bot, restriction);
    const theirs = {
      hours: { AccessSchedules: [{ DayOfWeek: 'Everyday', StartHour: 1, EndHour: 2 }] },
      remote: { EnableRemoteAccess: false },
      devices: { EnableAllDevices: false, EnabledDevices: ['their choice'] },
      sessions: { MaxActiveSessions: 7 },
    }[restriction];
    await changesPolicy(bot.jellyfin, 'maya', theirs);
    const chosen = policyOf(bot);
    await later(bot, 15);
    const card = await bot.dad.sees(/Over: maya was let in/);
    // Somebody who closes it as it was before leaves nothing to say.
    expect(card.text).toMatch(restriction === 'remote' ? /as it was before/ : /An administrator has changed it/);
    expect(policyOf(bot)).toEqual(chosen);
  });

  test('a server that is down at its end is asked every minute, and the admins read that it is still open', async () => {
    const bot = await houseWith(restriction);
    const before = policyOf(bot);
    await getsPass(bot, restriction);
    const open = policyOf(bot);
    expect((await (await bot.gran.types('/status')).answer()).text).toContain(`maya: ${opens}, until <t:`);
    bot.jellyfin.faults.on({ status: 502 });
    await later(bot, 15);
    const word = await bot.dad.sees(/I could not close it yet: maya is still let in/);
    expect(word.text).toMatch(/try again every minute/);
    expect((await bot.dad.sees(/Done: maya is let in/)).text).toMatch(/\*\*Still open\*\*, though its time is over/);
    const edits = () => bot.discord.requests.filter(({ method }) => method === 'PATCH').length;
    const edited = edits();
    for (const minute of [1, 1]) await later(bot, minute);
    expect(edits()).toBe(edited);
    expect(
      bot.dad.messages({ in: bot.discord.adminChannelId }).filter(({ text }) => /could not close/.test(text)),
    ).toHaveLength(1);
    expect(policyOf(bot)).toEqual(open);

    bot.jellyfin.faults.clear();
    await later(bot, 1);
    await bot.dad.sees(/Over: maya was let in/);
    expect((await bot.dad.sees(/Closed by now: maya is not let in/)).labels).toEqual([]);
    expect(policyOf(bot)).toEqual(before);
  });

  test('is given to nobody by a forged choice or button of somebody else', async () => {
    const bot = await houseWith(restriction);
    const { Id: id } = bot.jellyfin.user('maya');
    const zoe = bot.discord.addPerson('Zoe');
    const before = policyOf(bot);
    for (const person of [zoe, bot.gran]) {
      const calls = await callsDuring(bot, async () => {
        const chosen = forges(bot, person, 'selects', `status:pass:${id}`, { values: [`${restriction}.hour`] });
        expect((await chosen.answer()).text).toMatch(/That is not one of your accounts/);
        expect((await forges(bot, person, 'buttons', `status:pass:${id}`).answer()).text).toMatch(/not one of your/);
      });
      expect(calls).toEqual([]);
    }
    expect(policyOf(bot)).toEqual(before);

    await getsPass(bot, restriction);
    for (const person of [zoe, bot.gran]) {
      const calls = await callsDuring(bot, async () => {
        expect((await forges(bot, person, 'buttons', 'status:end-pass:1').answer()).text).toMatch(
          /not one of your accounts|That is for admins/,
        );
      });
      expect(changes(calls)).toEqual([]);
    }
    expect(auditOf(bot).filter(({ actor_id }) => actor_id === zoe.id)).toHaveLength(3);
  });
});

test('for good is offered for what may be for good, and leaves nothing to put back', async () => {
  const bot = await houseWith('remote');
  await getsPass(bot, 'remote', 'for good');
  const card = await bot.dad.sees(/Done: maya is let in from outside, for good/);
  expect(card.text).toMatch(/How it stands: Open for good/);
  expect(card.labels).toEqual([]);
  await later(bot, 60 * 24 * 40);
  expect(bot.jellyfin.user('maya').Policy.EnableRemoteAccess).toBe(true);
  const { Id: id } = bot.jellyfin.user('maya');
  await changesPolicy(bot.jellyfin, 'maya', restricted.hours.policy());
  const forged = forges(bot, bot.dad, 'selects', `status:pass:${id}`, { values: ['hours.forGood'] });
  expect((await forged.answer()).text).toMatch(/too old for me/);
  expect(bot.jellyfin.user('maya').Policy.AccessSchedules).toHaveLength(1);
});

test('until midnight is until the midnight that was meant: approved after it, nothing is opened', async () => {
  const bot = await houseWith('remote');
  const midnight = new Date();
  midnight.setHours(24, 0, 0, 0);
  const said = await asks(bot, 'remote', 'until midnight');
  expect(said.text).toContain(`until <t:${midnight.getTime() / 1000}:f>`);
  bot.passes(midnight.getTime() - Date.now() + 1000);
  await bot.dad.presses('Approve', { on: await bot.dad.sees(/asks to let maya in/) });
  expect((await bot.dad.sees(/did not work/)).text).toMatch(/The time that was meant is over already/);
  expect(bot.jellyfin.user('maya').Policy.EnableRemoteAccess).toBe(false);
});

test('a clock that goes back prolongs no pass', async () => {
  const bot = await houseWith('remote');
  await getsPass(bot, 'remote', '1 hour');
  await later(bot, -60 * 24 * 365);
  await bot.dad.sees(/Over: maya was let in/);
  expect(bot.jellyfin.user('maya').Policy.EnableRemoteAccess).toBe(false);
});

test('of an account that was renamed the restriction is put back; of one that was deleted there is none', async () => {
  const bot = await houseWith('remote');
  await getsPass(bot, 'remote');
  bot.jellyfin.renameUser('maya', 'maja');
  await later(bot, 15);
  await bot.dad.sees(/Over: maya was let in/);
  expect(bot.jellyfin.user('maja').Policy.EnableRemoteAccess).toBe(false);

  await letsIn(bot, 'remote', '15 minutes', 'maja');
  const id = bot.jellyfin.user('maja').Id;
  await fetch(`${bot.jellyfin.url}/Users/${id}`, {
    method: 'DELETE',
    headers: { authorization: `MediaBrowser Token="${bot.jellyfin.apiKey}"` },
  });
  await later(bot, 15);
  expect((await bot.dad.sees(/the account was deleted in Jellyfin/)).labels).toEqual([]);
});

test('what is open already is not opened twice, and another request for the same ends with it', async () => {
  const bot = await houseWith('remote');
  await asks(bot, 'remote', '1 hour');
  const card = await bot.dad.sees(/asks to let maya in/);
  await letsIn(bot, 'remote');
  await bot.dad.sees(/Done: maya is let in from outside, for an hour/);
  expect(bot.dad.messages().find(({ id }) => id === card.id)?.labels).toEqual([]);
  const { Id: id } = bot.jellyfin.user('maya');
  const again = forges(bot, bot.dad, 'selects', `status:pass:${id}`, { values: ['remote.hour'] });
  expect((await again.answer()).text).toMatch(/That is open for this account already/);
  await later(bot, 15);
  expect(bot.jellyfin.user('maya').Policy.EnableRemoteAccess).toBe(false);
});

test('let in twice at the same moment, it is opened once, and the other hears that it is', async () => {
  const bot = await houseWith('remote');
  const { Id: id } = bot.jellyfin.user('maya');
  const opening = bot.jellyfin.faults.hold({ method: 'POST', path: /\/Policy$/ });
  const press = () => forges(bot, bot.dad, 'selects', `status:pass:${id}`, { values: ['remote.hour'] });
  const presses = [press(), press()];
  await opening.arrived;
  expect((await Promise.race(presses.map((each) => each.answer()))).text).toMatch(
    /That is open for this account already/,
  );
  opening.release();
  const said = await Promise.all(presses.map((each) => each.answer()));
  expect(said.filter(({ text }) => /That is open for this account already/.test(text))).toHaveLength(1);
  expect(auditLines(bot).filter((line) => line === 'Dad pass done')).toHaveLength(1);
});

test.each(['devices', 'sessions'] as const)(
  'a code, too, is refused by %s, and a pass lets it in',
  async (restriction) => {
    const bot = await houseWith(restriction);
    const device = await newDevice(bot.jellyfin);
    const signsInWith = async (code: string) => {
      await (await bot.maya.types('/signin', { code })).answer();
      return (await (await bot.maya.presses('It is in front of me: sign it in')).answer()).text;
    };
    expect(await signsInWith(device.code)).toMatch(/does not let that device into your account/);
    await getsPass(bot, restriction);
    expect(await signsInWith(device.code)).not.toMatch(/does not let/);
    expect(bot.jellyfin.signedIn().map(({ user }) => user)).toContain('maya');
  },
);

test('what an admin wanted to open at once and could not is tried again by another', async () => {
  const bot = await houseWith('remote');
  const stops = bot.jellyfin.faults.on({ method: 'POST', path: /Policy/, status: 502 });
  expect((await letsIn(bot, 'remote')).text).toMatch(/cannot reach the Jellyfin server|took too long/);
  const failed = await bot.dad.sees(/wanted to let maya in from outside, and it did not work/);
  expect(bot.maya.directMessages()).toEqual([]);
  stops();
  const mum = bot.discord.addPerson('Mum', { roles: [bot.discord.roles['admin'] ?? ''] });
  await mum.presses('Try again', { on: failed });
  await bot.dad.sees(/has let maya in from outside/);
  expect(bot.jellyfin.user('maya').Policy.EnableRemoteAccess).toBe(true);
  await bot.maya.sees(/is let in from outside/, { in: 'dm' });
  await later(bot, 15);
  expect(bot.jellyfin.user('maya').Policy.EnableRemoteAccess).toBe(false);
});

test('what is stored of a pass goes when it is old, and stays while it is open, however long that is', async () => {
  const bot = await houseWith('remote');
  const kept = () => {
    const db = new Database(bot.database, { readonly: true });
    const count = (table: string) => db.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get();
    const counts = [count('passes'), count('requests')];
    db.close();
    return counts;
  };
  await getsPass(bot, 'remote');
  bot.jellyfin.faults.on({ status: 502 });
  await later(bot, 60 * 24 * 400);
  await bot.app.runJob('forget old');
  expect(kept()).toEqual([1, 1]);
  bot.jellyfin.faults.clear();
  await later(bot, 1);
  await bot.dad.sees(/Over: maya was let in/);
  bot.passes(400 * 86_400_000);
  await bot.app.runJob('forget old');
  expect(kept()).toEqual([0, 0]);
});

test('a device that an administrator has put on the list meanwhile stays there', async () => {
  const bot = await houseWith('devices');
  await getsPass(bot, 'devices');
  // Jellyfin compares their ids without case.
  await changesPolicy(bot.jellyfin, 'maya', { EnabledDevices: ['sofa-tablet', 'their choice', 'PHONE'] });
  for (const device of ['television', 'phone']) await signsIn(bot, 'devices', device);
  await later(bot, 15);
  await bot.dad.sees(/Over: maya was let in/);
  const { EnableAllDevices: isAny, EnabledDevices: listed } = bot.jellyfin.user('maya').Policy;
  expect({ isAny, listed }).toEqual({ isAny: false, listed: ['sofa-tablet', 'their choice', 'PHONE', 'television'] });
});

test('a member whose direct messages are closed reads of their pass at the next command', async () => {
  const bot = await houseWith('remote');
  await asks(bot, 'remote');
  const user = bot.discord.world.users.get(bot.maya.id);
  if (user) user.directMessages = 50007;
  await bot.dad.presses('Approve', { on: await bot.dad.sees(/asks to let maya in/) });
  await bot.dad.sees(/Done: maya is let in/);
  const said = await (await bot.maya.types('/status')).answer();
  expect(said.text).toMatch(/Your Jellyfin account maya is let in from outside, for 15 minutes/);
  expect(said.labels).toContain('End now');
  expect(said.labels.at(-1)).toBe('End now');
});

test('whoever was told that it is open hears once that somebody else ended it early, also with closed direct messages', async () => {
  const bot = await houseWith('remote');
  await bot.links(bot.gran, 'maya');
  await getsPass(bot, 'remote');
  const told = (person: typeof bot.maya) => person.directMessages().filter(({ text }) => /ended it early/.test(text));
  await bot.dad.presses('End now', { on: await bot.dad.sees(/Done: maya is let in/) });
  const word = await bot.maya.sees(/ended it early: your account maya was let in from outside/, { in: 'dm' });
  expect(word.content).toContain(bot.dad.mention);
  expect(word.text).toMatch(/the account is restricted as before/);
  expect(word.labels).toEqual(['Let me in for a while']);
  expect((await (await bot.maya.presses('Let me in for a while', { on: word })).answer()).text).toMatch(
    /how, and for how long/,
  );
  // Gran was never told of it.
  await later(bot, 1);
  expect([told(bot.maya).length, told(bot.gran).length]).toEqual([1, 0]);

  // One that an admin gives is every owner's.
  await letsIn(bot, 'remote');
  await bot.gran.sees(/is let in from outside/, { in: 'dm' });
  const mine = await (await bot.gran.types('/status', { user: 'maya' })).answer();
  await (await bot.gran.presses('End now', { on: mine })).answer();
  await bot.dad.sees(/Over: maya was let in/);
  await later(bot, 1);
  expect([told(bot.maya).length, told(bot.gran).length]).toEqual([2, 0]);

  await letsIn(bot, 'remote');
  const user = bot.discord.world.users.get(bot.maya.id);
  if (user) user.directMessages = 50007;
  const said = await (await bot.dad.types('/status', { user: 'maya' })).answer();
  await (await bot.dad.presses('End now', { on: said })).answer();
  await later(bot, 1);
  expect(told(bot.gran)).toHaveLength(1);
  expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/ended it early/);
  expect((await (await bot.maya.types('/status')).answer()).text).not.toMatch(/ended it early/);
});

test('hours are put back also where the account is kept closed meanwhile, without a password, and count once it has one', async () => {
  const bot = await houseWith('hours');
  const before = policyOf(bot);
  await getsPass(bot, 'hours');
  const gone = { AuthenticationProviderId: 'Jellyfin.Plugin.LDAP_Auth.LdapAuthenticationProviderPlugin' };
  await changesPolicy(bot.jellyfin, 'maya', gone);
  await (await bot.maya.types('/status')).answer();
  await bot.maya.presses('Ask an admin to mend it');
  const mends = bot.jellyfin.faults.on({ method: 'POST', path: /^\/Users\/Password/, status: 400, times: 9 });
  await bot.dad.presses('Approve', { on: await bot.dad.sees(/cannot sign in to maya/) });
  const failed = await bot.dad.sees(/request did not work/);
  expect(bot.jellyfin.user('maya').Policy.AccessSchedules).toMatchObject([{ StartHour: 100 }]);
  await later(bot, 15);
  expect((await bot.dad.sees(/Over: maya was let in/)).text).toMatch(/as it was before/);
  expect(await signsIn(bot, 'hours')).toBe(403);
  mends();
  await bot.dad.presses('Try again', { on: failed });
  await bot.dad.sees(/Done: Jellyfin checks the password of maya itself/);
  expect(policyOf(bot).AccessSchedules).toEqual(before.AccessSchedules);
});

test('a request that is open is shown again, and may be taken back', async () => {
  const bot = await houseWith('hours');
  await asks(bot, 'hours', '1 hour');
  expect((await asks(bot, 'hours')).text).toMatch(/You asked for this .* already/);
  const said = await (await bot.maya.types('/status')).answer();
  expect(said.text).toMatch(/Open request: let maya in outside its hours, for an hour/);
  await bot.maya.presses('Cancel my request', { on: said });
  await bot.dad.sees(/request was taken back: let maya in outside its hours, for an hour/);
});

describe("an administrator's account", () => {
  const house = async () => {
    const bot = await startBot({
      before: ({ jellyfin }) =>
        void jellyfin.addUser('boss', {
          administrator: true,
          policy: { EnableRemoteAccess: false, IsAdministrator: true },
        }),
    });
    return bot;
  };

  test('is let in by nobody but an admin who owns one', async () => {
    const bot = await house();
    const { Id: id } = bot.jellyfin.user('boss');
    const chooses = async () =>
      (await forges(bot, bot.dad, 'selects', `status:pass:${id}`, { values: ['remote.hour'] }).answer()).text;
    expect(await chooses()).toMatch(/That account is a Jellyfin administrator's/);
    expect(bot.jellyfin.user('boss').Policy.EnableRemoteAccess).toBe(false);
    connect(bot, bot.dad, 'boss');
    expect(await chooses()).toMatch(/\*\*boss\*\* is let in from outside now/);
    for (const [who, sees] of [
      [bot.gran, false],
      [bot.dad, true],
    ] as const)
      expect((await (await who.types('/status')).answer()).text.includes('boss: from outside')).toBe(sees);
    expect(bot.jellyfin.user('boss').Policy.EnableRemoteAccess).toBe(true);
  });

  test('that it became after it was asked for is not opened on the approval of an ordinary one', async () => {
    const bot = await houseWith('remote');
    await asks(bot, 'remote');
    await changesPolicy(bot.jellyfin, 'maya', { IsAdministrator: true });
    await bot.dad.presses('Approve', { on: await bot.dad.sees(/asks to let maya in/) });
    await bot.dad.sees(/request did not work|was taken back/);
    expect(bot.jellyfin.user('maya').Policy.EnableRemoteAccess).toBe(false);
  });
});

test('one of an administrator’s account that nobody is linked to is not ended by an admin who owns none either', async () => {
  const bot = await startBot({
    before: ({ jellyfin }) => {
      jellyfin.addUser('boss', { administrator: true });
      jellyfin.addUser('root2', { policy: { EnableRemoteAccess: false, IsAdministrator: true } });
    },
  });
  const mum = bot.discord.addPerson('Mum', { roles: [bot.discord.roles['admin'] ?? ''] });
  connect(bot, bot.dad, 'boss');
  const { buttons } = await letsIn(bot, 'remote', '1 hour', 'root2');
  const end = buttons.find(({ label }) => label === 'End now')?.customId ?? '';
  expect((await (await mum.pressesRaw(end)).answer()).text).toMatch(/a Jellyfin administrator's/);
  expect(bot.jellyfin.user('root2').Policy.EnableRemoteAccess).toBe(true);
});

test('ended early while the server is down, it is taken back as soon as that answers, long before its time', async () => {
  const bot = await houseWith('remote');
  await getsPass(bot, 'remote', '1 hour');
  const card = await bot.dad.sees(/Done: maya is let in/);
  bot.jellyfin.faults.on({ status: 502 });
  await (await bot.dad.presses('End now', { on: card })).answer();
  expect(bot.jellyfin.user('maya').Policy.EnableRemoteAccess).toBe(true);
  bot.jellyfin.faults.clear();
  await later(bot, 1);
  expect(bot.jellyfin.user('maya').Policy.EnableRemoteAccess).toBe(false);
});

test('what an administrator has changed after the server refused to put it back is theirs, and the card says so', async () => {
  const bot = await houseWith('sessions');
  await getsPass(bot, 'sessions');
  bot.jellyfin.faults.on({ method: 'POST', path: /\/Policy$/, status: 403, times: 1 });
  await later(bot, 15);
  await changesPolicy(bot.jellyfin, 'maya', { MaxActiveSessions: 7 });
  await later(bot, 1);
  expect((await bot.dad.sees(/Over: maya was let in/)).text).toMatch(/An administrator has changed it/);
});

test('while one restriction is open, another may be opened beside it', async () => {
  const bot = await houseWith('remote');
  await changesPolicy(bot.jellyfin, 'maya', restricted.sessions.policy());
  await letsIn(bot, 'remote');
  expect((await letsIn(bot, 'sessions')).text).toMatch(/is let in on more devices at once/);
});

describe('that it was ended early', () => {
  test('is told to nobody where the account was deleted', async () => {
    const bot = await houseWith('remote');
    await getsPass(bot, 'remote');
    const card = await bot.dad.sees(/Done: maya is let in/);
    await deletesAccount(bot.jellyfin, 'maya');
    await (await bot.dad.presses('End now', { on: card })).answer();
    await later(bot, 1);
    expect(bot.maya.directMessages().filter(({ text }) => /ended it early/.test(text))).toEqual([]);
  });

  test('is told to nobody who does not own the account any more by then', async () => {
    const bot = await houseWith('remote');
    await getsPass(bot, 'remote');
    const card = await bot.dad.sees(/Done: maya is let in/);
    const path = new RegExp(`^/channels/${bot.discord.world.directMessagesWith(bot.maya.id).id}/messages$`);
    const fault = bot.discord.faults.on({ method: 'POST', path, status: 500, times: 99 });
    await (await bot.dad.presses('End now', { on: card })).answer();
    await (await bot.dad.types('/unlink', { member: bot.maya, user: 'maya' })).answer();
    await bot.restart();
    fault.off();
    await later(bot, 1);
    expect(bot.maya.directMessages().filter(({ text }) => /ended it early/.test(text))).toEqual([]);
  });
});

test('a pass of an account that became an administrator’s is ended by nobody who may not change it', async () => {
  const bot = await houseWith('remote');
  await getsPass(bot, 'remote', '1 hour');
  const card = await bot.dad.sees(/Done: maya is let in/);
  // A moment ago: nobody has read the account since.
  await changesPolicy(bot.jellyfin, 'maya', { IsAdministrator: true });
  const end = async (who = bot.dad) => (await (await who.pressesRaw(card.buttons[0]?.customId ?? '')).answer()).text;
  expect(await end(bot.maya)).toMatch(/not one of your accounts/);
  expect(await end()).toMatch(/That account is a Jellyfin administrator's/);
  expect(bot.jellyfin.user('maya').Policy.EnableRemoteAccess).toBe(true);
  connect(bot, bot.dad, 'maya');
  expect(await end()).toMatch(/restricted as before/);
  expect(bot.jellyfin.user('maya').Policy.EnableRemoteAccess).toBe(false);
});

test('a round of the jobs takes no pass back that is just being opened, and none that was opened anew meanwhile', async () => {
  const bot = await houseWith('remote', { before: ({ jellyfin }) => void jellyfin.addUser('leo') });
  const isOpen = (name: string) => bot.jellyfin.user(name).Policy.EnableRemoteAccess;
  await asks(bot, 'remote');
  const card = await bot.dad.sees(/asks to let maya in/);
  // The round is at something else when Dad approves.
  await bot.links(bot.gran, 'leo');
  await (await bot.dad.types('/resetpw', { user: 'leo' })).answer();
  const other = bot.jellyfin.faults.hold({ path: /ActivityLog/ });
  const first = bot.app.runJob('upkeep');
  await other.arrived;
  const opening = bot.jellyfin.faults.hold({ method: 'POST', path: /\/Policy$/ });
  await bot.dad.presses('Approve', { on: card });
  await opening.arrived;
  other.release();
  await first;
  opening.release();
  await bot.maya.sees(/Your Jellyfin account maya is let in/, { in: 'dm' });
  expect(isOpen('maya')).toBe(true);

  await changesPolicy(bot.jellyfin, 'leo', restricted.remote.policy());
  const leos = await letsIn(bot, 'remote', '15 minutes', 'leo');
  bot.passes(15 * 60_000);
  const ending = bot.jellyfin.faults.hold({ method: 'POST', path: new RegExp(bot.jellyfin.user('maya').Id) });
  const second = bot.app.runJob('upkeep');
  await ending.arrived;
  const end = async () => (await (await bot.dad.presses('End now', { on: leos })).answer()).text;
  expect(await end()).toMatch(/restricted as before/);
  expect(await end()).toMatch(/That is over already/);
  await letsIn(bot, 'remote', '1 hour', 'leo');
  ending.release();
  await second;
  expect([isOpen('maya'), isOpen('leo')]).toEqual([false, true]);
});

test('of two who end it at the same moment one does, and the history has it once', async () => {
  const bot = await houseWith('remote');
  await getsPass(bot, 'remote', '1 hour');
  const id = 'status:end-pass:1';
  const ending = bot.jellyfin.faults.hold({ method: 'POST', path: /\/Policy$/ });
  const presses = [bot.maya, bot.dad].map((who) => forges(bot, who, 'buttons', id).answer());
  await ending.arrived;
  ending.release();
  for (const { text } of await Promise.all(presses)) expect(text).toMatch(/restricted as before/);
  expect(auditLines(bot).filter((line) => line.includes('end pass'))).toHaveLength(2);
});

test('a list of devices that was put back without an answer is said to be as before, not as somebody else’s', async () => {
  const bot = await houseWith('devices');
  await getsPass(bot, 'devices');
  await signsIn(bot, 'devices');
  bot.jellyfin.faults.on({ method: 'POST', path: /\/Policy$/, cut: 'after', times: 1 });
  await later(bot, 15);
  const card = await bot.dad.sees(/Over: maya was let in/);
  expect(card.text).toMatch(/as it was before.*\n.*On its list since then: television/);
});

test('a locked account is unlocked first, and one that is switched off is not let in', async () => {
  const bot = await houseWith('remote');
  const { Id: id } = bot.jellyfin.user('maya');
  const chooses = async () =>
    (await forges(bot, bot.dad, 'selects', `status:pass:${id}`, { values: ['remote.hour'] }).answer()).text;
  await bot.jellyfin.lock('maya');
  expect((await (await bot.maya.types('/status')).answer()).labels).not.toContain('Let me in from outside');
  expect(await chooses()).toMatch(/This account is locked, so that alone would let nobody in/);
  await changesPolicy(bot.jellyfin, 'maya', { IsDisabled: true, InvalidLoginAttemptCount: 0 });
  expect(await chooses()).toMatch(/switched off by an administrator/);
  expect(bot.jellyfin.user('maya').Policy.EnableRemoteAccess).toBe(false);
});

test('of devices, those are on the list afterwards that signed in meanwhile, also those that have signed out again', async () => {
  const bot = await houseWith('devices');
  const { Id: id } = bot.jellyfin.user('maya');
  // Signed in from before the list: it may go on, and is not listed for that.
  await changesPolicy(bot.jellyfin, 'maya', { EnableAllDevices: true });
  await signsIn(bot, 'devices', 'attic');
  await signsIn(bot, 'devices', 'kitchen');
  await changesPolicy(bot.jellyfin, 'maya', { EnableAllDevices: false });
  await getsPass(bot, 'devices');
  await signsIn(bot, 'devices', 'kitchen');
  await signsIn(bot, 'devices', 'phone');
  await later(bot, 1);
  await fetch(`${bot.jellyfin.url}/Devices?id=phone`, {
    method: 'DELETE',
    headers: { authorization: `MediaBrowser Token="${bot.jellyfin.apiKey}"` },
  });
  await signsIn(bot, 'devices', 'laptop');
  await later(bot, 14);
  const card = await bot.dad.sees(/Over: maya was let in/);
  expect([...bot.jellyfin.user('maya').Policy.EnabledDevices].sort()).toEqual([
    'kitchen',
    'laptop',
    'phone',
    'sofa-tablet',
  ]);
  expect(card.text).toMatch(/On its list since then: .*kitchen/);
  expect(id).toBeDefined();
  expect(await signsIn(bot, 'devices', 'attic')).toBe(403);
  expect(await signsIn(bot, 'devices', 'kitchen')).toBe(200);
});

describe('where the server opened it and could not say so', () => {
  const opens = async () => {
    const bot = await houseWith('remote');
    await asks(bot, 'remote');
    const hold = bot.jellyfin.faults.hold({ method: 'POST', path: /Policy/ });
    await bot.dad.presses('Approve', { on: await bot.dad.sees(/asks to let maya in/) });
    await hold.arrived;
    bot.jellyfin.faults.on({ method: 'POST', path: /Policy/, cut: 'after', times: 1 });
    return { bot, hold };
  };
  const isOpen = ({ jellyfin }: Awaited<ReturnType<typeof opens>>['bot']) =>
    jellyfin.user('maya').Policy.EnableRemoteAccess;

  test('the account itself tells, and it is written once', async () => {
    const { bot, hold } = await opens();
    hold.release();
    await bot.dad.sees(/Done: maya is let in/);
    expect(bot.jellyfin.calls.filter(({ path }) => path.includes('Policy'))).toHaveLength(2); // the first is the administrator's
    expect(isOpen(bot)).toBe(true);
    await later(bot, 15);
    expect(isOpen(bot)).toBe(false);
  });

  test('and is gone then: the request has failed, and as soon as it is back, it is put back; tried again, it is opened', async () => {
    const { bot, hold } = await opens();
    bot.jellyfin.faults.on({ method: 'GET', status: 502 });
    hold.release();
    const failed = await bot.dad.sees(/did not work/);
    expect(isOpen(bot)).toBe(true);
    await later(bot, 1);
    await bot.dad.sees(/maya may be let in from outside, though that was to be taken back/);
    expect((await (await bot.gran.types('/status')).answer()).text).not.toContain('until <t:');
    bot.jellyfin.faults.clear();
    await later(bot, 1);
    await bot.dad.sees(/Closed by now/);
    expect(isOpen(bot)).toBe(false);

    await bot.dad.presses('Try again', { on: failed });
    await bot.dad.sees(/Done: maya is let in/);
    expect(isOpen(bot)).toBe(true);
    await later(bot, 15);
    await bot.dad.sees(/Over: maya was let in/);
    expect(isOpen(bot)).toBe(false);
  });
});
