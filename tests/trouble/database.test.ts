import { execFileSync } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { type BotHousehold, closeAll, startBot } from '../support/bot.js';
import { comesBack } from '../support/leaves.js';
import { withDatabase } from '../support/database.js';
import { auditLines } from '../support/traces.js';
import { mayasPassword } from '../../sandbox/household.js';
import { endAll, rescue, server } from '../cli/latchkey.js';
import { connect } from '../support/connect.js';
import { changesPolicy, deletesAccount } from '../support/in-jellyfin.js';

afterAll(endAll);

afterEach(closeAll);

describe('a bot that is cut off between two writes', () => {
  /** Until the returned function is called, every write of a kind fails, as if the bot were cut off just before it. */
  function cuts({ database }: BotHousehold, write: string, when = '1'): () => void {
    const trigger = `CREATE TRIGGER cut BEFORE ${write} WHEN ${when} BEGIN SELECT RAISE(ABORT, 'cut'); END`;
    withDatabase(database, (db) => db.exec(trigger));
    return () => withDatabase(database, (db) => db.exec('DROP TRIGGER cut'));
  }

  const acts = (act: string) => ['INSERT ON audit', `NEW.act = '${act}'`] as const;

  const night = ({ app }: BotHousehold) => app.runJob('follow links').catch(() => undefined);

  /** What the admins were told about links. */
  const news = ({ discord }: BotHousehold) =>
    discord
      .messagesIn(discord.adminChannelId)
      .filter(({ labels }) => labels.includes('Accounts without a member'))
      .map(({ content }) => content);

  async function mayaIsLinked(options: Parameters<typeof startBot>[0] = {}): Promise<BotHousehold> {
    const bot = await startBot(options);
    await bot.links(bot.maya, 'maya');
    return bot;
  }

  describe('a night that is cut short is as if it had not been, and the next one tells once', () => {
    test.each([
      'UPDATE OF asleep_since ON links',
      'UPDATE OF state ON requests',
      'INSERT ON link_news',
      'INSERT ON notices',
    ])('that somebody left (before %s)', async (write) => {
      const bot = await mayaIsLinked();
      await (await bot.maya.types('/resetpw')).answer();
      await bot.dad.sees(/asks for a new password/);
      bot.maya.leaves();
      const mend = cuts(bot, write);
      await night(bot);
      mend();
      await night(bot);
      await night(bot);
      expect(news(bot)).toEqual([
        expect.stringMatching(/is not in the Discord server any more: the link to maya sleeps/),
      ]);
      await bot.dad.sees(/request was taken back/);
    });

    test('that somebody is back', async () => {
      const bot = await mayaIsLinked();
      bot.maya.leaves();
      await night(bot);
      comesBack(bot, bot.maya);
      const mend = cuts(bot, 'INSERT ON link_news');
      await night(bot);
      mend();
      await night(bot);
      await bot.dad.sees(/is back: the link to maya works again/);
    });

    test('that an account has another name', async () => {
      const bot = await mayaIsLinked();
      bot.jellyfin.renameUser('maya', 'maja');
      const mend = cuts(bot, 'INSERT ON link_news');
      await night(bot);
      mend();
      await night(bot);
      await bot.dad.sees(/is called maja now/);
    });

    test.each(['DELETE ON links', 'INSERT ON audit', 'UPDATE OF state ON requests'])(
      'that an account was deleted (before %s)',
      async (write) => {
        const bot = await mayaIsLinked({ before: ({ jellyfin }) => void jellyfin.addUser('child') });
        await bot.links(bot.gran, 'child');
        await (await bot.maya.types('/resetpw')).answer();
        await bot.dad.sees(/asks for a new password/);
        await deletesAccount(bot.jellyfin, 'maya');
        const mend = cuts(bot, write);
        await night(bot);
        mend();
        await night(bot);
        await night(bot);
        expect(news(bot)).toEqual([expect.stringMatching(/maya was deleted in Jellyfin/)]);
        expect(auditLines(bot).filter((line) => / unlink /.test(line))).toEqual(['latchkey unlink deleted']);
        await bot.dad.sees(/request was taken back/);
      },
    );
  });

  describe('what somebody does is in the history, or is not done:', () => {
    test('taking a link away', async () => {
      const bot = await mayaIsLinked();
      await (await bot.maya.types('/resetpw')).answer();
      const unlinks = async () =>
        (await (await bot.dad.types('/unlink', { member: bot.maya, user: 'maya' })).answer()).text;
      const mend = cuts(bot, ...acts('unlink'));
      expect(await unlinks()).toMatch(/went wrong|could not save/);
      expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/### maya/);
      mend();
      expect(await unlinks()).toMatch(/not linked to \*\*maya\*\* any more/);
      await bot.dad.sees(/request was taken back/);
      expect(auditLines(bot)).toContain('Dad unlink done');
    });

    test.each(['approve', 'deny', 'cancel', 'ask reset'])('%s', async (act) => {
      const bot = await mayaIsLinked();
      const asks = () => bot.maya.types('/resetpw');
      const does = async () => {
        if (act === 'ask reset') return asks();
        if (act === 'cancel') {
          return bot.maya.presses('Cancel my request', { on: await (await asks()).answer() });
        }
        const pressed = await bot.dad.presses(act === 'approve' ? 'Approve' : 'Deny');
        return act === 'approve' ? pressed : bot.dad.fillsIn({});
      };
      if (act === 'approve' || act === 'deny') await (await asks()).answer();
      const mend = cuts(bot, ...acts(act));
      expect((await (await does()).answer()).text).toMatch(/went wrong|could not save/);
      const state = withDatabase(bot.database, (db) => db.prepare('SELECT state FROM requests').pluck().all());
      expect(state).toEqual(act === 'ask reset' ? [] : ['pending']);
      mend();
      await does();
      const over = { approve: /has a new password/, deny: /denied/, cancel: /request was taken back/ };
      await bot.dad.sees(over[act as keyof typeof over] ?? /asks for a new password/);
      const name = act === 'approve' || act === 'deny' ? 'Dad' : 'Maya';
      expect(auditLines(bot).filter((line) => line.startsWith(`${name} ${act}`) && !/fail/.test(line))).toHaveLength(1);
    });

    test('a lockout, and its end', async () => {
      const bot = await mayaIsLinked();
      await bot.app.runJob('lockouts');
      await bot.jellyfin.lock('maya');
      let mend = cuts(bot, ...acts('lockout'));
      await bot.app.runJob('lockouts');
      mend();
      await bot.app.runJob('lockouts');
      await bot.dad.sees(/^maya is locked/);
      mend = cuts(bot, ...acts('lockout'));
      await (await bot.dad.types('/unlock', { user: 'maya' })).answer();
      await bot.app.runJob('lockouts');
      mend();
      await bot.app.runJob('lockouts');
      const lines = auditLines(bot).filter((line) => line.includes('lockout'));
      expect(lines).toEqual(['latchkey lockout locked', 'latchkey lockout unlocked']);
    });

    test('wrong passwords are counted once, whatever was cut off', async () => {
      const bot = await mayaIsLinked();
      await bot.app.runJob('lockouts');
      await bot.jellyfin.lock('maya');
      const mend = cuts(bot, 'INSERT ON sign_in_days');
      await bot.app.runJob('lockouts');
      mend();
      await bot.app.runJob('lockouts');
      await bot.app.runJob('lockouts');
      const counted = (db: Parameters<Parameters<typeof withDatabase>[1]>[0]) =>
        db.prepare('SELECT sum(failed) AS failed, sum(locked) AS locked FROM sign_in_days').get();
      expect(withDatabase(bot.database, counted)).toEqual({ failed: 3, locked: 1 });
    });
  });
});

describe('a full disk', () => {
  const disk = mkdtempSync(join(tmpdir(), 'latchkey-disk-'));

  const isMounted = mountSmallDisk();

  /** A disk of a megabyte, which only root on Linux may make. */
  function mountSmallDisk(): boolean {
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=755', 'tmpfs', disk], { stdio: 'pipe' });
      return true;
    } catch (error) {
      process.stderr.write(`No small disk could be made, so a full one is not tried here: ${String(error)}\n`);
      return false;
    }
  }

  afterAll(() => {
    if (isMounted) execFileSync('umount', [disk]);
    rmSync(disk, { recursive: true });
  });

  const ballast = join(disk, 'ballast');

  function fillDisk(): void {
    const file = openSync(ballast, 'w');
    try {
      for (;;) writeSync(file, Buffer.alloc(1024));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      closeSync(file);
    }
  }

  const whereDisksAreSmall = isMounted ? test : test.skip;

  whereDisksAreSmall(
    'with a full disk nothing is begun, everybody hears why, and it goes on once there is room',
    async () => {
      const bot = await startBot({ env: { LATCHKEY_DB: join(disk, 'latchkey.db') } });
      const { maya, dad, gran, jellyfin, discord } = bot;
      await bot.links(maya, 'maya');
      await jellyfin.lock('maya');
      await (await maya.types('/unlock')).answer();
      // Whose language the bot knows already: what it has to write first is about the act itself.
      for (const person of [dad, gran]) await (await person.types('/status')).answer();
      fillDisk();

      const sentence = /could not save anything, because the disk I run on is full/;
      expect((await (await maya.types('/resetpw')).answer()).text).toMatch(sentence);
      const pressed = await dad.presses('Approve');
      const refusal = await pressed.answer();
      expect(refusal.text).toMatch(sentence);
      expect(refusal.text).toMatch(/Make room on the disk/);
      expect((await (await gran.types('/unlock', { user: 'maya' })).answer()).text).toMatch(sentence);
      expect((await jellyfin.signIn('maya', mayasPassword)).status).toBe(403);
      expect(discord.messagesIn(discord.adminChannelId).map(({ labels }) => labels)).toEqual([
        ['Accounts without a member', 'Put up “Cannot sign in?”'],
        ['Approve', 'Deny'],
      ]);
      expect(maya.directMessages()).toEqual([]);

      rmSync(ballast);
      await dad.presses('Approve');
      await maya.sees(/is unlocked/);
      expect((await jellyfin.signIn('maya', mayasPassword)).status).toBe(200);
    },
  );

  whereDisksAreSmall(
    'a new key for which there is not all the room: .env stays as it is, to its last line',
    async () => {
      const { url, serverDir, apiKey } = await server('12.0', { key: false });
      const file = join(disk, '.env');
      const settings = `# what the household once wrote down: ${'x'.repeat(12_000)}\nJELLYFIN_API_KEY=${apiKey}\nLAST=line\n`;
      writeFileSync(file, settings, { mode: 0o600 });
      fillDisk();
      // Room for a part of it: the system takes that part, and says so only to whoever looks at how much it took.
      truncateSync(ballast, statSync(ballast).size - 8192);
      const said = await rescue(
        ['alice', '--rung', 'pin', '--yes', '--give-key', '--url', url, '--server-dir', serverDir],
        disk,
      );
      rmSync(ballast);
      expect(readFileSync(file, 'utf8') === settings).toBe(true);
      expect(said.stdout).toMatch(/✗ Writing the API key down: .*ENOSPC/);
      expect(said.stdout).toContain('The API key that was made for this is deleted again.');
      expect(readdirSync(disk)).not.toContain('.env.part');
    },
  );
});

describe('a clock that goes back', () => {
  const minuteMs = 60_000;

  const monthMs = 30 * 24 * 60 * minuteMs;

  const cards = (bot: BotHousehold) => bot.discord.messagesIn(bot.discord.adminChannelId);

  /** A household whose bot has a clock that is a month ahead, until a test puts it right. */
  async function ahead(): Promise<BotHousehold> {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await bot.app.runJob('lockouts');
    bot.passes(monthMs);
    return bot;
  }

  async function locks(bot: BotHousehold, name: string): Promise<void> {
    await bot.jellyfin.lock(name);
    await bot.app.runJob('lockouts');
  }

  async function unlocks(bot: BotHousehold): Promise<void> {
    await (await bot.dad.presses('Unlock')).answer();
    await bot.app.runJob('lockouts');
  }

  test('a lockout after the clock was put right stands on a card of its own, which makes a sound', async () => {
    const bot = await ahead();
    bot.jellyfin.addUser('leo', { password: 'x', limit: 3 });
    await locks(bot, 'leo');
    bot.passes(-monthMs);
    await locks(bot, 'maya');
    expect(cards(bot).map(({ content }) => /^(\w+) is locked/.exec(content)?.[1])).toEqual(['leo', 'maya']);
  });

  test('so does the same account, locked again; its owner hears of it, however much was said by the clock that was ahead', async () => {
    const bot = await ahead();
    for (let n = 0; n < 3; n += 1) {
      await locks(bot, 'maya');
      await unlocks(bot);
      bot.passes(40 * minuteMs);
    }
    expect(bot.maya.directMessages()).toHaveLength(3);
    bot.passes(-monthMs - 120 * minuteMs);
    await locks(bot, 'maya');
    expect(bot.maya.directMessages()).toHaveLength(4);
    expect(cards(bot).at(-1)?.text).toMatch(/Its owner knows/);
    expect(cards(bot)).toHaveLength(4);
  });

  test('a clock that is put right by a minute makes no new message of the one that stands', async () => {
    const bot = await ahead();
    await locks(bot, 'maya');
    await unlocks(bot);
    bot.passes(-minuteMs);
    await locks(bot, 'maya');
    expect(bot.maya.directMessages()).toHaveLength(1);
    expect(cards(bot)).toHaveLength(1);
  });

  test('the household’s card goes on being drawn', async () => {
    const bot = await ahead();
    await (await bot.gran.types('/status', {}, { in: bot.discord.adminChannelId })).answer();
    await (await bot.gran.presses('Keep here')).answer();
    // Written by a clock that was further ahead when the card was old already.
    const further = Date.now() + monthMs;
    withDatabase(bot.database, (db) => db.prepare('UPDATE status_cards SET sent_at = 1, edited_at = ?').run(further));
    bot.passes(-monthMs);
    await bot.jellyfin.lock('maya');
    await bot.app.runJob('upkeep');
    expect(cards(bot).at(-1)?.text).toMatch(/1 locked account/);
  });

  test('an administrator’s account that is one no longer gives no rights, though it was read by the clock that was ahead', async () => {
    const bot = await startBot();
    bot.jellyfin.addUser('boss', { administrator: true, password: 'x' });
    bot.jellyfin.addUser('other', { administrator: true, password: 'x', limit: 3 });
    connect(bot, bot.dad, 'boss');
    await bot.jellyfin.lock('other');
    bot.passes(monthMs);
    // The list of accounts, and what is known of this one beside it.
    await (await bot.dad.types('/status', { user: 'boss' })).answer();
    bot.passes(-monthMs);
    await changesPolicy(bot.jellyfin, 'boss', { IsAdministrator: false });
    expect((await (await bot.dad.types('/unlock', { user: 'other' })).answer()).text).toMatch(/Only a Discord admin/);
    expect(bot.jellyfin.user('other').Policy.IsDisabled).toBe(true);
  });

  test('what somebody asked by the clock that was ahead does not keep them from asking for a month', async () => {
    const bot = await ahead();
    for (let n = 0; n < 5; n += 1) {
      await (await bot.maya.types('/resetpw')).answer();
      await (await bot.maya.presses('Cancel my request')).answer();
    }
    expect((await (await bot.maya.types('/resetpw')).answer()).text).toMatch(/You can ask again/);
    bot.passes(-monthMs);
    expect((await (await bot.maya.types('/resetpw')).answer()).text).toMatch(/I have asked the admins/);
  });

  test('nor do the codes that somebody tried by it', async () => {
    const bot = await ahead();
    const tries = async () => {
      await (await bot.maya.types('/signin', { code: '123456' })).answer();
      return (await (await bot.maya.presses('It is in front of me: sign it in')).answer()).text;
    };
    for (let n = 0; n < 10; n += 1) await tries();
    expect(await tries()).toMatch(/You can do it again/);
    bot.passes(-monthMs);
    expect(await tries()).not.toMatch(/You can do it again/);
  });
});
