import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const loaded = new Map();

/** The packages that are loaded once: each file of `loaded-once/` is named like one, with `+` for `/`. */
export const packages = new Map(
  readdirSync(new URL('loaded-once/', import.meta.url)).map((file) => [
    file.slice(0, -'.cjs'.length).replaceAll('+', '/'),
    file,
  ]),
);

/** What a package exports, as `import` finds it; loaded when the first test file of a worker asks. */
export function loadOnce(name) {
  if (!loaded.has(name)) {
    const module = require(fileURLToPath(import.meta.resolve(name)));
    const isNamespace = module[Symbol.toStringTag] === 'Module';
    loaded.set(name, (isNamespace && module.default) || module);
  }
  return loaded.get(name);
}
