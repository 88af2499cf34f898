import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import Database from 'better-sqlite3';
import type { Person } from '../../sandbox/discord/index.js';
import { closeAll } from '../support/bot.js';
import { auditOf, callsDuring, changes } from '../support/traces.js';
import { connect, disconnect } from '../support/connect.js';
import { asksForRescue, cardOf, forgotten, rescueHouse, type RescueHouse } from './rescue-house.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { closeHouses, lockedOut, signIn, startsAndGoesOn } from './locked-out.js';

describe('a rescue that is refused', () => {
  afterEach(closeAll);

  const refusedRank = /That is for admins/;

  const notYours = /rescue an administrator's account once one is linked to you/;

  const places = [{}, { in: 'dm' }] as const;

  /** Aunt is an admin in Discord who owns no administrator's account; Dad's plan waits for him. */
  async function dadsPlan(): Promise<RescueHouse & { aunt: Person }> {
    const bot = await rescueHouse({ knowsFolder: true });
    const aunt = bot.discord.addPerson('Aunt', { roles: [bot.discord.roles['admin'] ?? ''] });
    await bot.jellyfin.lock('boss');
    await asksForRescue(bot);
    return Object.assign(bot, { aunt });
  }

  /** Everything that was refused to somebody since a moment, as the audit has it. */
  const refusalsOf = (bot: RescueHouse, { id }: Person) =>
    auditOf(bot)
      .filter(({ actor_id }) => actor_id === id)
      .map(({ act, outcome }) => `${act} ${outcome}`);

  /** Nothing is begun, changed or said in public, and the plan still waits for its own person. */
  async function changesNothing(bot: RescueHouse, act: () => Promise<void>): Promise<void> {
    expect(changes(await callsDuring(bot, act))).toEqual([]);
    expect(bot.jellyfin.user('boss').Policy.IsDisabled).toBe(true);
    const told = bot.discord.messagesIn(bot.discord.adminChannelId);
    // That a link was taken away, or sleeps, is told by itself.
    expect(told.filter(({ text }) => !/took the link|the link to boss sleeps/.test(text))).toEqual([]);
    expect((await bot.dad.sees(/Shall I go ahead/, { in: 'dm' })).labels).toEqual([
      'I know my password',
      'I need a new one',
      'Cancel',
    ]);
  }

  describe.each(['maya', 'gran'] as const)('%s, who is no admin,', (who) => {
    test('cannot start a rescue by command, by choice, by an old button, in the server or in direct messages', async () => {
      const bot = await dadsPlan();
      const person = bot[who];
      // Not even of an administrator's account that is linked to them.
      connect(bot, person, 'root');
      await changesNothing(bot, async () => {
        for (const place of places) {
          const answers: string[] = [];
          for (const options of [
            {},
            { user: 'boss' },
            { user: 'root' },
            { user: 'nobody-at-all' },
            { user: person.mention },
          ]) {
            answers.push((await (await person.types('/rescue', options, place)).answer()).text);
          }
          expect(new Set(answers).size).toBe(1);
          expect(answers[0]).toMatch(refusedRank);
          expect(await person.typesInto('/rescue', 'user', '', place)).toEqual([]);
          for (const id of ['rescue:yes:1:1', 'rescue:no:1:1', 'rescue:yes:99:1']) {
            expect((await (await person.pressesRaw(id, place)).answer()).text).toMatch(refusedRank);
          }
        }
      });
      expect(refusalsOf(bot, person)).toHaveLength(16);
      expect(refusalsOf(bot, person).every((line) => line.endsWith('adminsOnly'))).toBe(true);
    });
  });

  describe('an admin who owns no administrator’s account', () => {
    test('cannot start one, and hears the same of an account that there is and of one that there is not', async () => {
      const bot = await dadsPlan();
      const { aunt } = bot;
      await changesNothing(bot, async () => {
        for (const place of places) {
          const answers: string[] = [];
          for (const user of ['boss', 'maya', 'nobody-at-all', bot.jellyfin.user('boss').Id, bot.dad.mention]) {
            answers.push((await (await aunt.types('/rescue', { user }, place)).answer()).text);
          }
          answers.push((await (await aunt.types('/rescue', {}, place)).answer()).text);
          expect(new Set(answers).size).toBe(1);
          expect(answers[0]).toMatch(notYours);
          expect(await aunt.typesInto('/rescue', 'user', '', place)).toEqual([]);
        }
      });
      expect(refusalsOf(bot, aunt)).toEqual(Array(12).fill('rescue rescueNotYours'));
    });

    test('cannot press somebody else’s card, whether there is one or not', async () => {
      const bot = await dadsPlan();
      await changesNothing(bot, async () => {
        const answers: string[] = [];
        for (const id of ['rescue:yes:1:1', 'rescue:no:1:1', 'rescue:yes:99:1']) {
          for (const place of places) answers.push((await (await bot.aunt.pressesRaw(id, place)).answer()).text);
        }
        expect(new Set(answers.map((text) => text.replace('\n(only you can see this)', ''))).size).toBe(1);
        expect(answers[0]).toMatch(notYours);
      });
      expect(refusalsOf(bot, bot.aunt)).toHaveLength(6);
    });

    test('nor can a server admin press the card of another one', async () => {
      const bot = await dadsPlan();
      connect(bot, bot.aunt, 'root');
      await changesNothing(bot, async () => {
        expect((await (await bot.aunt.pressesRaw('rescue:yes:1:1')).answer()).text).toMatch(notYours);
        expect((await (await bot.aunt.types('/rescue', { user: 'boss' })).answer()).text).toMatch(
          /only one can at a time/,
        );
      });
    });

    test('is sent to the other commands with an ordinary account of their own', async () => {
      const bot = await rescueHouse();
      const aunt = bot.discord.addPerson('Aunt', { roles: [bot.discord.roles['admin'] ?? ''] });
      connect(bot, aunt, 'maya');
      for (const options of [{}, { user: 'maya' }]) {
        const said = await (await aunt.types('/rescue', options)).answer();
        expect(said.text).toMatch(/not an administrator's account: use <\/unlock:\d+> or <\/resetpw:\d+>/);
      }
    });
  });

  describe('rights that are taken away while the plan waits', () => {
    test('the role', async () => {
      const bot = await dadsPlan();
      await changesNothing(bot, async () => {
        bot.dad.setRoles([]);
        expect((await (await bot.dad.pressesRaw('rescue:yes:1:1')).answer()).text).toMatch(refusedRank);
        expect((await (await bot.dad.presses('I need a new one')).answer()).text).toMatch(refusedRank);
      });
    });

    test('the link', async () => {
      const bot = await dadsPlan();
      connect(bot, bot.aunt, 'root');
      await changesNothing(bot, async () => {
        await (await bot.aunt.types('/unlink', { member: bot.dad, user: 'boss' })).answer();
        expect((await (await bot.dad.presses('I need a new one')).answer()).text).toMatch(notYours);
      });
      // Saying no is always possible.
      await bot.dad.presses('Cancel');
      await bot.dad.sees(/Nothing was done/, { in: 'dm' });
    });

    test('being in the server at all', async () => {
      const bot = await dadsPlan();
      await changesNothing(bot, async () => {
        const card = await bot.dad.sees(/Shall I go ahead/, { in: 'dm' });
        bot.dad.leaves();
        expect((await (await bot.dad.presses('I need a new one', { on: card })).answer()).text).toMatch(
          /not in this household/,
        );
      });
    });
  });

  describe('rights that are taken away while the PIN file is waited for: the old password stays, and nothing else is tried', () => {
    async function keepsPassword(takeAway: (bot: RescueHouse) => void): Promise<void> {
      // With jellyfin.db as a way that would be next.
      const commands = { JELLYFIN_STOP_COMMAND: 'true', JELLYFIN_START_COMMAND: 'true' };
      const bot = await rescueHouse({ knowsFolder: true, env: commands });
      const aunt = bot.discord.addPerson('Aunt', { roles: [bot.discord.roles['admin'] ?? ''] });
      bot.jellyfin.revokeKey();
      mkdirSync(dirname(bot.jellyfin.dbPath), { recursive: true });
      writeFileSync(bot.jellyfin.dbPath, '');
      const plan = await asksForRescue(bot);
      expect(plan.text).toMatch(/4\. \*\*jellyfin\.db\*\*: I stop Jellyfin/);
      const asking = bot.jellyfin.faults.hold({ path: /ForgotPassword$/ });
      await bot.dad.presses('I need a new one');
      await asking.arrived;
      takeAway(bot);
      asking.release();
      const refused = /rescue of boss that @?.* began is finished, but they may not rescue that account any more/;
      await aunt.sees(refused, { in: bot.discord.adminChannelId });
      await bot.dad.sees(/Rescue of boss: over/, { in: 'dm' });
      expect(bot.jellyfin.calls.filter(({ path }) => path.endsWith('/Pin'))).toEqual([]);
      expect((await bot.jellyfin.signIn('boss', forgotten)).status).toBe(200);
    }

    test('the role', () => keepsPassword(({ dad }) => void dad.setRoles([])));
    test('the link', () => keepsPassword((bot) => disconnect(bot, bot.dad, 'boss')));
    test('being in the server at all', () => keepsPassword(({ dad }) => void dad.leaves()));

    test('nothing is said to the admins while Discord does not tell whether they may still', async () => {
      const bot = await rescueHouse();
      await asksForRescue(bot);
      const hold = bot.jellyfin.faults.hold({ path: /^\/Users\/[0-9a-f]{32}/ });
      await bot.dad.presses('Start');
      await hold.arrived;
      const member = new RegExp(`^/guilds/\\d+/members/${bot.dad.id}$`);
      bot.discord.faults.on({ method: 'GET', path: member, status: 500, times: 99 });
      hold.release();
      await bot.dad.sees(/That did not work/, { in: 'dm' });
      expect(bot.discord.messagesIn(bot.discord.adminChannelId)).toEqual([]);
      expect((await bot.jellyfin.signIn('boss', forgotten)).status).toBe(200);
    });
  });

  test('when Jellyfin cannot be asked, the link alone counts', async () => {
    const bot = await rescueHouse({ knowsFolder: true });
    const aunt = bot.discord.addPerson('Aunt', { roles: [bot.discord.roles['admin'] ?? ''] });
    bot.jellyfin.revokeKey();
    for (const user of ['boss', 'root', 'nobody-at-all']) {
      expect((await (await aunt.types('/rescue', { user })).answer()).text).toMatch(notYours);
    }
    // A server admin is one by what the server says: without it, only the own account is left.
    expect((await (await bot.dad.types('/rescue', { user: 'root' })).answer()).text).toMatch(notYours);
    expect(await bot.dad.typesInto('/rescue', 'user', '')).toEqual([
      { name: 'boss', value: bot.jellyfin.user('boss').Id },
    ]);
    await asksForRescue(bot, 'boss');
  });

  test('a server admin is offered the administrators’ accounts, and no others; nobody else any, whatever is linked to them', async () => {
    const bot = await rescueHouse();
    connect(bot, bot.gran, 'boss');
    expect(await bot.gran.typesInto('/rescue', 'user', '')).toEqual([]);
    const said = await (await bot.dad.types('/rescue', { user: 'nobody-there' })).answer();
    expect(said.text).not.toMatch(/not an administrator's account/);
    const offered = await bot.dad.typesInto('/rescue', 'user', '');
    expect(offered.map(({ name }) => name).sort()).toEqual(['boss', 'root']);
    expect((await bot.dad.typesInto('/rescue', 'user', 'BO')).map(({ name }) => name)).toEqual(['boss']);
  });
});

describe('a bot that is stopped in a rescue', () => {
  afterEach(closeAll);

  describe('a bot that is stopped while a rescue goes on', () => {
    test('and only the plan waits, says that nothing was done', async () => {
      const bot = await rescueHouse();
      await asksForRescue(bot);
      await bot.app.stop();
      const word = bot.dad.directMessages().at(-1);
      expect(word?.text).toMatch(/Nothing was done/);
      expect(word?.text).toMatch(/I am being restarted/);
      await bot.restart();
      expect(cardOf(bot.dad).labels).toEqual([]);
      const pressed = await bot.dad.pressesRaw('rescue:yes:1:1', { in: 'dm' });
      expect((await pressed.answer()).text).toMatch(/That rescue is over/);
      expect(bot.dad.directMessages().filter(({ text }) => /Nothing was done|in the middle/.test(text))).toHaveLength(
        1,
      );
      await asksForRescue(bot);
    });

    test('in the middle of a password, says at its next start that it was cut short, and sets no other', async () => {
      const bot = await rescueHouse();
      await asksForRescue(bot);
      const hold = bot.jellyfin.faults.hold({ method: 'POST', path: /^\/Users\/Password/ });
      await bot.dad.presses('Start');
      await hold.arrived;
      await bot.app.stop(100);
      await bot.restart();
      const word = await bot.dad.sees(/stopped in the middle of the rescue of boss. Use <\/rescue:\d+>/, { in: 'dm' });
      expect(word.text).toMatch(/the old one may not work any more/);
      expect(bot.dad.notifications.at(-1)?.messageId).toBe(word.id);
      await bot.dad.sees(/No password could be shown here/, { in: 'dm' });
      await bot.app.runJob('upkeep');
      expect(bot.jellyfin.calls.filter(({ path }) => path.startsWith('/Users/Password'))).toHaveLength(0);
      await bot.dad.sees(/Rescue of boss: cut short/, { in: 'dm' });
      hold.release();
    });

    test('while the lock is being taken away, sets no password any more, and asks nothing more', async () => {
      const bot = await rescueHouse();
      await bot.jellyfin.lock('boss');
      await asksForRescue(bot);
      const hold = bot.jellyfin.faults.hold({ method: 'POST', path: /Policy/ });
      await bot.dad.presses('I need a new one');
      await hold.arrived;
      const stopping = bot.app.stop();
      hold.release();
      await stopping;
      expect(bot.jellyfin.calls.filter(({ path }) => path.startsWith('/Users/Password'))).toEqual([]);
      expect((await bot.jellyfin.signIn('boss', forgotten)).status).toBe(200);
    });

    test('and Discord is in trouble, is told by the start after that', async () => {
      const bot = await rescueHouse();
      await asksForRescue(bot);
      const dm = cardOf(bot.dad).channelId;
      const trouble = bot.discord.faults.on({ path: new RegExp(`/channels/${dm}/messages`), status: 500, times: 99 });
      await bot.app.stop(50);
      // The card's edit and the last word, each tried four times: what is still under way would come through afterwards.
      await bot.discord.until(() => trouble.met >= 8 || undefined, 'both calls are given up');
      trouble.off();
      const db = new Database(bot.database, { readonly: true });
      expect(db.prepare('SELECT count(*) AS open FROM rescues WHERE ended_at IS NULL').get()).toEqual({ open: 1 });
      db.close();
      await bot.restart();
      await bot.dad.sees(/stopped in the middle of the rescue of boss/, { in: 'dm' });
      await bot.dad.sees(/Rescue of boss: cut short/, { in: 'dm' });
    });
  });
});

describe('signs that cannot be seen', () => {
  const newFolder = temporaryFolders();

  let proxy: Server | undefined;

  afterEach(async () => {
    await closeHouses();
    proxy?.close();
  });

  /** Says what a proxy says that gets no answer itself. */
  async function proxyPort(): Promise<number> {
    const made = createServer((_question, answer) => answer.writeHead(502).end());
    proxy = made;
    await new Promise<void>((listening) => made.listen(0, '127.0.0.1', listening));
    return (made.address() as AddressInfo).port;
  }

  test('a yes to one sign that cannot be seen is none to another that goes when the server is stopped', async () => {
    const home = newFolder();
    const script = join(home, 'stop.sh');
    const bot = await lockedOut({
      env: { JELLYFIN_LOG_DIR: home, JELLYFIN_STOP_COMMAND: `sh ${script}` },
    });
    const network = `<NetworkConfiguration><InternalHttpPort>${await proxyPort()}</InternalHttpPort></NetworkConfiguration>`;
    const { stopCommand, dir } = bot.server;
    writeFileSync(script, `${stopCommand.join(' ')}\necho '${network}' > ${join(dir, 'config', 'network.xml')}\n`);
    await startsAndGoesOn(bot);

    const first = await bot.dad.sees(/I cannot see from here .*whether somebody holds Jellyfin's newest log/, {
      in: 'dm',
    });
    expect(first.text).not.toContain('whether Jellyfin runs behind what answers in its place');
    await bot.dad.presses('It is stopped: go on');
    // By now it has been stopped, and started again: nobody has agreed to this.
    await bot.dad.sees(/I cannot see from here .*whether Jellyfin runs behind what answers in its place/, {
      in: 'dm',
    });
    expect(await signIn(bot, 'forgotten')).toBe(403);
    await bot.dad.presses('It is stopped: go on');
    await bot.dad.sees(/Shall I keep the new API key/, { in: 'dm' });
  });
});

test('an ordinary account, while the key is dead: refused before a PIN is asked for, which nobody could take back', async () => {
  const bot = await rescueHouse({ knowsFolder: true });
  connect(bot, bot.dad, 'maya');
  bot.jellyfin.revokeKey();
  let said = '';
  const calls = await callsDuring(bot, async () => {
    said = (await (await bot.dad.types('/rescue', { user: 'maya' })).answer()).text;
  });
  expect(said).toMatch(/That is not an administrator's account/);
  expect(changes(calls)).toEqual([]);
  expect(calls.join()).not.toContain('ForgotPassword');
  await closeAll();
});
