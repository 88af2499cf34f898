import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startJellyfin } from '../../sandbox/jellyfin/index.js';
import { RescueSentences } from '../../src/commands/rescue/rescue-sentences.js';
import { createWords } from '../../src/words.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { ends, repair } from './run-repair.js';
import { change, dump, filesIn, fromLoopback, fromSample, samplesAreThere, withSamples } from './server-folder.js';

const newFolder = temporaryFolders();
const ofSamples = samplesAreThere ? describe : describe.skip;
const key = '0123456789abcdef0123456789abcdef';

type Tables = Record<string, string[]>;
/** The rows that are there now and were not there before, by table. */
function newRows(before: Tables, after: Tables): Record<string, Record<string, unknown>[]> {
  expect(Object.keys(after)).toEqual(Object.keys(before));
  const found = Object.entries(after).map(([table, rows]) => [
    table,
    rows.filter((row) => !before[table]?.includes(row)).map((row) => JSON.parse(row) as Record<string, unknown>),
  ]);
  return Object.fromEntries(found.filter(([, rows]) => rows?.length));
}

/** Repaired with a key: count and lock of the one account, the new key, and not another value anywhere. */
async function repairedAlone(folder: Awaited<ReturnType<typeof fromLoopback>>): Promise<void> {
  const before = dump(folder.db);
  const ran = await repair(folder, { key });
  expect(ran.end).toMatchObject({ outcome: 'done', changed: true, key, before: { name: 'alice' } });
  const after = dump(folder.db);
  const changed = newRows(before, after);
  const { Users: [user] = [], ApiKeys = [], Permissions = [], sqlite_sequence: _numbers, ...others } = changed;
  expect(others).toEqual({});
  const was = before['Users']?.map((row) => JSON.parse(row) as Record<string, unknown>);
  const alice = was?.find(({ Id }) => Id === user?.['Id']);
  expect(user).toEqual({ ...alice, InvalidLoginAttemptCount: 0 });
  expect(alice?.['InvalidLoginAttemptCount']).toBe(ran.end.before?.failedSignIns);
  expect(Permissions).toMatchObject(ran.end.before?.isDisabled ? [{ Kind: 2, Value: 0 }] : []);
  expect(ApiKeys).toMatchObject([{ Name: 'Latchkey', AccessToken: key }]);
  expect(dump(ran.end.copy ?? '')).toEqual(before);
}

describe.each(['10.10.7', '10.11.8', '10.11.11', '12.0'])('the loopback server of %s', (version) => {
  test('lets the repaired account in with its own password, and the key', async () => {
    const folder = await fromLoopback(newFolder(), version);
    await repairedAlone(folder);
    const jellyfin = await startJellyfin({ version, dir: folder.dir });
    try {
      expect(jellyfin.user('alice')).toMatchObject({ Policy: { IsDisabled: false, InvalidLoginAttemptCount: 0 } });
      expect((await jellyfin.signIn('alice', 'wonderland')).status).toBe(200);
      expect((await fetch(`${jellyfin.url}/Users?api_key=${key}`)).status).toBe(version === '12.0' ? 401 : 200);
      const headers = { authorization: `MediaBrowser Token="${key}"` };
      expect((await fetch(`${jellyfin.url}/Users`, { headers })).status).toBe(200);
    } finally {
      await jellyfin.close();
    }
  });
});

ofSamples(`a real server's database${withSamples}`, () => {
  test.each(['10.10', '12'] as const)('of %s is changed in those values alone', async (version) => {
    await repairedAlone(fromSample(newFolder(), version));
  });
});

describe('the account', () => {
  test('that is right already needs nothing, and that is success', async () => {
    const folder = await fromLoopback(newFolder());
    const before = dump(folder.db);
    const ran = await repair(folder, { account: { name: 'bob' } });
    expect(ran.end).toMatchObject({ outcome: 'done', after: { name: 'bob', failedSignIns: 0 } });
    expect(ends(ran)).toContain('change nothing');
    expect(dump(folder.db)).toEqual(before);
  });

  const byPlugin = `UPDATE Users SET AuthenticationProviderId = 'Gone.Plugin', PasswordResetProviderId = 'Gone.Reset',
    Password = NULL WHERE Username = 'alice'`;

  test('whose password a plugin checks is told of, and then changed as it was said', async () => {
    const folder = await fromLoopback(newFolder());
    change(folder.db, (db) => db.exec(byPlugin));
    const before = dump(folder.db);
    const refused = await repair(folder);
    expect(refused.end).toMatchObject({ code: 'needsProvider', params: { name: 'alice', provider: 'Plugin' } });
    expect(dump(folder.db)).toEqual(before);
    const unlocked = await repair(folder, { ownProvider: false });
    expect(unlocked.end).toMatchObject({ outcome: 'done', after: { authenticationProviderId: 'Gone.Plugin' } });
    const { Users: [user] = [] } = newRows(before, dump(folder.db));
    expect(user).toMatchObject({ AuthenticationProviderId: 'Gone.Plugin', Password: null });
  });

  test('is checked by Jellyfin again with a password only, and without its devices', async () => {
    const folder = await fromLoopback(newFolder());
    change(folder.db, (db) => db.exec(byPlugin));
    const before = dump(folder.db);
    // It would stand open to everybody.
    expect((await repair(folder, { ownProvider: true })).end).toMatchObject({ code: 'writeFailed', changed: false });
    expect(dump(folder.db)).toEqual(before);
    const { end } = await repair(folder, { ownProvider: true, setPassword: 'a temporary one' });
    expect(end).toMatchObject({ outcome: 'done', changed: true });
    const after = dump(folder.db);
    expect(after['Devices']).toHaveLength((before['Devices']?.length ?? 0) - 1);
    const jellyfin = await startJellyfin({ version: '10.11.8', dir: folder.dir });
    try {
      expect((await jellyfin.signIn('alice', '')).status).toBe(401);
      expect((await jellyfin.signIn('alice', 'a temporary one')).status).toBe(200);
    } finally {
      await jellyfin.close();
    }
  });

  test('is made an administrator only when the person says so, and asked about where nobody else is one', async () => {
    const folder = await fromLoopback(newFolder());
    const bob = { account: { name: 'bob' } };
    change(folder.db, (db) => db.exec('UPDATE Permissions SET Value = 0 WHERE Kind = 0'));
    const before = dump(folder.db);
    expect((await repair(folder, bob)).end).toMatchObject({ code: 'needsRight', params: { name: 'bob' } });
    expect(dump(folder.db)).toEqual(before);
    expect((await repair(folder, { ...bob, giveRight: false })).end.after).toMatchObject({ isAdministrator: false });
    expect((await repair(folder, { ...bob, giveRight: true })).end.after).toMatchObject({ isAdministrator: true });
    expect((await repair(folder)).end).toMatchObject({ outcome: 'done', after: { isAdministrator: false } });
  });

  test('that an administrator switched off is switched on only when the person says so', async () => {
    const folder = await fromLoopback(newFolder());
    change(folder.db, (db) => db.exec('UPDATE Permissions SET Value = 1 WHERE Kind = 2'));
    change(folder.db, (db) => db.exec('UPDATE Users SET InvalidLoginAttemptCount = 2'));
    const before = dump(folder.db);
    const refused = await repair(folder);
    expect(refused.end).toMatchObject({ outcome: 'refused', code: 'needsEnable', before: { isDisabled: true } });
    expect(dump(folder.db)).toEqual(before);
    expect(filesIn(folder)).toEqual(['jellyfin.db']);
    // A dry run switches nothing on: it says how things are, and asks nobody.
    const dry = await repair(folder, { dryRun: true });
    expect(dry.end).toMatchObject({ outcome: 'done', before: { isDisabled: true } });
    const found = dry.lines.find(({ step, outcome }) => step === 'find' && outcome === 'done');
    const sentences = new RescueSentences(createWords('en').in('en'), (words) => words);
    expect(sentences.step({ rung: 'db', name: 'find', outcome: 'done', params: found?.params })).toBe(
      'Found alice: not locked, but switched off by an administrator. It is switched on only when you say so',
    );
    const { end } = await repair(folder, { enableDisabled: true });
    expect(end).toMatchObject({ outcome: 'done', after: { isDisabled: false, failedSignIns: 0 } });
  });

  test('that is locked needs no such word, and one that never locks is no locked one', async () => {
    const folder = await fromLoopback(newFolder(), '10.10.7');
    expect((await repair(folder)).end).toMatchObject({ outcome: 'done', before: { isDisabled: true } });
    change(folder.db, (db) => {
      db.exec('UPDATE Permissions SET Value = 1 WHERE Kind = 2');
      db.exec('UPDATE Users SET InvalidLoginAttemptCount = 9, LoginAttemptsBeforeLockout = NULL');
    });
    expect((await repair(folder)).end).toMatchObject({ code: 'needsEnable' });
  });

  test('of somebody ordinary is left alone where only an administrator may be repaired', async () => {
    const folder = await fromLoopback(newFolder());
    const { end } = await repair(folder, { account: { name: 'bob' }, administratorOnly: true });
    expect(end).toMatchObject({ outcome: 'refused', code: 'notAdministrator', params: { name: 'bob' } });
    expect((await repair(folder, { administratorOnly: true })).end).toMatchObject({ outcome: 'done' });
  });

  test('that nobody has is not found, and the ones that there are are named', async () => {
    const folder = await fromLoopback(newFolder());
    const { end } = await repair(folder, { account: { name: 'alicia' } });
    expect(end).toMatchObject({ code: 'fileAccountUnknown', params: { name: 'alicia', known: 'root, alice, bob' } });
    expect(filesIn(folder)).toEqual(['jellyfin.db']);
  });

  test('is found by its id, whatever it is called now', async () => {
    const folder = await fromLoopback(newFolder());
    const { end } = await repair(folder, { dryRun: true });
    const account = { id: end.before?.id ?? '', name: 'called so once' };
    expect((await repair(folder, { account })).end).toMatchObject({ outcome: 'done', after: { name: 'alice' } });
    const other = { id: '0'.repeat(32), name: 'alice' };
    expect((await repair(folder, { account: other })).end).toMatchObject({ code: 'fileAccountUnknown' });
  });

  test.each(['10.10.7', '10.11.8', '10.11.11'])(
    'with ß, ﬁ or ä in its name is found as %s finds it',
    async (version) => {
      const folder = await fromLoopback(newFolder(), version);
      const rename = (name: string, normalized: string) =>
        change(folder.db, (db) => {
          db.prepare(`UPDATE Users SET Username = ? WHERE InvalidLoginAttemptCount > 0`).run(name);
          if (version === '10.11.11')
            db.prepare(`UPDATE Users SET NormalizedUsername = ? WHERE InvalidLoginAttemptCount > 0`).run(normalized);
        });
      rename('Straße ﬁn ä', 'STRAßE ﬁN Ä');
      // As JavaScript would have it, which the server does not.
      const wrong = await repair(folder, { account: { name: 'STRASSE FIN Ä' } });
      expect(wrong.end).toMatchObject({ outcome: 'refused', code: 'fileAccountUnknown' });
      const right = await repair(folder, { account: { name: 'sTRAßE ﬁN Ä' } });
      expect(right.end).toMatchObject({ outcome: 'done', after: { name: 'Straße ﬁn ä', failedSignIns: 0 } });
    },
  );

  test('is asked for again where two are called so, unless it is spelled as one of them', async () => {
    const folder = await fromLoopback(newFolder(), '10.11.8');
    change(folder.db, (db) => db.exec(`UPDATE Users SET Username = 'Alice' WHERE Username = 'bob'`));
    const both = await repair(folder, { account: { name: 'ALICE' } });
    expect(both.end).toMatchObject({ code: 'fileAccountAmbiguous', params: { known: 'alice, Alice' } });
    const { end } = await repair(folder, { account: { name: 'alice' } });
    expect(end).toMatchObject({ outcome: 'done', before: { name: 'alice', failedSignIns: 3 } });
  });
});

describe('a password that is written offline', () => {
  test.each(['10.10.7', '10.11.8', '10.11.11', '12.0'])(
    "signs in on %s, signs the account's devices out, and nobody else's",
    async (version) => {
      const folder = await fromLoopback(newFolder(), version);
      const before = devices(folder.db);
      const { end } = await repair(folder, { setPassword: 'pässwörd ﬁ' });
      expect(end).toMatchObject({ outcome: 'done', changed: true });
      const alice = end.after?.id.toUpperCase();
      const isHers = (device: string) => device.replaceAll('-', '').includes(alice ?? '?');
      expect(before.some(isHers)).toBe(true);
      expect(devices(folder.db)).toEqual(before.filter((device) => !isHers(device)));
      const jellyfin = await startJellyfin({ version, dir: folder.dir });
      try {
        expect((await jellyfin.signIn('alice', 'wonderland')).status).toBe(401);
        expect((await jellyfin.signIn('alice', 'pässwörd ﬁ')).status).toBe(200);
        expect((await jellyfin.signIn('bob', 'builder')).status).toBe(200);
      } finally {
        await jellyfin.close();
      }
    },
  );
});

describe('a look alone', () => {
  test('leaves no trace, and says what it found', async () => {
    const folder = await fromLoopback(newFolder());
    const before = dump(folder.db);
    const ran = await repair(folder, { dryRun: true, key, setPassword: 'never' });
    expect(ran.end).toMatchObject({ outcome: 'done', changed: false, before: { name: 'alice', failedSignIns: 3 } });
    expect(ran.end).not.toHaveProperty('key');
    expect(ends(ran).at(-1)).toBe('find done');
    expect(filesIn(folder)).toEqual([basename(folder.db)]);
    expect(dump(folder.db)).toEqual(before);
  });
});

const devices = (file: string): string[] => dump(file)['Devices'] ?? [];
