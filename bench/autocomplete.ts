import { setTimeout as pause } from 'node:timers/promises';
import { Contestant } from './contestant.js';
import { median, ratioLine, type Pair } from './figures.js';

/** As somebody types them, key by key: a name that exists at both ends, and one that exists at neither. */
const typed = ['user00007', 'quentin'].flatMap((word) => [...word].map((_, at) => word.slice(0, at + 1)));

/** Lists are kept for 25 s and fetched anew in good time, which this is long enough to see. */
const rounds = 60;
const keysApartMs = 15;

/** What a key costs an admin who types an account's name, with 10,000 accounts and with 10; rounds take turns, key by key. */
export async function autocomplete(say: (line: string) => void): Promise<void> {
  const many = await Contestant.enter('bot');
  const few = await Contestant.enter('bot');
  try {
    many.household.jellyfin.addManyUsers(10_000);
    few.household.jellyfin.addManyUsers(10);
    const pairs: Pair[] = [];
    const slowest = { many: 0, few: 0 };
    for (const each of [many, few]) {
      await each.start();
      await key(each, 'user'); // the first key of all waits for the list
    }
    for (let round = 0; round < rounds; round += 1) {
      const times = { many: [] as number[], few: [] as number[] };
      for (const words of typed) {
        times.many.push(await key(many, words));
        times.few.push(await key(few, words));
        await pause(keysApartMs);
      }
      pairs.push({ bot: median(times.many), other: median(times.few) });
      slowest.many = Math.max(slowest.many, ...times.many);
      slowest.few = Math.max(slowest.few, ...times.few);
    }
    say(ratioLine('autocomplete, 10,000 accounts against 10', pairs.slice(2), { unit: 'ms', other: 'with 10' }));
    say(
      `  slowest key: ${slowest.many.toFixed(0)} ms with 10,000 (Discord waits 3000), ${slowest.few.toFixed(0)} ms with 10`,
    );
  } finally {
    await many.leave();
    await few.leave();
  }
}

async function key({ household, clock }: Contestant, words: string): Promise<number> {
  const { ms } = await clock.time(() => household.dad.typesInto('/status', 'user', words));
  return ms;
}
