import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import Database from 'better-sqlite3';
import {
  assertPlain,
  assertShape,
  findAccount,
  hasOtherAdministrator,
  isDisabledByAdmin,
  nameIsUnique,
  readAccounts,
  toFileAccount,
  toGuid,
} from '../../src/db/jellyfin-db/accounts.js';
import { applyAndVerify } from '../../src/db/jellyfin-db/apply-and-verify.js';
import { assertWanted, changeAccount } from '../../src/db/jellyfin-db/change-account.js';
import { checkCopy, findInCopy } from '../../src/db/jellyfin-db/check-copy.js';
import { hashPassword, isPasswordOf } from '../../src/db/jellyfin-db/hashes.js';
import { asRepairRefusal, RepairRefusal } from '../../src/db/jellyfin-db/refusal.js';
import { isHalfWritten, lookAtLog, removesAnother } from '../../src/db/jellyfin-db/side-files.js';
import { UnfitFile } from '../../src/small-file.js';
import { ownProviders } from '../../src/services/accounts/account.js';
import { temporaryFolders } from '../support/temporary-folder.js';

const newFolder = temporaryFolders();
const own = ownProviders.AuthenticationProviderId;
const idOf = (letter: string) => letter.repeat(32);

interface Row {
  readonly name: string;
  readonly count?: number;
  readonly limit?: number | null;
  readonly administrator?: number;
  readonly disabled?: number;
  readonly provider?: string;
  readonly password?: string;
  readonly normalized?: string | null;
}

let path: string;
beforeEach(() => {
  path = join(newFolder(), 'jellyfin.db');
});

/** A database with these accounts, whose ids are a, b, c, … */
function jellyfinDb(
  rows: readonly Row[],
  { withNormalized = false, constraints = {} }: { withNormalized?: boolean; constraints?: Record<string, string> } = {},
): Database.Database {
  const db = new Database(path);
  // Nothing here outlives a power cut.
  db.pragma('synchronous = OFF');
  // What goes against one of these is left out, and no error.
  const only = (table: string) => (constraints[table] ? `, ${constraints[table]} ON CONFLICT IGNORE` : '');
  db.exec(`
    CREATE TABLE Users (Id TEXT PRIMARY KEY, Username TEXT, Password TEXT, InvalidLoginAttemptCount INTEGER,
      LoginAttemptsBeforeLockout INTEGER, AuthenticationProviderId TEXT, PasswordResetProviderId TEXT
      ${withNormalized ? ', NormalizedUsername TEXT' : ''}${only('Users')});
    CREATE TABLE Permissions (Id INTEGER PRIMARY KEY, Kind INTEGER, UserId TEXT, Value INTEGER${only('Permissions')});
    CREATE TABLE ApiKeys (Id INTEGER PRIMARY KEY, DateCreated TEXT, DateLastActivity TEXT, Name TEXT, AccessToken TEXT
      ${only('ApiKeys')});
    CREATE TABLE Devices (Id INTEGER PRIMARY KEY, UserId TEXT, AccessToken TEXT);
    CREATE TABLE __EFMigrationsHistory (MigrationId TEXT)`);
  for (const [at, row] of rows.entries()) {
    const guid = toGuid(idOf('abcdef'[at] ?? ''));
    const { name, count = 0, limit = 3, administrator = 0, disabled = 0, provider = own, normalized = null } = row;
    const { password = `old ${name}` } = row;
    db.prepare(`INSERT INTO Users VALUES (?, ?, ?, ?, ?, ?, 'reset'${withNormalized ? ', ?' : ''})`).run(
      ...[guid, name, password, count, limit, provider, ...(withNormalized ? [normalized] : [])],
    );
    const permit = db.prepare('INSERT INTO Permissions (Kind, UserId, Value) VALUES (?, ?, ?)');
    permit.run(0, guid, administrator);
    permit.run(2, guid, disabled);
    db.prepare(`INSERT INTO Devices (UserId, AccessToken) VALUES (?, 'token')`).run(guid);
  }
  return db;
}
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof RepairRefusal) return error.code;
    throw error;
  }
  return 'fine';
};
const find = (db: Database.Database, name: string, id?: string) => findAccount(db, { name, ...(id && { id }) });

describe('an account in jellyfin.db', () => {
  test('is read with what a lock is told by: a limit of its own, none, or the usual one', () => {
    const db = jellyfinDb([
      { name: 'a', count: 3, disabled: 1, administrator: 1 },
      ...[null, -1, 0, 5].map((limit) => ({ name: `${limit}`, limit, count: 3, disabled: 1 })),
    ]);
    const all = readAccounts(db).map(toFileAccount);
    expect(all[0]).toEqual({
      ...{ id: idOf('a'), name: 'a', isAdministrator: true, isDisabled: true, failedSignIns: 3, signInLimit: 3 },
      authenticationProviderId: own,
    });
    expect(all.map(({ signInLimit }) => signInLimit)).toEqual([3, undefined, undefined, 3, 5]);
    expect(all.map(isDisabledByAdmin)).toEqual([false, true, true, false, true]);
    expect(isDisabledByAdmin({ ...all[4]!, isDisabled: false })).toBe(false);
    db.close();
  });

  test('is found by its id, whatever it is called, or by its name as the server compares names', () => {
    const db = jellyfinDb([{ name: 'Zoë' }, { name: 'straße' }, { name: 'maya' }, { name: 'MAYA' }]);
    expect(find(db, 'nobody', idOf('B')).name).toBe('straße');
    expect(codeOf(() => find(db, 'maya', idOf('f')))).toBe('fileAccountUnknown');
    expect([find(db, 'ZOË').id, find(db, 'STRAßE').id]).toEqual([idOf('a'), idOf('b')]);
    // ß has no upper case of its own there.
    expect(codeOf(() => find(db, 'STRASSE'))).toBe('fileAccountUnknown');
    expect([find(db, 'maya').id, find(db, 'MAYA').id]).toEqual([idOf('c'), idOf('d')]);
    expect(codeOf(() => find(db, 'Maya'))).toBe('fileAccountAmbiguous');
    const unique = (name: string) => nameIsUnique(db, find(db, name));
    expect([unique('maya'), unique('Zoë')]).toEqual([false, true]);
    db.close();
  });

  test('is found by the name that the server has made of it, where it has', () => {
    const db = jellyfinDb(
      [
        { name: 'maya', normalized: 'FILMS' },
        { name: 'leo', normalized: '' },
      ],
      { withNormalized: true },
    );
    expect([find(db, 'films').id, find(db, 'LEO').id]).toEqual([idOf('a'), idOf('b')]);
    expect(codeOf(() => find(db, 'maya'))).toBe('fileAccountUnknown');
    expect(nameIsUnique(db, { ...find(db, 'leo'), name: 'Films' })).toBe(false);
    db.close();
  });

  test('that is not there is told with those that are, ten of them', () => {
    const db = jellyfinDb([]);
    const insert = db.prepare("INSERT INTO Users VALUES (?, ?, '', 0, 3, ?, '')");
    const known = () => {
      try {
        find(db, 'nobody');
      } catch (error) {
        return (error as RepairRefusal).params.known;
      }
      return undefined;
    };
    for (let at = 0; at < 10; at += 1) insert.run(toGuid(idOf(`${at}`)), `n${at}`, own);
    expect(`${known()}`).toMatch(/^n0, .*, n9$/);
    insert.run(toGuid(idOf('a')), 'n10', own);
    expect(`${known()}`).toMatch(/^n0, .*, n9, …$/);
    db.close();
  });

  test('has another administrator beside it where one is neither switched off nor itself', () => {
    const db = jellyfinDb([
      { name: 'a', administrator: 1 },
      { name: 'b', administrator: 1, disabled: 1 },
      { name: 'c' },
    ]);
    const others = (letter: string) => hasOtherAdministrator(db, { id: idOf(letter) });
    expect([others('a'), others('b'), others('c')]).toEqual([false, true, true]);
    db.close();
  });
});

describe('what is asked of the person before a change', () => {
  const account = {
    id: idOf('a'),
    name: 'a',
    isAdministrator: true,
    isDisabled: false,
    failedSignIns: 0,
    signInLimit: 3,
  };
  const wanted = (more: object, isOnly = false, consents: object = {}) =>
    codeOf(() => assertWanted({ ...account, authenticationProviderId: own, ...more }, isOnly, consents));

  test.each<[string, object, boolean, object, string]>([
    ['nothing for a locked administrator', { isDisabled: true, failedSignIns: 3 }, true, {}, 'fine'],
    ['whether one that was switched off is to be on', { isDisabled: true }, false, {}, 'needsEnable'],
    ['and then nothing more', { isDisabled: true }, false, { enableDisabled: true }, 'fine'],
    ['whether Jellyfin is to check the password', { authenticationProviderId: 'Ldap' }, false, {}, 'needsProvider'],
    ['and then nothing more', { authenticationProviderId: 'Ldap' }, false, { ownProvider: false }, 'fine'],
    ['whether the only one is to be an administrator', { isAdministrator: false }, true, {}, 'needsRight'],
    ['and then nothing more', { isAdministrator: false }, true, { giveRight: false }, 'fine'],
    ['nothing where there is another', { isAdministrator: false }, false, {}, 'fine'],
    [
      'for an administrator, where it is none',
      { isAdministrator: false },
      false,
      { administratorOnly: true },
      'notAdministrator',
    ],
    ['for an administrator, where it is one', {}, false, { administratorOnly: true }, 'fine'],
  ])('%s', (_, more, isOnly, consents, code) => {
    expect(wanted(more, isOnly, consents)).toBe(code);
  });
});

describe('a change', () => {
  const key = '0123456789abcdef0123456789abcdef';
  const rows = <T>(sql: string) => {
    const db = new Database(path, { readonly: true });
    const found = db.prepare<[], T>(sql).pluck().all();
    db.close();
    return found;
  };
  const locked = { name: 'a', count: 3, disabled: 1, administrator: 1 };
  const change = (more: object = {}) => changeAccount(path, { accountId: idOf('a'), ...more });

  test('opens that account alone, and is none where it is open', () => {
    jellyfinDb([locked, { name: 'b', count: 2, disabled: 1 }]).close();
    expect(change()).toMatchObject({ changed: true, after: { isDisabled: false, failedSignIns: 0 }, left: [] });
    expect(rows('SELECT InvalidLoginAttemptCount FROM Users ORDER BY Id')).toEqual([0, 2]);
    expect(rows('SELECT Value FROM Permissions ORDER BY Id')).toEqual([1, 0, 0, 1]);
    expect(rows('SELECT Password FROM Users')).toEqual(['old a', 'old b']);
    expect(rows('SELECT Id FROM Devices')).toHaveLength(2);
    expect(change()).toMatchObject({ changed: false });
    expect(readdirSync(join(path, '..'))).toEqual(['jellyfin.db']);
  });

  test('adds the key once, and sets the password with its devices signed out, once', () => {
    jellyfinDb([locked, { name: 'b' }]).close();
    const passwordHash = hashPassword('new one');
    expect(change({ key, passwordHash }).changed).toBe(true);
    expect(rows('SELECT AccessToken FROM ApiKeys')).toEqual([key]);
    expect(rows<string>('SELECT Password FROM Users ORDER BY Id').map((each) => isPasswordOf('new one', each))).toEqual(
      [true, false],
    );
    expect(rows('SELECT UserId FROM Devices')).toEqual([toGuid(idOf('b'))]);
    expect(change({ key, passwordHash }).changed).toBe(false);
    expect(rows('SELECT AccessToken FROM ApiKeys')).toEqual([key]);
  });

  test('gives the right, and has Jellyfin check the password, where that was said, and never without a password', () => {
    jellyfinDb([
      { name: 'a', provider: 'Ldap' },
      { name: 'b', provider: 'Ldap', administrator: 1 },
    ]).close();
    const passwordHash = 'hash';
    expect(() => change({ ownProvider: true })).toThrow();
    expect(rows('SELECT AuthenticationProviderId FROM Users')).toEqual(['Ldap', 'Ldap']);
    expect(change({ ownProvider: false, giveRight: false })).toMatchObject({ changed: false });
    expect(change({ ownProvider: true, giveRight: true, passwordHash }).after).toMatchObject({
      ...{ isAdministrator: true, authenticationProviderId: own },
    });
    expect(rows('SELECT AuthenticationProviderId FROM Users ORDER BY Id')).toEqual([own, 'Ldap']);
    expect(rows('SELECT Value FROM Permissions WHERE Kind = 0 ORDER BY Id')).toEqual([1, 1]);
  });

  test('that needs a word of the person’s which was not said is not made', () => {
    jellyfinDb([
      { name: 'a', disabled: 1 },
      { name: 'b', administrator: 1 },
    ]).close();
    expect(codeOf(() => change())).toBe('needsEnable');
    expect(rows('SELECT Value FROM Permissions WHERE Kind = 2 ORDER BY Id')).toEqual([1, 0]);
  });

  test.each<[string, Row, Row, object, Record<string, string>]>([
    ['the count', locked, { name: 'b' }, {}, { Users: 'UNIQUE (InvalidLoginAttemptCount)' }],
    [
      'the lock',
      { ...locked, administrator: 7 },
      { name: 'b', administrator: 1 },
      {},
      { Permissions: 'UNIQUE (Kind, Value)' },
    ],
    [
      'the right',
      { name: 'a' },
      { name: 'b', administrator: 1, disabled: 7 },
      { giveRight: true },
      { Permissions: 'UNIQUE (Kind, Value)' },
    ],
    ['the key', locked, { name: 'b' }, { key }, { ApiKeys: 'UNIQUE (Name)' }],
    ['the password', locked, { name: 'b', password: 'hash' }, { passwordHash: 'hash' }, { Users: 'UNIQUE (Password)' }],
    [
      ...(['who checks the password', { ...locked, provider: 'Ldap' }, { name: 'b' }] as const),
      ...([{ ownProvider: true, passwordHash: 'hash' }, { Users: 'UNIQUE (AuthenticationProviderId)' }] as const),
    ],
  ])('that the file silently does not take is not believed: %s', (_, row, other, more, constraints) => {
    const db = jellyfinDb([row, other], { constraints });
    db.exec("INSERT INTO ApiKeys (Name, AccessToken) VALUES ('Latchkey', 'other')");
    db.close();
    expect(codeOf(() => change(more))).toBe('notAsWritten');
  });
});

test('nothing that would run along with a change, or in the place of a look, is touched', () => {
  for (const [sql, type] of [
    ['CREATE TRIGGER t AFTER UPDATE ON Users BEGIN DELETE FROM Users; END', 'trigger'],
    ['CREATE VIEW v AS SELECT 1', 'view'],
    ['CREATE VIRTUAL TABLE f USING fts5(x)', 'table'],
  ] as const) {
    const db = new Database(':memory:');
    db.exec('CREATE TABLE Users (Id); CREATE INDEX i ON Users (Id)');
    expect(codeOf(() => assertPlain(db))).toBe('fine');
    db.exec(sql);
    expect([type, codeOf(() => assertPlain(db))]).toEqual([type, 'runsAlong']);
    db.close();
  }
});

test('a database that lacks a table or a column of Jellyfin’s is none of its', () => {
  const db = jellyfinDb([]);
  expect(codeOf(() => assertShape(db))).toBe('fine');
  db.exec('ALTER TABLE Devices DROP COLUMN AccessToken');
  expect(() => assertShape(db)).toThrow(expect.objectContaining({ params: { missing: 'Devices.AccessToken' } }));
  db.exec('DROP TABLE ApiKeys');
  expect(() => assertShape(db)).toThrow(expect.objectContaining({ params: { missing: 'ApiKeys.ApiKeys' } }));
  db.close();
});

test('a copy is looked at and found in, and what was beside it stays', () => {
  jellyfinDb([{ name: 'maya' }, { name: 'MAYA', administrator: 1 }]).close();
  expect(checkCopy(path)).toBe('noLog');
  expect(findInCopy(path, { name: 'maya' })).toMatchObject({ account: { id: idOf('a') }, alone: false, isOnly: false });
  expect(findInCopy(path, { name: 'MAYA' })).toMatchObject({ alone: false, isOnly: true });
  expect(readdirSync(join(path, '..'))).toEqual(['jellyfin.db']);
  writeFileSync(`${path}-wal`, 'no log at all');
  expect(checkCopy(path)).toBe('notALog');
  expect(existsSync(`${path}-wal`)).toBe(true);
  writeFileSync(`${path}-wal`, '');
  expect(checkCopy(path)).toBe('noLog');
  writeFileSync(path, 'x'.repeat(5000));
  expect(codeOf(() => checkCopy(path))).toBe('notJellyfinDatabase');
});

test('a log is one by its header, in either order of bytes', () => {
  const db = jellyfinDb([]);
  db.pragma('journal_mode = WAL');
  db.exec("INSERT INTO __EFMigrationsHistory VALUES ('x')");
  const log = `${path}-wal`;
  expect(lookAtLog(log)).toBe('log');
  const copy = join(path, '..', 'copy-wal');
  const bytes = readFileSync(log);
  for (const [at, is] of [
    [0, 'notALog'],
    [7, 'notALog'],
    [15, 'notALog'],
    [27, 'notALog'],
    [31, 'notALog'],
    [40, 'log'],
  ] as const) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 0xff;
    writeFileSync(copy, changed);
    expect([at, lookAtLog(copy)]).toEqual([at, is]);
  }
  writeFileSync(copy, bytes.subarray(0, 31));
  expect(lookAtLog(copy)).toBe('notALog');
  // As a server writes it on a machine that puts the larger half of a number first.
  writeFileSync(copy, Buffer.from('377f0683002de218000010000000000001020304050607081706e9dbc2e5d89c', 'hex'));
  expect(lookAtLog(copy)).toBe('log');
  db.close();
});

test('a journal that is to be played back is told from one that would remove another file', () => {
  const magic = Buffer.from('d9d505f920a163d7', 'hex');
  const beside = (content: Buffer) => {
    writeFileSync(`${path}-journal`, content);
    return [isHalfWritten(path), removesAnother(path)];
  };
  expect([isHalfWritten(path), removesAnother(path)]).toEqual([false, false]);
  const filler = Buffer.alloc(100);
  expect([beside(Buffer.concat([magic, filler])), beside(Buffer.concat([filler, magic]))]).toEqual([
    ...[
      [true, false],
      [false, true],
    ],
  ]);
  expect([beside(filler), beside(Buffer.of())]).toEqual([
    [false, false],
    [false, false],
  ]);
});

test('an error is told as what it is, where the person can do something about it', () => {
  const sqlite = (code: string) => Object.assign(new Error('no'), { code });
  const told = (error: unknown) => {
    const { code, params } = asRepairRefusal(error, 'writeFailed');
    return [code, params.why ?? params.file ?? params.missing];
  };
  const refusal = new RepairRefusal('busy');
  expect(asRepairRefusal(refusal, 'corrupt')).toBe(refusal);
  expect([told(sqlite('SQLITE_BUSY_SNAPSHOT')), told(sqlite('SQLITE_LOCKED')), told(sqlite('SQLITE_NOTADB'))]).toEqual([
    ...[
      ['busy', undefined],
      ['busy', undefined],
      ['notJellyfinDatabase', 'SQLITE_NOTADB'],
    ],
  ]);
  expect([told(sqlite('SQLITE_CORRUPT_INDEX')), told(sqlite('ENOSPC')), told(new Error('odd')), told('text')]).toEqual([
    ...[
      ['corrupt', 'SQLITE_CORRUPT_INDEX'],
      ['writeFailed', 'ENOSPC'],
      ['writeFailed', 'odd'],
      ['writeFailed', 'text'],
    ],
  ]);
  expect(told(new UnfitFile('/x', 'no ordinary file'))).toEqual(['strangeFile', '/x']);
});

describe('a change of the file', () => {
  const tables = ['Users'];

  test('that was not made, and one that may have been, are told apart by what is read back', () => {
    jellyfinDb([{ name: 'a' }]).close();
    const fails = () => {
      throw new Error('the disk');
    };
    expect(codeOf(() => applyAndVerify(path, { tables, apply: fails, verify: () => undefined }))).toBe('writeFailed');
    expect(codeOf(() => applyAndVerify(path, { tables, apply: () => true, verify: () => undefined }))).toBe(
      'notAsWritten',
    );
    expect(codeOf(() => applyAndVerify(path, { tables, apply: () => true, verify: fails }))).toBe('notAsWritten');
    // Whatever was said at the end: the rows decide.
    expect(applyAndVerify(path, { tables, apply: fails, verify: () => 'there' })).toMatchObject({
      after: 'there',
      changed: false,
    });
    const refuses = () => {
      throw new RepairRefusal('needsEnable');
    };
    expect(codeOf(() => applyAndVerify(path, { tables, apply: refuses, verify: () => 'there' }))).toBe('needsEnable');
  });

  test('is not begun beside a journal that would remove another file', () => {
    jellyfinDb([{ name: 'a' }]).close();
    let began = false;
    const apply = () => (began = true);
    writeFileSync(`${path}-journal`, Buffer.concat([Buffer.alloc(600), Buffer.from('d9d505f920a163d7', 'hex')]));
    expect(codeOf(() => applyAndVerify(path, { tables, apply, verify: () => 'there' }))).toBe('halfWritten');
    expect([began, existsSync(`${path}-journal`)]).toEqual([false, true]);
  });
});
