import { errorCode } from '../error-code.js';
import { AppError } from '../errors.js';
import { howToOpen } from './how-to-open.js';

/** The database cannot be used as it is; the message is a sentence for the person who starts the program. */
export class DatabaseRefused extends Error {
  override readonly name = 'DatabaseRefused';
}

/** SQLite's codes for a disk that is full or fails. */
const unwritable = /^SQLITE_(FULL|IOERR)/;

/** What people read of an error while opening, by SQLite's code; the file's path stands before it. */
const sentences: readonly (readonly [code: RegExp, sentence: string])[] = [
  [/^SQLITE_NOTADB/, 'is not a database. Check LATCHKEY_DB'],
  [
    /^SQLITE_(CANTOPEN|PERM|AUTH)/,
    'cannot be opened. Check LATCHKEY_DB, and that the file and its folder belong to you',
  ],
  [/^SQLITE_READONLY/, 'cannot be written. Make the file and its folder writable for this user'],
  [/^SQLITE_CORRUPT/, 'is damaged. Stop the bot and put a nightly copy back: the command "restore" lists them'],
  [unwritable, 'cannot be written. Make room on the disk and look whether it is healthy'],
];

/** AppError `databaseFull` for an error of SQLite that says nothing could be written; any other error as it is. */
export function asAppError(error: unknown): unknown {
  return unwritable.test(errorCode(error) ?? '') ? new AppError('databaseFull', {}, { cause: error }) : error;
}

/** DatabaseRefused for an error while opening that the person at the start can understand; any other error as it is. */
export function asRefusal(error: unknown, path: string): unknown {
  const code = errorCode(error) ?? '';
  const [, sentence] = sentences.find(([pattern]) => pattern.test(code)) ?? [];
  if (sentence === undefined) return error;
  const isClosed = /^SQLITE_(CANTOPEN|PERM|AUTH|READONLY)/.test(code);
  return new DatabaseRefused(`${path} ${sentence} (${code}).${isClosed ? ` ${howToOpen(path)}`.trimEnd() : ''}`, {
    cause: error,
  });
}
