import { afterEach, describe, expect, test } from 'vitest';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { closeAll, type BotHousehold } from '../support/bot.js';
import { auditLines } from '../support/traces.js';
import { connect } from '../support/connect.js';
import {
  adminCards,
  forgottenHouse,
  logs,
  minutesPass,
  pinCame,
  pinContent,
  pinMessages,
  pressesForgotPassword,
  typesPin,
  usesPin,
  writesPinFile,
} from './forgotten-house.js';

afterEach(closeAll);

const broken = /A file in Jellyfin’s folder is no PIN file, or a broken one/;
const used = /The PIN for maya was used/;
const minutes = 60_000;

describe('a PIN that is over by the bot’s clock when it comes', () => {
  test('tells the admins that the clocks differ, and by how much; nobody is sent it', async () => {
    const bot = await forgottenHouse({ oneClock: false });
    await bot.app.runJob('upkeep'); // the first look is over: what is over and found at that one is old
    bot.passes(45 * minutes);
    const { pin } = await pressesForgotPassword(bot, 'maya');
    const card = await bot.dad.sees(/my clock is about 45 minutes ahead of Jellyfin's/);
    expect(card.text).not.toContain(pin);
    expect(pinMessages(bot.maya)).toEqual([]);
    await minutesPass(bot);
    expect(adminCards(bot)).toHaveLength(1);
  });

  test('is not one that lay there before the bot looked for the first time', async () => {
    const bot = await forgottenHouse({
      before: ({ jellyfin }) =>
        writeFileSync(join(jellyfin.serverDir, 'passwordresetold.json'), pinContent('maya', '03-C1-98-00', 1_000_000)),
    });
    await minutesPass(bot);
    expect(adminCards(bot)).toEqual([]);
  });
});

describe('a broken PIN file', () => {
  test('is named to the admins, once, and keeps nobody from getting theirs', async () => {
    const bot = await forgottenHouse();
    writesPinFile(bot, '{"Pin":"03-C1-98-00","UserNa', 'bad');
    await minutesPass(bot);
    const card = await bot.dad.sees(broken);
    expect(card.text).toContain('passwordresetbad.json');
    expect(card.text).not.toContain('03-C1');
    await pressesForgotPassword(bot, 'maya');
    await bot.maya.sees(pinCame, { in: 'dm' });
    await bot.restart();
    await minutesPass(bot);
    bot.passes(60 * 60_000);
    await minutesPass(bot);
    expect(adminCards(bot)).toHaveLength(1);
  });

  test.each(['passwordreset.txt', 'passwordreset6215.json~'])(
    'is one by its beginning, whatever its end: %s',
    async (name) => {
      const bot = await forgottenHouse();
      writeFileSync(join(bot.jellyfin.serverDir, name), name.endsWith('~') ? '' : 'a note to myself\n');
      await minutesPass(bot);
      expect((await bot.dad.sees(broken)).text).toContain(name.replace('~', '\\~'));
    },
  );

  test('is none that Jellyfin deletes by itself, nor a folder', async () => {
    const bot = await forgottenHouse();
    writesPinFile(bot, '{}', 'empty');
    const { pin } = await pressesForgotPassword(bot, 'maya');
    mkdirSync(join(bot.jellyfin.serverDir, 'passwordreset-old'));
    await minutesPass(bot);
    expect(await typesPin(bot, pin)).toBe(200);
    expect(adminCards(bot)).toEqual([]);
  });

  test('is named again when another broken one takes its place another day', async () => {
    const bot = await forgottenHouse();
    rmSync(await named('{"Pin":'));
    bot.passes(24 * 60 * minutes);
    await named('not even JSON');
    expect(adminCards(bot)).toHaveLength(2);

    async function named(content: string): Promise<string> {
      const file = writesPinFile(bot, content);
      await minutesPass(bot);
      await bot.dad.sees(broken);
      return file;
    }
  });

  test('that was only half written when it was seen is no broken one', async () => {
    const bot = await forgottenHouse();
    const whole = pinContent('maya');
    const path = writesPinFile(bot, whole.slice(0, 30));
    for (let look = 0; look < 3; look += 1) await bot.app.runJob('upkeep');
    expect(adminCards(bot)).toEqual([]);
    writeFileSync(path, whole);
    await bot.maya.sees(pinCame, { in: 'dm' });
    await bot.app.runJob('upkeep');
    expect(adminCards(bot)).toEqual([]);
  });

  test('with the end of an older one behind it is read all the same; its owner and the admins are warned', async () => {
    const bot = await forgottenHouse();
    writesPinFile(bot, `${pinContent('maya')}}`);
    const message = await bot.maya.sees(pinCame, { in: 'dm' });
    expect(message.text).toMatch(/03-C1-98-00.*\n.*\n.*\n.*wrote this PIN badly/);
    await minutesPass(bot, 3);
    await bot.dad.sees(broken);
    expect(adminCards(bot)).toHaveLength(1);
    expect(pinMessages(bot.maya)).toHaveLength(1);
  });

  test('in the place of one that was told is the end of that', async () => {
    const bot = await forgottenHouse();
    const path = writesPinFile(bot, pinContent('maya'));
    await bot.maya.sees(pinCame, { in: 'dm' });
    writeFileSync(path, '{');
    await minutesPass(bot);
    await bot.maya.sees(used, { in: 'dm' });
  });
});

describe('Jellyfin’s folder is away for a while', () => {
  test.each(['is not there', 'is an empty place to mount it on'])(
    'and %s: what stands stays; afterwards what is new is told, and what is used is taken back',
    async (how) => {
      const bot = await forgottenHouse();
      const { serverDir } = bot.jellyfin;
      const { pin } = await pressesForgotPassword(bot, 'maya');
      await bot.maya.sees(pinCame, { in: 'dm' });
      renameSync(serverDir, `${serverDir}-away`);
      if (how !== 'is not there') mkdirSync(serverDir);
      await logs(bot, /cannot be watched/);
      await bot.app.runJob('upkeep');
      expect(pinMessages(bot.maya)).toHaveLength(1);
      if (how !== 'is not there') rmSync(serverDir, { recursive: true });
      renameSync(`${serverDir}-away`, serverDir);
      await pressesForgotPassword(bot, 'boss');
      await bot.dad.sees(pinCame, { in: 'dm' });
      await usesPin(bot, pin);
      await bot.maya.sees(used, { in: 'dm' });
      expect(bot.maya.directMessages()).toHaveLength(1);
      expect(await logs(bot, /cannot be watched/)).toBe(1);
    },
  );

  test('and a PIN that expires meanwhile is taken back all the same', async () => {
    const bot = await forgottenHouse();
    const { serverDir } = bot.jellyfin;
    await pressesForgotPassword(bot, 'maya');
    await bot.maya.sees(pinCame, { in: 'dm' });
    renameSync(serverDir, `${serverDir}-away`);
    bot.passes(31 * minutes);
    await bot.app.runJob('upkeep');
    await bot.maya.sees(/has expired/, { in: 'dm' });
    renameSync(`${serverDir}-away`, serverDir);
  });
});

describe('the bot is down for a while', () => {
  /** Down while something happens, then up again, for two rounds. */
  async function downWhile(bot: BotHousehold, happens: () => unknown): Promise<void> {
    await bot.app.stop();
    await happens();
    await bot.restart();
    await minutesPass(bot);
  }

  test('and nothing is told twice', async () => {
    const bot = await forgottenHouse();
    await pressesForgotPassword(bot, 'maya');
    await pressesForgotPassword(bot, 'guest');
    await bot.maya.sees(pinCame, { in: 'dm' });
    await bot.dad.sees(/for guest/);
    await downWhile(bot, () => undefined);
    expect(bot.maya.notifications).toHaveLength(1);
    expect(bot.maya.directMessages().map(({ edited }) => edited)).toEqual([false]);
    expect(adminCards(bot).map(({ edited }) => edited)).toEqual([false]);
    await bot.app.stop();
    expect(auditLines(bot).sort()).toEqual(['latchkey forgot password nobody', 'latchkey forgot password told']);
  });

  test('and what was pressed meanwhile is told at its start', async () => {
    const bot = await forgottenHouse();
    await downWhile(bot, () => pressesForgotPassword(bot, 'maya'));
    await bot.maya.sees(pinCame, { in: 'dm' });
  });

  test('and what expired meanwhile, or before it ever looked, is not told', async () => {
    const bot = await forgottenHouse();
    writesPinFile(bot, pinContent('maya', 'OLD', Date.now() - 1000), 'old');
    await downWhile(bot, async () => {
      await pressesForgotPassword(bot, 'maya');
      bot.passes(31 * minutes);
    });
    expect([...bot.maya.directMessages(), ...adminCards(bot)]).toEqual([]);
  });

  test('and what was used meanwhile is taken back', async () => {
    const bot = await forgottenHouse();
    const { pin } = await pressesForgotPassword(bot, 'maya');
    await bot.maya.sees(pinCame, { in: 'dm' });
    await downWhile(bot, async () => {
      await typesPin(bot, pin);
      await bot.jellyfin.signIn('maya', pin);
    });
    await bot.maya.sees(used, { in: 'dm' });
  });

  test('stopped between sending the PIN and writing down where: the message is found, and is the only one', async () => {
    const bot = await forgottenHouse();
    await (await bot.maya.types('/status', {}, { in: 'dm' })).answer();
    const dm = bot.maya.directMessages()[0]?.channelId ?? '';
    const late = bot.discord.faults.on({ method: 'POST', path: channel(dm), delayMs: 1500 });
    const { pin } = await pressesForgotPassword(bot, 'maya');
    await bot.maya.sees(pinCame, { in: 'dm' });
    await bot.app.stop(10);
    late.off();
    await bot.restart();
    await minutesPass(bot);
    expect(pinMessages(bot.maya)).toHaveLength(1);
    await usesPin(bot, pin);
    await bot.maya.sees(used, { in: 'dm' });
    expect(pinMessages(bot.maya)).toEqual([]);
  });
});

describe('Discord is in trouble', () => {
  const dmsFail = { method: 'POST', path: /^\/users\/@me\/channels$/, status: 500, times: 99 } as const;

  test('and the PIN comes at the round after, once', async () => {
    const bot = await forgottenHouse();
    const trouble = bot.discord.faults.on(dmsFail);
    await pressesForgotPassword(bot, 'maya');
    await logs(bot, /not everybody could be told/);
    trouble.off();
    await minutesPass(bot);
    await bot.maya.sees(pinCame, { in: 'dm' });
    expect(bot.maya.directMessages()).toHaveLength(1);
    expect(adminCards(bot)).toEqual([]);
  });

  test('for one of two owners: that one is told at the round after, and the other not again', async () => {
    const bot = await forgottenHouse();
    const uncle = bot.discord.addPerson('Uncle');
    connect(bot, uncle, 'maya');
    await (await uncle.types('/status', {}, { in: 'dm' })).answer();
    const dm = uncle.directMessages()[0]?.channelId ?? '';
    const trouble = bot.discord.faults.on({ method: 'POST', path: channel(dm), status: 500, times: 99 });
    await pressesForgotPassword(bot, 'maya');
    await logs(bot, /not everybody could be told/);
    expect(pinMessages(bot.maya)).toHaveLength(1);
    trouble.off();
    await bot.restart();
    await minutesPass(bot);
    expect(pinMessages(uncle)).toHaveLength(1);
    expect(bot.maya.directMessages().map(({ edited }) => edited)).toEqual([false]);
  });
});

const channel = (id: string) => new RegExp(`^/channels/${id}/messages$`);
