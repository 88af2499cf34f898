import { readdirSync } from 'node:fs';

/** The packages that are loaded once: each file of `loaded-once/` is named like one, with `+` for `/`. */
export const packages = new Map(
  readdirSync(new URL('loaded-once/', import.meta.url)).map((file) => [
    file.slice(0, -'.cjs'.length).replaceAll('+', '/'),
    file,
  ]),
);

let loaded;

/** What gives out the packages by their names; they are loaded when the first test file of a worker asks. */
export function loadOnce() {
  loaded ??= load();
  return loaded;
}

async function load() {
  const modules = new Map();
  for (const name of packages.keys()) modules.set(name, await import(name));
  return (name) => {
    const module = modules.get(name);
    // A package in the older form has all that it exports in one object; a copy of that object would lose its getters.
    return module['module.exports'] ?? module.default ?? module;
  };
}
