import { setTimeout as pause } from 'node:timers/promises';
import { Contestant } from './contestant.js';
import { ratioLine, type Pair } from './figures.js';

/** A thousand accounts on Jellyfin 12: 17 to 29 s, measured. */
const listMs = 20_000;
const rounds = 12;
const roundsApartMs = 2500;
const limit = 1.5;

/**
 * What a key of autocomplete, `/unlock NAME` and the household's `/status` cost where the list of accounts takes 20 s, against
 * a server that gives it at once; rounds take turns, for longer than a list counts as right. The first list is waited for once.
 */
export async function slowList(say: (line: string) => void): Promise<void> {
  const slow = await Contestant.enter('bot');
  const quick = await Contestant.enter('bot');
  try {
    slow.household.jellyfin.faults.on({ path: /^\/Users$/, method: 'GET', delayMs: listMs });
    for (const each of [slow, quick]) await each.start();
    const first = await timed(() => answered(slow, '/unlock', { user: 'maya' }));
    await answered(quick, '/unlock', { user: 'maya' });
    const asked = lists(slow);
    const pairs: Record<'key' | 'unlock' | 'status', Pair[]> = { key: [], unlock: [], status: [] };
    for (let round = 0; round < rounds; round += 1) {
      await pause(roundsApartMs);
      for (const [name, act] of Object.entries({
        key: ({ household }: Contestant) => household.dad.typesInto('/status', 'user', 'ma'),
        unlock: (each: Contestant) => answered(each, '/unlock', { user: 'maya' }),
        status: (each: Contestant) => answered(each, '/status', {}),
      })) {
        const bot = await timed(() => act(slow));
        const other = await timed(() => act(quick));
        pairs[name as keyof typeof pairs].push({ bot, other });
      }
    }
    for (const [name, each] of Object.entries(pairs))
      say(ratioLine(`list of 20 s, ${name}`, each, { limit, unit: 'ms', other: 'with a quick list' }));
    say(
      `  the first /unlock NAME took ${(first / 1000).toFixed(1)} s; ${lists(slow) - asked} lists asked for in ${rounds} rounds`,
    );
  } finally {
    await slow.leave();
    await quick.leave();
  }
}

const lists = ({ household }: Contestant) => household.jellyfin.calls.filter(({ path }) => path === '/Users').length;

async function answered({ household }: Contestant, line: string, options: Record<string, string>): Promise<void> {
  await (await household.dad.types(line, options)).answer({ within: 2 * listMs });
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await act();
  return performance.now() - begin;
}
