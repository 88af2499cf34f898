import { afterEach, describe, expect, test } from 'vitest';
import { mayasPassword } from '../../sandbox/household.js';
import type { Person } from '../../sandbox/discord/index.js';
import { closeAll, startBot } from '../support/bot.js';
import { withDatabase } from '../support/database.js';
import { setsPassword } from '../support/in-jellyfin.js';
import { codeIn, confirms, newDevice } from '../support/quick-connect.js';

afterEach(closeAll);

describe('a password that its owner changed', () => {
  const again = /password of that account was changed since you proved that it is yours/;

  async function proved() {
    const bot = await startBot({ overrides: { proofPollMs: 20 } });
    const uncle = bot.discord.addPerson('Uncle');
    await bot.links(bot.maya, 'maya');
    const proves = async (password: string, said: RegExp) => {
      const { token = '' } = await bot.jellyfin.signIn('maya', password, { device: 'living room' });
      await confirms(bot.jellyfin, token, codeIn((await (await uncle.types('/link')).answer()).text));
      await uncle.sees(said);
    };
    await proves(mayasPassword, /Done: you are linked to \*\*maya\*\*/);
    const tries = async (who: Person) => {
      const device = await newDevice(bot.jellyfin, crypto.randomUUID());
      return (await (await who.types('/signin', { code: device.code })).answer()).text;
    };
    return { bot, uncle, proves, tries };
  }

  test('keeps devices out that those would sign in who proved the account before, until they prove it again', async () => {
    const { bot, uncle, proves, tries } = await proved();
    expect(await tries(uncle)).toMatch(/in front of you/);
    await setsPassword(bot.jellyfin, 'maya', 'mayas-new-one');
    // However long the server needs to tell of it.
    bot.jellyfin.faults.on({ path: /ActivityLog/, delayMs: 30 });
    expect(await tries(uncle)).toMatch(again);
    // A link that an admin made says nothing about a device.
    expect(await tries(bot.maya)).toMatch(/in front of you/);
    await bot.restart();
    expect(await tries(uncle)).toMatch(again);
    expect((await (await uncle.types('/status')).answer()).text).toMatch(/### maya/);
    await proves('mayas-new-one', /you are linked already/);
    expect(await tries(uncle)).toMatch(/in front of you/);
  });

  test('is seen at night, too, so that a log that forgets does not help', async () => {
    const { bot, uncle, tries } = await proved();
    await setsPassword(bot.jellyfin, 'maya', 'mayas-new-one');
    await bot.app.runJob('follow links');
    withDatabase(bot.database, (db) => db.exec('DELETE FROM password_log_position'));
    expect(await tries(uncle)).toMatch(again);
  });

  test('is seen however soon after a temporary one it was set, whether that is followed up first or not', async () => {
    for (const isFollowed of [false, true]) {
      const { bot, uncle, tries } = await proved();
      await (await bot.maya.types('/resetpw')).answer();
      await bot.dad.presses('Approve', { on: await bot.dad.sees(/asks for a new password/) });
      await bot.maya.sees(/Tap it to see it/, { in: 'dm' });
      expect(await tries(uncle)).toMatch(/in front of you/);
      await setsPassword(bot.jellyfin, 'maya', 'mayas-new-one');
      if (isFollowed) await bot.app.runJob('upkeep');
      expect(await tries(uncle)).toMatch(again);
    }
  });

  test('is not one that the bot set: the new password’s owner signs devices in as before', async () => {
    const { bot, uncle, tries } = await proved();
    await (await uncle.types('/resetpw')).answer();
    await bot.dad.presses('Approve', { on: await bot.dad.sees(/asks for a new password/) });
    await uncle.sees(/Tap it to see it/, { in: 'dm' });
    expect(await tries(uncle)).toMatch(/in front of you/);
  });
});
