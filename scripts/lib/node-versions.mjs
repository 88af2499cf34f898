import { readFileSync } from 'node:fs';
import { inRoot } from './root.mjs';

/** A sentence when this node is none of those that package.json names in `engines`; undefined when it is. */
export function nodeProblem(version = process.versions.node) {
  const { engines } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
  const ranges = engines.node.split(' || ').map((range) => range.slice(1).split('.').map(Number)); // each is ^major.minor.patch
  const [major, minor] = version.split('.').map(Number);
  if (ranges.some((least) => major === least[0] && minor >= least[1])) return undefined;
  const names = ranges.map(([wanted, from]) => (from > 0 ? `${wanted} (from ${wanted}.${from} on)` : `${wanted}`));
  const list = `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
  return `Latchkey needs Node ${list}; this is ${version}. Get one at https://nodejs.org, then run the command again.`;
}
