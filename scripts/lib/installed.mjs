import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { inRoot } from './root.mjs';

/**
 * Why `npm ci` has to run, as half a sentence; undefined when node_modules is what package-lock.json says
 * and the native module loads in this node.
 */
export function missing() {
  const installed = inRoot('node_modules', '.package-lock.json'); // npm writes it last, when all is in place
  if (!existsSync(installed)) return 'no packages are installed yet';
  const wanted = packagesIn(inRoot('package-lock.json'));
  const found = packagesIn(installed);
  for (const [path, { version, optional }] of Object.entries(wanted)) {
    if (path === '' || (optional && !found[path])) continue; // other platforms' packages stay away
    if (found[path]?.version !== version) return 'the installed packages are not those of package-lock.json';
  }
  return nativeModuleProblem();
}

const packagesIn = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;

export const noBinary = 'better-sqlite3 has no binary';

function nativeModuleProblem() {
  try {
    const Database = createRequire(inRoot('package.json'))('better-sqlite3');
    new Database(':memory:').close();
    return undefined;
  } catch (error) {
    if (/NODE_MODULE_VERSION/.test(error.message)) return 'better-sqlite3 was made for another version of Node';
    if (/bindings file|Cannot find module/.test(error.message)) return noBinary;
    return `better-sqlite3 does not load (${error.message.split('\n')[0]})`;
  }
}
