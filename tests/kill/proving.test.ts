import { expect, test } from '@jest/globals';
import { botsDevices, codeIn, confirms } from '../support/quick-connect.js';
import { expectDirectMessages } from './expectations.js';
import { fileHousehold, limit } from './file-household.js';
import { KillableHousehold, type Subject } from './killable-household.js';
import { byHand } from './runners.js';
import type { Scene } from './scenes.js';
import { killAlone, oneIn, sweepAlone, type Outcome } from './sweep.js';

const household = fileHousehold(() => KillableHousehold.start({}, byHand));

/** Whoever has seen a code confirms it, whatever the bot does meanwhile, and has nothing to ask for then. */
async function proves({ home }: KillableHousehold, { person, account, password }: Subject) {
  if (person.messages().some(({ text }) => /`\d{6}`|you are linked/.test(text))) return;
  const asked = await person.types('/link');
  const code = codeIn((await asked.answer()).text);
  const { token = '' } = await home.jellyfin.signIn(account, password, { device: 'phone' });
  expect(await confirms(home.jellyfin, token, code)).toBe(200);
  await person.sees(/Done: you are linked to/);
}

/** A code that nobody saw before it was replaced stays written down until the server does not take it any more. */
const open = `SELECT 1 FROM link_proofs WHERE member_id = ? AND (ended_at IS NULL OR (signed_out_at IS NULL AND outcome <> 'replaced'))`;
const greeted = `SELECT 1 FROM notices WHERE recipient_id = ? AND kind = 'greeting' AND delivery_status = 'told'`;
const untold = `SELECT 1 FROM link_news JOIN notices ON subject_id = CAST(batch AS TEXT) AND notices.kind = 'linkNews'
  WHERE member_id = ? AND delivery_status = 'due'`;

const proof: Scene = {
  who: 'stranger',
  prepare: async () => undefined,
  act: proves,
  isOver: (_, house, { person: { id } }) =>
    house.rows(greeted, id).length === 1 && house.rows(open, id).length + house.rows(untold, id).length === 0,
};

const linkedOnce: Outcome = async (house, subject) => {
  const { person, account } = subject;
  const { jellyfin, discord } = house.home;
  expect(await botsDevices(jellyfin)).toEqual([]);
  const links = house.rows('SELECT account_id AS id FROM links WHERE member_id = ?', person.id);
  expect(links).toEqual([{ id: jellyfin.user(account).Id }]);
  expectDirectMessages(subject, [new RegExp(`^You are linked to the Jellyfin account ${account}`)]);
  const cards = discord.messagesIn(discord.adminChannelId).filter(({ text }) => text.includes(person.mention));
  expect(cards.map(({ text }) => text)).toEqual([expect.stringMatching(/they confirmed a code/)]);
  const acts = `SELECT act, outcome FROM audit WHERE member_id = ? AND outcome <> 'replaced' ORDER BY id`;
  expect(house.rows(acts, person.id)).toEqual([
    { act: 'link', outcome: 'done' },
    { act: 'prove', outcome: 'linked' },
  ]);
};

test(
  'killed anywhere in a link by proof, its member is linked and told once, and the bot is signed in nowhere',
  () => sweepAlone(household(), proof, linkedOnce),
  limit,
);

test(
  'killed again while it carries on a code that it had given out, the bot comes to the same end',
  async () => {
    const first = { end: 'jellyfin', method: 'POST', what: '/Users/AuthenticateWithQuickConnect', nth: 1 } as const;
    const greeting = { end: 'discord', method: 'POST', what: '/channels/*/messages', nth: 1 } as const;
    const signOut = { end: 'jellyfin', method: 'DELETE', what: '/Devices', nth: 1 } as const;
    const cuts = ['before', 'after'] as const;
    const seconds = [greeting, signOut].flatMap((each) => cuts.map((cut) => ({ ...each, cut })));
    const twice = cuts.flatMap((cut) => seconds.map((second) => [{ ...first, cut }, second]));
    const some = twice.filter((_, index) => index % oneIn === 0);
    await killAlone(household(), proof, some, linkedOnce);
  },
  limit,
);
