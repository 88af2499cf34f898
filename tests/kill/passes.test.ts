import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { changesPolicy, opensInJellyfin } from '../support/in-jellyfin.js';
import { ClaimsWatch } from './claims.js';
import { expectOneCard } from './expectations.js';
import { fileHousehold, limit } from './file-household.js';
import { KillableHousehold, type Subject } from './killable-household.js';
import { byHand } from './runners.js';
import type { Scene } from './scenes.js';
import { type Outcome, sweepAlone } from './sweep.js';
import { until } from './until.js';

const restrictions = {
  remote: { policy: { EnableRemoteAccess: false }, title: 'From outside', button: 'Let me in from outside' },
  devices: {
    policy: { EnableAllDevices: false, EnabledDevices: ['sofa-tablet'] },
    title: 'On any device',
    button: 'Let me in for a while',
  },
} as const;
type Restriction = keyof typeof restrictions;

const isOpen = ({ home }: KillableHousehold, { account }: Pick<Subject, 'account'>) => {
  const { EnableRemoteAccess, EnableAllDevices } = home.jellyfin.user(account).Policy;
  return EnableRemoteAccess && EnableAllDevices;
};

interface PassRow {
  readonly opened: number | null;
  readonly end: string | null;
  readonly isShown: number;
}
const passes = (house: KillableHousehold, { account }: Subject) =>
  house.rows<PassRow>(
    `SELECT opened_at AS opened, "end", requests.card_version IS requests.version AS isShown
     FROM passes JOIN requests ON requests.id = request_id WHERE account_name = ? ORDER BY passes.id`,
    account,
  );

const isTheSame = (house: KillableHousehold, subject: Subject, is: (row: PassRow) => boolean) =>
  passes(house, subject).length === 1 && passes(house, subject).every((row) => is(row) && row.isShown === 1);
const hasOpened = (house: KillableHousehold, subject: Subject) =>
  isTheSame(house, subject, ({ opened, end }) => opened !== null && end === null);
const hasEnded = (house: KillableHousehold, subject: Subject) => isTheSame(house, subject, ({ end }) => end !== null);

/** An account that is open but for one restriction. */
const restrict =
  (restriction: Restriction) =>
  async (house: KillableHousehold, { account }: Subject) => {
    const { jellyfin } = house.home;
    await opensInJellyfin(jellyfin, account);
    await changesPolicy(jellyfin, account, restrictions[restriction].policy);
  };

const asks = (restriction: Restriction) => async (house: KillableHousehold, subject: Subject) => {
  await restrict(restriction)(house, subject);
  const { person } = subject;
  const { title, button } = restrictions[restriction];
  await (await person.types('/status')).answer();
  await (await person.presses(button)).answer();
  await (await person.selects('How, and for how long?', `${title}: 15 minutes`)).answer();
  await house.home.dad.sees(new RegExp(`<@${person.id}> asks to let`));
};

const approves = async ({ home: { dad } }: KillableHousehold, { person }: Subject) =>
  dad.presses('Approve', { on: await dad.sees(new RegExp(`<@${person.id}> asks to let`)) });

const opens = (restriction: Restriction): Scene => ({
  before: settles,
  prepare: asks(restriction),
  act: approves,
  isOver: (_row, house, subject) => hasOpened(house, subject),
});

const getsPass = (restriction: Restriction) => async (house: KillableHousehold, subject: Subject) => {
  await asks(restriction)(house, subject);
  await approves(house, subject);
  await until(
    () => hasOpened(house, subject) || undefined,
    () => house.told(),
  );
  await house.settled(subject.account);
};

/** What is still owed after an earlier scene, such as a message that loses its button, is no call of this one. */
async function settles(house: KillableHousehold): Promise<void> {
  house.minute();
  await house.quiet();
}

const ends = (restriction: Restriction): Scene => ({
  before: settles,
  async prepare(house, subject) {
    await getsPass(restriction)(house, subject);
    if (restriction === 'devices')
      await house.home.jellyfin.signIn(subject.account, subject.password, { device: 'tv' });
    await house.passes(16 * 60_000);
    await house.quiet();
  },
  act: async (house) => house.minute(),
  isOver: (_row, house, subject) => hasEnded(house, subject),
});

/** A household in which everything that is said of a pass is held against the account, from before the first kill on. */
function watchedHousehold() {
  const watches = new Map<KillableHousehold, ClaimsWatch>();
  const household = fileHousehold(async () => {
    const started = await KillableHousehold.start({}, byHand);
    watches.set(started, new ClaimsWatch(started, (account) => isOpen(started, { account })));
    return started;
  });
  afterEach(() => {
    expect(watches.get(household())?.untrue).toEqual([]);
  });
  afterAll(() => {
    expect([...watches.values()].reduce((sum, { said }) => sum + said, 0)).toBeGreaterThan(3);
  });
  return household;
}

/** Told once; then its end, by the button on the one card. */
const openOnce: Outcome = async (house, subject) => {
  const { person, account } = subject;
  expect(isOpen(house, subject)).toBe(true);
  await person.sees(/ is let in /, { in: 'dm' });
  const told = person.directMessages().filter(({ text }) => / is let in /.test(text));
  expect(told).toHaveLength(1);
  const { dad } = house.home;
  await dad.presses('End now', { on: await dad.sees(new RegExp(`let ${account} in|${account} is let in`)) });
  await until(
    () => hasEnded(house, subject) || undefined,
    () => house.told(),
  );
  expect(isOpen(house, subject)).toBe(false);
};

const ended: Outcome = async (house, subject) => {
  const { account } = subject;
  const { jellyfin } = house.home;
  expect(isOpen(house, subject)).toBe(false);
  expectOneCard(house, subject, /^Over: .*as it was before/s);
  const acts = `SELECT outcome FROM audit WHERE account_name = ? AND act = 'end pass' AND outcome <> 'begun'`;
  expect(house.rows(acts, account)).toEqual([{ outcome: 'putBack' }]);
  const { EnabledDevices: listed, EnableAllDevices: isAny } = jellyfin.user(account).Policy;
  if (!isAny) expect(listed).toEqual(['sofa-tablet', 'tv']);
  // All else is as it was while it was open.
  await changesPolicy(jellyfin, account, {
    ...{ EnableRemoteAccess: true, EnableAllDevices: true },
    ...(!isAny && { EnabledDevices: ['sofa-tablet'] }),
  });
};

describe.each(['remote', 'devices'] as const)('a pass on %s', (restriction) => {
  const household = watchedHousehold();

  test(
    'killed anywhere between its approval and its opening, it is open once, its member is told once, and it can be ended',
    () => sweepAlone(household(), opens(restriction), openOnce),
    limit,
  );

  test(
    'killed anywhere while its time is over, it is put back once, and its card says so',
    () => sweepAlone(household(), ends(restriction), ended),
    limit,
  );
});

describe('a pass by an admin, or ended by its owner', () => {
  const household = watchedHousehold();

  test(
    'killed anywhere while an admin lets somebody in at once, it is open once, the owner is told once, and it can be ended',
    () => {
      const letsIn: Scene = {
        before: settles,
        async prepare(house, subject) {
          await restrict('remote')(house, subject);
          const { dad } = house.home;
          await (await dad.types('/status', { user: subject.account })).answer();
          await (await dad.presses('Let them in for a while')).answer();
        },
        act: ({ home: { dad } }) => dad.selects('How, and for how long?', 'From outside: 15 minutes'),
        isOver: (_row, house, subject) => hasOpened(house, subject),
      };
      return sweepAlone(household(), letsIn, openOnce);
    },
    limit,
  );

  test(
    'killed anywhere while its owner ends it, it is put back once, and its card says so',
    () => {
      const endsNow: Scene = {
        before: settles,
        prepare: getsPass('remote'),
        act: async (house, subject) =>
          house.rows('SELECT 1 FROM passes WHERE ended_by = ?', subject.person.id).length === 1
            ? house.minute()
            : subject.person.presses('End now'),
        isOver: (_row, house, subject) => hasEnded(house, subject),
      };
      return sweepAlone(household(), endsNow, ended);
    },
    limit,
  );
});
