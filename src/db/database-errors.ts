import { errorCode } from '../error-code.js';
import { AppError } from '../errors.js';

export type RefusalCode =
  | 'cannotOpen'
  | 'readOnly'
  | 'notDatabase'
  | 'damaged'
  | 'notOurs'
  | 'newer'
  | 'alreadyRunning'
  | 'full'
  | 'migrationFailed';

/** The database cannot be used as it is; the message is a sentence for the person who starts the program. */
export class DatabaseRefused extends Error {
  override readonly name = 'DatabaseRefused';

  constructor(
    readonly code: RefusalCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** SQLite's own code (`SQLITE_BUSY`, …), or undefined. Never by `instanceof`: one native class serves every context of a process. */
export function sqliteCode(error: unknown): string | undefined {
  const code = errorCode(error);
  return code?.startsWith('SQLITE_') ? code : undefined;
}

/** AppError `databaseFull` for an error of SQLite that says nothing could be written; any other error as it is. */
export function asAppError(error: unknown): unknown {
  const code = sqliteCode(error);
  const unwritable = code === 'SQLITE_FULL' || code?.startsWith('SQLITE_IOERR');
  return unwritable ? new AppError('databaseFull', {}, { cause: error }) : error;
}

/** DatabaseRefused for an error while opening that the person at the start can understand; any other error as it is. */
export function asRefusal(error: unknown, path: string): unknown {
  const code = sqliteCode(error);
  if (code === undefined) return error;
  const refuse = (kind: RefusalCode, sentence: string) => new DatabaseRefused(kind, sentence, { cause: error });
  if (code === 'SQLITE_NOTADB') return refuse('notDatabase', `${path} is not a database. Check LATCHKEY_DB.`);
  if (code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_PERM') || code.startsWith('SQLITE_AUTH')) {
    return refuse(
      'cannotOpen',
      `${path} cannot be opened. Check LATCHKEY_DB, and that the file and its folder belong to you.`,
    );
  }
  if (code.startsWith('SQLITE_READONLY')) {
    return refuse('readOnly', `${path} cannot be written. Make the file and its folder writable for this user.`);
  }
  if (code.startsWith('SQLITE_CORRUPT')) {
    return refuse(
      'damaged',
      `${path} is damaged. Stop the bot and put the newest copy from its backups folder in its place.`,
    );
  }
  if (code === 'SQLITE_FULL' || code.startsWith('SQLITE_IOERR')) {
    return refuse('full', `${path} cannot be written (${code}). Make room on the disk and look whether it is healthy.`);
  }
  return error;
}
