import { afterEach, expect, test } from '@jest/globals';
import { createWords } from '../../src/words.js';
import { closeAll, startBot } from '../support/bot.js';
import { connect } from '../support/connect.js';

afterEach(closeAll);

const names = ['{{failed}}', '$t(states.pending)', '{{at}}', '{{- what}}', '$&', 'a {{b}} $t(c) d', '\uE0000\uE001'];

test.each(names)('a value is never taken for a part of the sentence: %s', (name) => {
  const t = createWords('en').in('en');
  expect(t('unlock.done', { name, failed: 3 })).toMatch(`**${name}** is unlocked (3 wrong`);
  expect(t('buttons.unlockName', { name })).toBe(`Unlock ${name}`);
  const what = t('kinds.reset', { account: name });
  expect(t('account.open', { what, state: 'pending', at: 7 })).toBe(
    `Open request: new password for ${name}, waiting, asked <t:7:R>`,
  );
});

test('an account called like a sentence within a sentence is asked for and unlocked', async () => {
  const name = '$t(states.pending)';
  const bot = await startBot();
  bot.jellyfin.addUser(name, { password: 'x', limit: 3 });
  connect(bot, bot.maya, name);
  await bot.jellyfin.lock(name);
  expect((await (await bot.maya.types('/unlock')).answer()).text).toContain(name);
  const card = await bot.dad.sees(/asks to unlock/);
  expect(card.content.replaceAll('\\', '')).toContain(`asks to unlock ${name}.`);
  const own = await (await bot.maya.types('/status')).answer();
  expect(own.text.replaceAll('\\', '')).toContain(`Open request: unlock ${name}, waiting, asked <t:`);
  await (await bot.gran.types('/status')).answer();
  await bot.gran.presses(`Unlock ${name}`);
  const done = await bot.gran.sees(/is unlocked \(3 wrong/);
  expect(done.text.replaceAll('\\', '')).toContain(`**${name}** is unlocked`);
});
