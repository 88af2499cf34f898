import { beforeAll, expect, test } from '@jest/globals';
import { expectDirectMessages } from './expectations.js';
import { fileHousehold, limit } from './file-household.js';
import { KillableHousehold } from './killable-household.js';
import { byHand } from './runners.js';
import type { Scene } from './scenes.js';
import { sweepAlone, type Outcome } from './sweep.js';
import { until } from './until.js';

const household = fileHousehold(() => KillableHousehold.start({ WATCH_LOCKOUTS: 'on' }, byHand));
beforeAll(async () => {
  // What was locked before the bot's first look at the log is no news.
  await until(
    () => household().rows('SELECT 1 FROM log_position')[0],
    () => household().told(),
  );
}, 60_000);

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
