import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { DatabaseRefused } from './database-errors.js';

/**
 * Loads SQLite's binary, which fits one version of Node: a node that was replaced since the installation, or an installation
 * without its scripts, is told in a sentence before anything else is begun. Throws DatabaseRefused.
 */
export function assertNativeModule(
  load: () => void = () => new Database(':memory:').close(),
  own = fileURLToPath(new URL('..', import.meta.url)),
): void {
  try {
    load();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    // As a package it lies among others, and npm rebuilds what lies below the folder it is run in.
    const folder = own.replace(/[\\/]node_modules[\\/]latchkey[\\/]?$/, '');
    const command = existsSync(join(folder, 'scripts', 'setup.mjs')) ? 'npm run setup' : 'npm rebuild better-sqlite3';
    if (/NODE_MODULE_VERSION/.test(message))
      throw new DatabaseRefused('nodeReplaced', { folder, version: process.version, command }, { cause });
    if (/bindings file|better_sqlite3\.node/.test(message))
      throw new DatabaseRefused('noBinary', { folder }, { cause });
    throw cause;
  }
}
