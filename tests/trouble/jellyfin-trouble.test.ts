import { afterEach, describe, expect, test } from 'vitest';
import { mayasPassword } from '../../sandbox/household.js';
import { closeAll, startBot, type BotHousehold } from '../support/bot.js';

afterEach(closeAll);

interface Trouble {
  readonly name: string;
  begin(bot: BotHousehold): Promise<void> | void;
  end(bot: BotHousehold): Promise<void> | void;
  /** What a member reads, and what an admin reads beside it. */
  readonly says: RegExp;
  readonly fix?: RegExp;
}

const clear = (bot: BotHousehold) => bot.jellyfin.faults.clear();
const everyCall = (fault: object) => (bot: BotHousehold) => void bot.jellyfin.faults.on(fault);

/** From the moment on at which the account is looked at: all that an approval does. */
const troubles: readonly Trouble[] = [
  {
    name: 'silent',
    begin: everyCall({ delayMs: 2000 }),
    end: clear,
    says: /takes too long to answer\. Please try again in a few minutes/,
    fix: /how busy the Jellyfin server is/,
  },
  {
    name: 'refusing the key',
    begin: everyCall({ path: /^\/Users/, status: 401 }),
    end: clear,
    says: /does not let me in any more\. An admin has to give me a new key/,
    fix: /JELLYFIN_API_KEY/,
  },
  {
    name: 'refusing the act',
    begin: everyCall({ path: /^\/Users/, status: 403 }),
    end: clear,
    says: /does not let me do that\. An admin has to give me another key/,
    fix: /JELLYFIN_API_KEY/,
  },
  {
    name: 'broken',
    begin: everyCall({ path: /^\/Users/, status: 500 }),
    end: clear,
    says: /had trouble of its own\. Please try again in a few minutes/,
    fix: /Jellyfin's own log/,
  },
  {
    name: 'cut off in the middle of its answers',
    begin: everyCall({ cut: 'mid' }),
    end: clear,
    says: /cannot reach the Jellyfin server right now\. Please try again later/,
    fix: /Is Jellyfin running/,
  },
  {
    name: 'behind a page of a reverse proxy',
    begin: (bot) => bot.jellyfin.behindProxy('html'),
    end: (bot) => bot.jellyfin.behindProxy('none'),
    says: /is not Jellyfin\. An admin has to look at it/,
    fix: /reverse proxy/,
  },
  {
    name: 'starting',
    begin: (bot) => bot.jellyfin.starting('503'),
    end: (bot) => bot.jellyfin.starting('real'),
    says: /just starting\. Please try again in a minute/,
    fix: /Jellyfin's log/,
  },
  {
    name: 'down',
    begin: (bot) => bot.jellyfin.starting('refused'),
    end: (bot) => bot.jellyfin.starting('real'),
    says: /cannot reach the Jellyfin server right now\. Please try again later/,
    fix: /Is Jellyfin running/,
  },
];

const impatient = { overrides: { jellyfinTimeoutMs: 300 } };
const cardOf = (bot: BotHousehold) => bot.discord.messagesIn(bot.discord.adminChannelId).at(-1);

describe.each(troubles)('with Jellyfin $name', ({ begin, end, says, fix }) => {
  test('everybody reads what is the matter and what to do, and nothing is changed', async () => {
    const bot = await startBot(impatient);
    await bot.links(bot.maya, 'maya');
    await bot.jellyfin.lock('maya');
    const before = bot.jellyfin.user('maya').Policy;
    await begin(bot);
    for (const asked of [await bot.maya.types('/status'), await bot.maya.types('/resetpw')]) {
      const { text } = await asked.answer();
      expect(text).toMatch(says);
      // What only an admin can mend is no use to a member.
      if (fix) expect(text).not.toMatch(fix);
    }
    const { text } = await (await bot.gran.types('/unlock', { user: 'maya' })).answer();
    expect(text).toMatch(says);
    if (fix) expect(text).toMatch(fix);
    expect((await (await bot.dad.types('/status')).answer()).text).toMatch(says);
    await end(bot);
    expect(bot.jellyfin.user('maya').Policy).toEqual(before);
    expect(cardOf(bot)).toBeUndefined();
    expect((await (await bot.gran.types('/unlock', { user: 'maya' })).answer()).text).toMatch(/is unlocked/);
  });

  test.each(['/unlock', '/resetpw'] as const)(
    'an approved %s fails with a word, and works when it is tried again',
    async (command) => {
      const bot = await startBot(impatient);
      await bot.links(bot.maya, 'maya');
      await bot.jellyfin.lock('maya');
      await bot.maya.types(command);
      await bot.dad.sees(/asks/);
      await begin(bot);
      await bot.dad.presses('Approve');

      const told = await bot.maya.sees(/did not work/);
      expect(told.text).toMatch(says);
      expect(told.text).toMatch(/The admins can see it and try again/);
      const failed = await bot.dad.sees(/What went wrong/);
      expect(failed.text).toMatch(says);
      if (fix) expect(failed.text).toMatch(fix);
      expect(failed.labels).toEqual(['Try again']);
      await end(bot);
      expect((await bot.jellyfin.signIn('maya', mayasPassword)).status).toBe(403);

      await bot.dad.presses('Try again');
      await bot.dad.sees(/^Done/);
      expect(cardOf(bot)?.labels).toEqual([]);
      const said = await bot.maya.sees(command === '/unlock' ? /is unlocked/ : /sign in at/);
      const password = /\|\|`(.+)`\|\|/.exec(said.text)?.[1] ?? mayasPassword;
      expect((await bot.jellyfin.signIn('maya', password)).status).toBe(200);
      expect(bot.discord.answeredTwice()).toEqual([]);
    },
  );
});
