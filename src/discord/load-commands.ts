import { readdir } from 'node:fs/promises';
import type { Command } from './command.js';

/**
 * Loads every command: each file directly in the folder default-exports a function that is given the services and
 * returns what `defineCommand` made. Throws, and names the file, when one does not.
 */
export async function loadCommands<S>(folder: URL, services: S): Promise<Command[]> {
  const files = (await readdir(folder)).filter((name) => /^[a-z-]+\.(js|ts)$/.test(name)).sort();
  const commands: Command[] = [];
  for (const file of files) {
    const module = (await import(new URL(file, folder).href)) as { readonly default?: unknown };
    if (typeof module.default !== 'function')
      throw new Error(`commands/${file} has no default export that makes a command`);
    const command = (module.default as (services: S) => Partial<Command>)(services);
    if (!command.data || !command.guards || !command.run) throw new Error(`commands/${file} does not make a command`);
    commands.push(command as Command);
  }
  return commands;
}
