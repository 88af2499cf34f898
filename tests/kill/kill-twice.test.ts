import { afterAll, beforeAll, test } from '@jest/globals';
import { expectNewPassword } from './expectations.js';
import { KillableHousehold } from './killable-household.js';
import { scenes } from './scenes.js';
import { playKilled } from './sweep.js';

let household: KillableHousehold;
beforeAll(async () => {
  household = await KillableHousehold.start();
}, 30_000);
afterAll(() => household.close());

test('killed again while it carries on what the first kill left, the bot comes to the same end', async () => {
  const password = { end: 'jellyfin', method: 'POST', what: '/Users/Password', nth: 1 } as const;
  const message = { end: 'discord', method: 'PATCH', what: '/channels/*/messages/*', nth: 1 } as const;
  const seconds = [password, message].flatMap((each) => [
    { ...each, cut: 'before' as const },
    { ...each, cut: 'after' as const },
  ]);
  for (const second of seconds) {
    await playKilled(household, scenes.approveReset, [{ ...password, cut: 'after' }, second], expectNewPassword);
  }
}, 60_000);
