import type { Migration } from '../migrate.js';
import { firstTables } from './001-first-tables.js';
import { rescues } from './002-rescues.js';
import { accountWords } from './003-account-words.js';
import { tempPasswordsFollowed } from './004-temp-passwords.js';

/** Every change of the database's shape, oldest first; append only. */
export const migrations: readonly Migration[] = [firstTables, rescues, accountWords, tempPasswordsFollowed];
