import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { mayasPassword } from '../../sandbox/household.js';
import { closeAll } from '../support/bot.js';
import {
  adminCards,
  forgottenHouse,
  minutesPass,
  pinCame,
  pinMessages,
  pressesForgotPassword,
  typesPin,
  usesPin,
  waits,
} from './forgotten-house.js';

afterEach(closeAll);

describe('a PIN that is over', () => {
  const minutes = 60_000;

  const used = /The PIN for maya was used/;

  const expired = /The PIN for maya has expired/;

  describe('what was said is taken back', () => {
    test('when the PIN was used: the message says so, and the PIN is gone from it', async () => {
      const bot = await forgottenHouse();
      const { pin } = await pressesForgotPassword(bot, 'maya');
      const shown = await bot.maya.sees(pinCame, { in: 'dm' });
      await usesPin(bot, pin);
      const message = await bot.maya.sees(used, { in: 'dm' });
      expect(message.id).toBe(shown.id);
      expect(message.text).not.toContain(pin);
      expect(message.labels).toEqual([]);
      expect(bot.maya.directMessages()).toHaveLength(1);
    });

    test('not when it is redeemed: it is the password then, and stays until they have signed in with it', async () => {
      const bot = await forgottenHouse();
      const { pin } = await pressesForgotPassword(bot, 'maya');
      const shown = await bot.maya.sees(pinCame, { in: 'dm' });
      await typesPin(bot, pin);
      const message = await bot.maya.sees(/This PIN is your password now: type it exactly like that/, { in: 'dm' });
      expect(message.id).toBe(shown.id);
      expect(message.lines).toContain(`│ ||\`${pin}\`||`);
      await bot.app.runJob('upkeep');
      await bot.jellyfin.signIn('maya', 'not this one');
      await bot.app.runJob('upkeep');
      expect(pinMessages(bot.maya)).toHaveLength(1);
      expect((await bot.jellyfin.signIn('maya', pin)).status).toBe(200);
      await bot.app.runJob('upkeep');
      expect((await bot.maya.sees(used, { in: 'dm' })).text).not.toContain(pin);
      expect(bot.maya.notifications).toHaveLength(1);
    });

    test('not when somebody has signed in with the old password before it was redeemed', async () => {
      const bot = await forgottenHouse();
      const { pin } = await pressesForgotPassword(bot, 'maya');
      await bot.maya.sees(pinCame, { in: 'dm' });
      expect((await bot.jellyfin.signIn('maya', mayasPassword)).status).toBe(200);
      await typesPin(bot, pin);
      await bot.app.runJob('upkeep');
      expect((await bot.maya.sees(/This PIN is your password now/, { in: 'dm' })).text).toContain(pin);
    });

    test('when it is the password by now, and the account was taken away from whoever reads it', async () => {
      const bot = await forgottenHouse();
      const { pin } = await pressesForgotPassword(bot, 'maya');
      await bot.maya.sees(pinCame, { in: 'dm' });
      await typesPin(bot, pin);
      await bot.maya.sees(/This PIN is your password now/, { in: 'dm' });
      await (await bot.dad.types('/unlink', { member: bot.maya, user: 'maya' })).answer();
      await bot.app.runJob('upkeep');
      // One is covered; the other says that the link was taken away.
      expect(bot.maya.directMessages().map(({ text }) => text.includes(pin))).toEqual([false, false]);
    });

    test('when it was redeemed, and nobody has signed in for ten minutes, also past its half hour', async () => {
      const bot = await forgottenHouse();
      const { pin } = await pressesForgotPassword(bot, 'maya');
      await bot.maya.sees(pinCame, { in: 'dm' });
      bot.passes(25 * minutes);
      await typesPin(bot, pin);
      await bot.maya.sees(/is your password now/, { in: 'dm' });
      bot.passes(9 * minutes);
      await bot.app.runJob('upkeep');
      expect(pinMessages(bot.maya)).toHaveLength(1);
      bot.passes(2 * minutes);
      await bot.app.runJob('upkeep');
      await bot.maya.sees(used, { in: 'dm' });
    });

    test('at once when its file was taken away, and the PIN is no password; nobody else’s is', async () => {
      const bot = await forgottenHouse();
      await pressesForgotPassword(bot, 'boss');
      await bot.dad.sees(pinCame, { in: 'dm' });
      const { file } = await pressesForgotPassword(bot, 'maya');
      await bot.maya.sees(pinCame, { in: 'dm' });
      rmSync(join(bot.jellyfin.serverDir, file));
      await bot.maya.sees(used, { in: 'dm' });
      await bot.app.runJob('upkeep');
      expect(pinMessages(bot.dad)).toHaveLength(1);
    });

    test('when half an hour is over, though its file lies there still', async () => {
      const bot = await forgottenHouse();
      const { pin } = await pressesForgotPassword(bot, 'maya');
      await bot.maya.sees(pinCame, { in: 'dm' });
      bot.passes(29 * minutes);
      await bot.app.runJob('upkeep');
      expect(pinMessages(bot.maya)).toHaveLength(1);
      bot.passes(1 * minutes);
      await bot.app.runJob('upkeep');
      const message = await bot.maya.sees(expired, { in: 'dm' });
      expect(message.text).not.toContain(pin);
      expect(message.text).toMatch(/<\/resetpw:\d+>/);
      await bot.app.runJob('upkeep');
      expect(bot.maya.directMessages()).toHaveLength(1);
    });

    test('when the account was taken away from whoever reads it', async () => {
      const bot = await forgottenHouse();
      const { pin } = await pressesForgotPassword(bot, 'maya');
      const shown = await bot.maya.sees(pinCame, { in: 'dm' });
      await (await bot.dad.types('/unlink', { member: bot.maya, user: 'maya' })).answer();
      await bot.app.runJob('upkeep');
      const message = await bot.maya.sees(/was for a Jellyfin account that you are not linked to any more/, {
        in: 'dm',
      });
      expect([message.id, message.labels]).toEqual([shown.id, []]);
      expect(message.text).not.toContain(pin);
    });

    test('in the admin channel, too, as often as it happens', async () => {
      const bot = await forgottenHouse();
      for (let n = 1; n <= 4; n += 1) {
        await pressesForgotPassword(bot, 'guest');
        await bot.dad.sees(waits);
        await minutesPass(bot, 1);
        bot.passes(60 * minutes);
        await bot.app.runJob('upkeep');
        expect(adminCards(bot)).toHaveLength(n);
      }
    });

    test('in the admin channel, too', async () => {
      const bot = await forgottenHouse();
      const { pin } = await pressesForgotPassword(bot, 'guest');
      const shown = await bot.dad.sees(waits);
      await typesPin(bot, pin);
      expect((await bot.dad.sees(/“Forgot password” for guest: the PIN was used, or has expired/)).id).toBe(shown.id);
    });
  });

  describe('pressed again', () => {
    test('within half an hour, the same message shows the new PIN, and the phone is quiet', async () => {
      const bot = await forgottenHouse();
      const first = await pressesForgotPassword(bot, 'maya');
      const shown = await bot.maya.sees(first.pin, { in: 'dm' });
      bot.passes(29 * minutes);
      const second = await pressesForgotPassword(bot, 'maya');
      const message = await bot.maya.sees(second.pin, { in: 'dm' });
      expect(message.id).toBe(shown.id);
      expect(message.text).not.toContain(first.pin);
      expect(bot.maya.notifications).toHaveLength(1);
      // The new one's half hour counts.
      bot.passes(2 * minutes);
      await bot.app.runJob('upkeep');
      expect(pinMessages(bot.maya)).toHaveLength(1);
      await usesPin(bot, second.pin);
      await bot.maya.sees(used, { in: 'dm' });
    });

    test('after the PIN was used, it is shown in the same message again', async () => {
      const bot = await forgottenHouse();
      await usesPin(bot, (await pressesForgotPassword(bot, 'maya')).pin);
      const { pin } = await pressesForgotPassword(bot, 'maya');
      await bot.maya.sees(pin, { in: 'dm' });
      await usesPin(bot, pin);
      await bot.maya.sees(used, { in: 'dm' });
      expect(bot.maya.directMessages()).toHaveLength(1);
    });

    test('all day long by a stranger, three messages come and no more: then it is the admins who hear of it', async () => {
      const bot = await forgottenHouse();
      for (let press = 0; press < 3; press += 1) {
        const { pin } = await pressesForgotPassword(bot, 'maya');
        await bot.maya.sees(pin, { in: 'dm' });
        bot.passes(31 * minutes);
        await bot.app.runJob('upkeep');
      }
      expect(bot.maya.notifications).toHaveLength(3);
      expect(pinMessages(bot.maya)).toEqual([]);
      expect(adminCards(bot)).toEqual([]);

      const { pin } = await pressesForgotPassword(bot, 'maya');
      const card = await bot.dad.sees(waits);
      expect(card.text).toMatch(/three such messages today/);
      expect(card.text).not.toContain(pin);
      expect(bot.maya.directMessages()).toHaveLength(3);

      bot.passes(24 * 60 * minutes);
      await bot.app.runJob('upkeep');
      const tomorrow = await pressesForgotPassword(bot, 'maya');
      await bot.maya.sees(tomorrow.pin, { in: 'dm' });
      expect(bot.maya.notifications).toHaveLength(4);
    });
  });
});
