import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { type Account, lockState, wrongPasswords } from '../../src/services/accounts/account.js';
import { AccountDirectory, type DirectoryOptions } from '../../src/services/accounts/account-directory.js';
import { AppError } from '../../src/errors.js';
import { Events } from '../../src/services/events.js';
import { closeHouses, openHouse } from '../jellyfin/house.js';
import { anAccount } from '../support/an-account.js';
import { deletesAccount } from '../support/in-jellyfin.js';
import type { Jellyfin } from '../../src/services/accounts/jellyfin-port.js';

describe('the directory of accounts', () => {
  const idOf = (n: number): string => n.toString(16).padStart(32, '0');

  const named = (...names: string[]): Account[] => names.map((name, n) => anAccount({ id: idOf(n + 1), name }));

  const names = (accounts: readonly Account[]): string[] => accounts.map(({ name }) => name);

  /** A directory over a Jellyfin whose answers a test gives, or holds back. */
  function open(accounts: readonly Account[], options: DirectoryOptions = {}) {
    const world = {
      accounts,
      asked: 0,
      read: [] as string[],
      time: 0,
      answer: (): Promise<Account[]> => Promise.resolve([...world.accounts]),
    };
    const jellyfin = {
      listAccounts: () => {
        world.asked += 1;
        return world.answer();
      },
      getAccount: (id: string) => {
        world.read.push(id);
        const account = world.accounts.find((each) => each.id === id);
        return account ? Promise.resolve(account) : Promise.reject(new AppError('accountGone'));
      },
    };
    return { world, directory: new AccountDirectory(jellyfin, { now: () => world.time, ...options }) };
  }

  describe('finding', () => {
    const { directory } = open(named('maya', 'Maya', 'bob', 'Zoë O’Brien', 'ANNA', 'anna'));

    test.each([
      ['bob', 'bob'],
      [' BOB ', 'bob'],
      ['maya', 'maya'],
      ['Maya', 'Maya'],
      ['zoe\u0308 o’brien', 'Zoë O’Brien'],
      [idOf(3), 'bob'],
    ])('"%s" is %s', async (text, name) => {
      expect(names(await directory.find(text))).toEqual([name]);
    });

    test('a name that only fits without case, and fits two, is ambiguous', async () => {
      expect(names(await directory.find('Anna'))).toEqual(['ANNA', 'anna']);
    });

    test('nobody is nobody', async () => {
      expect(await directory.find('nobody')).toEqual([]);
      expect(await directory.byId(idOf(99))).toBeUndefined();
    });
  });

  describe('suggesting', () => {
    test('names that begin with the text come before those that contain it', async () => {
      const { directory } = open(named('Joanna', 'anna', 'bob', 'Anton'));
      expect(names(await directory.suggest('an'))).toEqual(['anna', 'Anton', 'Joanna']);
      expect(names(await directory.suggest(''))).toEqual(['Joanna', 'anna', 'bob', 'Anton']);
    });

    test('no more than asked for, the better fits among the last of many included', async () => {
      const { directory } = open(named(...Array.from({ length: 60 }, (_, n) => `the b${n}`), 'bob'));
      expect(names(await directory.suggest('b', 3))).toEqual(['bob', 'the b0', 'the b1']);
      expect(await directory.suggest('b')).toHaveLength(25);
    });

    test('a Jellyfin that is silent gives no suggestions in time, and its late answer serves the next key', async () => {
      const { world, directory } = open(named('maya'), { suggestWithinMs: 20 });
      let answer = (_accounts: Account[]): void => undefined;
      world.answer = () => new Promise((resolve) => (answer = resolve));
      expect(await directory.suggest('m')).toEqual([]);
      const list = directory.list();
      answer(named('maya'));
      await list;
      expect(names(await directory.suggest('m'))).toEqual(['maya']);
      expect(world.asked).toBe(1);
    });

    test('a Jellyfin that fails gives no suggestions, and the failure is heard of', async () => {
      const failures: unknown[] = [];
      const { world, directory } = open([], { onFailure: (error) => failures.push(error) });
      world.answer = () => Promise.reject(new AppError('jellyfinUnreachable'));
      expect(await directory.suggest('m')).toEqual([]);
      expect(failures).toMatchObject([{ code: 'jellyfinUnreachable' }]);
      await expect(directory.find('m')).rejects.toMatchObject({ code: 'jellyfinUnreachable' });
    });
  });

  describe('the list', () => {
    test('is asked for once, however many want it at the same time', async () => {
      const { world, directory } = open(named('maya'));
      await Promise.all([directory.list(), directory.find('maya'), directory.suggest('m'), directory.byId(idOf(1))]);
      expect(world.asked).toBe(1);
    });

    test('is never older than its age allows', async () => {
      const { world, directory } = open(named('maya'));
      await directory.list();
      world.accounts = named('bob');
      world.time = 25_000;
      expect(names(await directory.suggest(''))).toEqual(['bob']);
      world.answer = () => Promise.reject(new AppError('jellyfinTimeout'));
      world.time = 50_000;
      await expect(directory.list()).rejects.toMatchObject({ code: 'jellyfinTimeout' });
      // Whatever is picked is read before anybody acts on it.
      expect(names(await directory.suggest(''))).toEqual(['bob']);
    });

    test('is asked for ahead of time, without anybody waiting', async () => {
      const { world, directory } = open(named('maya'));
      await directory.list();
      world.time = 15_000;
      world.accounts = named('bob');
      expect(names(await directory.list())).toEqual(['maya']);
      expect(world.asked).toBe(2);
      world.time = 39_000;
      expect(names(await directory.list())).toEqual(['bob']);
    });

    test('shows at once what was noted and forgotten, even when an older answer comes in later', async () => {
      const { world, directory } = open(named('maya', 'bob', 'mia'));
      await directory.list();
      let answer = (_accounts: Account[]): void => undefined;
      world.answer = () => new Promise((resolve) => (answer = resolve));
      world.time = 26_000;
      const late = directory.list();
      world.time = 26_001;
      directory.onAccountRead({ id: idOf(1), account: anAccount({ id: idOf(1), name: 'maya', failedSignIns: 2 }) });
      directory.onAccountRead({ id: idOf(2), account: undefined });
      answer(named('maya', 'bob', 'mia'));
      expect(names(await late)).toEqual(['maya', 'mia']);
      expect(await directory.find('maya')).toMatchObject([{ failedSignIns: 2 }]);
      expect(await directory.suggest('bob')).toEqual([]);
    });

    test('keeps its order when an account is noted, under a new name, too', async () => {
      const { world, directory } = open(named('maya', 'bob', 'mia'));
      await directory.list();
      directory.onAccountRead({ id: idOf(2), account: anAccount({ id: idOf(2), name: 'Robert' }) });
      world.accounts = named('maya', 'Robert', 'mia', 'ann');
      directory.onAccountRead({ id: idOf(4), account: anAccount({ id: idOf(4), name: 'ann' }) });
      expect(names(await directory.list())).toEqual(['maya', 'Robert', 'mia', 'ann']);
      expect(names(await directory.suggest('rob'))).toEqual(['Robert']);
      expect(await directory.find('bob')).toEqual([]);
    });

    test('is not gone through again for every note', async () => {
      let read = 0;
      const counted = (account: Account): Account => ({
        ...account,
        get name() {
          read += 1;
          return account.name;
        },
      });
      const { directory } = open(named(...Array.from({ length: 500 }, (_, n) => `person ${n}`)).map(counted));
      await directory.list();
      read = 0;
      directory.onAccountRead({ id: idOf(250), account: anAccount({ id: idOf(250), name: 'maya' }) });
      directory.onAccountRead({ id: idOf(251), account: undefined });
      expect(read).toBe(0);
    });

    test('believes a later answer over a note', async () => {
      const { world, directory } = open(named('maya'));
      directory.onAccountRead({ id: idOf(1), account: undefined });
      world.time = 1;
      expect(names(await directory.list())).toEqual(['maya']);
    });

    test('and what was noted are not believed for longer by a clock that was ahead and is put right', async () => {
      const { world, directory } = open(named('maya', 'bob'));
      world.time = 1_000_000;
      await directory.list();
      directory.onAccountRead({
        id: idOf(1),
        account: anAccount({ id: idOf(1), name: 'maya', isAdministrator: true }),
      });
      world.time = 0;
      expect(await directory.byId(idOf(1))).toMatchObject({ isAdministrator: false });
      expect(names(await directory.list())).toEqual(['maya', 'bob']);
      expect(world.asked).toBe(2);
    });
  });

  describe('a list that takes the server long', () => {
    /** A list is there, and the next one is on its way for as long as a test wants. */
    async function slowly() {
      const opened = open(named('maya', 'bob', 'ann'), { suggestWithinMs: 10 });
      const { world, directory } = opened;
      let answer = (): void => undefined;
      world.answer = () => new Promise((resolve) => (answer = () => resolve([...world.accounts])));
      const first = directory.list();
      await wait(30);
      answer();
      await first;
      world.time = 26_000;
      return { ...opened, arrives: () => answer() };
    }

    test('is waited for when it is the first, and never asked for again meanwhile', async () => {
      const { world, directory } = open(named('maya'), { suggestWithinMs: 1 });
      let answer = (): void => undefined;
      world.answer = () => new Promise((resolve) => (answer = () => resolve([...world.accounts])));
      const waiting = [directory.list(), directory.find('maya'), directory.latest(), directory.listNow()];
      expect(await directory.suggest('m')).toEqual([]);
      expect(await directory.suggest('m')).toEqual([]);
      answer();
      await Promise.all(waiting);
      expect(world.asked).toBe(1);
    });

    test('is kept: choices come from it at once, and it is said how old it is', async () => {
      const { world, directory } = await slowly();
      expect(names(await directory.suggest('b'))).toEqual(['bob']);
      expect(await directory.latest()).toMatchObject({ keptSince: 0, accounts: [{ name: 'maya' }, {}, {}] });
      expect(names(await directory.list())).toEqual(['maya', 'bob', 'ann']);
      expect(world.asked).toBe(2);
    });

    test('finds a name, which is read by itself before it counts', async () => {
      const { world, directory } = await slowly();
      world.accounts = [anAccount({ id: idOf(1), name: 'maya', failedSignIns: 2 }), ...world.accounts.slice(1)];
      expect(await directory.find('MAYA')).toMatchObject([{ failedSignIns: 2 }]);
      expect(world.read).toEqual([idOf(1)]);
    });

    test('is not believed about an account that is called otherwise by now: the next one decides', async () => {
      const { world, directory, arrives } = await slowly();
      world.accounts = [anAccount({ id: idOf(1), name: 'mia' }), anAccount({ id: idOf(9), name: 'maya' })];
      const found = directory.find('maya');
      while (world.read.length === 0) await new Promise(setImmediate);
      await new Promise(setImmediate);
      arrives();
      expect(await found).toMatchObject([{ id: idOf(9) }]);
    });

    test('is not waited for by whoever has an id', async () => {
      const { world, directory } = await slowly();
      expect(await directory.byId(idOf(2))).toMatchObject({ name: 'bob' });
      expect(await directory.byId(idOf(7))).toBeUndefined();
      expect(world.read).toEqual([idOf(2), idOf(7)]);
    });

    test('lets the server rest before it is asked for again', async () => {
      const { world, directory, arrives } = await slowly();
      const next = directory.listNow();
      await wait(30);
      arrives();
      await next;
      const { asked } = world;
      world.time += 1000;
      await directory.latest();
      await directory.suggest('m');
      expect(world.asked).toBe(asked);
    });
  });
});

describe('the directory of the accounts that are read one by one', () => {
  afterEach(closeHouses);

  /** A server whose accounts were listed already, and the directory that hears of each that is read. */
  async function listed() {
    const events = new Events({ error: (fields) => expect(fields).toBeUndefined() });
    const { server, jellyfin, id } = await openHouse({ events });
    const directory = new AccountDirectory(jellyfin, { now: () => 0 });
    events.on('accountRead', directory.onAccountRead);
    await directory.list();
    return { server, jellyfin, directory, maya: id('maya') };
  }

  test.each([
    ['is looked at', (jellyfin: Jellyfin, id: string) => jellyfin.getAccount(id)],
    ['is unlocked', (jellyfin: Jellyfin, id: string) => jellyfin.unlock(id)],
    ['gets a password', (jellyfin: Jellyfin, id: string) => jellyfin.setPassword(id, 'x')],
    ['is to lose one', (jellyfin: Jellyfin, id: string) => jellyfin.replacePassword(id, 'x', () => undefined)],
  ])('an account that turns out to be gone when it %s is not offered any more', async (_when, act) => {
    const { server, jellyfin, directory, maya } = await listed();
    await deletesAccount(server, 'maya');
    await expect(act(jellyfin, maya)).rejects.toMatchObject({ code: 'accountGone' });
    expect(await directory.suggest('m')).toEqual([]);
  });

  test('an account is still offered when the server could not be asked about it', async () => {
    const { server, jellyfin, directory, maya } = await listed();
    server.faults.on({ status: 502, times: 2 });
    await expect(jellyfin.getAccount(maya)).rejects.toMatchObject({ code: 'jellyfinUnreachable' });
    expect(await directory.suggest('m')).toMatchObject([{ id: maya }]);
  });

  test('what became of an unlocked account shows at once', async () => {
    const { server, jellyfin, directory, maya } = await listed();
    await server.lock('maya');
    await jellyfin.getAccount(maya);
    expect(await directory.byId(maya)).toMatchObject({ isDisabled: true });
    await jellyfin.unlock(maya);
    expect(await directory.byId(maya)).toMatchObject({ isDisabled: false, failedSignIns: 0 });
  });
});

describe('an account', () => {
  test.each([
    ['open', false, 0, 3],
    ['open', false, 2, 3],
    ['open', false, 50, -1],
    ['locked', true, 3, 3],
    ['locked', true, 4, 3],
    ['disabled', true, 0, 3],
    ['disabled', true, 2, 3],
    ['disabled', true, 50, -1],
    ['disabled', true, 0, 0],
    ['overLimit', false, 3, 3],
    ['overLimit', false, 7, 3],
  ] as const)('%s: disabled %s, %i failed sign-ins, limit %i', (state, isDisabled, failedSignIns, signInLimit) => {
    expect(lockState({ isDisabled, failedSignIns, signInLimit })).toBe(state);
  });

  test.each([
    ['the try that locks, counted twice by Jellyfin 12', 3, true, 4],
    ['a lock', 3, true, 3],
    ['an open account', 2, false, 2],
    ['one over its limit, which counts on', 7, false, 7],
    ['one that an administrator disabled', 2, true, 2],
  ] as const)('wrong passwords, as people count them: %s is %i', (_what, shown, isDisabled, failedSignIns) => {
    expect(wrongPasswords({ isDisabled, failedSignIns, signInLimit: 3 })).toBe(shown);
  });
});
