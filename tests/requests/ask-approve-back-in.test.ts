import { afterEach, expect, test } from '@jest/globals';
import { mayasPassword } from '../../sandbox/household.js';
import { closeAll, startBot } from '../support/bot.js';

afterEach(closeAll);

test('a locked member asks for a new password, an admin approves with one press, and the member signs in with it', async () => {
  const { jellyfin, maya, dad, links } = await startBot();
  await links(maya, 'maya');
  await jellyfin.lock('maya');
  expect((await jellyfin.signIn('maya', mayasPassword)).status).toBe(403);

  const asked = await maya.types('/resetpw');
  expect((await asked.answer()).text).toMatch(/asked the admins for a new password for \*\*maya/);
  await dad.sees(/asks for a new password for maya/);
  await dad.presses('Approve');

  const message = await maya.sees(/Sign in at/);
  const password = /\|\|`?([a-z0-9-]{14})`?\|\|/.exec(message.text)?.[1] ?? message.text;
  expect((await jellyfin.signIn('maya', password)).status).toBe(200);
  await dad.sees(/Done: .*has a new password for maya/);
});
