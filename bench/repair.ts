import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ratioLine, type Pair } from './figures.js';
import { largeServer } from './large-server.js';
import { JellyfinRuns, repairRun, shellRun } from './repair-run.js';

const rounds = 5;
const large = 200;
const small = 20;

/**
 * One repair of a large jellyfin.db beside the same by hand, on the same file, with the same checks, statements and syncs,
 * by turns; and the most memory it takes beside that of a small one.
 */
export async function repair(say: (line: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
  try {
    const [big, little] = [
      await largeServer(join(folder, 'large'), large),
      await largeServer(join(folder, 'small'), small),
    ];
    const hasShell = spawnSync('sqlite3', ['--version']).status === 0;
    const time: Pair[] = [];
    const memory: Pair[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const byHand = async () => {
        if (!hasShell) return NaN;
        big.freshen();
        return shellRun(big);
      };
      const first = round % 2 === 0 ? await byHand() : undefined;
      big.freshen();
      const { ms, peakMiB } = await repairRun(big);
      time.push({ bot: ms, other: first ?? (await byHand()) });
      little.freshen();
      memory.push({ bot: peakMiB, other: (await repairRun(little)).peakMiB });
    }
    const name = `repair of a jellyfin.db of ${large} MB`;
    if (hasShell) say(ratioLine(name, time, { limit: 1.1, unit: 'ms', other: 'cp and sqlite3' }));
    else say(`${name}: skipped, as the sqlite3 command is not installed here to measure it against`);
    say(ratioLine(`memory of that repair`, memory, { limit: 1.1, unit: 'MiB', other: `of ${small} MB` }));
  } catch (error) {
    if (!(error instanceof JellyfinRuns)) throw error;
    say('repair of jellyfin.db: skipped, as a Jellyfin runs on this machine, and a repair refuses while one does');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
