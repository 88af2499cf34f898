import Sequencer from '@jest/test-sequencer';

/**
 * What takes by far the longest, the longest first. Jest remembers how long files took, but a fresh clone (as in CI) has
 * nothing to remember, and a long file that is begun last keeps one core idle while the other ends it.
 */
const slow = [
  'kill/kill',
  'commands/rescue-file',
  'scripts-build',
  'process/start',
  'trouble/discord-trouble',
  'process/endings',
  'scripts-test',
  'process/signals',
  'load',
  'services/passwords',
  'commands/odd-names',
  'trouble/jellyfin-trouble',
];

export default class SlowFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const known = sorted.every(({ duration }) => duration !== undefined);
    return known ? sorted : sorted.toSorted((a, b) => place(a) - place(b));
  }
}

function place({ path }) {
  const found = slow.findIndex((name) => path.replaceAll('\\', '/').endsWith(`/tests/${name}.test.ts`));
  return found === -1 ? slow.length : found;
}
