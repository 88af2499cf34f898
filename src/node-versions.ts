import { readFileSync } from 'node:fs';

// Beside the folder of the programs, in a clone as in the package that is installed.
const packageJson = new URL('../package.json', import.meta.url);

/** Whether Latchkey runs on this version of Node, and the versions that it runs on, as package.json names them. */
export function lookAtNode(version: string): { readonly fits: boolean; readonly wanted: string } {
  const { engines } = JSON.parse(readFileSync(packageJson, 'utf8')) as { engines: { node: string } };
  // Each is ^major.minor.patch.
  const ranges = engines.node.split(' || ').map((range) => range.slice(1).split('.').map(Number));
  const [major, minor = 0] = version.split('.').map(Number);
  const wanted = ranges.map(([from, least = 0]) => (least > 0 ? `${from} (>= ${from}.${least})` : `${from}`));
  return { fits: ranges.some(([from, least = 0]) => major === from && minor >= least), wanted: wanted.join(', ') };
}
