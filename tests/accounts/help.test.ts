import { afterEach, describe, expect, test } from 'vitest';
import { closeAll, startBot } from '../support/bot.js';

afterEach(closeAll);

describe('/help', () => {
  test('says what this person can do, and no more', async () => {
    const bot = await startBot();
    const read = async (person = bot.maya) => (await (await person.types('/help')).answer()).text;
    const stranger = await read();
    expect(stranger).toMatch(/Which Jellyfin account is yours/);
    expect(stranger).not.toMatch(/<\/(requests|unlink|history|rescue|unlock):/);
    await bot.links(bot.maya, 'maya');
    expect(await read()).toMatch(/<\/unlock:\d+> gets it unlocked[^]*<\/resetpw:\d+> asks the admins/);
    const helper = await read(bot.gran);
    expect(helper).toMatch(/<\/requests:\d+>/);
    expect(helper).not.toMatch(/<\/(history|rescue|unlink):/);
    await bot.links(bot.gran, 'maya');
    const owner = await read(bot.gran);
    expect(owner).toMatch(/help your own account, at once/);
    expect(owner).not.toMatch(/asks the admins/);
    const admin = await read(bot.dad);
    expect(admin).toMatch(/<\/history:\d+>/);
    expect(admin).toMatch(/<\/rescue:\d+>/);
  });
});
