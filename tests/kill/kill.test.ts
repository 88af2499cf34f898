import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectDirectMessages, expectNewPassword, expectOneCard, expectOnePassword } from './expectations.js';
import type { KillPoint } from './gate.js';
import { KillableHousehold } from './killable-household.js';
import { SharedProcess } from './runners.js';
import { scenes, theEnd, type Scene } from './scenes.js';
import { again, inThisRun, playKilled, rehearse, type Outcome } from './sweep.js';

const beside = 4;
const shared = new SharedProcess(beside);
const households: KillableHousehold[] = [];
beforeAll(async () => {
  const starts = Array.from({ length: beside }, () => KillableHousehold.start({}, shared.seat()));
  households.push(...(await Promise.all(starts)));
});
let scenesSwept = 0;
let pointsFound = 0;
afterAll(async () => {
  await Promise.all(households.map((household) => household.close()));
  if (scenesSwept === 9) expect(pointsFound).toBeGreaterThan(90);
});

/** Kills the bot at every call of the scene, each time for another member, and holds the outcome against what it has to be. */
async function sweep(scene: Scene, outcome: Outcome): Promise<void> {
  const [first] = households;
  if (!first) throw new Error('no household');
  const all = await rehearse(first, scene, outcome);
  expect(all.length).toBeGreaterThan(4);
  const points = inThisRun(all).map((point) => [point]);
  const wanted = points.length;
  const before = kills();
  await killAt(points, scene, outcome);
  expect(kills() - before).toBe(wanted);
  pointsFound += all.length;
  scenesSwept += 1;
}

const kills = () => households.reduce((sum, household) => sum + household.kills, 0);

/** Plays the scene once for each list of points, where the bot is killed at one after the other. */
async function killAt(points: KillPoint[][], scene: Scene, outcome: Outcome): Promise<void> {
  while (points.length > 0) {
    // Those that had no part in the round before were killed with the others, and may be on their way still.
    await Promise.all(households.map((household) => household.startsBot()));
    const round = households.flatMap((household) => points.splice(0, 1).map((point) => ({ household, point })));
    await shared.together(round, ({ household, point }) =>
      playKilled(household, scene, point, outcome).catch((error: unknown) => {
        throw new Error(`killed ${JSON.stringify(point)} (${again}): ${String(error)}`, { cause: error });
      }),
    );
  }
}

const unlocked: Outcome = async (household, subject) => {
  expect((await household.home.jellyfin.signIn(subject.account, subject.password)).status).toBe(200);
  expectDirectMessages(subject, [/unlocked/]);
  expectOneCard(household, subject, /^Done: .*unlocked/);
};

const limit = 120_000; // a minute is close where other work has the cores

test(
  'killed anywhere between the approval of an unlock and its end, the bot carries it on after a start',
  () => sweep(scenes.approveUnlock, unlocked),
  limit,
);

test(
  'killed anywhere between the approval of a new password and its end, one password works and was seen',
  () => sweep(scenes.approveReset, expectNewPassword),
  limit,
);

test(
  'killed anywhere where direct messages are closed, the member can press for the password all the same',
  () =>
    sweep(scenes.approveResetClosed, async (household, subject) => {
      const { home } = household;
      const told = home.discord.messagesIn(home.discord.generalChannelId);
      expect(told.filter(({ text }) => text.includes(subject.person.mention)).length).toBe(1);
      await scenes.show.act(household, subject);
      await theEnd(household, subject, scenes.show);
      expectOneCard(household, subject, /^Done: .*new password/);
      await expectOnePassword(household, subject);
    }),
  limit,
);

test(
  'killed anywhere between *Show my password* and its end, the button works again, and the password read last opens',
  () =>
    sweep(scenes.show, async (household, subject) => {
      expectOneCard(household, subject, /^Done: .*new password/);
      await expectOnePassword(household, subject);
    }),
  limit,
);

test(
  'killed anywhere between *New one* and its end, the same message ends up with the one password that works',
  () => sweep(scenes.renew, expectNewPassword),
  limit,
);

test(
  'killed anywhere between *Show it here* and its end, the password read last opens, and the message shows none',
  () =>
    sweep(scenes.showHere, async (household, subject) => {
      await subject.person.sees(/there is a newer one/, { in: 'dm' });
      await expectOnePassword(household, subject);
      expectDirectMessages(subject, [/there is a newer one/]);
    }),
  limit,
);

test(
  'killed anywhere in a denial, the member hears of it once and nothing is changed',
  () =>
    sweep(scenes.deny, async (household, subject) => {
      expect((await household.home.jellyfin.signIn(subject.account, subject.password)).status).toBe(403);
      expectDirectMessages(subject, [/denied/]);
      expectOneCard(household, subject, / denied /);
    }),
  limit,
);

test(
  'killed anywhere between a question and its card, there is one card, and it can be approved',
  () =>
    sweep(scenes.ask, async (household, subject) => {
      await scenes.approveUnlock.act(household, subject);
      await theEnd(household, subject, scenes.approveUnlock);
      await unlocked(household, subject);
    }),
  limit,
);

test(
  'killed anywhere in a reset whose password goes to the helper who ran it, the helper hears that it may not have come',
  () =>
    sweep(scenes.handed, async (household, subject) => {
      const { person, account } = subject;
      const isLost = household.request(account)?.state === 'failed';
      const told = person.directMessages().filter(({ text }) => text.includes(account));
      expect(told.map(({ text }) => text)).toEqual(isLost ? [expect.stringMatching(/run .* again/)] : []);
      if (isLost) {
        const again = await scenes.handed.act(household, subject);
        await again.answer();
      }
      await expectOnePassword(household, subject);
    }),
  limit,
);

test(
  'killed again while it carries on what the first kill left, the bot comes to the same end',
  () => {
    const password = { end: 'jellyfin', method: 'POST', what: '/Users/Password', nth: 1 } as const;
    const message = { end: 'discord', method: 'PATCH', what: '/channels/*/messages/*', nth: 1 } as const;
    const seconds = [password, message].flatMap((each) => [
      { ...each, cut: 'before' as const },
      { ...each, cut: 'after' as const },
    ]);
    const first = { ...password, cut: 'after' as const };
    const twice = seconds.map((second) => [first, second]);
    return killAt(twice, scenes.approveReset, expectNewPassword);
  },
  limit,
);
