import { afterEach, describe, expect, test } from 'vitest';
import { ActivityLogReader, after, type LogEntry } from '../../src/services/accounts/activity-log.js';
import { createJellyfin } from '../../src/jellyfin/create-jellyfin.js';
import { Secret } from '../../src/secret.js';
import { type Jellyfin, startJellyfin } from '../../sandbox/jellyfin/index.js';

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
      ...{ jellyfin, reader, now: () => log.time() },
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

  test('an empty log is followed from its first entry on by a bot that starts for the first time, too', async () => {
    const { jellyfin, add, reader, now } = await following();
    jellyfin.clearLog();
    const { cursor } = await reader.read(undefined, await now());
    expect(cursor.id).toBe(0);
    add('the first');
    expect((await reader.read(cursor, await now())).fresh.map(({ text }) => text)).toEqual(['the first']);
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
    expect(after([entry(1, 10), entry(8, 20)], { id: 9, at: 10 })).toEqual([entry(8, 20)]);
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
