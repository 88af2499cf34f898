import { bytesOf } from './bytes-of.js';

const headerBytes = 32;
const formatVersion = 3_007_000;

/**
 * Whether a file is a write-ahead log by its header (https://sqlite.org/fileformat2.html#walformat). SQLite takes one that
 * is none for an empty one, and says nothing; an empty one, too, is as good as none.
 */
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
