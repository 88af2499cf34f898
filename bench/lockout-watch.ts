import type { Household } from '../sandbox/household.js';
import { startBuiltApp } from './built-app.js';
import { median, ratioLine, type Pair } from './figures.js';

const sizes = { many: { accounts: 10_000, entries: 1_000_000 }, few: { accounts: 10, entries: 10 } };
const quietRounds = 150;
const lockoutRounds = 15;

interface Watched {
  readonly household: Household;
  /** Milliseconds and calls to Jellyfin of one round. */
  round(): Promise<{ ms: number; calls: number }>;
  leave(): Promise<void>;
}

/** What one round of the lockout watcher costs with 10,000 accounts and 1,000,000 entries in the log, and with 10 of each. */
export async function lockoutWatch(say: (line: string) => void): Promise<void> {
  const many = await watched(sizes.many);
  const few = await watched(sizes.few);
  try {
    await compare('lockout watch, a quiet round', quietRounds, () => undefined);
    await compare('lockout watch, a round with a lockout', lockoutRounds, async ({ jellyfin, dad }, round) => {
      // The one before is over: an account that is known to be locked costs a look a round.
      if (round > 0) await (await dad.types('/unlock', { user: `locked ${round - 1}` })).answer();
      jellyfin.addUser(`locked ${round}`, { password: 'x', limit: 3 });
      await jellyfin.lock(`locked ${round}`);
    });
  } finally {
    await many.leave();
    await few.leave();
  }

  /** Rounds take turns; the first ones, which load what is needed, do not count. */
  async function compare(what: string, rounds: number, before: (home: Household, round: number) => unknown) {
    const pairs: Pair[] = [];
    const calls = { many: [] as number[], few: [] as number[] };
    for (let round = 0; round < rounds; round += 1) {
      await before(many.household, round);
      await before(few.household, round);
      const one = await many.round();
      const other = await few.round();
      calls.many.push(one.calls);
      calls.few.push(other.calls);
      pairs.push({ bot: one.ms, other: other.ms });
    }
    say(
      ratioLine(`${what}, 10,000 accounts and 1,000,000 entries against 10`, pairs.slice(3), {
        unit: 'ms',
        other: 'with 10',
      }),
    );
    say(`  calls to Jellyfin: ${median(calls.many)} with many, ${median(calls.few)} with 10`);
  }
}

async function watched({ accounts, entries }: { accounts: number; entries: number }): Promise<Watched> {
  const { app, household, leave } = await startBuiltApp(({ jellyfin }) => {
    jellyfin.addManyUsers(accounts);
    jellyfin.addManyEntries(entries);
  });
  const { jellyfin } = household;
  await app.runJob('lockouts');
  return {
    household,
    round: async () => {
      const before = jellyfin.calls.length;
      const begin = performance.now();
      await app.runJob('lockouts');
      return { ms: performance.now() - begin, calls: jellyfin.calls.length - before };
    },
    leave,
  };
}
