import Sequencer from '@jest/test-sequencer';

/** What takes long and waits for most of it: for a moment to come, or for a program that it started. */
const waiting = [
  'demo',
  'cli/rescue-db',
  'cli/rescue-interrupted',
  'trouble/lockouts-trouble',
  'rescue/rescue-file',
  'trouble/discord-trouble',
  'repair/stop-start',
  'rescue/rescue-carried-on',
  'cli/rescue-ways',
  'process/endings',
  'process/load',
  'process/signals',
  'passwords/passwords',
  'discord/edge-connection',
];

/** What takes long and keeps a core busy. */
const busy = [
  'kill/kill',
  'scripts/build',
  'repair/sweep',
  'repair/stands-still',
  'repair/accounts',
  'repair/carried-on',
  'process/start',
  'scripts/test',
  'kill/proving',
  'repair/stopped',
  'kill/lockout',
  'kill/owner-told',
  'kill/left-and-kept',
  'trouble/jellyfin-trouble',
];

/** Of four files at once two may wait: with more of them a core has nothing to do, with fewer they are not over in time. */
const busyForEachWaiting = 3;

/**
 * What takes long comes first, so that none of it is begun last, and what waits goes beside what works. A fresh clone (as in
 * CI) knows nothing of how long files took, and jest nothing of what they do.
 */
export default class SlowFirst extends Sequencer {
  sort(tests) {
    const ranked = super.sort(tests).map((test) => ({ test, ...placeOf(test) }));
    const waits = ranked.filter(({ waits }) => waits).toSorted((a, b) => a.place - b.place);
    const works = ranked.filter(({ waits }) => !waits).toSorted((a, b) => a.place - b.place);
    const mixed = waits.splice(0, 1);
    while (waits.length > 0 || works.length > 0)
      mixed.push(...waits.splice(0, 1), ...works.splice(0, busyForEachWaiting));
    return mixed.map(({ test }) => test);
  }
}

function placeOf({ path }) {
  const isIt = (name) => path.replaceAll('\\', '/').endsWith(`/tests/${name}.test.ts`);
  const place = waiting.findIndex(isIt);
  if (place !== -1) return { waits: true, place };
  const found = busy.findIndex(isIt);
  return { waits: false, place: found === -1 ? busy.length : found };
}
