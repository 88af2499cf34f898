import { afterEach, describe, expect, test } from 'vitest';
import { type BotHousehold, closeAll, startBot } from '../support/bot.js';
import { auditLines, auditOf, callsDuring, changes } from '../support/traces.js';
import { connect } from '../support/connect.js';
import { changesPolicy } from '../support/in-jellyfin.js';

const notYours = /not one of your accounts/;

describe('rights', () => {
  afterEach(closeAll);

  const refusedRank = /That is for (helpers and )?admins/;

  describe('a plain member', () => {
    test('hears the same about an account that exists and one that does not, and Jellyfin is asked about their own alone', async () => {
      const bot = await startBot();
      await bot.links(bot.maya, 'maya');
      const root = bot.jellyfin.user('root').Id;
      for (const command of ['/status', '/unlock', '/resetpw']) {
        const answers: string[] = [];
        const calls = await callsDuring(bot, async () => {
          for (const user of ['root', 'nobody-at-all', root, 'f'.repeat(32), bot.dad.mention]) {
            answers.push((await (await bot.maya.types(command, { user })).answer()).text);
          }
        });
        expect(new Set(answers).size).toBe(1);
        expect(answers[0]).toMatch(notYours);
        // For the two names, whether there is such an account or not.
        const own = `GET /Users/${bot.jellyfin.user('maya').Id}`;
        expect(calls).toEqual([own, own]);
      }
      expect(auditLines(bot).filter((line) => line.endsWith('accountNotYours'))).toHaveLength(15);
    });

    test('who is linked to nothing hears one and the same sentence about every name', async () => {
      const bot = await startBot();
      const calls = await callsDuring(bot, async () => {
        for (const user of ['maya', 'root', 'nobody-at-all']) {
          expect((await (await bot.maya.types('/status', { user })).answer()).text).toMatch(
            /Which Jellyfin account is yours/,
          );
        }
      });
      expect(calls).toEqual([]);
    });

    test('who is refused again and again leaves twenty lines an hour and one that counts, and keeps nobody else out of the history', async () => {
      const bot = await startBot();
      const tries = () => bot.maya.types('/status', { user: 'root' });
      for (let count = 0; count < 23; count += 1) await (await tries()).answer();
      await bot.restart();
      await (await tries()).answer();
      await (await bot.gran.types('/link', { member: bot.gran, user: 'maya' })).answer();
      const lines = auditLines(bot);
      expect(lines.filter((line) => line === 'Maya status notLinked')).toHaveLength(20);
      expect(lines.slice(20)).toEqual(['Maya refused tooOften', 'Gran link linkOthers']);
      const shown = await (await bot.dad.types('/history')).answer();
      expect(shown.text).toMatch(/was refused 4 more times · no: too often/);
      bot.passes(60 * 60_000);
      await (await tries()).answer();
      expect(auditLines(bot).at(-1)).toBe('Maya status notLinked');
    });

    test('cannot reach a stranger’s account by forging what a button or a select carries', async () => {
      const bot = await startBot();
      await bot.links(bot.maya, 'maya');
      bot.jellyfin.addUser('leo', { password: 'x', limit: 3 });
      await bot.jellyfin.lock('leo');
      const leo = bot.jellyfin.user('leo').Id;
      const calls = await callsDuring(bot, async () => {
        for (const action of ['unlock:ask', 'resetpw:ask']) {
          expect((await (await bot.maya.pressesRaw(`${action}:${leo}`)).answer()).text).toMatch(notYours);
        }
        for (const action of ['unlock:now', 'resetpw:now']) {
          expect((await (await bot.maya.pressesRaw(`${action}:${leo}`)).answer()).text).toMatch(refusedRank);
        }
      });
      expect(calls).toEqual([]);
    });

    test('unlocks and resets nothing, not even the own account, without somebody’s approval', async () => {
      const bot = await startBot();
      await bot.links(bot.maya, 'maya');
      await bot.jellyfin.lock('maya');
      const calls = await callsDuring(bot, async () => {
        await (await bot.maya.types('/unlock')).answer();
        await (await bot.maya.types('/resetpw', {}, { in: 'dm' })).answer();
        const card = await bot.dad.sees(/asks to unlock maya/);
        const approve = card.buttons.find((each) => each.label === 'Approve')?.customId ?? '';
        expect((await (await bot.maya.pressesRaw(approve)).answer()).text).toMatch(refusedRank);
        expect((await (await bot.maya.pressesRaw(approve, { in: 'dm' })).answer()).text).toMatch(refusedRank);
      });
      expect(changes(calls)).toEqual([]);
      expect(bot.jellyfin.user('maya').Policy.IsDisabled).toBe(true);
    });
  });

  describe('an ordinary account', () => {
    test('is unlocked by a helper in the server and in direct messages alike', async () => {
      const { jellyfin, gran } = await startBot();
      for (const place of [{}, { in: 'dm' }]) {
        await jellyfin.lock('maya');
        expect((await (await gran.types('/unlock', { user: 'maya' }, place)).answer()).text).toMatch(/is unlocked/);
        expect(jellyfin.user('maya').Policy.IsDisabled).toBe(false);
      }
    });

    test('is not linked or unlinked by a helper', async () => {
      const bot = await startBot();
      await bot.links(bot.maya, 'maya');
      for (const command of ['/link', '/unlink']) {
        const asked = await bot.gran.types(command, { member: bot.maya, user: 'maya' });
        expect((await asked.answer()).text).toMatch(refusedRank);
      }
      expect(auditLines(bot)).toEqual(['Dad link done', 'Gran link linkOthers', 'Gran unlink adminsOnly']);
    });
  });

  describe('an administrator’s account', () => {
    const act = async (bot: BotHousehold, person: BotHousehold['dad'], user: string) => {
      await bot.jellyfin.lock(user);
      const said = (await (await person.types('/unlock', { user })).answer()).text;
      return { said, open: !bot.jellyfin.user(user).Policy.IsDisabled };
    };

    test('is not touched by a helper, nor by an admin who is linked to none', async () => {
      const bot = await startBot();
      bot.jellyfin.addUser('boss', { administrator: true, password: 'x', limit: 3 });
      for (const person of [bot.gran, bot.dad]) {
        for (const command of ['/unlock', '/resetpw']) {
          await bot.jellyfin.lock('boss');
          const calls = await callsDuring(bot, async () => {
            const said = (await (await person.types(command, { user: 'boss' })).answer()).text;
            expect(said).toMatch(/a Jellyfin administrator's\. Only a Discord admin/);
          });
          expect(changes(calls)).toEqual([]);
        }
      }
      expect(auditLines(bot).every((line) => line.endsWith('adminAccount'))).toBe(true);
      expect(auditOf(bot)).toHaveLength(4);
    });

    test('is changed by the admin it is linked to, and by a server admin who is linked to another one', async () => {
      const bot = await startBot();
      for (const name of ['boss', 'chief'])
        bot.jellyfin.addUser(name, { administrator: true, password: 'x', limit: 3 });
      connect(bot, bot.dad, 'boss');
      expect(await act(bot, bot.dad, 'boss')).toEqual({ said: expect.stringMatching(/is unlocked/), open: true });
      expect(await act(bot, bot.dad, 'chief')).toEqual({ said: expect.stringMatching(/is unlocked/), open: true });
    });

    test('that belongs to a member or helper is asked for by them and decided by nobody but a server admin', async () => {
      const bot = await startBot();
      bot.jellyfin.addUser('boss', { administrator: true, password: 'x', limit: 3 });
      bot.jellyfin.addUser('chief', { administrator: true, password: 'x', limit: 3 });
      connect(bot, bot.gran, 'boss');
      const { said } = await act(bot, bot.gran, 'boss');
      expect(said).toMatch(/asked the admins to unlock \*\*boss/);
      const card = await bot.dad.sees(/asks to unlock boss/);
      expect([card.pings.roles, card.labels]).toEqual([[bot.discord.roles['admin']], ['Details']]);

      const refused = await bot.gran.pressesRaw('requests:approve:1', { message: card });
      expect((await refused.answer()).text).toMatch(/Only a Discord admin/);
      const details = await (await bot.dad.presses('Details', { on: card })).answer();
      const pressed = await bot.dad.presses('Approve', { on: details });
      expect((await pressed.answer()).text).toMatch(/Only a Discord admin/);
      expect(bot.jellyfin.user('boss').Policy.IsDisabled).toBe(true);
      connect(bot, bot.dad, 'chief');
      await bot.dad.presses('Approve', { on: details });
      await bot.dad.sees(/Done: boss is unlocked/);
      expect(bot.jellyfin.user('boss').Policy.IsDisabled).toBe(false);
    });

    test('cannot be linked from Discord, not by a server admin either, by command or by card', async () => {
      const bot = await startBot();
      connect(bot, bot.dad, 'root');
      const said = await (await bot.dad.types('/link', { member: bot.maya, user: 'root' })).answer();
      expect(said.text).toMatch(/cannot be linked from here/);
      await (await bot.maya.types('/status')).answer();
      await bot.maya.presses('Ask an admin');
      const card = await bot.dad.sees(/asks to be linked/);
      expect(card.text).toContain('maya');
      expect(card.text).not.toContain('root');
      // Made an administrator's after the card was drawn.
      await changesPolicy(bot.jellyfin, 'maya', { IsAdministrator: true });
      const picked = await bot.dad.selects('Approve: pick their account', 'maya', { on: card });
      expect((await picked.answer()).text).toMatch(/cannot be linked from here/);
      expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/still waiting/);
    });
  });

  describe('roles count at the moment of the act', () => {
    test('a helper who loses the role between the card and the press decides nothing, in either place', async () => {
      const bot = await startBot();
      await bot.links(bot.maya, 'maya');
      await bot.jellyfin.lock('maya');
      await (await bot.maya.types('/unlock')).answer();
      const card = await bot.gran.sees(/asks to unlock maya/);
      const approve = card.buttons.find((each) => each.label === 'Approve')?.customId ?? '';
      await (await bot.gran.types('/requests', {}, { in: 'dm' })).answer();
      bot.gran.setRoles([]);
      expect((await (await bot.gran.pressesRaw(approve)).answer()).text).toMatch(refusedRank);
      expect((await (await bot.gran.presses('Approve')).answer()).text).toMatch(refusedRank);
      expect(bot.jellyfin.user('maya').Policy.IsDisabled).toBe(true);
      bot.gran.setRoles([bot.discord.roles['helper'] ?? '']);
      await bot.gran.presses('Approve');
      await bot.dad.sees(/Done: maya is unlocked/);
    });

    test('an admin who loses the role while the reason is being written denies nothing', async () => {
      const bot = await startBot();
      await bot.links(bot.maya, 'maya');
      await (await bot.maya.types('/resetpw')).answer();
      await (await bot.dad.types('/requests', {}, { in: 'dm' })).answer();
      await bot.dad.presses('Deny');
      bot.dad.setRoles([]);
      const sent = await bot.dad.fillsIn({ 'In your own words': 'no' });
      expect((await sent.answer()).text).toMatch(refusedRank);
      await bot.gran.sees(/asks for a new password for maya/);
      expect(auditLines(bot).at(-1)).toBe('Dad requests deny notAllowed');
    });
  });

  describe('when Discord cannot say who somebody is', () => {
    test('a direct message is refused with "try again", and nothing is done', async () => {
      const bot = await startBot();
      await bot.jellyfin.lock('maya');
      bot.discord.faults.on({ method: 'GET', path: /\/members\//, status: 500, times: 20 });
      const calls = await callsDuring(bot, async () => {
        const said = await (await bot.gran.types('/unlock', { user: 'maya' }, { in: 'dm' })).answer();
        expect(said.text).toMatch(/I did nothing\. Please try again/);
        expect(said.text).not.toMatch(/500|Error/);
      });
      expect(calls).toEqual([]);
      expect(auditLines(bot)).toEqual(['Gran unlock tryAgain']);
    });

    test('in the server the roles come with the interaction, so nobody needs to be asked', async () => {
      const bot = await startBot();
      await bot.jellyfin.lock('maya');
      bot.discord.faults.on({ method: 'GET', path: /\/members\//, status: 500, times: 20 });
      expect((await (await bot.gran.types('/unlock', { user: 'maya' })).answer()).text).toMatch(/is unlocked/);
    });

    test('every direct message asks anew', async () => {
      const bot = await startBot();
      const asked = () => bot.discord.requests.filter(({ path }) => path.endsWith(`/members/${bot.gran.id}`)).length;
      for (const times of [1, 2, 3]) {
        await (await bot.gran.types('/requests', {}, { in: 'dm' })).answer();
        expect(asked()).toBe(times);
      }
    });
  });

  test('who was an administrator a moment ago changes no other administrator’s account, and their link goes by no one’s old list', async () => {
    const bot = await startBot({
      before: ({ jellyfin }) =>
        ['boss', 'chief'].forEach((name) => jellyfin.addUser(name, { administrator: true, limit: 3 })),
    });
    connect(bot, bot.dad, 'boss');
    await bot.links(bot.maya, 'maya');
    await bot.jellyfin.lock('chief');
    const types = async (command: string, options: object) =>
      (await (await bot.dad.types(command, { ...options })).answer()).text;
    expect(await types('/status', {})).toContain('chief');
    await changesPolicy(bot.jellyfin, 'boss', { IsAdministrator: false });
    expect(await types('/unlock', { user: 'chief' })).toMatch(/That account is a Jellyfin administrator's/);
    await changesPolicy(bot.jellyfin, 'maya', { IsAdministrator: true });
    expect(await types('/unlink', { member: bot.maya, user: 'maya' })).toMatch(
      /That account is a Jellyfin administrator's/,
    );
  });

  test('somebody who left the server is refused in direct messages', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await (await bot.maya.types('/status', {}, { in: 'dm' })).answer();
    bot.maya.leaves();
    const calls = await callsDuring(bot, async () => {
      const said = await (await bot.maya.types('/resetpw', {}, { in: 'dm' })).answer();
      expect(said.text).toMatch(/not in this household's Discord server any more/);
    });
    expect(calls).toEqual([]);
    expect(auditLines(bot).at(-1)).toBe('Maya resetpw notInServer');
  });

  test('another server gets a polite refusal for commands, buttons and modals, whatever roles are held there', async () => {
    const bot = await startBot();
    const guild = bot.discord.addOtherGuild();
    const stranger = bot.discord.addPerson('Stranger', { guild, roles: [bot.discord.roles['admin'] ?? ''] });
    const calls = await callsDuring(bot, async () => {
      for (const said of [
        await (await stranger.types('/status')).answer(),
        await (await stranger.types('/unlock', { user: 'maya' })).answer(),
        await (await stranger.pressesRaw('requests:approve:1')).answer(),
        await (await stranger.pressesRaw('requests:deny:1')).answer(),
      ]) {
        expect(said.text).toMatch(/one household's Discord server only/);
        expect(said.private).toBe(true);
      }
      expect(await stranger.typesInto('/unlock', 'user', '')).toEqual([]);
    });
    expect(calls).toEqual([]);
    expect(auditOf(bot).map(({ outcome }) => outcome)).toEqual(Array(4).fill('otherServer'));
  });
});
