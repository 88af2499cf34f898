import { afterEach, describe, expect, test } from 'vitest';
import { closeAll, startBot } from '../support/bot.js';

afterEach(closeAll);

describe('“Cannot sign in?”', () => {
  test('is posted by an admin into any channel, and answers whoever presses, in private, after a restart, too', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await bot.jellyfin.lock('maya');
    await (await bot.dad.types('/help')).answer();
    const said = await (
      await bot.dad.selects('Channel for the card “Cannot sign in?”', { id: bot.discord.generalChannelId })
    ).answer();
    expect(said.text).toMatch(/stands in <#\d+> now/);
    await bot.restart();
    const answer = await (await bot.maya.presses('Cannot sign in?')).answer();
    expect(answer.private).toBe(true);
    expect(answer.text).toMatch(/maya/);
    expect(answer.labels).toContain('Ask for unlock');
  });

  test('is for admins to post, and says when the bot may not write there', async () => {
    const bot = await startBot();
    for (const person of [bot.maya, bot.gran]) {
      const said = await (await person.types('/help')).answer();
      expect(said.text).not.toMatch(/Cannot sign in/);
    }
    bot.discord.setBotOverwrite(bot.discord.generalChannelId, { deny: ['SendMessages'] });
    await (await bot.dad.types('/help')).answer();
    const said = await (
      await bot.dad.selects('Channel for the card “Cannot sign in?”', { id: bot.discord.generalChannelId })
    ).answer();
    expect(said.text).toMatch(/I may not write in that channel/);
  });
});
