import { afterEach, expect, test } from 'vitest';
import { type BotHousehold, closeAll } from '../support/bot.js';
import { connect, disconnect } from '../support/connect.js';
import { withDatabase } from '../support/database.js';
import { forges } from '../support/forged.js';
import { changesPolicy } from '../support/in-jellyfin.js';
import { callsDuring, changes } from '../support/traces.js';
import { asks, getsPass, houseWith, later, letsIn, restricted, signsIn } from './passes-house.js';

afterEach(closeAll);

const isOpen = ({ jellyfin }: BotHousehold, name = 'maya') => jellyfin.user(name).Policy.EnableRemoteAccess;

const approves = async ({ dad }: BotHousehold) => dad.presses('Approve', { on: await dad.sees(/asks to let maya in/) });

const chooses = async (bot: BotHousehold, who = bot.maya, values = ['remote.quarter']) =>
  (await forges(bot, who, 'selects', `status:pass:${bot.jellyfin.user('maya').Id}`, { values }).answer()).text;

const inAdminChannel = ({ discord }: BotHousehold) => discord.messagesIn(discord.adminChannelId);

/** Until the returned function is called, no request can be noted as done. */
function diskIsFull({ database }: BotHousehold): () => void {
  const when = `UPDATE ON requests WHEN NEW.state = 'done'`;
  withDatabase(database, (db) =>
    db.exec(`CREATE TRIGGER full BEFORE ${when} BEGIN SELECT RAISE(ABORT, 'disk full'); END`),
  );
  return () => withDatabase(database, (db) => db.exec('DROP TRIGGER full'));
}

test.each([
  ['locked', {}, /is locked, so that alone would let nobody in/],
  ['switched off', { IsDisabled: true }, /switched off by an administrator/],
  ['opened', { EnableRemoteAccess: true }, /./],
])(
  'approved after the account was %s, nothing is opened, and nobody is told that they are let in',
  async (state, policy, why) => {
    const bot = await houseWith('remote');
    await asks(bot, 'remote');
    if (state === 'locked') await bot.jellyfin.lock('maya');
    else await changesPolicy(bot.jellyfin, 'maya', policy);
    const calls = await callsDuring(bot, async () => {
      await approves(bot);
      expect((await bot.dad.sees(/request did not work/)).text).toMatch(why);
    });
    expect(changes(calls)).toEqual([]);
    await bot.maya.sees(/did not work/, { in: 'dm' });
  },
);

test('what is not restricted is not offered', async () => {
  const bot = await houseWith('remote');
  await (await bot.dad.types('/status', { user: 'maya' })).answer();
  const asked = await (await bot.dad.presses('Let them in for a while')).answer();
  expect(asked.text).toMatch(/From outside: The account|\*\*From outside:\*\*/);
  expect(asked.text).not.toMatch(/Outside its hours|On any device|On more devices at once/);
  expect((await (await bot.gran.types('/status', { user: 'maya' })).answer()).labels).not.toContain(
    'Let them in for a while',
  );
});

test('of a locked account neither an admin’s choice nor its owner’s becomes a card', async () => {
  const bot = await houseWith('remote');
  await bot.jellyfin.lock('maya');
  for (const who of [bot.maya, bot.dad])
    expect(await chooses(bot, who)).toMatch(/This account is locked, so that alone would let nobody in/);
  expect(inAdminChannel(bot)).toEqual([]);
  const id = `status:pass:${bot.jellyfin.user('maya').Id}`;
  expect((await forges(bot, bot.maya, 'buttons', id).answer()).text).toMatch(/Nothing that I could open/);
});

test('of an account that is taken from its member while it is being opened nothing is opened', async () => {
  const bot = await houseWith('remote');
  await asks(bot, 'remote');
  const hold = bot.jellyfin.faults.hold({ method: 'GET', path: /^\/Users\/[0-9a-f]{32}/ });
  await approves(bot);
  await hold.arrived;
  disconnect(bot, bot.maya, 'maya');
  hold.release();
  await bot.dad.sees(/did not work/);
  expect(isOpen(bot)).toBe(false);
});

test('of an account that has become an administrator’s nobody is asked for an owner who never proved it', async () => {
  const bot = await houseWith('remote');
  await changesPolicy(bot.jellyfin, 'maya', { IsAdministrator: true });
  expect(await chooses(bot)).toMatch(/prove/);
  await bot.app.runJob('upkeep');
  expect(inAdminChannel(bot).filter(({ text }) => /asks to let/.test(text))).toEqual([]);
});

/** A pass that is open at Jellyfin, while a full disk keeps that from being noted; answers what ends that. */
async function opensUnnoted(bot: Parameters<typeof asks>[0]): Promise<() => void> {
  await asks(bot, 'remote');
  const hasSpace = diskIsFull(bot);
  const opening = bot.jellyfin.faults.hold({ method: 'POST', path: /\/Policy$/ });
  await approves(bot);
  await opening.arrived;
  opening.release();
  await bot.app.runJob('upkeep');
  return hasSpace;
}

test('its time runs from when it was opened, also where that it was done could be noted only later', async () => {
  const bot = await houseWith('remote');
  const hasSpace = await opensUnnoted(bot);
  expect(isOpen(bot)).toBe(true);
  hasSpace();
  await later(bot, 10);
  await bot.dad.sees(/Done: maya is let in/);
  expect(isOpen(bot)).toBe(true);
  await later(bot, 5);
  expect(isOpen(bot)).toBe(false);
});

test('what an administrator has closed before that could be noted is not opened a second time', async () => {
  const bot = await houseWith('remote');
  const hasSpace = await opensUnnoted(bot);
  await changesPolicy(bot.jellyfin, 'maya', restricted.remote.policy());
  hasSpace();
  await later(bot, 10);
  await later(bot, 1);
  expect(isOpen(bot)).toBe(false);
});

test('what Jellyfin refuses is not sent again; what it could not do just then is, three times', async () => {
  const bot = await houseWith('remote');
  const sends = async () => changes(await callsDuring(bot, () => letsIn(bot, 'remote'))).length;
  const refuses = bot.jellyfin.faults.on({ method: 'POST', path: /\/Policy$/, status: 403 });
  expect(await sends()).toBe(1);
  refuses();
  await later(bot, 1);
  bot.jellyfin.faults.on({ method: 'POST', path: /\/Policy$/, status: 500, times: 3 });
  expect(await sends()).toBe(3);
  await later(bot, 1);
  expect(await sends()).toBe(1);
  expect(isOpen(bot)).toBe(true);
});

test('while one that could not be opened is still to be taken back, no other is opened that nobody would put back', async () => {
  const bot = await houseWith('remote');
  const fails = bot.jellyfin.faults.on({ method: 'POST', path: /\/Policy$/, status: 502 });
  await letsIn(bot, 'remote');
  fails();
  expect((await letsIn(bot, 'remote')).text).toMatch(/That is open for this account already/);
  expect(isOpen(bot)).toBe(false);
  await later(bot, 1);
  expect((await letsIn(bot, 'remote')).text).toMatch(/is let in from outside now/);
  await later(bot, 15);
  expect(isOpen(bot)).toBe(false);
});

test('a request for another restriction stays open when one is let in', async () => {
  const bot = await houseWith('remote');
  await changesPolicy(bot.jellyfin, 'maya', restricted.hours.policy());
  expect(await chooses(bot, bot.maya, ['hours.hour'])).toMatch(/I have asked the admins/);
  const card = await bot.dad.sees(/asks to let maya in outside its hours/);
  await letsIn(bot, 'remote');
  await bot.dad.presses('Approve', { on: card });
  await bot.dad.sees(/Done: maya is let in outside its hours/);
  expect(bot.jellyfin.user('maya').Policy.AccessSchedules).toEqual([]);
});

test('an administrator’s account is not stopped by a list of devices, and is let in for none', async () => {
  const policy = { IsAdministrator: true, ...restricted.devices.policy() };
  const bot = await houseWith('remote', { before: ({ jellyfin }) => void jellyfin.addUser('boss', { policy }) });
  connect(bot, bot.dad, 'boss');
  expect((await (await bot.dad.types('/status', { user: 'boss' })).answer()).labels).not.toContain(
    'Let me in for a while',
  );
  const chosen = { values: ['devices.quarter'] };
  const said = forges(bot, bot.dad, 'selects', `status:pass:${bot.jellyfin.user('boss').Id}`, chosen);
  expect((await said.answer()).text).not.toMatch(/is let in/);
  expect(bot.jellyfin.user('boss').Policy.EnableAllDevices).toBe(false);
});

test('an account that is kept closed while it has no password is opened by no pass', async () => {
  const bot = await houseWith('hours');
  await changesPolicy(bot.jellyfin, 'maya', { AuthenticationProviderId: 'Jellyfin.Plugin.Gone' });
  bot.jellyfin.faults.on({ method: 'POST', path: /^\/Users\/Password/, status: 400, times: 1 });
  await forges(bot, bot.dad, 'buttons', `status:provider-go:${bot.jellyfin.user('maya').Id}`).answer();
  const kept = bot.jellyfin.user('maya').Policy.AccessSchedules;
  expect(kept).toMatchObject([{ StartHour: 107.5 }]);
  await chooses(bot, bot.dad, ['hours.quarter']);
  expect(bot.jellyfin.user('maya').Policy.AccessSchedules).toEqual(kept);
});

test('neither the devices of others nor those that sign in as somebody else come on the list', async () => {
  const password = 'popcorn';
  const bot = await houseWith('devices', { before: ({ jellyfin }) => void jellyfin.addUser('leo', { password }) });
  await changesPolicy(bot.jellyfin, 'maya', { EnableAllDevices: true });
  await signsIn(bot, 'devices', 'attic');
  await changesPolicy(bot.jellyfin, 'maya', { EnableAllDevices: false });
  await getsPass(bot, 'devices');
  for (const device of ['attic', 'radio']) await bot.jellyfin.signIn('leo', password, { device });
  await later(bot, 15);
  await bot.dad.sees(/Over: maya was let in/);
  expect(bot.jellyfin.user('maya').Policy.EnabledDevices).toEqual(['sofa-tablet']);
});

test('the admins do not read that it is still open when it was closed before that could be sent', async () => {
  const bot = await houseWith('remote');
  await getsPass(bot, 'remote');
  bot.jellyfin.faults.on({ status: 502 });
  const down = bot.discord.faults.on({ method: 'POST', path: /^\/channels\//, status: 500, times: 1000 });
  await later(bot, 15);
  bot.jellyfin.faults.clear();
  await later(bot, 1);
  expect(isOpen(bot)).toBe(false);
  down.off();
  await later(bot, 1);
  await bot.dad.sees(/Over: maya was let in/);
  await later(bot, 1);
  expect(inAdminChannel(bot).filter(({ text }) => /could not close it|Closed by now/.test(text))).toEqual([]);
});

test('what an administrator changes elsewhere at the same moment is theirs; a server that opens nothing is not believed', async () => {
  const bot = await houseWith('remote');
  const writing = bot.jellyfin.faults.hold({ method: 'POST', path: /\/Policy$/ });
  const letting = letsIn(bot, 'remote');
  await writing.arrived;
  const looking = bot.jellyfin.faults.hold({ method: 'GET', path: /^\/Users\/[0-9a-f]{32}/ });
  writing.release();
  await looking.arrived;
  await changesPolicy(bot.jellyfin, 'maya', { EnableContentDownloading: false });
  looking.release();
  expect((await letting).text).toMatch(/is let in from outside now/);
  await later(bot, 15);
  expect(isOpen(bot)).toBe(false);
  bot.jellyfin.faults.on({ method: 'POST', path: /\/Policy$/, status: 204, times: 1 });
  expect((await letsIn(bot, 'remote')).text).not.toMatch(/is let in/);
});

test('who has asked too often is told when they may again, and sees what is open already all the same', async () => {
  const bot = await houseWith('remote');
  for (let asked = 0; asked < 4; asked += 1) {
    expect(await chooses(bot)).toMatch(/I have asked the admins/);
    await bot.maya.presses('Cancel my request', { on: await (await bot.maya.types('/status')).answer() });
    await bot.dad.sees(/request was taken back/);
  }
  expect(await chooses(bot)).toMatch(/I have asked the admins/);
  expect(await chooses(bot)).toMatch(/You asked for this .* already/);
  await bot.maya.presses('Cancel my request', { on: await (await bot.maya.types('/status')).answer() });
  expect(await chooses(bot)).toMatch(/You have asked 5 times within an hour/);
});
