import type { Env } from './secret-files.js';
import { secretNames, variables } from './variables.js';

const known = [...Object.keys(variables([]).entries), ...secretNames.map((name) => `${name}_FILE`)];
/** See src/app/test-machine.ts. */
const forTests = 'LATCHKEY_TEST_MACHINE';
const ours = /^(DISCORD|JELLYFIN|LATCHKEY)_/;

/** A sentence for every variable that looks meant for Latchkey and is none of its own: most likely a slip of the keyboard. */
export function configWarnings(env: Env): string[] {
  return Object.keys(env)
    .filter((name) => !known.includes(name) && name !== forTests)
    .flatMap((name) => {
      const meant = known.find((one) => distance(name, one) <= 2);
      if (meant) return [`${name} is not a setting of Latchkey: was ${meant} meant?`];
      return ours.test(name) ? [`${name} is not a setting of Latchkey and is not used.`] : [];
    });
}

/** How many letters have to be added, dropped or changed to make one word of the other (Levenshtein). */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return Infinity; // further apart than anybody asks here
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      next.push(Math.min(row[j]! + (letter === other ? 0 : 1), row[j + 1]! + 1, next[j]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
