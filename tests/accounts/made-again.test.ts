import { afterEach, expect, test } from 'vitest';
import { type BotHousehold, closeAll, startBot } from '../support/bot.js';
import { connect } from '../support/connect.js';
import { deletesAccount } from '../support/in-jellyfin.js';

afterEach(closeAll);

/** The bot has read the list when an administrator deletes Maya's account and makes it again. */
async function madeAgain(): Promise<BotHousehold & { readonly id: string; readonly formerId: string }> {
  const bot = await startBot();
  await (await bot.gran.types('/status', { user: 'maya' })).answer();
  const formerId = bot.jellyfin.user('maya').Id;
  await deletesAccount(bot.jellyfin, 'maya');
  const { id } = bot.jellyfin.addUser('maya', { password: 'another', limit: 3 });
  return Object.assign(bot, { id, formerId });
}

test.each(['name', 'choice from the list as it was'])(
  'an account that was deleted and made again is found at once by its %s',
  async (how) => {
    const bot = await madeAgain();
    await bot.jellyfin.lock('maya');
    const user = how === 'name' ? 'Maya' : bot.formerId;
    const said = await (await bot.gran.types('/unlock', { user })).answer();
    expect(said.text).toMatch(/unlocked|open/i);
    expect(bot.jellyfin.user('maya')).toMatchObject({ Id: bot.id, Policy: { IsDisabled: false } });
  },
);

test('and it is the one that is linked', async () => {
  const bot = await madeAgain();
  const said = await (await bot.dad.types('/link', { member: bot.maya, user: 'maya' })).answer();
  expect(said.text).toContain('maya');
  const status = await (await bot.maya.types('/status')).answer();
  expect(status.text).not.toMatch(/gone|not exist/);
});

test('but not for a member who owned the former one: the new one may be anybody’s', async () => {
  const bot = await madeAgain();
  connect(bot, bot.maya, 'maya', bot.formerId);
  await bot.jellyfin.lock('maya');
  const said = await (await bot.maya.types('/unlock', { user: bot.formerId })).answer();
  expect(said.text).toMatch(/is gone|no longer|does not exist|deleted/);
  expect((await (await bot.maya.types('/status', { user: bot.formerId })).answer()).text).not.toMatch(/Locked/);
});

test('one that is gone is said to be gone', async () => {
  const bot = await madeAgain();
  await deletesAccount(bot.jellyfin, 'maya');
  expect((await (await bot.gran.types('/unlock', { user: 'maya' })).answer()).text).toMatch(/no|not/);
});
