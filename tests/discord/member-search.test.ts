import { expect, test } from 'vitest';
import { GatewayMemberSearch } from '../../src/discord/member-search.js';

interface Found {
  readonly id: string;
  readonly username: string;
  readonly globalName?: string;
  readonly nickname?: string;
  readonly bot?: boolean;
}

/** A server that finds these members, whatever it is asked. */
function search(found: readonly Found[] | Error, { isInServer = true } = {}) {
  const asked: string[] = [];
  const clock = { now: 10 };
  const fetch = ({ query }: { query: string }) => {
    asked.push(query);
    if (found instanceof Error) return Promise.reject(found);
    const members = found.map(({ id, nickname = null, username, globalName = null, bot = false }) => ({
      ...{ id, nickname, user: { username, globalName, bot } },
    }));
    return Promise.resolve(new Map(members.map((each) => [each.id, each])));
  };
  const cache = new Map(isInServer ? [['1', { members: { fetch } }]] : []);
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const client = { guilds: { cache } } as never;
  const members = new GatewayMemberSearch({ client, guildId: '1', log: quiet, now: () => clock.now });
  return { likely: async (name: string) => (await members.likely(name))?.id, asked, clock };
}

const maya = { id: 'maya', username: 'maya_s' };

test('who is called exactly so is meant, else the only one whose name begins so; a bot never', async () => {
  const maybe = { id: 'other', username: 'mayanne' };
  expect(await search([maya]).likely('Maya')).toBe('maya');
  expect(await search([maya, maybe]).likely('maya')).toBeUndefined();
  for (const exactly of [{ nickname: 'MAYA' }, { globalName: 'Maya' }, { username: 'maya' }])
    expect(await search([maybe, { ...maya, ...exactly }]).likely('maya')).toBe('maya');
  expect(
    await search([
      { ...maya, nickname: 'maya' },
      { ...maybe, nickname: 'Maya' },
    ]).likely('maya'),
  ).toBeUndefined();
  expect(await search([maya, { id: 'bot', username: 'mayabot', bot: true }]).likely('maya')).toBe('maya');
  expect(await search([]).likely('maya')).toBeUndefined();
});

test('the first word of an account’s name is looked for, and nothing where there is none', async () => {
  const { likely, asked } = search([maya]);
  for (const name of [' Maya.Smith ', '_leo', 'a'.repeat(200), '...', ' ']) await likely(name);
  expect(asked).toEqual(['maya', 'leo', 'a'.repeat(100), '...']);
  expect(await search([maya], { isInServer: false }).likely('maya')).toBeUndefined();
});

test('Discord is asked once in ten minutes for a name, and again where it did not answer', async () => {
  const { likely, asked, clock } = search([maya]);
  for (const name of ['maya', 'MAYA ', 'leo']) await likely(name);
  expect(asked).toEqual(['maya', 'leo']);
  clock.now += 10 * 60_000 + 1;
  expect(await likely('maya')).toBe('maya');
  expect(asked).toHaveLength(3);
  // A clock that was ahead, and is put right.
  clock.now -= 10 * 60_000;
  await likely('maya');
  expect(asked).toHaveLength(4);
  const away = search(new Error('timed out'));
  expect([await away.likely('maya'), await away.likely('maya'), away.asked.length]).toEqual([undefined, undefined, 2]);
});
