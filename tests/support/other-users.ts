import { existsSync, readFileSync } from 'node:fs';

const isRoot = process.getuid?.() === 0;
const map = '/proc/self/uid_map';

/** In a namespace such as `unshare -r` makes root is the only user there is. */
const isAlone =
  existsSync(map) &&
  !readFileSync(map, 'utf8')
    .split('\n')
    .some((line) => / [2-9]$| \d{2,}$/.test(line));

/** Root, who can be somebody else and give files to them. */
export const isRootAmongOthers = isRoot && !isAlone;

/** Sees and may everything, and can be nobody else: what others may not do cannot be tried. */
export const isRootAlone = isRoot && isAlone;
