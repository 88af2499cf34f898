import { randomInt } from 'node:crypto';
import { expect } from 'vitest';
import type { KillPoint, Passing } from './gate.js';
import { sameKind } from './call-kind.js';
import { everybodyBut, expectNoSecondPassword, rightsOf } from './expectations.js';
import type { KillableHousehold, Subject } from './killable-household.js';
import { theEnd, type Scene } from './scenes.js';

const wanted = process.env['KILL_POINTS'];

/** A kill takes a second of everything that this machine has: a run takes one point in sixteen, and `KILL_POINTS=all` takes all. */
export const oneIn = wanted === 'all' ? 1 : 16;
/** Which of the sixteen shares: another in each run, or the one that `KILL_POINTS` names. */
export const share = wanted === undefined || wanted === 'all' ? randomInt(oneIn) : Number(wanted) % oneIn;
/** How to run with the same share again; said by whatever fails. */
export const again = `again with KILL_POINTS=${oneIn === 1 ? 'all' : share}`;

/** The points that this run takes; each test begins to count elsewhere, whatever was run before it. */
export function inThisRun<T>(points: readonly T[]): T[] {
  const { currentTestName: name = '' } = expect.getState();
  return points.filter((_, index) => (name.length + index) % oneIn === share);
}

/** What has to be so after a scene, however often the bot was killed in it. */
export type Outcome = (household: KillableHousehold, subject: Subject) => Promise<void> | void;

/** Plays a scene undisturbed, and answers every point at which the bot may be killed in it. */
export async function rehearse(household: KillableHousehold, scene: Scene, outcome: Outcome): Promise<KillPoint[]> {
  await scene.before?.(household);
  const subject = await household.subject(scene.who);
  await scene.prepare(household, subject);
  await household.gate.forget();
  await scene.act(household, subject);
  await theEnd(household, subject, scene);
  const calls = [...household.gate.passed];
  await outcome(household, subject);
  const certain = calls.filter((call, index) => isCertain(call, calls.slice(0, index)));
  return certain.flatMap((call, index) => pointsOf(call, certain.slice(0, index)));
}

/** Whether a call is made in every run: the list of accounts is kept for 30 s, and a code is looked at until it is confirmed. */
function isCertain(call: Passing, earlier: readonly Passing[]): boolean {
  if (call.what === '/Users') return false;
  return call.what !== '/QuickConnect/Connect' || !earlier.some((each) => sameKind(each, call));
}

/** Killed after a read is the same as before what follows it: nothing was changed in between. */
function pointsOf({ end, method, what }: Passing, earlier: readonly Passing[]): KillPoint[] {
  const kind = { end, method, what };
  const nth = earlier.filter((each) => sameKind(each, kind)).length + 1;
  const before = { ...kind, nth, cut: 'before' as const };
  return method === 'GET' ? [before] : [before, { ...before, cut: 'after' as const }];
}

/** Plays a scene with the bot killed at a point, and perhaps again while it carries on; people then do what they see is left to do. */
export async function playKilled(
  household: KillableHousehold,
  scene: Scene,
  points: readonly KillPoint[],
  outcome: Outcome,
) {
  await scene.before?.(household);
  const subject = await household.subject(scene.who);
  const { account } = subject;
  await scene.prepare(household, subject);
  const others = everybodyBut(household, account, household.accounts);
  const rights = rightsOf(household, account);
  await household.gate.forget();
  const asked = [0];
  await household.killed(points, () => scene.act(household, subject));
  await household.settled(account);
  if (!scene.isOver(household.request(account), household, subject)) {
    asked.push(household.gate.passed.length);
    await scene.act(household, subject);
  }
  await theEnd(household, subject, scene);
  expectNoSecondPassword(household, asked);
  await outcome(household, subject);
  expect(everybodyBut(household, account, household.accounts)).toEqual(others);
  expect(rightsOf(household, account)).toEqual({ ...rights, rights: { ...rights.rights, ...scene.becomes } });
}

/** Kills the bot of one household at the calls of a scene, one after the other, and holds each outcome against what it has to be. */
export async function sweepAlone(household: KillableHousehold, scene: Scene, outcome: Outcome): Promise<void> {
  const all = await rehearse(household, scene, outcome);
  expect(all.length).toBeGreaterThan(2);
  const points = inThisRun(all).map((point) => [point]);
  await killAlone(household, scene, points, outcome);
}

/** Plays the scene once for each list of points, where the bot is killed at one after the other. */
export async function killAlone(
  household: KillableHousehold,
  scene: Scene,
  points: readonly (readonly KillPoint[])[],
  outcome: Outcome,
): Promise<void> {
  for (const each of points) {
    await playKilled(household, scene, each, outcome).catch((error: unknown) => {
      throw new Error(`killed ${JSON.stringify(each)} (${again}): ${String(error)}`, { cause: error });
    });
  }
}
