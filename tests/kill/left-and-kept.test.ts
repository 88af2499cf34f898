import { expect, test } from '@jest/globals';
import { fileHousehold, limit } from './file-household.js';
import { KillableHousehold, type Subject } from './killable-household.js';
import { byHand } from './runners.js';
import type { Scene } from './scenes.js';
import { sweepAlone, type Outcome } from './sweep.js';

const household = fileHousehold(() => KillableHousehold.start({ JOBS: 'follow links' }, byHand));

const untold = `SELECT 1 FROM link_news JOIN notices ON subject_id = CAST(batch AS TEXT) AND notices.kind = 'linkNews'
  WHERE member_id = ? AND delivery_status = 'due'`;
const asleep = 'SELECT 1 FROM links WHERE member_id = ? AND asleep_since IS NOT NULL';

/** The subject leaves Discord's server, and the night comes. */
const left: Scene = {
  prepare: async (_house, { person }) => person.leaves(),
  act: async (house) => house.minute(),
  isOver: (_, house, { person: { id } }) => house.rows(asleep, id).length === 1 && house.rows(untold, id).length === 0,
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
