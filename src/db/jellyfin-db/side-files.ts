import { closeSync, readSync } from 'node:fs';
import { errorCode } from '../../error-code.js';
import { openOrdinary } from '../../small-file.js';

const journalMagic = Buffer.from('d9d505f920a163d7', 'hex');

/** Whether another program was cut short in a write that the next one takes back (https://sqlite.org/fileformat2.html#the_rollback_journal). */
export const isHalfWritten = (database: string): boolean => hasMagic(`${database}-journal`, 'start');

/** Whether its rollback journal names another file, which SQLite would remove; neither Jellyfin's nor a repair's does. */
export const removesAnother = (database: string): boolean => hasMagic(`${database}-journal`, 'end');

function hasMagic(journal: string, where: 'start' | 'end'): boolean {
  return bytesOf(journal, journalMagic.length, where)?.equals(journalMagic) ?? false;
}

const headerBytes = 32;
const formatVersion = 3_007_000;

/** Checks a log's header (https://sqlite.org/fileformat2.html#walformat): SQLite silently takes a file that is no log for an empty one. */
export function lookAtLog(path: string): 'log' | 'noLog' | 'notALog' {
  const header = bytesOf(path, headerBytes, 'start');
  if (!header || header.length === 0) return 'noLog';
  return header.length === headerBytes && isHeader(header) ? 'log' : 'notALog';
}

function isHeader(header: Buffer): boolean {
  const magic = header.readUInt32BE(0);
  if (magic !== 0x377f0682 && magic !== 0x377f0683) return false;
  if (header.readUInt32BE(4) !== formatVersion) return false;
  const word = (at: number) => (magic & 1 ? header.readUInt32BE(at) : header.readUInt32LE(at));
  let [one, two] = [0, 0];
  for (let at = 0; at < 24; at += 8) {
    one = (one + word(at) + two) >>> 0;
    two = (two + word(at + 4) + one) >>> 0;
  }
  return header.readUInt32BE(24) === one && header.readUInt32BE(28) === two;
}

/** The first or last bytes of a file, fewer where it is shorter; undefined where there is none. Throws as `openOrdinary` does. */
function bytesOf(path: string, length: number, where: 'start' | 'end'): Buffer | undefined {
  let opened: ReturnType<typeof openOrdinary>;
  try {
    opened = openOrdinary(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  const { descriptor, status } = opened;
  try {
    const bytes = Buffer.alloc(length);
    const from = where === 'start' ? 0 : Math.max(0, status.size - length);
    return bytes.subarray(0, readSync(descriptor, bytes, 0, length, from));
  } finally {
    closeSync(descriptor);
  }
}
