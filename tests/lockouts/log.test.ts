import { afterEach, describe, expect, test } from 'vitest';
import { ActivityLogReader, after, type LogEntry } from '../../src/services/accounts/activity-log.js';
import { createJellyfin } from '../../src/jellyfin/create-jellyfin.js';
import { Secret } from '../../src/secret.js';
import { type Jellyfin, startJellyfin } from '../../sandbox/jellyfin/index.js';
import { onlyAddress, triesAround, triesFor } from '../../src/services/lockouts/failed-sign-ins.js';

describe('the activity log', () => {
  const open: Jellyfin[] = [];

  afterEach(async () => {
    for (const jellyfin of open.splice(0)) await jellyfin.close();
  });

  /** A server with a clock of its own, and one who reads its log on. */
  async function following(version = '12.0') {
    let aheadMs = 0;
    const jellyfin = await startJellyfin({ version, now: () => new Date(Date.now() + aheadMs) });
    open.push(jellyfin);
    const options = {
      url: jellyfin.url,
      keys: { current: new Secret(jellyfin.apiKey) },
      log: { warn: () => undefined },
    };
    const { log } = createJellyfin(options);
    const reader = new ActivityLogReader(log);
    let cursor = (await reader.read(undefined, await log.time())).cursor;
    return {
      jellyfin,
      add: (name: string, at?: Date) => jellyfin.addEntry({ type: 'SessionStarted', name, ...(at && { at }) }),
      clock: (ms: number) => (aheadMs += ms),
      /** The names of what is fresh. */
      reads: async () => {
        const read = await reader.read(cursor, await log.time());
        cursor = read.cursor;
        return read.fresh.map(({ text }) => text);
      },
      /** As a bot that was stopped before it wrote down how far it had read. */
      readsInVain: async () => (await reader.read(cursor, await log.time())).fresh.map(({ text }) => text),
    };
  }

  const names = (count: number, word = 'entry') => Array.from({ length: count }, (_, n) => `${word} ${n}`);

  test('begins at the newest entry, and then gives each entry once', async () => {
    const { add, reads } = await following();
    expect(await reads()).toEqual([]);
    add('one');
    add('two');
    expect(await reads()).toEqual(['one', 'two']);
    expect(await reads()).toEqual([]);
  });

  test('an empty log is followed from its first entry on', async () => {
    const { jellyfin, add, reads } = await following();
    jellyfin.clearLog();
    await reads();
    add('the first');
    expect(await reads()).toEqual(['the first']);
    expect(await reads()).toEqual([]);
  });

  test('more than a page of entries is read whole, in order, and again when it was not written down', async () => {
    const { add, reads, readsInVain } = await following();
    const many = names(1203);
    many.forEach((name) => add(name));
    expect(await readsInVain()).toEqual(many);
    expect(await reads()).toEqual(many);
    expect(await reads()).toEqual([]);
  });

  test('entries of one and the same moment are told apart by their ids', async () => {
    const { add, reads } = await following();
    const at = new Date();
    add('before the look', at);
    expect(await reads()).toEqual(['before the look']);
    add('after the look', at);
    expect(await reads()).toEqual(['after the look']);
  });

  test('an entry that was dated minutes before the one that was read last is not lost', async () => {
    const { add, reads } = await following();
    const now = Date.now();
    add('dated later', new Date(now));
    await reads();
    add('written later', new Date(now - 9 * 60_000));
    expect(await reads()).toEqual(['written later']);
  });

  describe('a clock that goes back', () => {
    test.each([90_000, 3_600_000, 23 * 3_600_000])('by %i ms loses nothing and tells nothing twice', async (ms) => {
      const { add, clock, reads } = await following();
      add('before');
      await reads();
      clock(-ms);
      add('after');
      expect(await reads()).toEqual(['after']);
      add('later');
      expect(await reads()).toEqual(['later']);
      clock(ms);
      add('set right');
      expect(await reads()).toEqual(['set right']);
      expect(await reads()).toEqual([]);
    });

    test('and forth again while the bot was away, leaves entries behind that are found by the ids that are missing', async () => {
      const { add, clock, reads } = await following();
      add('before');
      await reads();
      clock(-3 * 3_600_000);
      names(3, 'in the past').forEach((name) => add(name));
      clock(3 * 3_600_000);
      add('set right');
      expect(await reads()).toEqual([...names(3, 'in the past'), 'set right']);
      expect(await reads()).toEqual([]);
    });

    test('forth by years, and back', async () => {
      const { add, clock, reads } = await following();
      clock(400 * 86_400_000);
      add('in the future');
      expect(await reads()).toEqual(['in the future']);
      clock(-400 * 86_400_000);
      add('now');
      expect(await reads()).toEqual(['now']);
      expect(await reads()).toEqual([]);
    });
  });

  describe('a log that was cleared', () => {
    test('its ids beginning at 1 again, is followed on, whether it was seen empty or not', async () => {
      for (const looks of [true, false]) {
        const { jellyfin, add, reads } = await following();
        names(20).forEach((name) => add(name));
        await reads();
        jellyfin.clearLog();
        if (looks) expect(await reads()).toEqual([]);
        add('new life');
        expect(await reads()).toEqual(['new life']);
        names(25, 'more').forEach((name) => add(name));
        expect(await reads()).toEqual(names(25, 'more'));
        expect(await reads()).toEqual([]);
      }
    });

    test('and has grown past the id that was read last meanwhile', async () => {
      const { jellyfin, add, reads } = await following();
      names(5).forEach((name) => add(name));
      await reads();
      jellyfin.clearLog();
      const grown = names(30, 'new');
      grown.forEach((name) => add(name));
      expect(await reads()).toEqual(grown);
      expect(await reads()).toEqual([]);
    });
  });

  test('what comes into an empty log is new, whatever its date; into another log, what is dated later', () => {
    const entry = (id: number, at: number) => ({ id, at }) as LogEntry;
    const entries = [entry(1, 5), entry(2, 20)];
    expect(after(entries, { id: 0, at: 10 })).toEqual(entries);
    expect(after(entries, { id: 1, at: 5 })).toEqual([entries[1]]);
    expect(after(entries, { id: 1, at: 10 })).toEqual([entries[1]]);
    expect(after([entry(1, 5)], { id: 7, at: 10 })).toEqual([]);
  });

  test('one round costs two calls, however long the log is', async () => {
    const { jellyfin, reads } = await following();
    jellyfin.addManyEntries(20_000);
    await reads();
    const before = jellyfin.calls.length;
    await reads();
    expect(jellyfin.calls.slice(before).map(({ path }) => path.replace(/\?.*/, ''))).toEqual([
      '/GetUtcTime',
      '/System/ActivityLog/Entries',
    ]);
  });
});

describe('failed sign-ins', () => {
  const tried = (text: string, address: string | undefined = '192.168.1.20') => ({
    at: 0,
    text,
    address: address as string | undefined,
  });

  const english = (name: string, address?: string) => tried(`Failed login attempt from ${name}`, address);

  const german = (name: string, address?: string) => tried(`Fehlgeschlagener Anmeldeversuch von ${name}`, address);

  const names =
    (...all: string[]) =>
    () =>
      Promise.resolve(all);

  const nobodyIsAsked = () => Promise.reject(new Error('the list of accounts was asked for'));

  async function addressFor(name: string, tries: ReturnType<typeof tried>[], allNames: () => Promise<string[]>) {
    return onlyAddress(await triesFor(name, tries, allNames), 3);
  }

  test('an English log names the account to the letter, whatever the other accounts are called', async () => {
    const three = [english('bob'), english('BOB'), english('bob')];
    expect(await addressFor('bob', three, nobodyIsAsked)).toBe('192.168.1.20');
    expect(await addressFor('login', three, nobodyIsAsked)).toBeUndefined();
    expect(await addressFor('bo', three, nobodyIsAsked)).toBeUndefined();
  });

  test('of many the newest are kept: those around the lock, and no others', () => {
    const minute = 60_000;
    const failed = (at: number) =>
      ({ ...english('bob'), id: at, kind: 'failed', accountId: undefined, at }) as LogEntry;
    const around = [
      failed(0),
      failed(11 * minute),
      failed(20 * minute),
      failed(20 * minute + 4000),
      failed(21 * minute),
    ];
    const signedIn = { ...failed(19 * minute), kind: 'signedIn' } as LogEntry;
    const kept = triesAround([...around, signedIn], 20 * minute).map(({ at }) => at);
    expect(kept).toEqual([11 * minute, 20 * minute, 20 * minute + 4000]);
    const many = Array.from({ length: 60 }, (_, at) => failed(20 * minute - 60 + at));
    expect(triesAround(many, 20 * minute).map(({ at }) => at)).toEqual(many.slice(10).map(({ at }) => at));
  });

  test('tries for other accounts in between are theirs', async () => {
    const tries = [english('bob'), english('bobby', '203.0.113.9'), english('bob'), english('bob')];
    expect(await addressFor('bob', tries, nobodyIsAsked)).toBe('192.168.1.20');
  });

  test('no address is named when the tries came from several, from none, or when too few of them are known', async () => {
    expect(
      await addressFor('bob', [english('bob'), english('bob'), english('bob', '203.0.113.9')], nobodyIsAsked),
    ).toBeUndefined();
    expect(await addressFor('bob', [english('bob'), english('bob')], nobodyIsAsked)).toBeUndefined();
    const nowhere = { ...english('bob'), address: undefined };
    expect(await addressFor('bob', [nowhere, nowhere, nowhere], nobodyIsAsked)).toBeUndefined();
  });

  test('in another language the name has to stand there by itself, and no other account’s beside it', async () => {
    const three = [german('bob'), german('bob'), german('bob')];
    expect(await addressFor('bob', three, names('bob', 'maya'))).toBe('192.168.1.20');
    expect(await addressFor('bob', three, names('bob', 'von'))).toBeUndefined();
    expect(
      await addressFor('bob', [german('bobby'), german('bobby'), german('bobby')], names('bob', 'bobby')),
    ).toBeUndefined();
    const before = (name: string) => tried(`${name} konnte sich nicht anmelden`);
    expect(await addressFor('bob', [before('bob'), before('bob'), before('bob')], names('bob'))).toBe('192.168.1.20');
    const anna = [before('anna'), before('anna'), before('anna')];
    expect(await addressFor('ann', anna, names('ann'))).toBeUndefined();
    expect(await addressFor('nna', anna, names('nna'))).toBeUndefined();
    // An account whose name is nothing that can be seen stands nowhere.
    expect(await addressFor('', three, names(''))).toBeUndefined();
    const ann = [german('Mary Ann'), german('Mary Ann'), german('Mary Ann')];
    expect(await addressFor('ann', ann, names('Ann', 'Mary Ann'))).toBeUndefined();
    expect(await addressFor('mary ann', ann, names('Mary', 'Mary Ann'))).toBeUndefined();
  });
});
