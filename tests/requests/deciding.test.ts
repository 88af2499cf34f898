import { afterEach, describe, expect, test } from 'vitest';
import { mayasPassword } from '../../sandbox/household.js';
import { type BotHousehold, closeAll, startBot } from '../support/bot.js';
import { auditLines, callsDuring, changes, passwordIn } from '../support/traces.js';
import { leavesForAnother } from '../support/leaves.js';
import { connect } from '../support/connect.js';
import { changesPolicy } from '../support/in-jellyfin.js';

afterEach(closeAll);

async function lockedMaya(): Promise<BotHousehold> {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  await bot.jellyfin.lock('maya');
  return bot;
}

const messagesSent = (bot: BotHousehold, channelId: string) =>
  bot.discord.requests.filter(({ method, path }) => method === 'POST' && path === `/channels/${channelId}/messages`);

test('the card says who asks, since when they are linked, which account, how it came to this, and what approving does', async () => {
  const bot = await lockedMaya();
  await (await bot.maya.types('/unlock')).answer();
  const card = await bot.dad.sees(/asks to unlock maya/, { in: bot.discord.adminChannelId });
  expect(card.content).toBe(
    `${bot.maya.mention} asks to unlock maya. <@&${bot.discord.roles['helper']}> <@&${bot.discord.roles['admin']}>`,
  );
  expect(card.text).toMatch(new RegExp(`Who: ${bot.maya.mention}, linked since <t:\\d{10}:D>`));
  expect(card.text).toMatch(/Account: maya · locked/);
  expect(card.text).toMatch(/Wrong passwords: 3 of 3 · Never seen/);
  expect(card.text).toMatch(/Never asked before/);
  expect(card.text).toMatch(/signed-in devices/);
  expect(card.labels).toEqual(['Approve', 'Deny']);
  expect(card.embeds).toHaveLength(1);
});

test('a card for a new password says that every device is signed out, and how often was asked before', async () => {
  const bot = await lockedMaya();
  await (await bot.maya.types('/unlock')).answer();
  await bot.maya.presses('Cancel my request');
  await bot.dad.sees(/request was taken back/);
  await (await bot.maya.types('/resetpw')).answer();
  const card = await bot.dad.sees(/asks for a new password for maya/);
  expect(card.text).toMatch(/Asked once before, <t:\d+:R>/);
  expect(card.text).toMatch(/Every signed-in device of this account is signed out/);
});

test('a new card pings the roles that may decide and nobody else; no later edit and nothing said to anybody else pings', async () => {
  const bot = await lockedMaya();
  const { discord, maya, dad, gran } = bot;
  await (await maya.types('/unlock')).answer();
  await dad.sees(/asks to unlock/);
  await gran.presses('Approve');
  await dad.sees(/Done: maya is unlocked/);
  await maya.sees(/is unlocked: sign in with your usual/);
  await bot.app.stop();

  const [card, ...others] = messagesSent(bot, discord.adminChannelId).map(
    ({ body }) => body as Record<string, unknown>,
  );
  expect(card?.['allowed_mentions']).toEqual({
    parse: [],
    users: [],
    roles: [discord.roles['helper'], discord.roles['admin']],
  });
  expect(others).toEqual([]);
  const bodies = discord.requests
    .filter(({ method, path }) => (method === 'POST' || method === 'PATCH') && /messages/.test(path))
    .map(({ body }) => body as Record<string, { parse: unknown[]; roles?: unknown[]; users?: unknown[] }>)
    .filter((body) => body !== card);
  expect(bodies.length).toBeGreaterThan(3);
  for (const body of bodies) {
    const { parse, roles = [], users = [] } = body['allowed_mentions'] ?? { parse: ['nothing said'] };
    expect([...parse, ...roles, ...users]).toEqual([]);
  }
  // A lock screen shows a message as it stands now; what counts is that the phone rang once.
  expect(dad.notifications).toHaveLength(1);
});

test('after Approve the card says who approved and how it ended, has no buttons, and the member hears of it', async () => {
  const bot = await lockedMaya();
  await (await bot.maya.types('/unlock')).answer();
  await bot.gran.presses('Approve');
  const card = await bot.dad.sees(/Done: maya is unlocked/);
  expect(card.content).toContain(`approved by ${bot.gran.mention}`);
  expect(card.labels).toEqual([]);
  expect((await bot.jellyfin.signIn('maya', mayasPassword)).status).toBe(200);
  const word = await bot.maya.sees(/Your Jellyfin account maya is unlocked/, { in: 'dm' });
  expect(word.embeds).toEqual([]);
  expect(bot.maya.notifications.map(({ preview }) => preview)).toEqual([word.content]);
  await bot.maya.presses('Show my account');
  await bot.maya.sees(/Nothing stands in the way/);
  expect(auditLines(bot)).toEqual(['Dad link done', 'Maya ask unlock asked', 'Gran approve done', 'Gran unlock done']);
});

test('two people pressing Approve at once: one wins, the other is told who did, and it is done once', async () => {
  const bot = await lockedMaya();
  await (await bot.maya.types('/unlock')).answer();
  const card = await bot.dad.sees(/asks to unlock/);
  const hold = bot.jellyfin.faults.hold({ method: 'POST', path: /Policy/ });
  const pressed = await Promise.all([bot.dad, bot.gran].map((each) => each.presses('Approve', { on: card })));
  const loser = await bot.discord.until(
    () => pressed.find((each) => each.messages.some(({ text }) => /Too late/.test(text))),
    'one of the two is told',
  );
  hold.release();
  const done = await bot.dad.sees(/Done: maya is unlocked/);
  const winner = loser === pressed[0] ? bot.gran : bot.dad;
  expect(done.content).toContain(`approved by ${winner.mention}`);
  const told = (await loser.answer()).text;
  expect(told).toMatch(new RegExp(`already approved\\. ${winner.mention} decided`));
  expect(bot.jellyfin.calls.filter(({ path }) => path.includes('Policy'))).toHaveLength(1);
  expect(bot.maya.directMessages()).toHaveLength(1);
  expect(auditLines(bot).filter((line) => line.endsWith('approve done'))).toHaveLength(1);
  expect(auditLines(bot).filter((line) => line.endsWith('requestDecidedBy'))).toHaveLength(1);
});

test('Approve against Deny at once: exactly one of them happens', async () => {
  const bot = await lockedMaya();
  await (await bot.maya.types('/unlock')).answer();
  const card = await bot.dad.sees(/asks to unlock/);
  await bot.dad.presses('Deny', { on: card });
  const [approved, denied] = await Promise.all([bot.gran.presses('Approve', { on: card }), bot.dad.fillsIn({})]);
  const said = await bot.discord.until(
    () => [approved, denied].flatMap((each) => each.messages).find(({ text }) => /Too late/.test(text)),
    'one of the two is told',
  );
  const wasDenied = /denied/.test(said.text);
  await bot.maya.sees(wasDenied ? /was denied/ : /is unlocked/, { in: 'dm' });
  expect(bot.maya.directMessages()).toHaveLength(1);
  expect(bot.jellyfin.user('maya').Policy.IsDisabled).toBe(wasDenied);
});

test('Deny asks for a reason, which the member reads and the card keeps; nothing is changed', async () => {
  const bot = await lockedMaya();
  await (await bot.maya.types('/resetpw')).answer();
  const calls = await callsDuring(bot, async () => {
    const pressed = await bot.dad.presses('Deny');
    expect((await pressed.modal()).title).toBe('Deny this request');
    await bot.dad.fillsIn({ 'In your own words': 'Homework **first** @everyone' });
    const card = await bot.gran.sees(/denied .*'s request/);
    expect(card.text).toMatch(/Reason: Homework \\\*\\\*first\\\*\\\* \\@everyone/);
    expect(card.labels).toEqual([]);
  });
  expect(changes(calls)).toEqual([]);
  const word = await bot.maya.sees(/was denied/, { in: 'dm' });
  expect(word.content).toMatch(/was denied\.$/);
  expect(word.text).toMatch(/They say: Homework/);
  expect(auditLines(bot).at(-1)).toBe('Dad deny done');
});

test('Deny offers common reasons, which each reads in their own language, beside the words typed', async () => {
  const bot = await lockedMaya();
  bot.maya.speaks('de');
  await (await bot.maya.types('/resetpw')).answer();
  await bot.gran.presses('Deny');
  await bot.gran.fillsIn({
    'Why? (they will read it)': 'Talk to me about it first.',
    'In your own words': 'At *dinner*',
  });
  const card = await bot.dad.sees(/denied .*'s request/);
  expect(card.text).toMatch(/Reason: Talk to me about it first\. At \\\*dinner\\\*/);
  const word = await bot.maya.sees(/abgelehnt/, { in: 'dm' });
  expect(word.text).toMatch(/Der Grund: Sprich mich zuerst darauf an\. At/);
});

test('Deny of what is for admins offers the same, and one picked reason is enough', async () => {
  const bot = await startBot({ before: ({ jellyfin }) => void jellyfin.addUser('leo', { disabled: true }) });
  await bot.links(bot.maya, 'leo');
  await (await bot.maya.types('/status')).answer();
  await bot.maya.presses('Ask to be switched on');
  const card = await bot.dad.sees(/asks to switch leo on/);
  await bot.dad.presses('Deny', { on: card });
  await bot.dad.fillsIn({ 'Why? (they will read it)': 'Not now: ask again later.' });
  expect((await bot.maya.sees(/was denied/, { in: 'dm' })).text).toMatch(/They say: Not now: ask again later\./);
  expect(bot.jellyfin.user('leo').Policy.IsDisabled).toBe(true);
});

test('Deny of what somebody asked who has left since is told to nobody', async () => {
  const bot = await lockedMaya();
  await (await bot.maya.types('/unlock')).answer();
  const card = await bot.dad.sees(/asks to unlock maya/);
  leavesForAnother(bot, bot.maya);
  await bot.dad.presses('Deny', { on: card });
  await bot.dad.fillsIn({});
  await bot.dad.sees(/the link to maya sleeps/);
  await bot.app.runJob('upkeep');
  expect(bot.maya.directMessages()).toEqual([]);
});

test('Deny without a reason says whom to ask', async () => {
  const bot = await lockedMaya();
  await (await bot.maya.types('/resetpw')).answer();
  await bot.dad.presses('Deny');
  await bot.dad.fillsIn({ 'In your own words': '   ' });
  const word = await bot.maya.sees(/was denied: ask an admin if you do not know why\.$/m, { in: 'dm' });
  expect(word.text).not.toMatch(/They say/);
  expect((await bot.dad.sees(/denied .*'s request/)).text).not.toMatch(/Reason/);
});

test('a press on an old card answers, too: decided, deleted, or of a request that nobody knows', async () => {
  const bot = await lockedMaya();
  await (await bot.maya.types('/unlock')).answer();
  const card = await bot.dad.sees(/asks to unlock/);
  const press = card.buttons[0]?.customId ?? '';
  await bot.dad.presses('Approve');
  await bot.dad.sees(/Done: maya/);
  for (const button of [press, press.replace('approve', 'retry')]) {
    const said = await (await bot.gran.pressesRaw(button)).answer();
    expect(said.text).toMatch(/Too late: this request is already done/);
    expect(said.private).toBe(true);
  }
  await bot.gran.pressesRaw(press.replace('approve', 'deny'));
  expect((await (await bot.gran.fillsIn({})).answer()).text).toMatch(/Too late/);
  expect((await (await bot.gran.pressesRaw('requests:approve:999')).answer()).text).toMatch(/do not know that request/);
  expect((await (await bot.gran.pressesRaw('requests:approve:zero')).answer()).text).toMatch(
    /do not know that request/,
  );
  expect(bot.jellyfin.calls.filter(({ path }) => path.includes('Policy'))).toHaveLength(1);
});

test('a card that was deleted comes back while its request waits, and stays away when it is over', async () => {
  const bot = await lockedMaya();
  await (await bot.maya.types('/unlock')).answer();
  const card = await bot.dad.sees(/asks to unlock/);
  bot.discord.deleteMessage(card.id);
  await (await bot.gran.types('/requests')).answer();
  await bot.gran.presses('Approve');
  await bot.maya.sees(/is unlocked/, { in: 'dm' });
  await bot.app.stop();
  const cards = bot.discord.messagesIn(bot.discord.adminChannelId);
  expect(cards.filter(({ labels }) => labels.length > 0)).toEqual([]);
});

test('the member takes the own request back; nobody else can', async () => {
  const bot = await lockedMaya();
  const zoe = bot.discord.addPerson('Zoe');
  const asked = await (await bot.maya.types('/unlock')).answer();
  const cancel = asked.buttons[0]?.customId ?? '';
  expect((await (await zoe.pressesRaw(cancel)).answer()).text).toMatch(/belongs to somebody else/);
  const pressed = await bot.maya.presses('Cancel my request');
  expect((await pressed.answer()).text).toMatch(/taken back/);
  const card = await bot.dad.sees(/request was taken back/);
  expect(card.labels).toEqual([]);
  expect((await (await bot.maya.pressesRaw(cancel)).answer()).text).toMatch(/already taken back/);
  expect(auditLines(bot, zoe).slice(-3)).toEqual([
    'Zoe requests cancel requestNotYours',
    'Maya cancel done',
    'Maya requests cancel requestDecided',
  ]);
});

test('asking again shows the request that is open, with its way back, and makes no second card', async () => {
  const bot = await lockedMaya();
  await (await bot.maya.types('/unlock')).answer();
  const again = await (await bot.maya.types('/unlock', { user: 'MAYA' }, { in: 'dm' })).answer();
  expect(again.text).toMatch(/You asked for this <t:\d+:R> already/);
  expect(again.labels).toEqual(['Cancel my request']);
  await Promise.all([1, 2, 3].map(async () => (await bot.maya.types('/resetpw')).answer()));
  await bot.dad.sees(/new password for maya/);
  expect(messagesSent(bot, bot.discord.adminChannelId)).toHaveLength(2);
});

test('five requests an hour, then it is said when the next may come, and then it may', async () => {
  const bot = await lockedMaya();
  for (let n = 0; n < 5; n += 1) {
    await (await bot.maya.types('/unlock')).answer();
    const pressed = await bot.maya.presses('Cancel my request');
    await pressed.answer();
  }
  const refused = await (await bot.maya.types('/unlock')).answer();
  const at = Number(/You can ask again <t:(\d+):R>/.exec(refused.text)?.[1]);
  const inMs = at * 1000 - Date.now();
  expect(inMs).toBeGreaterThan(50 * 60_000);
  expect(inMs).toBeLessThanOrEqual(3_601_000);
  expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/Locked/);
  bot.passes(inMs);
  expect((await (await bot.maya.types('/unlock')).answer()).text).toMatch(/asked the admins/);
  expect(auditLines(bot)).toContain('Maya unlock tooManyRequests');
});

test('what helpers do by themselves does not use up what the member may ask', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  for (let n = 0; n < 5; n += 1) await (await bot.gran.types('/resetpw', { user: 'maya' })).answer();
  const last = bot.maya.directMessages().at(-1)?.text ?? '';
  await bot.jellyfin.signIn('maya', passwordIn(last));
  expect((await (await bot.maya.types('/resetpw')).answer()).text).toMatch(/asked the admins for a new password/);
});

test('a helper decides their own request where they may do the act anyway', async () => {
  const bot = await startBot();
  bot.jellyfin.addUser('gran', { password: 'x', limit: 3 });
  await bot.links(bot.gran, 'gran');
  bot.gran.setRoles([]);
  await (await bot.gran.types('/resetpw')).answer();
  bot.gran.setRoles([bot.discord.roles['helper'] ?? '']);
  await bot.gran.presses('Approve');
  await bot.gran.sees(/Tap it to see it/, { in: 'dm' });
});

test('a request that failed says why on the card, with Try again, which carries it to its end', async () => {
  const bot = await lockedMaya();
  await (await bot.maya.types('/unlock')).answer();
  await bot.dad.sees(/asks to unlock/);
  const off = bot.jellyfin.faults.on({ method: 'GET', path: /^\/Users\//, status: 403, body: '' });
  await bot.gran.presses('Approve');
  const card = await bot.dad.sees(/request did not work/);
  expect(card.labels).toEqual(['Try again']);
  expect(card.text).toMatch(/What went wrong: \S+/);
  await bot.maya.sees(/approved, but it did not work/, { in: 'dm' });
  off();
  await bot.dad.presses('Try again');
  await bot.dad.sees(new RegExp(`Done: maya is unlocked .*approved by ${bot.dad.mention}`));
  await bot.maya.sees(/account maya is unlocked/, { in: 'dm' });
  expect(auditLines(bot).slice(-4)).toEqual([
    'Gran approve done',
    expect.stringMatching(/^Gran unlock jellyfin/),
    'Dad approve done',
    'Dad unlock done',
  ]);
});

test('an account that was disabled after the request is not unlocked by approving it', async () => {
  const bot = await lockedMaya();
  bot.jellyfin.addUser('leo', { password: 'x', limit: 3 });
  await bot.links(bot.maya, 'leo');
  await bot.jellyfin.lock('leo');
  await (await bot.maya.types('/unlock', { user: 'leo' })).answer();
  await bot.dad.sees(/asks to unlock leo/);
  await changesPolicy(bot.jellyfin, 'leo', { IsDisabled: true, InvalidLoginAttemptCount: 0 });
  await bot.dad.presses('Approve');
  const card = await bot.dad.sees(/request did not work/);
  expect(card.text).toMatch(/switched off by an administrator/);
  expect(bot.jellyfin.user('leo').Policy.IsDisabled).toBe(true);
});

test('an account that became an administrator’s after the request keeps its password when a helper approves', async () => {
  const bot = await lockedMaya();
  await (await bot.maya.types('/resetpw')).answer();
  await bot.dad.sees(/asks for a new password/);
  await changesPolicy(bot.jellyfin, 'maya', { IsAdministrator: true, IsDisabled: false, InvalidLoginAttemptCount: 0 });
  await bot.gran.presses('Approve');
  expect((await bot.dad.sees(/request did not work/)).text).toMatch(/account is a Jellyfin administrator's/);
  expect((await bot.jellyfin.signIn('maya', mayasPassword)).status).toBe(200);
});

test('two people pressing Try again at once: it is done once, in the name of one of them', async () => {
  const bot = await lockedMaya();
  await (await bot.maya.types('/unlock')).answer();
  const off = bot.jellyfin.faults.on({ method: 'POST', path: /Policy/, status: 403 });
  await bot.gran.presses('Approve');
  const card = await bot.dad.sees(/request did not work/);
  off();
  const hold = bot.jellyfin.faults.hold({ method: 'GET', path: /^\/Users\// });
  const pressed = await Promise.all([bot.dad, bot.gran].map((each) => each.presses('Try again', { on: card })));
  await hold.arrived;
  await Promise.all(pressed.map((each) => each.acknowledged));
  hold.release();
  await bot.discord.until(
    () => pressed.flatMap((each) => each.messages).find(({ text }) => /Too late/.test(text)),
    'one of the two is told',
  );
  await bot.dad.sees(/Done: maya is unlocked/);
  expect(auditLines(bot).filter((line) => line.endsWith('approve done'))).toHaveLength(2);
});

test('more requests than fit one screen are on pages, and can be decided on each', async () => {
  const bot = await startBot();
  const people = Array.from({ length: 8 }, (_, n) => bot.discord.addPerson(`Person ${n}`));
  for (const each of people) await (await each.types('/resetpw', { user: 'no-such' })).answer();
  type Said = Awaited<ReturnType<Awaited<ReturnType<typeof bot.dad.types>>['answer']>>;
  const named = ({ text }: Said) => people.flatMap((each, n) => (text.includes(each.mention) ? [n] : []));
  const turning = ({ labels }: Said) => labels.filter((label) => label !== 'Deny');
  const first = await (await bot.dad.types('/requests')).answer();
  expect([named(first), turning(first)]).toEqual([[0, 1, 2, 3, 4, 5], ['Next']]);
  expect(first.text).toMatch(/and 2 more/);
  const second = await (await bot.dad.presses('Next')).answer();
  expect([named(second), turning(second)]).toEqual([[6, 7], ['Previous']]);
  await bot.dad.presses('Deny', { on: second });
  const after = await (await bot.dad.fillsIn({ 'In your own words': '' })).answer();
  expect(after.lines[0]).toMatch(/denied/);
  expect(named(after)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  await (await bot.dad.presses('Next')).answer();
  const back = await (await bot.dad.presses('Previous')).answer();
  expect(named(back)).toEqual([0, 1, 2, 3, 4, 5]);
});

describe('what helpers see', () => {
  test('a helper sees in a member’s menu what that member waits for', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await (await bot.maya.types('/resetpw')).answer();
    const said = await (await bot.gran.usesMenu('Jellyfin account', bot.maya)).answer();
    expect(said.text).toMatch(new RegExp(`<@${bot.maya.id}>: new password for maya, asked`));
    expect(said.labels).not.toContain('Cancel my request');
    const own = await (await bot.maya.types('/status')).answer();
    expect(own.text).toMatch(/Open request: new password for maya, waiting/);
    expect(own.labels).toContain('Cancel my request');
  });

  test('a helper is offered no button for what only admins decide, and is told whom to ask', async () => {
    const bot = await startBot();
    await (await bot.maya.types('/status')).answer();
    await (await bot.maya.presses('Ask an admin')).answer();
    const said = await (await bot.gran.types('/requests')).answer();
    expect(said.text).toMatch(/link to an account/);
    expect(said.labels).toEqual([]);
    expect((await (await bot.dad.types('/requests')).answer()).labels).toEqual(['Deny']);
    expect((await (await bot.gran.types('/history')).answer()).text).toMatch(/That is for admins\. Ask one of them/);
  });

  test('nor for a request about an administrator’s account, which an admin is offered', async () => {
    const bot = await startBot();
    connect(bot, bot.maya, 'root');
    await (await bot.maya.types('/resetpw')).answer();
    await bot.dad.sees(/asks for a new password for root/);
    const said = await (await bot.gran.types('/requests')).answer();
    expect(said.text).toMatch(/new password for root/);
    expect(said.labels).toEqual([]);
    expect((await (await bot.gran.types('/status')).answer()).labels).not.toContain('Approve');
    expect((await (await bot.dad.types('/requests')).answer()).labels).toEqual(['Approve', 'Deny']);
  });
});
