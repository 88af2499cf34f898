import { afterEach, describe, expect, test } from 'vitest';
import { PERMISSIONS } from '../../sandbox/discord/constants.js';
import { type BotHousehold, closeAll, startBot } from '../support/bot.js';
import { connect } from '../support/connect.js';
import { auditLines } from '../support/traces.js';
import { cards, kept, minuteMs, refreshes } from './status-card.js';
import type { SeenMessage } from '../../sandbox/discord/person/seen-message.js';
import { withDatabase } from '../support/database.js';

afterEach(closeAll);

const edits = (bot: BotHousehold, id: string) =>
  bot.discord.requests.filter(({ method, path }) => method === 'PATCH' && path.endsWith(`/messages/${id}`)).length;

describe('the household’s card', () => {
  test('stands where it was kept, says how things stand, and pings nobody', async () => {
    const bot = await kept();
    expect(bot.card.content).toBe("How the household's Jellyfin stands, kept up to date.");
    expect(bot.card.text).toMatch(/No account is locked|Nobody is locked/);
    expect(bot.card.pings).toEqual({ everyone: false, roles: [], users: [] });
  });

  test('is pinned where the bot may, and says so where it may not', async () => {
    const bot = await startBot();
    const { adminChannelId } = bot.discord;
    await (await bot.gran.types('/status', {}, { in: adminChannelId })).answer();
    expect((await (await bot.gran.presses('Keep here')).answer()).text).toMatch(
      /I may not pin it: give me Pin Messages/,
    );
    bot.discord.setBotOverwrite(adminChannelId, {
      allow: ['ViewChannel', 'SendMessages', 'EmbedLinks', 'ReadMessageHistory', 'PinMessages'],
    });
    expect((await (await bot.gran.presses('Keep here')).answer()).text).toMatch(/now, pinned/);
    const pinned = bot.discord.world.messagesIn(adminChannelId).filter((each) => each.pinned);
    expect(pinned.map(({ id }) => id)).toEqual(cards(bot).map(({ id }) => id));
  });

  test.each([
    ['sent', 'POST', 'messages', 0],
    ['pinned', 'PUT', 'messages/pins/\\d+', 1],
  ] as const)(
    'that Discord’s troubles kept from being %s stands there, pinned, a minute later; that is said',
    async (_what, method, what, sent) => {
      const bot = await startBot();
      const { adminChannelId, faults, world } = bot.discord;
      bot.discord.setBotOverwrite(adminChannelId, {
        allow: ['ViewChannel', 'SendMessages', 'EmbedLinks', 'ReadMessageHistory', 'PinMessages'],
      });
      await (await bot.gran.types('/status', {}, { in: adminChannelId })).answer();
      const path = new RegExp(`^/channels/${adminChannelId}/${what}$`);
      const trouble = faults.on({ method, path, status: 500, times: 99 });
      const said = await (await bot.gran.presses('Keep here')).answer();
      expect(said.text).toMatch(/Discord is in trouble.*I try again by myself/);
      expect(cards(bot)).toHaveLength(sent);
      await bot.jellyfin.lock('maya');
      await refreshes(bot);
      // What is not pinned yet is up to date all the same.
      expect(cards(bot).map(({ text }) => /1 locked account/.test(text))).toEqual(sent === 0 ? [] : [true]);
      trouble.off();
      await refreshes(bot);
      expect(cards(bot)).toHaveLength(1);
      expect(world.messagesIn(adminChannelId).filter(({ pinned }) => pinned)).toHaveLength(1);
      expect(auditLines(bot)).toEqual(['Gran keep card done']);
    },
  );

  test('is changed in place when something changes, and not touched when nothing does', async () => {
    const bot = await kept();
    await refreshes(bot);
    await refreshes(bot);
    expect(edits(bot, bot.card.id)).toBe(0);
    await bot.jellyfin.lock('maya');
    await refreshes(bot);
    const [locked, ...others] = cards(bot);
    expect(others).toEqual([]);
    expect(locked?.id).toBe(bot.card.id);
    expect(locked?.text).toMatch(/1 locked account:\*\* maya/);
    const said = await (await bot.gran.presses('Unlock maya', { on: bot.card })).answer();
    expect(said.text).toMatch(/maya\*\* is unlocked/);
    await refreshes(bot);
    expect(cards(bot)[0]?.labels).toEqual(['What waits', 'Stop keeping this']);
    expect(edits(bot, bot.card.id)).toBe(2);
  });

  test('over an hour old, is changed once in ten minutes; the last state wins', async () => {
    const bot = await kept();
    bot.passes(61 * minuteMs);
    await bot.jellyfin.lock('maya');
    await refreshes(bot);
    expect(edits(bot, bot.card.id)).toBe(1);
    await (await bot.gran.types('/unlock', { user: 'maya' })).answer();
    bot.jellyfin.addUser('leo', { password: 'x', limit: 3 });
    await bot.jellyfin.lock('leo');
    for (let minute = 0; minute < 8; minute += 1) await refreshes(bot);
    expect(edits(bot, bot.card.id)).toBe(1);
    await refreshes(bot, 2 * minuteMs);
    expect(edits(bot, bot.card.id)).toBe(2);
    expect(cards(bot)[0]?.text).toMatch(/1 locked account:\*\* leo/);
  });

  test('that Discord does not let be edited (30046) goes on in a new one, and the old one, which would say for good that it is kept up to date, goes', async () => {
    const bot = await kept();
    bot.discord.faults.on({
      method: 'PATCH',
      path: new RegExp(`/messages/${bot.card.id}$`),
      status: 400,
      body: { code: 30046, message: 'Maximum number of edits to messages older than 1 hour reached.' },
      times: 99,
    });
    await bot.jellyfin.lock('maya');
    await refreshes(bot);
    const [next, ...others] = cards(bot);
    expect(next?.text).toMatch(/1 locked account/);
    expect(others).toEqual([]);
    expect(bot.gran.messages({ in: bot.discord.adminChannelId }).map(({ id }) => id)).not.toContain(bot.card.id);
    await refreshes(bot);
    expect(cards(bot).map(({ id }) => id)).toEqual([next?.id]);
  });

  test('kept anew again and again while the old ones may not be edited: none is left that says it is kept up to date', async () => {
    const bot = await kept();
    const { discord, gran } = bot;
    const refusal = discord.faults.on({
      method: 'PATCH',
      path: new RegExp(`^/channels/${discord.adminChannelId}/messages/`),
      status: 400,
      body: { code: 30046, message: 'Maximum number of edits to messages older than 1 hour reached.' },
      times: 99,
    });
    for (const again of ['once', 'twice']) {
      await (await gran.types('/status', {}, { in: discord.adminChannelId })).answer();
      expect([again, (await (await gran.presses('Keep here')).answer()).text]).toEqual([
        again,
        expect.stringMatching(/stands in this channel now/),
      ]);
      expect(discord.messagesIn(discord.adminChannelId)).toHaveLength(1);
    }
    refusal.off();
    await refreshes(bot, 20 * minuteMs);
    expect(cards(bot)).toHaveLength(1);
  });

  test('that was deleted is sent again', async () => {
    const bot = await kept();
    const { adminChannelId, world } = bot.discord;
    world.messages.set(
      adminChannelId,
      world.messagesIn(adminChannelId).filter(({ id }) => id !== bot.card.id),
    );
    await bot.jellyfin.lock('maya');
    await refreshes(bot);
    expect(cards(bot)).toHaveLength(1);
  });

  test('survives a restart: no second one, and its buttons answer', async () => {
    const bot = await kept();
    await bot.restart();
    await bot.jellyfin.lock('maya');
    await refreshes(bot);
    expect(cards(bot).map(({ id }) => id)).toEqual([bot.card.id]);
    expect((await (await bot.gran.presses('What waits', { on: bot.card })).answer()).private).toBe(true);
  });

  test('sent anew by a bot that was stopped before it noted that: the next one goes on with it, and the one before is deleted', async () => {
    const bot = await kept();
    const { adminChannelId, faults } = bot.discord;
    await (await bot.gran.types('/status', {}, { in: adminChannelId })).answer();
    const path = new RegExp(`^/channels/${adminChannelId}/messages$`);
    const trouble = faults.on({ method: 'POST', path, cut: 'after', times: 99 });
    expect((await (await bot.gran.presses('Keep here')).answer()).text).toMatch(/Discord is in trouble/);
    trouble.off();
    expect(cards(bot)).toHaveLength(2);
    await bot.restart();
    await bot.jellyfin.lock('maya');
    await refreshes(bot);
    const [card, ...others] = cards(bot);
    expect(others).toEqual([]);
    expect(card?.id).not.toBe(bot.card.id);
    expect(card?.text).toMatch(/1 locked account/);
    expect(bot.discord.messagesIn(adminChannelId).map(({ id }) => id)).toEqual([card?.id]);
  });

  test('says what is wrong with Jellyfin when that is down, and comes back by itself', async () => {
    const bot = await kept();
    const down = bot.jellyfin.faults.on({ path: /.*/, status: 503, times: 999 });
    await refreshes(bot);
    expect(cards(bot)[0]?.text).toMatch(/Jellyfin/);
    expect(cards(bot)[0]?.text).not.toMatch(/is locked|locked account/);
    down();
    // An answer from before may still be on its way in the first round.
    for (const round of [1, 2, 3]) if (round === 1 || !/locked/.test(cards(bot)[0]?.text ?? '')) await refreshes(bot);
    expect(cards(bot)[0]?.text).toMatch(/locked/);
  });

  test('is not for a channel that everybody reads, nor for members to keep or to remove', async () => {
    const bot = await kept();
    await (await bot.gran.types('/status')).answer();
    const said = await (await bot.gran.presses('Keep here')).answer();
    expect(said.text).toMatch(/Everybody in the Discord server can read this channel/);
    expect(bot.discord.messagesIn(bot.discord.generalChannelId)).toEqual([]);
    for (const id of ['status:keep:here', 'status:unkeep:1'])
      expect((await (await bot.maya.pressesRaw(id)).answer()).text).toMatch(/That is for helpers and admins/);
    expect(cards(bot)).toHaveLength(1);
  });

  test.each([
    ['of the admins’ channel is theirs alone', 'admin', false, /stands in this channel now/],
    [
      'of a channel that everybody reads is read by everybody',
      'general',
      false,
      /Everybody in the Discord server can read/,
    ],
    ['that is private is for the invited', 'general', true, /stands in this channel now/],
  ] as const)('in a thread %s', async (_which, where, isPrivate, said) => {
    const bot = await startBot();
    const { discord, gran } = bot;
    const parent = where === 'admin' ? discord.adminChannelId : discord.generalChannelId;
    const thread = discord.addThread('locked again', parent, { private: isPrivate });
    // A server in which newcomers see nothing but what a channel opens to them.
    const everyone = discord.world.guilds.get(discord.guildId)?.roles.get(discord.guildId);
    if (everyone && where === 'general') {
      everyone.permissions &= ~PERMISSIONS.ViewChannel;
      discord.setOverwrite(parent, discord.guildId, { allow: ['ViewChannel'] });
    }
    await (await gran.types('/status', {}, { in: thread })).answer();
    expect((await (await gran.presses('Keep here')).answer()).text).toMatch(said);
  });

  test('kept a second time in the same channel stands once, and the one before is deleted; removed, it is gone', async () => {
    const bot = await kept();
    await (await bot.gran.types('/status', {}, { in: bot.discord.adminChannelId })).answer();
    await (await bot.gran.presses('Keep here')).answer();
    const [next, ...others] = cards(bot);
    expect(others).toEqual([]);
    const inChannel = () => bot.discord.messagesIn(bot.discord.adminChannelId).map(({ id }) => id);
    expect(inChannel()).toEqual([next?.id]);
    await (await bot.gran.presses('Stop keeping this')).answer();
    expect(inChannel()).toEqual([]);
    await bot.jellyfin.lock('maya');
    await refreshes(bot);
    expect(cards(bot)).toEqual([]);
    expect(auditLines(bot)).toEqual(['Gran keep card done', 'Gran keep card done', 'Gran remove card done']);
  });
});

test('a card that could not be put anywhere does not appear by itself later; one that stands already goes on', async () => {
  const bot = await startBot();
  const { adminChannelId } = bot.discord;
  const keeps = async () => {
    await (await bot.gran.types('/status', {}, { in: adminChannelId })).answer();
    return (await (await bot.gran.presses('Keep here')).answer()).text;
  };
  bot.discord.setBotOverwrite(adminChannelId, { allow: ['ViewChannel'], deny: ['SendMessages'] });
  expect(await keeps()).toMatch(/I may not write in that channel/);
  bot.discord.setBotOverwrite(adminChannelId, { allow: ['ViewChannel', 'SendMessages'] });
  await refreshes(bot);
  expect(cards(bot)).toEqual([]);
  expect(await keeps()).toMatch(/stands in this channel now/);
  bot.discord.setBotOverwrite(adminChannelId, { allow: ['ViewChannel'], deny: ['SendMessages'] });
  expect(await keeps()).toMatch(/I may not write in that channel/);
  const [standing] = cards(bot);
  await bot.jellyfin.lock('maya');
  await refreshes(bot);
  expect(cards(bot).map(({ id, text }) => [id, /1 locked account/.test(text)])).toEqual([[standing?.id, true]]);
});

describe('removed', () => {
  /** A card that Gran keeps in a channel of the helpers' own; its id. */
  async function keptInDen(bot: BotHousehold): Promise<string> {
    const den = bot.discord.addChannel('den', { overwrites: { [bot.discord.guildId]: { deny: ['ViewChannel'] } } });
    for (const id of [bot.discord.botUserId, bot.gran.id])
      bot.discord.setOverwrite(den, id, { allow: ['ViewChannel', 'SendMessages', 'ReadMessageHistory'] });
    await (await bot.gran.types('/status', {}, { in: den })).answer();
    expect((await (await bot.gran.presses('Keep here')).answer()).text).toMatch(/stands in this channel now/);
    return den;
  }

  const givenUp = (bot: BotHousehold, channelId: string) =>
    bot.discord
      .messagesIn(bot.discord.adminChannelId)
      .filter(({ text }) => text.includes(`is no longer kept in <#${channelId}>`));

  describe('a card that is not to be kept any more', () => {
    const trouble = (bot: BotHousehold, id: string) =>
      bot.discord.faults.on({
        method: 'DELETE',
        path: new RegExp(`/messages/${id}$`),
        status: 503,
        body: { code: 0, message: 'not now' },
        times: 99,
      });
    const removed = async (bot: BotHousehold & { card: SeenMessage }) =>
      (await (await bot.gran.presses('Stop keeping this', { on: bot.card })).answer()).text;
    const rows = (bot: BotHousehold) =>
      withDatabase(bot.database, (db) => db.prepare('SELECT * FROM status_cards').all());

    test('is deleted: nothing says that it is kept up to date', async () => {
      const bot = await kept();
      expect(await removed(bot)).toMatch(/no longer kept up to date/);
      expect(cards(bot)).toEqual([]);
      expect(rows(bot)).toEqual([]);
    });

    test('by two at once is removed once, and the second reads that it is gone', async () => {
      const bot = await kept();
      const customId = bot.card.buttons.find(({ label }) => label === 'Stop keeping this')?.customId ?? '';
      await removed(bot);
      const late = await bot.gran.pressesRaw(customId);
      expect((await late.answer()).text).toMatch(/too old for me/);
      expect(auditLines(bot).filter((line) => line === 'Gran remove card done')).toHaveLength(1);
    });

    test('is taken away by a later round, or the next bot, when Discord is in trouble', async () => {
      const bot = await kept();
      const fault = trouble(bot, bot.card.id);
      expect(await removed(bot)).toMatch(/no longer kept up to date/);
      expect(await removed(bot)).toMatch(/no longer kept up to date/);
      expect(cards(bot)).toHaveLength(1);
      fault.off();
      await bot.restart();
      await refreshes(bot);
      expect(cards(bot)).toEqual([]);
      expect(rows(bot)).toEqual([]);
      expect(auditLines(bot)).toEqual(['Gran keep card done', 'Gran remove card done']);
    });

    test('may be kept again before it was taken away: it goes on in a new one', async () => {
      const bot = await kept();
      const fault = trouble(bot, bot.card.id);
      await removed(bot);
      fault.off();
      await (await bot.gran.types('/status', {}, { in: bot.discord.adminChannelId })).answer();
      await (await bot.gran.presses('Keep here')).answer();
      await refreshes(bot);
      expect(cards(bot)).toHaveLength(1);
      expect(cards(bot)[0]?.id).not.toBe(bot.card.id);
    });

    test('because its channel was deleted is given up, and the history says so', async () => {
      const bot = await startBot();
      const den = await keptInDen(bot);
      bot.discord.deleteChannel(den);
      await bot.jellyfin.lock('maya');
      await refreshes(bot);
      const tried = bot.discord.requests.length;
      await refreshes(bot);
      expect(bot.discord.requests.slice(tried).filter(({ path }) => path.includes(den))).toEqual([]);
      expect(rows(bot)).toEqual([]);
      expect(auditLines(bot)).toEqual(['Gran keep card done', 'latchkey remove card cannotPostThere']);
      expect(givenUp(bot, den)).toHaveLength(1);
    });

    test('that was given up is told of as soon as the bot may write in the admin channel again', async () => {
      const bot = await startBot();
      const { adminChannelId } = bot.discord;
      const den = await keptInDen(bot);
      bot.discord.deleteChannel(den);
      bot.discord.setBotOverwrite(adminChannelId, { allow: ['ViewChannel'], deny: ['SendMessages'] });
      await bot.jellyfin.lock('maya');
      await refreshes(bot);
      expect(givenUp(bot, den)).toEqual([]);
      bot.discord.setBotOverwrite(adminChannelId, { allow: ['ViewChannel', 'SendMessages', 'ReadMessageHistory'] });
      await refreshes(bot);
      expect(givenUp(bot, den)).toHaveLength(1);
    });

    test('that was given up is told of in the admin channel, once, by a later bot if need be, with a button to keep it there', async () => {
      const bot = await startBot();
      const den = await keptInDen(bot);
      bot.discord.setOverwrite(den, bot.discord.botUserId, { allow: ['ViewChannel'], deny: ['SendMessages'] });
      bot.discord.deleteMessage(bot.discord.messagesIn(den)[0]?.id ?? '');
      const path = new RegExp(`/channels/${bot.discord.adminChannelId}/messages`);
      const trouble = bot.discord.faults.on({ method: 'POST', path, status: 500, times: 1000 });
      await bot.jellyfin.lock('maya');
      await refreshes(bot);
      expect(rows(bot)).toHaveLength(1);
      expect(givenUp(bot, den)).toEqual([]);
      // That this channel is closed says nothing of the admins'.
      connect(bot, bot.maya, 'maya');
      expect((await (await bot.maya.types('/resetpw')).answer()).text).toMatch(/I have asked the admins/);
      await bot.restart();
      trouble.off();
      await refreshes(bot);
      await refreshes(bot);
      const [word, ...others] = givenUp(bot, den);
      expect([word?.pings, others]).toEqual([{ everyone: false, roles: [], users: [] }, []]);
      expect(rows(bot)).toEqual([]);
      await (await bot.gran.presses('Keep here', { on: { id: word?.id ?? '' } })).answer();
      expect(cards(bot)).toHaveLength(1);
    });
  });
});
