import { expect, test } from '@jest/globals';
import { expectOneCard } from './expectations.js';
import { fileHousehold, limit } from './file-household.js';
import { KillableHousehold } from './killable-household.js';
import { scenes } from './scenes.js';
import { sweepAlone, type Outcome } from './sweep.js';

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
