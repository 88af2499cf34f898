import { expect, test } from 'vitest';
import history from '../../src/commands/history.js';
import { AppError } from '../../src/errors.js';
import type { HistoryFilter } from '../../src/services/history/history.js';
import { createWords } from '../../src/words.js';

const t = createWords('en').in('en');

interface Asked {
  readonly user?: string;
  readonly named?: () => Promise<object[]>;
  /** In direct messages unless said. */
  readonly channelId?: string;
  readonly page?: number;
}

/** What an admin reads of a history that is empty, of days on which sign-ins failed. */
async function said({ user, named = () => Promise.resolve([]), channelId, page = 0 }: Asked, filter?: HistoryFilter) {
  const command = history({
    accounts: { find: named },
    picture: { draw: () => Promise.resolve(Buffer.from('png')) },
    history: {
      lastDays: () => [{ failed: 2, locked: 0 }],
      accountCalled: (name: string) => (name === 'maya' ? { id: 'a', name } : undefined),
      open: (_actor: object, asked: HistoryFilter) => ({
        ...{ view: { id: 1, ...asked, ...filter }, page, pages: 2, count: 0, entries: [] },
      }),
    },
  } as never);
  const context = { actor: { id: '1', rank: 'admin' }, t, channelId, text: () => user };
  const { answer, files } = await command.run(context as never);
  return { text: JSON.stringify(answer), hasPicture: files?.length === 1 };
}

test('the picture stands above the first page of all that happened, and above no other', async () => {
  expect((await said({})).hasPicture).toBe(true);
  expect((await said({ page: 1 })).hasPicture).toBe(false);
  expect((await said({ user: 'maya' })).hasPicture).toBe(false);
  expect((await said({}, { memberId: '100000000000000001' })).hasPicture).toBe(false);
});

test('a member is chosen in the server, as nobody can be in direct messages', async () => {
  expect((await said({ channelId: '5' })).text).toContain('history:member');
  expect((await said({})).text).not.toContain('history:member');
});

test('an account is found by its name while Jellyfin is down; nothing else is hidden by that', async () => {
  const down = () => Promise.reject(new AppError('jellyfinTimeout'));
  expect((await said({ user: 'maya', named: down })).text).toContain('**maya**');
  await expect(said({ user: 'nobody', named: down })).rejects.toMatchObject({ code: 'jellyfinTimeout' });
  await expect(said({ user: 'nobody' })).rejects.toMatchObject({ code: 'accountUnknown' });
  await expect(said({ user: 'maya', named: () => Promise.reject(new Error('a bug')) })).rejects.toThrow('a bug');
});

test('of two accounts of one name neither is taken for the one that was meant', async () => {
  const named = () => Promise.resolve(['a', 'b'].map((id) => ({ id, name: 'maya' })));
  await expect(said({ user: 'maya', named })).rejects.toMatchObject({ code: 'accountAmbiguous' });
});
