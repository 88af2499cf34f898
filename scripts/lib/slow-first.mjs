import Sequencer from '@jest/test-sequencer';

/**
 * What takes by far the longest, the longest first. Jest remembers how long files took, but a fresh clone (as in CI) has
 * nothing to remember, and a long file that is begun last keeps one core idle while the other ends it.
 */
const slow = [
  'demo',
  'kill/kill',
  'trouble/lockouts-trouble',
  'cli/rescue-file',
  'repair/stop-start',
  'commands/rescue-file',
  'trouble/discord-trouble',
  'process/start',
  'repair/sweep',
  'repair/again',
  'repair/edges',
  'process/endings',
  'process/signals',
  'repair/undo',
  'cli/rescue-terminal',
  'cli/rescue-pin',
  'load',
  'repair/accounts',
  'services/passwords',
  'cli',
  'repair/stopped',
  'scripts-build',
  'discord/edge-connection',
  'trouble/jellyfin-trouble',
  'cli/rescue-restart',
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
