import { afterEach, expect, test } from '@jest/globals';
import { closeAll, startBot } from '../support/bot.js';
import { connect } from '../support/connect.js';

afterEach(closeAll);

test('a helper sees in a member’s menu what that member waits for', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  await (await bot.maya.types('/resetpw')).answer();
  const said = await (await bot.gran.usesMenu('Jellyfin account', bot.maya)).answer();
  expect(said.text).toMatch(new RegExp(`<@${bot.maya.id}>: new password for maya, asked`));
  expect(said.labels).not.toContain('Cancel my request');
  const own = await (await bot.maya.types('/status')).answer();
  expect(own.text).toMatch(/Open request: new password for maya, waiting/);
  expect(own.labels).toContain('Cancel my request');
});

test('a helper is offered no button for what only admins decide, and is told whom to ask', async () => {
  const bot = await startBot();
  await (await bot.maya.types('/status')).answer();
  await (await bot.maya.presses('Ask an admin to link me')).answer();
  const said = await (await bot.gran.types('/requests')).answer();
  expect(said.text).toMatch(/link to an account/);
  expect(said.labels).toEqual([]);
  expect((await (await bot.dad.types('/requests')).answer()).labels).toEqual(['Deny']);
  expect((await (await bot.gran.types('/history')).answer()).text).toMatch(/That is for admins\. Ask one of them/);
});

test('nor for a request about an administrator’s account, which an admin is offered', async () => {
  const bot = await startBot();
  connect(bot, bot.maya, 'root');
  await (await bot.maya.types('/resetpw')).answer();
  await bot.dad.sees(/asks for a new password for root/);
  const said = await (await bot.gran.types('/requests')).answer();
  expect(said.text).toMatch(/new password for root/);
  expect(said.labels).toEqual([]);
  expect((await (await bot.gran.types('/status')).answer()).labels).not.toContain('Approve');
  expect((await (await bot.dad.types('/requests')).answer()).labels).toEqual(['Approve', 'Deny']);
});
