import Sequencer from '@jest/test-sequencer';

/**
 * What takes by far the longest, the longest first. Jest remembers how long files took, but a fresh clone (as in CI) has
 * nothing to remember, and a long file that is begun last keeps one core idle while the other ends it.
 */
const slow = [
  'demo',
  'cli/rescue-interrupted',
  'trouble/lockouts-trouble',
  'cli/rescue-file',
  'kill/kill',
  'commands/rescue-file',
  'cli/rescue-unseen',
  'commands/rescue-carried-on',
  'repair/edges',
  'repair/stop-start',
  'trouble/discord-trouble',
  'repair/sweep',
  'repair/again',
  'process/endings',
  'scripts-build',
  'repair/stands-still',
  'cli/rescue-trouble',
  'repair/stopped',
  'services/passwords',
  'cli/rescue-terminal',
  'repair/undo',
  'scripts-test',
  'repair/accounts',
  'cli/rescue-pin',
  'process/signals',
  'process/start',
  'kill/proving',
  'load',
  'kill/lockout',
  'kill/owner-told',
  'trouble/jellyfin-trouble',
  'scripts-start',
  'discord/edge-connection',
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
