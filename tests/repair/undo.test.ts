import { beforeEach, describe, expect, test } from '@jest/globals';
import { startJellyfin } from '../../sandbox/jellyfin/index.js';
import type { RepairJob } from '../../src/services/rescue/ladder/repair-port.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { ends, repair, type Ran } from './run-repair.js';
import { bytesOf, change, dump, filesIn, fromLoopback, type ServerFolder } from './server-folder.js';

const newFolder = temporaryFolders();
const key = 'ab'.repeat(16);

let folder: ServerFolder;
beforeEach(async () => {
  folder = await fromLoopback(newFolder());
});

/** A repair that must work, or there would be nothing to undo. */
async function repaired(job: Partial<RepairJob> = {}): Promise<void> {
  expect((await repair(folder, job)).end).toMatchObject({ outcome: 'done', changed: true });
}

const undo = (): Promise<Ran> => repair(folder, { act: 'undo', account: undefined });

/** Without the numbers that SQLite gave away: they are not given again. */
function rows(): Record<string, string[]> {
  const { sqlite_sequence: _numbers, ...others } = dump(folder.db);
  return others;
}

describe('an undo', () => {
  test.each(['10.10.7', '10.11.8', '10.11.11', '12.0'])(
    'puts back every value of %s, and takes the key away',
    async (version) => {
      folder = await fromLoopback(newFolder(), version);
      const before = rows();
      const { end: repaired } = await repair(folder, { key, setPassword: 'new' });
      expect(rows()).not.toEqual(before);
      const ran = await undo();
      expect(ran.end).toMatchObject({ outcome: 'done', changed: true });
      expect(ran.end.after).toMatchObject({ ...repaired.before });
      const after = rows();
      // Devices have their rows back, if not their places.
      for (const table of Object.keys(before))
        expect([table, after[table]?.sort()]).toEqual([table, before[table]?.sort()]);
      expect(ran.end).not.toHaveProperty('key');
    },
  );

  test('leaves alone what the server has changed since by itself', async () => {
    await repaired({ key });
    const jellyfin = await startJellyfin({ version: '10.11.8', dir: folder.dir });
    expect((await jellyfin.signIn('alice', 'wonderland')).status).toBe(200);
    await jellyfin.signIn('bob', 'wrong');
    await jellyfin.close();
    const since = rows();
    expect((await undo()).end).toMatchObject({ outcome: 'done', after: { failedSignIns: 3 } });
    const after = rows();
    const { Users: _users, ApiKeys: _keys, ...others } = after;
    expect(others).toEqual(Object.fromEntries(Object.entries(since).filter(([name]) => name in others)));
    const stripped = (users: string[] = []) => users.join().replaceAll(/"InvalidLoginAttemptCount":\d+/g, '');
    expect(stripped(after['Users'])).toBe(stripped(since['Users']));
    expect(after['ApiKeys']).toHaveLength((since['ApiKeys']?.length ?? 0) - 1);
  });

  test.each([
    ['InvalidLoginAttemptCount', "UPDATE Users SET InvalidLoginAttemptCount = 2 WHERE Username = 'alice'"],
    ['Password', "UPDATE Users SET Password = 'another' WHERE Username = 'alice'"],
    ['Users', "DELETE FROM Users WHERE Username = 'alice'"],
  ])('is refused when %s was changed by somebody since, and nothing is put back', async (what, sql) => {
    await repaired({ key, setPassword: 'new' });
    change(folder.db, (db) => db.exec(sql));
    const files = filesIn(folder);
    const bytes = bytesOf(folder.db);
    expect((await undo()).end).toMatchObject({ outcome: 'refused', code: 'changedSince', params: { what } });
    expect(bytesOf(folder.db)).toBe(bytes);
    expect(filesIn(folder)).toEqual(files);
  });

  test('puts nothing back into a row that is another account’s by now', async () => {
    folder = await fromLoopback(newFolder(), '10.10.7');
    await repaired();
    change(folder.db, (db) => {
      const guid = (name: string) => `(SELECT Id FROM Users WHERE Username = '${name}')`;
      db.exec(`DELETE FROM Permissions WHERE Kind = 2 AND UserId = ${guid('bob')};
        UPDATE Permissions SET UserId = ${guid('bob')} WHERE Kind = 2 AND UserId = ${guid('alice')}`);
    });
    const before = rows();
    expect((await undo()).end).toMatchObject({ code: 'changedSince', params: { what: 'Permissions' } });
    expect(rows()).toEqual(before);
  });

  test('of nothing, or done twice, says that there is nothing to take back', async () => {
    expect((await undo()).end).toMatchObject({ outcome: 'refused', code: 'nothingToUndo' });
    expect(filesIn(folder)).toEqual(['jellyfin.db']);
    await repaired();
    expect((await undo()).end).toMatchObject({ outcome: 'done' });
    const files = filesIn(folder);
    expect((await undo()).end).toMatchObject({ outcome: 'refused', code: 'nothingToUndo' });
    expect(filesIn(folder)).toEqual(files);
  });

  test('takes the last repair back, and then the one before', async () => {
    await repaired();
    await repaired({ key, account: { name: 'bob' } });
    expect((await undo()).end).toMatchObject({ outcome: 'done', after: { name: 'bob' } });
    expect((await undo()).end).toMatchObject({ outcome: 'done', after: { name: 'alice', failedSignIns: 3 } });
  });

  test('of a repair that had nothing to change is done, and changes nothing', async () => {
    await repaired({ account: { name: 'bob' } });
    const before = rows();
    const ran = await undo();
    expect(ran.end.outcome).toBe('done');
    expect(ends(ran)).toContain('compare done');
    expect(rows()).toEqual(before);
  });
});
