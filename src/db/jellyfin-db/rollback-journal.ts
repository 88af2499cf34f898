import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

const magic = Buffer.from('d9d505f920a163d7', 'hex');

/**
 * Whether a transaction was cut short in a database that has no write-ahead log: whoever opens it for writing next takes
 * it back (https://sqlite.org/fileformat2.html#the_rollback_journal).
 */
export const isHalfWritten = (database: string): boolean => hasMagic(`${database}-journal`, 'start');

/**
 * Whether its rollback journal names another file, which SQLite removes after it has played the journal back. Neither
 * Jellyfin's nor a repair's does: it is for a transaction over several databases.
 */
export const removesAnother = (database: string): boolean => hasMagic(`${database}-journal`, 'end');

function hasMagic(path: string, where: 'start' | 'end'): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
  try {
    const { size } = fstatSync(descriptor);
    if (size < magic.length) return false;
    const found = Buffer.alloc(magic.length);
    readSync(descriptor, found, 0, magic.length, where === 'start' ? 0 : size - magic.length);
    return found.equals(magic);
  } finally {
    closeSync(descriptor);
  }
}
