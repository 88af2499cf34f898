import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { expectOneCard } from './expectations.js';
import { KillableHousehold } from './killable-household.js';
import { scenes } from './scenes.js';
import { playKilled, rehearse, type Outcome } from './sweep.js';

const oneIn = process.env['KILL_POINTS'] === 'all' ? 1 : 3;
let household: KillableHousehold;
beforeAll(async () => {
  household = await KillableHousehold.start({ SELF_UNLOCK: 'allow' });
}, 60_000);
afterAll(() => household.close());

/** Nobody can ask Discord whether a private answer arrived: who was killed between that and its note tells it once more. */
const unlocked: Outcome = async (house, subject) => {
  const { person, account, password } = subject;
  expect((await house.home.jellyfin.signIn(account, password)).status).toBe(200);
  const heard = person.messages().filter(({ text }) => / unlocked: sign in/.test(text.replaceAll('*', ''))).length;
  const told = person.directMessages().filter(({ text }) => / is unlocked: sign in/.test(text)).length;
  expect([heard > 0, told < 2]).toEqual([true, true]);
  expectOneCard(house, subject, / unlocked .* themselves/);
};

test('killed anywhere in an unlock by the owner, the account ends up open, and its owner knows', async () => {
  const all = await rehearse(household, scenes.unlockOneself, unlocked);
  expect(all.length).toBeGreaterThan(4);
  for (const point of all.filter((_, index) => index % oneIn === 0)) {
    await playKilled(household, scenes.unlockOneself, [point], unlocked).catch((error: unknown) => {
      throw new Error(`killed ${JSON.stringify(point)}: ${String(error)}`, { cause: error });
    });
  }
}, 240_000);
