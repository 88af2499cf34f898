import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import type { FileAccount } from '../../services/rescue/ladder/repair-port.js';
import { permission, readAccounts, toFileAccount } from './account-rows.js';
import type { BeforeImage, Row } from './before-image.js';
import { exclusively, readNormally, syncFile, tidy } from './exclusively.js';
import { RepairRefusal } from './repair-refusal.js';
import { asRepairRefusal, isBusy } from './sqlite-errors.js';

/** What a repair has changed, as far as it has to be known to take it back. */
export interface Undo {
  readonly before: BeforeImage;
  /** SHA-256 of the key that was added, hex; the key itself is not kept. */
  readonly keyDigest?: string | undefined;
  /** SHA-256 of the stored password that was written, hex. */
  readonly passwordDigest?: string | undefined;
}

export interface UndoReport {
  readonly after: FileAccount;
  readonly left: readonly string[];
}

export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/**
 * Puts back exactly the values that a repair changed, in one transaction. Values that it did not change are not
 * compared: a sign-in changes others by itself. Done twice, it does no more than once.
 * Throws RepairRefusal: `changedSince`, with what (and nothing is changed), `busy`, `corrupt`, `writeFailed`, `notAsWritten`.
 */
export function undoChange(path: string, undo: Undo): UndoReport {
  let failure: unknown;
  try {
    exclusively(path, ['Users', 'Permissions', 'ApiKeys', 'Devices'], (db) => putBack(db, undo));
    syncFile(path);
  } catch (error) {
    if (error instanceof RepairRefusal) throw error;
    // Somebody else has it open: nothing was begun, and it must not be opened a second time.
    if (isBusy(error)) throw asRepairRefusal(error, 'writeFailed');
    failure = error;
  }
  try {
    const { after, isBack } = readNormally(path, (db) => lookBack(db, undo));
    // Last, so that it sees what this look may have left, too.
    const left = tidy(path);
    if (isBack) return { after, left };
  } catch (error) {
    if (error instanceof RepairRefusal) throw error;
    throw new RepairRefusal('notAsWritten', {}, { cause: failure ?? error });
  }
  if (failure !== undefined) throw asRepairRefusal(failure, 'writeFailed');
  throw new RepairRefusal('notAsWritten');
}

function putBack(db: Database, { before, keyDigest, passwordDigest }: Undo): void {
  const { guid, count, disabled, password, devices } = before;
  const now = stored(db, guid);
  if (!now) throw new RepairRefusal('changedSince', { what: 'Users' });
  if (count !== 0 && now.count !== count) {
    if (now.count !== 0) throw new RepairRefusal('changedSince', { what: 'InvalidLoginAttemptCount' });
    db.prepare('UPDATE Users SET InvalidLoginAttemptCount = ? WHERE Id = ?').run(count, guid);
  }
  if (disabled && disabled.value !== 0) {
    const value = db
      .prepare<[number, string, number], number>(
        'SELECT Value FROM Permissions WHERE Id = ? AND UserId = ? AND Kind = ?',
      )
      .pluck()
      .get(disabled.rowId, guid, permission.disabled);
    if (value === undefined) throw new RepairRefusal('changedSince', { what: 'Permissions' });
    db.prepare('UPDATE Permissions SET Value = ? WHERE Id = ?').run(disabled.value, disabled.rowId);
  }
  if (passwordDigest !== undefined && now.password !== password) {
    if (now.password === null || digestOf(now.password) !== passwordDigest)
      throw new RepairRefusal('changedSince', { what: 'Password' });
    db.prepare('UPDATE Users SET Password = ? WHERE Id = ?').run(password, guid);
    for (const device of devices) addBack(db, device);
  }
  if (keyDigest !== undefined) {
    const added = addedKey(db, keyDigest);
    if (added) db.prepare('DELETE FROM ApiKeys WHERE Id = ?').run(added.id);
  }
}

function addedKey(db: Database, digest: string): { readonly id: number } | undefined {
  const keys = db
    .prepare<[], { id: number; token: string }>('SELECT Id AS id, AccessToken AS token FROM ApiKeys')
    .all();
  return keys.find(({ token }) => digestOf(token) === digest);
}

/** A device that was signed out, unless its number was given to another one since. */
function addBack(db: Database, device: Row): void {
  const columns = Object.keys(device);
  const names = columns.map((column) => `"${column.replaceAll('"', '""')}"`).join(', ');
  db.prepare(`INSERT OR IGNORE INTO Devices (${names}) VALUES (${columns.map(() => '?').join(', ')})`).run(
    ...Object.values(device),
  );
}

function stored(db: Database, guid: string): { count: number; password: string | null } | undefined {
  return db
    .prepare<[string], { count: number; password: string | null }>(
      'SELECT InvalidLoginAttemptCount AS count, Password AS password FROM Users WHERE Id = ?',
    )
    .get(guid);
}

function lookBack(db: Database, { before, keyDigest, passwordDigest }: Undo) {
  const { guid, count, disabled, password } = before;
  const row = readAccounts(db, false).find((each) => each.guid === guid);
  if (!row) throw new RepairRefusal('notAsWritten');
  const isBack =
    (count === 0 || row.count === count) &&
    (!disabled?.value || row.disabled === disabled.value) &&
    (passwordDigest === undefined || stored(db, guid)?.password === password) &&
    (keyDigest === undefined || addedKey(db, keyDigest) === undefined);
  return { after: toFileAccount(row), isBack };
}
