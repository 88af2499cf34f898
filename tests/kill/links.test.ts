import { describe, expect, test } from 'vitest';
import { botsDevices, codeIn, confirms } from '../support/quick-connect.js';
import { expectDirectMessages, shownPassword } from './expectations.js';
import { fileHousehold, limit } from './file-household.js';
import { KillableHousehold, type Subject } from './killable-household.js';
import { byHand } from './runners.js';
import { getsPassword, type Scene } from './scenes.js';
import { inThisRun, killAlone, type Outcome, sweepAlone } from './sweep.js';
import { until } from './until.js';

describe('a link by proof', () => {
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
      await killAlone(household(), proof, inThisRun(twice), linkedOnce);
    },
    limit,
  );
});

describe('an owner is told', () => {
  const household = fileHousehold(() => KillableHousehold.start({}, byHand));

  const told = `SELECT 1 FROM notices WHERE kind = 'ownerOfDone' AND subject_id = ? AND delivery_status = 'told'`;

  /** The subject owns the account for which somebody else has asked. */
  const approved: Scene = {
    async prepare({ home }, { account }) {
      const other = home.discord.addPerson(`Not the owner of ${account}`);
      await (await other.types('/unlock', { user: account })).answer();
      await home.dad.sees(new RegExp(`asks to unlock ${account},`));
    },
    async act(house, { account }) {
      const { dad } = house.home;
      // Approved before the bot died, it is carried on, and there is nothing left to press.
      if (house.request(account)?.state !== 'pending') return;
      await dad.presses('Approve and link', { on: await dad.sees(new RegExp(`asks to unlock ${account},`)) });
    },
    isOver: (row, house) => row?.state === 'done' && house.rows(told, `${row.id}`).length === 1,
  };

  const toldOnce: Outcome = async (house, subject) => {
    expect((await house.home.jellyfin.signIn(subject.account, subject.password)).status).toBe(200);
    expectDirectMessages(subject, [new RegExp(`^Your Jellyfin account ${subject.account} was unlocked`)]);
  };

  test(
    'killed anywhere while somebody else is let into an account, its owner hears of that once',
    () => sweepAlone(household(), approved, toldOnce),
    limit,
  );
});

describe('a link that is taken away', () => {
  const halfADayMs = 12 * 3_600_000;

  /** By account: the password that is taken away in the end. */
  const handedOut = new Map<string, string>();

  const household = fileHousehold(() => KillableHousehold.start({ TEMP_PASSWORD_TTL: '24h' }, byHand));

  /** Whether there is nothing left to do about a password whose time is over; `dropped`: a reminder that says it is over. */
  function isSettled(house: KillableHousehold, requestId: number): boolean {
    const ended =
      'SELECT 1 FROM temp_passwords WHERE request_id = ? AND ended_at IS NOT NULL AND scrubbed_at IS NOT NULL';
    const open = `SELECT 1 FROM notices WHERE kind LIKE 'password%' AND subject_id = ?
    AND (delivery_status = 'due' OR (kind <> 'passwordEnd' AND delivery_status <> 'dropped'))`;
    return house.rows(ended, requestId).length === 1 && house.rows(open, `${requestId}`).length === 0;
  }

  const reminded = `SELECT 1 FROM notices
  WHERE kind = 'passwordReminder1' AND subject_id = ? AND delivery_status = 'told'`;

  const takenAway: Scene = {
    async prepare(house, subject) {
      const { person, account } = subject;
      await getsPassword(house, subject);
      const shown = person.directMessages().flatMap(({ text }) => shownPassword.exec(text)?.[1] ?? []);
      handedOut.set(account, shown[0] ?? '');
      await house.passes(halfADayMs + 60_000);
      house.minute();
      await until(
        () => house.rows(reminded, `${house.request(account)?.id}`)[0],
        () => `not reminded\n${house.told()}`,
      );
      await house.passes(halfADayMs);
    },
    act: async (house) => house.minute(),
    isOver: (row, house) => row !== undefined && isSettled(house, row.id),
  };

  const nobodyKnowsIt: Outcome = async (house, subject) => {
    const { account, password } = subject;
    for (const known of [handedOut.get(account) ?? '', password, '']) {
      expect((await house.home.jellyfin.signIn(account, known)).status).not.toBe(200);
    }
    expectDirectMessages(subject, [
      /^The temporary password .* was not used in time and does not work any more/,
      /^This reminder is over/,
      /^Your temporary password for child\d+ was not used in time/,
    ]);
    const ends = `SELECT outcome FROM audit WHERE act = 'temporary password' AND account_name = ?`;
    expect(house.rows(ends, account)).toEqual([{ outcome: 'expired' }]);
  };

  test(
    'killed anywhere while it takes an unused password away, nobody is left with it, and its owner hears of that once',
    () => sweepAlone(household(), takenAway, nobodyKnowsIt),
    limit,
  );
});
