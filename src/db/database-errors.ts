import { errorCode } from '../error-code.js';
import { AppError, type Params } from '../errors.js';
import { UnfitFile } from '../small-file.js';
import type { Key, Say } from '../words.js';
import { howToOpen } from './how-to-open.js';

type CodeIn<K> = K extends `database.${infer Code}` ? Code : never;
type DatabaseCode = Exclude<CodeIn<Key>, 'howToOpen' | 'runAsOwner'>;

interface RefusedOptions extends ErrorOptions {
  /** Whose the file is and what opens it, where that is the matter. */
  readonly howToOpen?: Params | undefined;
}

/** The database cannot be used as it is; `sentence` is for the person who starts the program. */
export class DatabaseRefused extends Error {
  override readonly name = 'DatabaseRefused';

  constructor(
    readonly code: DatabaseCode,
    readonly params: Params,
    private readonly options: RefusedOptions = {},
  ) {
    super(`${code} ${JSON.stringify(params)}`, options);
  }

  /** What is wrong and what to do, in somebody's language. */
  sentence(say: Say): string {
    const { howToOpen } = this.options;
    return [
      say(`database.${this.code}`, this.params),
      ...(howToOpen
        ? [say(`database.${howToOpen.command === undefined ? 'runAsOwner' : 'howToOpen'}`, howToOpen)]
        : []),
    ].join(' ');
  }
}

/** SQLite's codes for a disk that is full or fails. */
const unwritable = /^SQLITE_(FULL|IOERR)/;

/** What is told of an error while opening, by SQLite's code. */
const told: readonly (readonly [pattern: RegExp, code: DatabaseCode, ofCopy?: DatabaseCode])[] = [
  [/^SQLITE_NOTADB/, 'notADatabase', 'notLatchkeys'],
  [/^SQLITE_(CANTOPEN|PERM|AUTH)/, 'cannotOpen'],
  [/^SQLITE_READONLY/, 'readOnly'],
  [/^SQLITE_CORRUPT/, 'damaged', 'damagedCopy'],
  [unwritable, 'unwritable'],
];

/** AppError `databaseFull` for an error of SQLite that says nothing could be written; any other error as it is. */
export function asAppError(error: unknown): unknown {
  return unwritable.test(errorCode(error) ?? '') ? new AppError('databaseFull', {}, { cause: error }) : error;
}

/** DatabaseRefused for an error while opening that the person at the start can understand; any other error as it is. */
export function asRefusal(cause: unknown, file: string, isCopy = false): unknown {
  if (cause instanceof UnfitFile) return new DatabaseRefused('unfit', { file: cause.path }, { cause });
  const code = errorCode(cause) ?? '';
  const [, ofDatabase, ofCopy] = told.find(([pattern]) => pattern.test(code)) ?? [];
  const refused = isCopy ? (ofCopy ?? ofDatabase) : ofDatabase;
  if (refused === undefined) return cause;
  const isClosed = refused === 'cannotOpen' || refused === 'readOnly';
  return new DatabaseRefused(refused, { file, code }, { cause, howToOpen: isClosed ? howToOpen(file) : undefined });
}
