import { beforeAll, describe, expect, test } from 'vitest';
import { fileHousehold, limit } from './file-household.js';
import { KillableHousehold, type Subject } from './killable-household.js';
import { byHand } from './runners.js';
import { type Scene, scenes } from './scenes.js';
import { type Outcome, sweepAlone } from './sweep.js';
import { expectDirectMessages, expectOneCard } from './expectations.js';
import { until } from './until.js';

describe('members who left and cards', () => {
  const household = fileHousehold(() => KillableHousehold.start({ JOBS: 'follow links' }, byHand));

  const untold = `SELECT 1 FROM link_news JOIN notices ON subject_id = CAST(batch AS TEXT) AND notices.kind = 'linkNews'
  WHERE member_id = ? AND delivery_status = 'due'`;

  const asleep = 'SELECT 1 FROM links WHERE member_id = ? AND asleep_since IS NOT NULL';

  /** The subject leaves Discord's server, and the night comes. */
  const left: Scene = {
    prepare: async (_house, { person }) => person.leaves(),
    act: async (house) => house.minute(),
    isOver: (_, house, { person: { id } }) =>
      house.rows(asleep, id).length === 1 && house.rows(untold, id).length === 0,
  };

  const toldOnce: Outcome = (house, { person, account }) => {
    const { discord } = house.home;
    const cards = discord.messagesIn(discord.adminChannelId).filter(({ text }) => text.includes(person.mention));
    expect(cards.map(({ text }) => text)).toEqual([expect.stringContaining(account)]);
    const acts = `SELECT act, outcome FROM audit WHERE member_id = ? AND act <> 'link'`;
    expect(house.rows(acts, person.id)).toEqual([]);
  };

  // Before the cards, which change with everything that is seen, and would be seen to each minute.
  test(
    'killed anywhere while it finds that a member has left, the admins hear of that once',
    () => sweepAlone(household(), left, toldOnce),
    limit,
  );

  /** A channel of the helpers' own for each subject, as a channel has one card. */
  const dens = new Map<string, string>();

  function den({ home: { discord, gran } }: KillableHousehold, { account }: Subject): string {
    const id = discord.addChannel(account, { overwrites: { [discord.guildId]: { deny: ['ViewChannel'] } } });
    discord.setOverwrite(id, gran.id, { allow: ['ViewChannel', 'SendMessages', 'ReadMessageHistory'] });
    discord.setOverwrite(id, discord.botUserId, {
      allow: ['ViewChannel', 'SendMessages', 'EmbedLinks', 'ReadMessageHistory', 'PinMessages'],
    });
    dens.set(account, id);
    return id;
  }

  const ofDen = 'SELECT message_id AS sent, to_pin AS toPin FROM status_cards WHERE channel_id = ?';

  const row = (house: KillableHousehold, { account }: Subject) =>
    house.rows<{ sent: string | null; toPin: number }>(ofDen, dens.get(account) ?? '')[0];

  /** Gran keeps the household's card; what was written down before the bot died goes on with its next minute. */
  const kept: Scene = {
    who: 'stranger',
    async prepare(house, subject) {
      const { gran } = house.home;
      await (await gran.types('/status', {}, { in: den(house, subject) })).answer();
    },
    act: async (house, subject) => (row(house, subject) ? house.minute() : house.home.gran.presses('Keep here')),
    isOver(_, house, subject) {
      const found = row(house, subject);
      return found !== undefined && found.sent !== null && found.toPin === 0;
    },
  };

  const standsOnce: Outcome = ({ home: { discord } }, { account }) => {
    const cards = discord.world.messagesIn(dens.get(account) ?? '').filter(({ privateTo }) => privateTo === undefined);
    expect(cards.map(({ pinned }) => pinned)).toEqual([true]);
  };

  test(
    'killed anywhere while a card is put into a channel, it stands there once, pinned',
    () => sweepAlone(household(), kept, standsOnce),
    limit,
  );
});

describe('lockouts', () => {
  const household = fileHousehold(() => KillableHousehold.start({ WATCH_LOCKOUTS: 'on' }, byHand));

  beforeAll(async () => {
    // What was locked before the bot's first look at the log is no news.
    await until(
      () => household().rows('SELECT 1 FROM log_position')[0],
      () => household().told(),
    );
  });

  const told = `SELECT 1 FROM lockouts JOIN lockout_cards ON lockout_cards.id = card_id
  WHERE account_name = ? AND owners = 'told' AND shown_version = version`;

  /** The subject's account is locked by wrong passwords, and nobody has asked for anything. */
  const lockedOut: Scene = {
    // A look at the log that is not over yet would see the lock too soon.
    before: (house) => house.quiet(),
    // Lockouts that come soon after one another share a card.
    prepare: (house) => house.passes(11 * 60_000),
    act: async (house) => house.minute(),
    isOver: (_row, house, { account }) => house.rows(told, account).length === 1,
  };

  const denied = 'SELECT shown_version = version AS isShown FROM denials WHERE member_id = ?';

  /** The subject has heard of a lockout, and says that it was somebody else; who did is on record, and presses no more. */
  const notMe: Scene = {
    before: (house) => house.quiet(),
    async prepare(house, subject) {
      await lockedOut.prepare(house, subject);
      house.minute();
      await house.quiet();
      await subject.person.sees(/Too many wrong passwords/);
    },
    act: async (house, { person }) =>
      house.rows(denied, person.id).length === 1 ? house.minute() : person.presses("It wasn't me"),
    isOver: (_row, house, { person }) => house.rows<{ isShown: number }>(denied, person.id)[0]?.isShown === 1,
  };

  const adminsToldOnce: Outcome = (house, { person, account }) => {
    const { discord } = house.home;
    const cards = discord
      .messagesIn(discord.adminChannelId)
      .filter(({ text }) => text.includes(person.mention) && text.includes(account));
    expect(cards).toHaveLength(1);
    const lines = `SELECT outcome FROM audit WHERE act = 'lockout' AND actor_id = ?`;
    expect(house.rows(lines, person.id)).toEqual([{ outcome: 'not me' }]);
  };

  const toldOnce: Outcome = (house, subject) => {
    const { account } = subject;
    expectDirectMessages(subject, [/^Too many wrong passwords/]);
    const { discord } = house.home;
    const cards = discord
      .messagesIn(discord.adminChannelId)
      .filter(({ content }) => content.startsWith(`${account} is locked`));
    expect(cards.map(({ labels }) => labels)).toEqual([['Unlock']]);
    const lines = `SELECT outcome FROM audit WHERE act = 'lockout' AND account_name = ?`;
    expect(house.rows(lines, account)).toEqual([{ outcome: 'locked' }]);
    const counted = `SELECT (SELECT sum(locked) FROM sign_in_days) - (SELECT count(*) FROM lockouts) AS more`;
    expect(house.rows(counted)).toEqual([{ more: 0 }]);
  };

  test(
    'killed anywhere while it sees a lockout and tells of it, its owner and the admins hear of that once',
    () => sweepAlone(household(), lockedOut, toldOnce),
    limit,
  );

  test(
    'killed anywhere while an owner says that it was somebody else, the admins hear of that once',
    () => sweepAlone(household(), notMe, adminsToldOnce),
    limit,
  );
});

describe('locks that end by themselves', () => {
  const settings = { WATCH_LOCKOUTS: 'on', LOCKOUT_ENDS_AFTER: '15m' };
  const household = fileHousehold(() => KillableHousehold.start(settings, byHand));

  beforeAll(async () => {
    await until(
      () => household().rows('SELECT 1 FROM log_position')[0],
      () => household().told(),
    );
  });

  const over = `SELECT 1 FROM lockouts JOIN lockout_cards ON lockout_cards.id = card_id
  WHERE account_name = ? AND state = 'ended' AND shown_version = version`;

  /** The subject has heard that the account is locked, and the lock's time is over. */
  const ends: Scene = {
    before: (house) => house.quiet(),
    async prepare(house, subject) {
      house.minute();
      await house.quiet();
      await subject.person.sees(/Too many wrong passwords/);
      await house.passes(16 * 60_000);
    },
    act: async (house) => house.minute(),
    isOver: (_row, house, { account }) => house.rows(over, account).length === 1,
  };

  const openOnce: Outcome = async (house, subject) => {
    const { account, password } = subject;
    const { jellyfin } = house.home;
    expect((await jellyfin.signIn(account, password)).status).toBe(200);
    expectDirectMessages(subject, [/is not locked any more/]);
    const lockouts = 'SELECT "end", unlocked_by FROM lockouts WHERE account_name = ?';
    expect(house.rows(lockouts, account)).toEqual([{ end: 'unlocked', unlocked_by: 'latchkey' }]);
    const acts = `SELECT act, outcome FROM audit WHERE account_name = ? AND act IN ('lockout', 'unlock') ORDER BY id`;
    expect(house.rows(acts, account)).toEqual([
      { act: 'lockout', outcome: 'locked' },
      { act: 'lockout', outcome: 'unlocked' },
      { act: 'unlock', outcome: 'done' },
    ]);
  };

  test(
    'killed anywhere while a lock ends by itself, the account is open, and who opened it is known, once',
    () => sweepAlone(household(), ends, openOnce),
    limit,
  );
});

describe('an unlock by the owner', () => {
  const household = fileHousehold(() => KillableHousehold.start({ SELF_UNLOCK: 'allow' }));

  /** Nobody can ask Discord whether a private answer arrived: who was killed between that and its note tells it once more. */
  const unlocked: Outcome = async (house, subject) => {
    const { person, account, password } = subject;
    expect((await house.home.jellyfin.signIn(account, password)).status).toBe(200);
    const heard = person.messages().filter(({ text }) => / unlocked: sign in/.test(text.replaceAll('*', ''))).length;
    const told = person.directMessages().filter(({ text }) => / is unlocked: sign in/.test(text)).length;
    expect([heard > 0, told < 2]).toEqual([true, true]);
    expectOneCard(house, subject, / unlocked .* themselves/);
  };

  test(
    'killed anywhere in an unlock by the owner, the account ends up open, and its owner knows',
    () => sweepAlone(household(), scenes.unlockOneself, unlocked),
    limit,
  );
});
