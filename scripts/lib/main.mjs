import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Is this module the script that node was started with, rather than one that a script imports? */
export const isMain = (url) => Boolean(process.argv[1]) && realpathSync(process.argv[1]) === fileURLToPath(url);
