import { bytesOf } from './bytes-of.js';

const magic = Buffer.from('d9d505f920a163d7', 'hex');

/**
 * Whether another program was cut short while it wrote without a write-ahead log: the next one to open the file for
 * writing takes that back (https://sqlite.org/fileformat2.html#the_rollback_journal).
 */
export const isHalfWritten = (database: string): boolean => hasMagic(`${database}-journal`, 'start');

/**
 * Whether its rollback journal names another file, which SQLite removes after it has played the journal back. Neither
 * Jellyfin's nor a repair's does: it is for a transaction over several databases.
 */
export const removesAnother = (database: string): boolean => hasMagic(`${database}-journal`, 'end');

function hasMagic(journal: string, where: 'start' | 'end'): boolean {
  return bytesOf(journal, magic.length, where)?.equals(magic) ?? false;
}
