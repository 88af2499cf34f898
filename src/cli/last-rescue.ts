import { realpathSync } from 'node:fs';
import { lastFinished, readRecord } from '../repair/record.js';
import type { PlaceFinding } from '../services/rescue/place-port.js';
import type { Translate } from '../words.js';

/** What `--undo` would take back, as its record beside jellyfin.db says. */
export interface LastRescue {
  readonly name: string;
  readonly startedAt: number;
  readonly wasDisabled: boolean;
  readonly failedSignIns: number;
  readonly addedKey: boolean;
  readonly setPassword: boolean;
}

/** Undefined where there is none, or where its record cannot be read: the undoing itself says why. */
export function lastRescue({ db, dbFound }: PlaceFinding): LastRescue | undefined {
  if (db === undefined || !dbFound) return undefined;
  try {
    const file = lastFinished(realpathSync(db));
    const record = file === undefined ? undefined : readRecord(file);
    if (!record?.account) return undefined;
    return {
      name: record.account.name,
      startedAt: record.startedAt,
      wasDisabled: (record.before?.disabled?.value ?? 0) !== 0,
      failedSignIns: record.before?.count ?? 0,
      addedKey: record.keyDigest !== undefined,
      setPassword: record.passwordDigest !== undefined,
    };
  } catch {
    return undefined;
  }
}

/** What taking it back means, said before it is done. */
export function undoLines(t: Translate, last: LastRescue, escape: (words: string) => string): string[] {
  const time = `${new Date(last.startedAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return [
    t('commandLine.rescue.undoLast', { name: escape(last.name), time }),
    whatOfTheLock(t, last),
    ...(last.setPassword ? [t('commandLine.rescue.undoPassword')] : []),
    ...(last.addedKey ? [t('commandLine.rescue.undoKey')] : []),
  ];
}

function whatOfTheLock(t: Translate, { wasDisabled, failedSignIns: failed }: LastRescue): string {
  if (wasDisabled) return t('commandLine.rescue.undoLocks');
  return failed > 0 ? t('commandLine.rescue.undoCounts', { failed }) : t('commandLine.rescue.undoKeepsOpen');
}
