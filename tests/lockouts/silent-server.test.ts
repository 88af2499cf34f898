import { expect, test } from 'vitest';
import { AppError } from '../../src/errors.js';
import { Lockouts } from '../../src/services/lockouts/lockout-watch.js';
import { opened } from '../db/opened.js';

const stores = opened();

test.each<[string, Error, number]>([
  ['that does not answer in time is not asked for each account as well', new AppError('jellyfinTimeout'), 0],
  ['whose log alone cannot be read is', new AppError('jellyfinKeyNotAdmin'), 1],
  ['that broke its log is', new Error('an odd answer'), 1],
])('a server %s; people are told all the same', async (_, trouble, looks) => {
  stores.lockouts.take({ id: 1, at: 1 }, [{ accountId: 'a', lockedAt: 5, tries: [] }]);
  const did: string[] = [];
  const logged: string[] = [];
  const deps = {
    stores,
    watch: { log: { time: () => Promise.reject(trouble) } },
    accounts: { byId: (id: string) => Promise.resolve(void did.push(`read ${id}`)) },
    log: { error: (_fields: object, text: string) => void logged.push(text), warn: () => undefined },
    now: () => 10,
  };
  const tellers = [
    { round: () => Promise.reject(new Error('Discord is away')) },
    { round: () => Promise.resolve(void did.push('told')) },
  ];
  await new Lockouts(deps as never, {} as never, tellers).round();
  expect(did).toEqual([...(looks > 0 ? ['read a'] : []), 'told']);
  expect(logged).toHaveLength(trouble instanceof AppError ? 1 : 2);
});
