import { existsSync, realpathSync } from 'node:fs';
import { digestOf, RepairRefusal } from '../db/jellyfin-db/index.js';
import { lastFinished, readRecord, recordPath, withoutSecrets, type RepairRecord } from '../repair/record.js';
import type { Secret } from '../secret.js';
import type { LocationFinding } from '../services/rescue/ladder/server-location-port.js';
import type { Translate } from '../words.js';
import { exitCodes } from './exit-codes.js';
import { printable } from './printable.js';
import { Refusal } from './refusal.js';

/** What `--undo` would take back, as its record beside jellyfin.db says. */
export interface LastRescue {
  readonly name: string;
  readonly startedAt: number;
  readonly wasDisabled: boolean;
  readonly failedSignIns: number;
  readonly addedKey: boolean;
  /** Whether that key is the one in our settings. */
  readonly addedOwnKey: boolean;
  readonly setPassword: boolean;
}

/**
 * Undefined where there is none. Throws Refusal where that cannot be known: a record that is closed to this user must not
 * be taken for none.
 */
export function lastRescue(place: LocationFinding, apiKey: Secret | undefined, t: Translate): LastRescue | undefined {
  const { db, dbFound, closed } = place;
  if (db === undefined) return undefined;
  if (!dbFound && closed) {
    const why = t('repair.refused.folderClosed', { folder: printable(closed.folder) });
    throw new Refusal(why, exitCodes.notTouched);
  }
  if (!dbFound) throw new Refusal(t('repair.refused.noDatabase', { file: printable(db) }));
  if (!place.dbOurs) {
    const params = { file: printable(db), owner: printable(place.dbOwner ?? '') };
    throw new Refusal(t('repair.refused.notOwner', params), exitCodes.notTouched);
  }
  const record = newestRecord(db, t);
  if (!record?.account) return undefined;
  const { account, startedAt, before, keyDigest, passwordDigest } = record;
  return {
    name: account.name,
    startedAt,
    wasDisabled: (before?.disabled?.value ?? 0) !== 0,
    failedSignIns: before?.count ?? 0,
    addedKey: keyDigest !== undefined,
    addedOwnKey: apiKey !== undefined && keyDigest === digestOf(apiKey.reveal()),
    setPassword: passwordDigest !== undefined,
  };
}

/** Whether something was begun beside this jellyfin.db and has not come to its end, whatever it is. */
export const isUnfinished = (db: string): boolean => existsSync(recordPath(realpathSync(db)));

function newestRecord(db: string, t: Translate): RepairRecord | undefined {
  try {
    const path = realpathSync(db);
    // One that has only not come to its end is what would be taken back, once the server has been started since.
    const unended = readRecord(recordPath(path));
    if (unended?.act === 'repair' && unended.stage === 'changed') return withoutSecrets(unended);
    const file = lastFinished(path);
    return file === undefined ? undefined : readRecord(file);
  } catch (error) {
    const file = error instanceof RepairRefusal ? String(error.params.file) : db;
    throw new Refusal(t('repair.refused.recordUnreadable', { file: printable(file) }));
  }
}

/** What taking it back means, said before it is done. */
export function undoLines(t: Translate, last: LastRescue, escape: (words: string) => string): string[] {
  const time = `${new Date(last.startedAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return [
    t('commandLine.rescue.undoLast', { name: escape(last.name), time }),
    whatOfTheLock(t, last),
    t(last.setPassword ? 'commandLine.rescue.undoPassword' : 'commandLine.rescue.undoKeepsPassword'),
    ...(last.addedKey ? [t(last.addedOwnKey ? 'commandLine.rescue.undoOwnKey' : 'commandLine.rescue.undoKey')] : []),
  ];
}

/** What stays to be known when it is taken back. */
export function undoneLines(t: Translate, last: LastRescue): string[] {
  return [
    ...(last.setPassword ? [] : [t('commandLine.rescue.undoneKeepsPassword')]),
    ...(last.addedOwnKey ? [t('commandLine.rescue.undoneOwnKey')] : []),
  ];
}

function whatOfTheLock(t: Translate, { wasDisabled, failedSignIns: failed }: LastRescue): string {
  if (wasDisabled) return t('commandLine.rescue.undoLocks');
  return failed > 0 ? t('commandLine.rescue.undoCounts', { failed }) : t('commandLine.rescue.undoKeepsOpen');
}
