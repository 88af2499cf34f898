import { afterEach, describe, expect, test } from '@jest/globals';
import { closeAll } from '../support/bot.js';
import {
  adminCards,
  forgottenHouse,
  pinCame,
  pinMessages,
  pressesForgotPassword,
  typesPin,
  waits,
} from './forgotten-house.js';

afterEach(closeAll);

const minutes = 60_000;
const used = /The PIN for maya was used/;
const expired = /The PIN for maya has expired/;

describe('what was said is taken back', () => {
  test('when the PIN was used: the message says so, and the PIN is gone from it', async () => {
    const bot = await forgottenHouse();
    const { pin } = await pressesForgotPassword(bot, 'maya');
    const shown = await bot.maya.sees(pinCame, { in: 'dm' });
    await typesPin(bot, pin);
    const message = await bot.maya.sees(used, { in: 'dm' });
    expect(message.id).toBe(shown.id);
    expect(message.text).not.toContain(pin);
    expect(message.labels).toEqual([]);
    expect(bot.maya.directMessages()).toHaveLength(1);
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
    const message = await bot.maya.sees(/was for a Jellyfin account that you are not linked to any more/, { in: 'dm' });
    expect([message.id, message.labels]).toEqual([shown.id, []]);
    expect(message.text).not.toContain(pin);
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
    expect(await typesPin(bot, second.pin)).toBe(200);
    await bot.maya.sees(used, { in: 'dm' });
  });

  test('after the PIN was used, it is shown in the same message again', async () => {
    const bot = await forgottenHouse();
    await typesPin(bot, (await pressesForgotPassword(bot, 'maya')).pin);
    await bot.app.runJob('upkeep');
    const { pin } = await pressesForgotPassword(bot, 'maya');
    await bot.maya.sees(pin, { in: 'dm' });
    await typesPin(bot, pin);
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
