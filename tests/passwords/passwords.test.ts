import { afterEach, describe, expect, test } from 'vitest';
import { mayasPassword } from '../../sandbox/household.js';
import { closeAll, startBot, type BotHousehold } from '../support/bot.js';
import { changesPolicy } from '../support/in-jellyfin.js';
import { auditLines, callsDuring, passwordIn } from '../support/traces.js';
import { mayaHasOne } from './own-password.js';
import {
  asks,
  dmOf,
  editsIn,
  isGiven,
  passwordsSet,
  showsPassword,
  twoOwners,
  waitsBehindButton,
} from '../support/two-owners.js';

afterEach(closeAll);

type People = Awaited<ReturnType<typeof twoOwners>>;

const scrubbed = /does not work any more: there is a newer one/;

/** Exactly one direct message shows a password, and it signs in; the bot has finished whatever it had begun. */
async function expectOneThatWorks(bot: BotHousehold, people: readonly People['uncle'][]) {
  await bot.app.stop();
  const shown = people.flatMap((each) => each.directMessages()).filter(showsPassword);
  expect(shown).toHaveLength(1);
  expect((await bot.jellyfin.signIn('maya', passwordIn(shown[0]?.text ?? ''))).status).toBe(200);
}

/** Something else that the bot does from one end to the other: whatever could have gone on meanwhile has gone on. */
async function meanwhile(bot: BotHousehold, account: string) {
  bot.jellyfin.addUser(account, { password: 'x' });
  const said = await (await bot.gran.types('/resetpw', { user: account })).answer();
  expect(said.text).toMatch(/Please pass it on/);
}

describe('two owners of one account get new passwords at the same time', () => {
  test('and the second is made when the first is shown, which is then scrubbed', async () => {
    const bot = await twoOwners();
    const { maya, uncle, dad } = bot;
    const mayas = await asks(bot, maya, '/resetpw');
    const uncles = await asks(bot, uncle, '/resetpw');
    const hold = bot.discord.faults.hold(editsIn(await dmOf(maya)));
    await dad.presses('Approve', { on: mayas });
    await hold.arrived;
    await dad.presses('Approve', { on: uncles });
    await uncle.sees(/appears here in a moment/, { in: 'dm' });
    await meanwhile(bot, 'leo');
    expect(uncle.directMessages().some(showsPassword)).toBe(false);
    hold.release();
    await uncle.sees(/Tap it to see it/, { in: 'dm' });
    await maya.sees(scrubbed, { in: 'dm' });
    await expectOneThatWorks(bot, [maya, uncle]);
    const cards = bot.discord.messagesIn(bot.discord.adminChannelId);
    expect(cards.map(({ content }) => content)).toEqual([
      expect.stringMatching(/^Done/),
      expect.stringMatching(/^Done/),
      expect.stringMatching(/made a new password for leo, to which nobody is linked, and has read it/),
    ]);
  });

  test('and one that is being shown in a private answer is known to have arrived before the other is made', async () => {
    const bot = await twoOwners();
    const { maya, uncle, dad } = bot;
    const uncles = await asks(bot, uncle, '/resetpw');
    const mayas = await asks(bot, maya, '/resetpw');
    maya.closesDms();
    await dad.presses('Approve', { on: mayas });
    await maya.sees(/press the button/);
    const pressed = await maya.presses('Show my password');
    const hold = bot.discord.faults.hold({
      method: 'PATCH',
      path: new RegExp(`${pressed.interaction.token}/.*original$`),
    });
    await hold.arrived;
    await dad.presses('Approve', { on: uncles });
    await uncle.sees(/appears here in a moment/, { in: 'dm' });
    await meanwhile(bot, 'leo');
    // Maya's and Leo's.
    expect(passwordsSet(bot)).toBe(2);
    hold.release();
    const first = passwordIn((await pressed.answer()).text);
    const second = await uncle.sees(/Tap it to see it/, { in: 'dm' });
    await expectOneThatWorks(bot, [uncle]);
    expect(second.text).not.toContain(first);
    expect(auditLines(bot, uncle).filter((line) => line === 'Dad reset done')).toHaveLength(2);
  });

  test('and a scrub that comes late leaves alone the message in which a newer password stands by now', async () => {
    const bot = await twoOwners();
    const { maya, uncle, gran, discord } = bot;
    bot.jellyfin.addUser('leo', { password: 'x' });
    await bot.links(gran, 'leo');
    const mayas = await isGiven(bot, maya);
    const refusing = discord.faults.on({ ...editsIn(mayas.channelId), status: 500, times: 4 });
    await isGiven(bot, uncle);
    await discord.until(() => refusing.met === 4 || undefined, 'the scrub fails');
    const hold = discord.faults.hold(editsIn(mayas.channelId));
    await maya.presses('New one', { on: mayas });
    await hold.arrived;
    // Whatever is delivered to anybody looks for what is to be scrubbed.
    await gran.types('/resetpw', { user: 'leo' });
    await gran.sees(/Tap it to see it/, { in: 'dm' });
    await meanwhile(bot, 'zoe');
    hold.release();
    await uncle.sees(scrubbed, { in: 'dm' });
    await expectOneThatWorks(bot, [maya, uncle]);
  });
});

describe.each([
  ['fails (500)', { status: 500 }],
  ['is cut off', { cut: 'before' }],
  ['reaches Discord’s limit (30046)', { status: 400, body: { code: 30046, message: 'Maximum number of edits' } }],
] as const)('when the scrub of an older message %s', (_, trouble) => {
  test('the new password is delivered all the same, told once, and a later round scrubs the old one', async () => {
    const bot = await startBot();
    const { maya, gran, discord } = bot;
    const { message: old } = await mayaHasOne(bot);
    const fault = discord.faults.on({
      ...editsIn(old.channelId),
      path: new RegExp(`/${old.id}$`),
      ...trouble,
      times: 9,
    });
    const said = await (await gran.types('/resetpw', { user: 'maya' })).answer();
    expect(said.text).toMatch(/has a new password for \*\*maya\*\* in a direct message/);
    const shown = maya.directMessages().at(-1);
    expect((await bot.jellyfin.signIn('maya', passwordIn(shown?.text ?? ''))).status).toBe(200);
    expect(fault.met).toBeGreaterThan(0);
    expect(maya.directMessages()[0]?.text).toBe(old.text);
    fault.off();
    await bot.app.runJob('upkeep');
    expect(maya.directMessages().map(({ text }) => scrubbed.test(text))).toEqual([true, false]);
    expect(maya.notifications).toHaveLength(2);
    await expectOneThatWorks(bot, [maya]);
    expect(auditLines(bot)).toEqual(['Dad link done', 'Dad reset done', 'Gran reset done']);
  });

  test('Show my password is over with its one showing', async () => {
    const bot = await startBot();
    const { maya, dad, discord } = bot;
    const { message: old, password } = await mayaHasOne(bot);
    await bot.jellyfin.signIn('maya', password);
    await waitsBehindButton(bot);
    const fault = discord.faults.on({ ...editsIn(old.channelId), ...trouble, times: 9 });
    const shown = await (await maya.presses('Show my password')).answer();
    await dad.sees(/Done: .* has a new password for maya/);
    expect((await (await maya.presses('Show my password')).answer()).text).toMatch(/already done/);
    expect((await bot.jellyfin.signIn('maya', passwordIn(shown.text))).status).toBe(200);
    fault.off();
    await bot.app.runJob('upkeep');
    expect(maya.directMessages()[0]?.text).toMatch(scrubbed);
  });
});

describe('New one that Jellyfin does not do', () => {
  test.each([
    ['cannot be asked', { path: /Users/, cut: 'before' }],
    ['refuses it', { method: 'POST', path: /Password/, status: 403 }],
  ] as const)('leaves the password that still works where it stands when the server %s', async (_, fault) => {
    const bot = await startBot();
    const { message: first } = await mayaHasOne(bot);
    const mend = bot.jellyfin.faults.on(fault);
    const pressed = await bot.maya.presses('New one');
    expect((await pressed.answer()).text).toMatch(/cannot reach|does not let me/);
    mend();
    await bot.app.runJob('upkeep');
    expect(bot.maya.directMessages()[0]?.text).toBe(first.text);
    expect((await bot.jellyfin.signIn('maya', passwordIn(first.text))).status).toBe(200);
    await bot.maya.presses('New one');
    await bot.discord.until(
      () => (bot.maya.directMessages()[0]?.text === first.text ? undefined : true),
      'another password stands there',
    );
    await expectOneThatWorks(bot, [bot.maya]);
  });

  test('takes the earlier password away when nobody knows whether it still works', async () => {
    const bot = await startBot();
    await mayaHasOne(bot);
    bot.jellyfin.faults.on({ method: 'POST', path: /Password/, cut: 'after' });
    const pressed = await bot.maya.presses('New one');
    expect((await pressed.answer()).text).toMatch(/the old password may not work any more/);
    await bot.maya.sees(/No password could be shown here/, { in: 'dm' });
    expect(bot.maya.directMessages().filter(showsPassword)).toEqual([]);
  });
});

describe('of an account that is limited otherwise, too', () => {
  const alone = /A new password alone may not let you in.*<\/status:\d+> says what helps/;

  test.each([
    ['hours', { AccessSchedules: [{ Id: 1, UserId: '', DayOfWeek: 'Everyday', StartHour: 0, EndHour: 24 }] }],
    ['a list of devices', { EnableAllDevices: false, EnabledDevices: ['the television'] }],
    ['home only', { EnableRemoteAccess: false }],
  ])('by %s: whoever asks, and whoever gets it, reads that it may not be enough', async (_, policy) => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await changesPolicy(bot.jellyfin, 'maya', policy);
    const calls = await callsDuring(bot, async () => {
      expect((await (await bot.maya.types('/resetpw')).answer()).text).toMatch(alone);
    });
    expect(calls).toEqual([`GET /Users/${bot.jellyfin.user('maya').Id}`]);
    expect((await (await bot.maya.types('/resetpw')).answer()).text).toMatch(alone);
    await bot.dad.presses('Approve');
    expect((await bot.maya.sees(/Tap it to see it/, { in: 'dm' })).text).toMatch(alone);
  });

  test('and of no other', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    expect((await (await bot.maya.types('/resetpw')).answer()).text).not.toMatch(alone);
    await bot.dad.presses('Approve');
    expect((await bot.maya.sees(/Tap it to see it/, { in: 'dm' })).text).not.toMatch(alone);
  });
});

test('New one while an ordinary request for a password waits says that it waits for an admin', async () => {
  const bot = await startBot();
  const { message: first, password } = await mayaHasOne(bot);
  await bot.jellyfin.signIn('maya', password);
  await asks(bot, bot.maya, '/resetpw');
  const pressed = await bot.maya.presses('New one');
  expect((await pressed.answer()).text).toMatch(/asked for a new password already, and it waits for an admin/);
  expect((await bot.jellyfin.signIn('maya', passwordIn(first.text))).status).toBe(200);
  await bot.dad.presses('Approve');
  await bot.maya.sees(scrubbed, { in: 'dm' });
  await expectOneThatWorks(bot, [bot.maya]);
});

describe('a password that waits behind a button', () => {
  async function waits() {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await waitsBehindButton(bot);
    return bot;
  }

  test('is offered again to a member who asks again', async () => {
    const bot = await waits();
    await (await bot.maya.types('/status')).answer();
    const again = await (await bot.maya.types('/resetpw')).answer();
    expect(again.text.match(/is approved: press the button to see it/g)).toHaveLength(1);
    expect(again.text).not.toMatch(/You will hear from me/);
    expect(again.labels).toEqual(['Show my password']);
    const shown = await (await bot.maya.presses('Show my password', { on: again })).answer();
    expect((await bot.jellyfin.signIn('maya', passwordIn(shown.text))).status).toBe(200);
  });

  test('is made once for two presses at the same time', async () => {
    const bot = await waits();
    const setting = bot.jellyfin.faults.hold({ method: 'POST', path: /Users\/Password/ });
    const [word] = bot.maya.messages({ in: bot.discord.generalChannelId }).slice(-1);
    const first = await bot.maya.presses('Show my password', { on: word! });
    await setting.arrived;
    const second = await bot.maya.presses('Show my password', { on: word! });
    await second.acknowledged;
    setting.release();
    const password = passwordIn((await first.answer()).text);
    expect((await second.answer()).text).toMatch(/already done/);
    expect((await bot.jellyfin.signIn('maya', password)).status).toBe(200);
  });

  test('is not made by a press where it comes in a direct message', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await asks(bot, bot.maya, '/resetpw');
    const editing = bot.discord.faults.hold(editsIn(await dmOf(bot.maya)));
    await bot.dad.presses('Approve');
    await editing.arrived;
    expect((await (await bot.maya.pressesRaw('resetpw:show:1')).answer()).text).toMatch(/already approved/);
    editing.release();
    await bot.maya.sees(/Tap it to see it/, { in: 'dm' });
    await expectOneThatWorks(bot, [bot.maya]);
  });

  test('waits its whole time from the approval on, however late that came', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await asks(bot, bot.maya, '/resetpw');
    bot.maya.closesDms();
    bot.passes(20 * 3_600_000);
    await bot.dad.presses('Approve');
    await bot.maya.sees(/press the button/);
    bot.passes(5 * 3_600_000);
    await bot.app.runJob('upkeep');
    const shown = await (await bot.maya.presses('Show my password')).answer();
    expect((await bot.jellyfin.signIn('maya', passwordIn(shown.text))).status).toBe(200);
  });

  test('and was made, but lost on its way, is not said to have never been set when its time is over', async () => {
    const bot = await waits();
    const lost = bot.discord.faults.on({ method: 'PATCH', path: /original$/, status: 400 });
    await bot.maya.presses('Show my password');
    await bot.discord.until(() => lost.met || undefined, 'the answer is refused');
    bot.maya.opensDms();
    bot.passes(25 * 3_600_000);
    await bot.app.runJob('upkeep');
    const word = await bot.maya.sees(/did not work/, { in: 'dm' });
    expect(word.text).toMatch(/could not show the new password, so it is best to make another one/);
    expect(word.text).not.toMatch(/none was set/);
    expect((await bot.jellyfin.signIn('maya', mayasPassword)).status).toBe(401);
    expect(auditLines(bot).at(-1)).toBe('Dad reset passwordNotShown');
  });
});

test('I have set my own that Discord does not take leaves everything as it is, and works when it is pressed again', async () => {
  const bot = await startBot();
  const { message: shown } = await mayaHasOne(bot);
  const fault = bot.discord.faults.on({ method: 'PATCH', path: /original$/, status: 400 });
  await bot.maya.presses('I have set my own');
  await bot.maya.sees(/Something went wrong/);
  expect(fault.met).toBe(1);
  const before = await (await bot.gran.types('/status')).answer();
  expect(before.text).toMatch(/Temporary passwords not yet replaced/);
  expect(bot.maya.directMessages()[0]?.text).toBe(shown.text);
  expect((await bot.jellyfin.signIn('maya', passwordIn(shown.text))).status).toBe(200);
  await bot.maya.presses('I have set my own');
  await bot.maya.sees(/Good, so it is covered/, { in: 'dm' });
  await bot.app.runJob('upkeep');
  const after = await (await bot.gran.types('/status')).answer();
  expect(after.text).toMatch(/signed in, but no own password set yet/);
  expect(auditLines(bot).filter((line) => line === 'Maya reset own set')).toHaveLength(1);
});

test('a bot that stopped before it noted the message it had sent finds it ten minutes later, and sends no second one', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  await asks(bot, bot.maya, '/resetpw');
  const path = new RegExp(`^/channels/${await dmOf(bot.maya)}/messages$`);
  const fault = bot.discord.faults.on({ method: 'POST', path, cut: 'after', times: 3 });
  await bot.dad.presses('Approve');
  const coming = await bot.maya.sees(/appears here in a moment/, { in: 'dm' });
  await bot.discord.until(() => fault.met === 3 || undefined, 'the bot gives up for now');
  bot.discord.ageMessage(coming.id, 600_000);
  bot.passes(600_000);
  await bot.restart();
  const shown = await bot.maya.sees(/Tap it to see it/, { in: 'dm' });
  expect(shown.id).toBe(coming.id);
  expect(bot.maya.notifications).toHaveLength(1);
  await expectOneThatWorks(bot, [bot.maya]);
});

describe('a password that was set, and whose message the bot could not change', () => {
  /** Maya's password is set; whether it stands in her message, the bot does not know. */
  async function isSet(trouble: { readonly status: number } | { readonly cut: 'after' }) {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await asks(bot, bot.maya, '/resetpw');
    const fault = bot.discord.faults.on({ ...editsIn(await dmOf(bot.maya)), ...trouble, times: 999 });
    await bot.dad.presses('Approve');
    await bot.maya.sees(/appears here in a moment|Tap it to see it/, { in: 'dm' });
    await bot.discord.until(() => fault.met >= 3 || undefined, 'the bot gives up for now');
    return { bot, fault };
  }

  test('stays the one that works when its member has read it and deleted the message', async () => {
    const { bot, fault } = await isSet({ cut: 'after' });
    const shown = await bot.maya.sees(/Tap it to see it/, { in: 'dm' });
    bot.discord.deleteMessage(shown.id);
    fault.off();
    await bot.app.runJob('upkeep');
    await bot.maya.sees(/could not show the new password/, { in: 'dm' });
    expect((await bot.jellyfin.signIn('maya', passwordIn(shown.text))).status).toBe(200);
  });

  test('is not followed by another one for ever: after ten times the request has failed', async () => {
    const { bot } = await isSet({ status: 500 });
    for (let n = 0; n < 12; n += 1) await bot.app.runJob('upkeep');
    await bot.dad.sees(/request did not work/);
    expect(passwordsSet(bot)).toBe(10);
  });

  test('may have taken the place of the old one: who then hears of a failure hears that, too', async () => {
    const { bot, fault } = await isSet({ status: 500 });
    bot.jellyfin.faults.on({ method: 'POST', path: /Users\/Password/, status: 403 });
    await bot.app.runJob('upkeep');
    fault.off();
    await bot.app.runJob('upkeep');
    await bot.maya.sees(/the old password may not work any more/, { in: 'dm' });
    expect((await bot.jellyfin.signIn('maya', mayasPassword)).status).toBe(401);
  });
});

test.each(['in a direct message', 'in an answer'])(
  'a password %s is shown alone, to copy, as long as it stands there',
  async (where) => {
    const bot = await startBot();
    if (where === 'in an answer') await bot.dad.types('/resetpw', { user: 'maya' });
    else await mayaHasOne(bot);
    const owner = where === 'in an answer' ? bot.dad : bot.maya;
    const shown = await owner.sees(/Tap it|pass it on/);
    const alone = await (await owner.presses('Show it alone, to copy', { on: shown })).answer();
    expect(alone.content).toBe(passwordIn(shown.text));
    expect([alone.private, alone.embeds, alone.components]).toEqual([true, [], []]);
    expect((await bot.jellyfin.signIn('maya', alone.content)).status).toBe(200);
    if (where === 'in an answer') return;
    const [copy] = shown.buttons;
    await bot.maya.presses('I have set my own', { on: shown });
    await bot.maya.sees(/so it is covered/, { in: 'dm' });
    expect((await (await bot.maya.pressesRaw(copy?.customId ?? '')).answer()).text).toMatch(/too old for that/);
  },
);

test('an address that is a bare name in the house is written out instead of put behind a button', async () => {
  const bot = await startBot({ env: { JELLYFIN_PUBLIC_URL: 'http://nas:8096' } });
  const { message: shown } = await mayaHasOne(bot);
  expect(shown.labels).toEqual(['Show it alone, to copy', 'I have set my own', 'New one']);
  expect(shown.text).toContain('sign in at <http://nas:8096> as');
  await bot.jellyfin.lock('maya');
  await asks(bot, bot.maya, '/unlock');
  await bot.dad.presses('Approve');
  expect((await bot.maya.sees(/is unlocked/, { in: 'dm' })).labels).toEqual(['Sign in with a code', 'Show my account']);
  expect((await bot.jellyfin.signIn('maya', passwordIn(shown.text))).status).toBe(200);
});
