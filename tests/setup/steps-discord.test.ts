import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { askAdminRoles, askChannel, askHelperRoles, askServer, askToken } from '../../src/setup/steps/discord.js';
import type { Draft, Step } from '../../src/setup/draft.js';
import { Leaving } from '../../src/setup/ui.js';
import { askAll } from '../../src/setup/wizard.js';
import { freePort } from '../../sandbox/free-port.js';
import { around, type Answers, askedAt, type At, draftOf, somebody } from './somebody.js';
import { NewHousehold } from './wizard.js';

let home: NewHousehold;
let draft: Draft;
beforeEach(async () => {
  home = await NewHousehold.start();
  draft = await draftOf(home);
});
afterEach(() => home.close());

const asked = (step: Step, answers: Answers, { more, ...at }: At = {}) =>
  askedAt(step, draft, answers, { ...at, more: { discordUrl: home.discord.url, ...more } });

const away = { path: /./, status: 500, times: 20 };

test('what is wrong with the set-up itself is no wish to go back', async () => {
  const { ui } = somebody({ secret: [new Error('broken'), new Leaving('stop')] });
  await expect(askAll(around(ui))).rejects.toThrow('broken');
});

describe('the token', () => {
  test('is asked for until it is one, which is not looked up where it can be none', async () => {
    const { requests, token } = home.discord;
    const before = requests.length;
    const { said, given } = await asked(askToken, { secret: ['', 'my tokén', `Bot ${token}`] });
    expect(said).toMatch(
      /Create the bot: [^]*The bot's token \[[^]*Paste the token: [^]*Discord refuses this token\.[^]*by Dad/,
    );
    expect(requests).toHaveLength(before + 1);
    expect(given.token).toBe(token);
    const again = await asked(askToken, { secret: [''] }, { before: { DISCORD_TOKEN: token } });
    expect(again.said).toContain("The bot's token (Enter alone keeps the present one)");
  });

  test('is not called wrong where Discord does not answer', async () => {
    const more = { discordUrl: `http://127.0.0.1:${await freePort()}` };
    const { ui, said } = somebody({ secret: [home.discord.token] });
    await expect(askToken({ ...draft }, around(ui, {}, more))).rejects.toThrow('nobody knows what to answer');
    expect(said.join('\n')).toContain('Discord does not answer (');
    expect(said.join('\n')).not.toContain('refuses');
  });
});

describe('the server', () => {
  test.each([
    [true, /has just been opened in your browser/],
    [false, /open this address, also on a phone[^]*a picture for the phone/],
  ])('to which the bot is invited by an address that a browser shows, or a phone (%s)', async (isOpened, sentence) => {
    const { discord } = home;
    discord.removeBotFromGuild();
    const more = { browse: () => isOpened, qrCode: () => 'a picture for the phone' };
    let fault = { off: () => undefined as unknown };
    const meanwhile = [() => void (fault = discord.faults.on(away)), () => (fault.off(), discord.addBotToGuild())];
    const { said, given } = await asked(askServer, {}, { meanwhile, more });
    expect(said).toMatch(sentence);
    expect(said.includes('a picture')).toBe(!isOpened);
    expect(given.server.id).toBe(discord.guildId);
  });

  test('that is the only one is not asked for; of several the one from before is offered', async () => {
    const { discord } = home;
    const only = await asked(askServer, {});
    expect(only).toMatchObject({ isAsked: false, said: 'In the Discord server The Household' });
    expect(only.given.server.id).toBe(discord.guildId);
    const { guildId } = discord.addOtherGuild('The Neighbours');
    const second = ([, other]: readonly unknown[]) => other;
    const offered = async (before: Record<string, string>) =>
      (await asked(askServer, { pick: [second] }, { before })).said;
    expect(await offered({ DISCORD_GUILD_ID: guildId })).toContain('offered: The Neighbours');
    expect(await offered({})).toContain('offered: The Household');
  });

  test('is waited for while Discord is away', async () => {
    const fault = home.discord.faults.on(away);
    const { said, given } = await asked(askServer, {}, { meanwhile: [() => fault.off()] });
    expect(said).toMatch(/Discord does not answer \([^]*Trying again until Discord answers/);
    expect(given.server.name).toBe('The Household');
  });
});

describe('the roles', () => {
  test('are waited for where there is none, or Discord is away meanwhile', async () => {
    const { discord } = home;
    for (const id of Object.values(discord.roles)) discord.deleteRole(id);
    let fault = { off: () => undefined as unknown };
    const meanwhile = [
      () => void (fault = discord.faults.on(away)),
      () => void (fault.off(), discord.addRole('keepers', { mentionable: true })),
    ];
    const { said } = await asked(askAdminRoles, { pickMany: [[]] }, { meanwhile });
    expect(said).toMatch(/has no role yet[^]*Which roles decide\?.* keepers \(0 members\)/);
  });

  test('that nobody hears are named, and that somebody holds none of them', async () => {
    const { roles, setRoleMentionable } = home.discord;
    setRoleMentionable.call(home.discord, roles['helper'] ?? '', false);
    const said = async (...picked: readonly string[]) =>
      (await asked(askAdminRoles, { pickMany: [picked.map((name) => roles[name])] })).said;
    expect(await said('admin')).not.toMatch(/phone rings|You hold none/);
    expect(await said('admin', 'helper')).toMatch(/Nobody's phone rings for helper/);
    expect(await said('helper')).toMatch(/Give yourself one of them in Discord: helper \(/);
  });

  test('are listed without how many hold them, where Discord does not say', async () => {
    home.discord.faults.on({ path: /member-counts$/, status: 403, times: 9 });
    const { said } = await asked(askAdminRoles, { pickMany: [[home.discord.roles['admin']]] });
    expect(said).toContain('to accounts. helper, admin');
  });

  test('of helpers are not asked for where all decide', async () => {
    Object.assign(draft, { adminRoleIds: Object.values(home.discord.roles), helperRoleIds: ['from before'] });
    expect(await asked(askHelperRoles, {})).toMatchObject({ isAsked: false, given: { helperRoleIds: [] } });
  });
});

describe('the channel', () => {
  const first = ([channel]: readonly unknown[]) => channel;

  test('is waited for where there is none but for talking', async () => {
    const { discord } = home;
    for (const id of [discord.adminChannelId, discord.generalChannelId]) discord.deleteChannel(id);
    discord.addChannel('talking', { type: 2 });
    let fault = { off: () => undefined as unknown };
    const meanwhile = [() => void (fault = discord.faults.on(away)), () => (fault.off(), discord.addChannel('lobby'))];
    const { said, given } = await asked(askChannel, { pick: [first], confirm: [true] }, { meanwhile });
    expect(said).toMatch(/has no text channel[^]*In which channel[^\n]* #lobby/);
    expect(said).not.toContain('#talking');
    expect(given.channelId).toBeTruthy();
  });

  test('that is private is offered first, or the one from before, and taken as it is', async () => {
    const { adminChannelId, generalChannelId } = home.discord;
    const { said, given } = await asked(askChannel, { pick: [first] });
    expect(said).toMatch(
      /In which channel[^\n]* #admins \(private\), #general \(everybody reads it\)\noffered: #admins\nThe bot may not pin.*$/,
    );
    expect(given.channelId).toBe(adminChannelId);
    const before = { DISCORD_ADMIN_CHANNEL_ID: generalChannelId };
    expect((await asked(askChannel, { pick: [first] }, { before })).said).toContain('offered: #general');
  });

  test('that is closed to the bot is waited for, and what is still missing is said once', async () => {
    const { discord } = home;
    const open = (...allow: readonly ('ViewChannel' | 'SendMessages' | 'EmbedLinks')[]) =>
      discord.setBotOverwrite(discord.adminChannelId, {
        allow,
        deny: ['PinMessages', ...(allow.length < 2 ? ['SendMessages' as const] : [])],
      });
    discord.setBotOverwrite(discord.adminChannelId, {});
    let fault = { off: () => undefined as unknown };
    const meanwhile = [
      () => open('ViewChannel'),
      () => undefined,
      () => void (fault = discord.faults.on(away)),
      () => (fault.off(), open('ViewChannel', 'SendMessages', 'EmbedLinks')),
    ];
    const { said } = await asked(askChannel, { pick: [first] }, { meanwhile });
    expect(said.match(/Still missing there: Send Messages/g)).toHaveLength(1);
    expect(said).toMatch(/The bot can work in #admins\nThe bot may not pin its cards in #admins/);
  });
});
