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
  return nativeModuleLoads() ? undefined : 'better-sqlite3 does not load in this version of Node';
}

const packagesIn = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;

function nativeModuleLoads() {
  try {
    const Database = createRequire(inRoot('package.json'))('better-sqlite3');
    new Database(':memory:').close();
    return true;
  } catch {
    return false; // why is told by the installation that follows, or by its failure
  }
}
