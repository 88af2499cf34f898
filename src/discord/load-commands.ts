import { readdir } from 'node:fs/promises';
import type { Command } from './command.js';

/**
 * Loads every command: each file directly in the folder default-exports a function that is given the services and
 * returns a command. Returns a function that creates all of them. Throws, with the file's name, when one does not fit.
 */
export async function loadCommands<S>(folder: URL): Promise<(services: S) => Command[]> {
  const files = (await readdir(folder)).filter((name) => /^[a-z-]+\.(js|ts)$/.test(name)).sort();
  const makers: ((services: S) => Command)[] = [];
  for (const file of files) {
    const module = (await import(new URL(file, folder).href)) as { readonly default?: unknown };
    if (typeof module.default !== 'function') {
      throw new Error(`commands/${file} has no default export that makes a command`);
    }
    makers.push(module.default as (services: S) => Command);
  }
  return (services) => makers.map((make) => make(services));
}
