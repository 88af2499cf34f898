import { againstEcho } from './against-echo.js';
import { autocomplete } from './autocomplete.js';
import { codeEntered } from './code-entered.js';
import { besideARepair } from './beside-a-repair.js';
import { jellyfinCalls } from './jellyfin-calls.js';
import { repair } from './repair.js';
import { lockoutWatch } from './lockout-watch.js';
import { slowList } from './slow-list.js';

/**
 * What the bot costs, as ratios taken side by side in one run, with the limits beside them. Every figure is the middle of
 * several rounds, with the least and the most in brackets: on a busy machine the figures of one bot alone may double from one run
 * to the next, while the ratios stay within about a tenth.
 *
 * `npm run bench -- [rounds]`: rounds against the echo bot, 5 unless given; `npm run bench -- code` counts only the code that
 * an act enters, and names it. Exit code 0 whatever the figures are, since a
 * limit is judged by whoever reads them; 1 only when something could not be measured.
 */
const say = (line: string) => console.log(line);
const begin = performance.now();
if (process.argv[2] === 'code') await codeEntered(say, true);
else await all(Number(process.argv[2] ?? 5));
say(`measured in ${Math.round((performance.now() - begin) / 1000)} s on node ${process.version}`);

async function all(rounds: number): Promise<void> {
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('write a number of rounds, such as: npm run bench -- 5');
  await jellyfinCalls(say);
  await codeEntered(say, false);
  await againstEcho(rounds, say);
  await autocomplete(say);
  await repair(say);
  await besideARepair(say);
  await lockoutWatch(say);
  await slowList(say);
}
