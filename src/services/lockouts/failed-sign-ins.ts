import { nameKey, sameName } from '../../identifiers.js';
import type { FailedTry } from './lockout.js';
import type { LogEntry } from '../accounts/activity-log.js';

/** The tries that locked an account were made in so long a time before it, as far as anything is said about them. */
const beforeMs = 10 * 60_000;
/** The try that locks is written a moment after the lock. */
const afterMs = 5000;
const mostKept = 50;

/** Failed sign-ins around a lock, whosever they were. */
export function triesAround(entries: readonly LogEntry[], lockedAt: number): FailedTry[] {
  return entries
    .filter(({ kind, at }) => kind === 'failed' && at >= lockedAt - beforeMs && at <= lockedAt + afterMs)
    .slice(-mostKept)
    .map(({ at, address, text }) => ({ at, address, text }));
}

/** The names of all accounts; asked for only where a sentence in another language than English leaves no other way. */
export type AllNames = () => Promise<readonly string[]>;

export interface OwnTries {
  readonly tries: readonly FailedTry[];
  /** False when a try may or may not have been this account's: then nothing is said of where they came from. */
  readonly isSure: boolean;
}

/**
 * Which of the tries were made for this account. The log does not say, but by the name in a translated sentence: the
 * English one is known to the letter; in any other, the name has to stand there by itself, and no other account's may.
 */
export async function triesFor(name: string, tries: readonly FailedTry[], allNames: AllNames): Promise<OwnTries> {
  const own: FailedTry[] = [];
  let isSure = true;
  let others: readonly string[] | undefined;
  for (const each of tries) {
    const named = /^Failed login attempt from (.*)$/s.exec(each.text)?.[1];
    if (named !== undefined) {
      if (sameName(named, name)) own.push(each);
      continue;
    }
    if (!stands(name, each.text)) continue;
    others ??= (await allNames()).filter((other) => !sameName(other, name));
    if (others.some((other) => stands(other, each.text))) isSure = false;
    else own.push(each);
  }
  return { tries: own, isSure };
}

/** The one address of all the wrong passwords that it takes to lock, or undefined when that is not sure. */
export function onlyAddress({ tries, isSure }: OwnTries, limit: number): string | undefined {
  const addresses = new Set(tries.map(({ address }) => address));
  return isSure && tries.length >= limit && addresses.size === 1 ? tries[0]?.address : undefined;
}

/** Whether a name stands in a sentence as words of its own: "bob" is not in "bobby". */
function stands(name: string, text: string): boolean {
  const wanted = nameKey(name);
  const sentence = nameKey(text);
  if (wanted === '') return false;
  for (let at = sentence.indexOf(wanted); at >= 0; at = sentence.indexOf(wanted, at + 1)) {
    const before = sentence.slice(0, at);
    const after = sentence.slice(at + wanted.length);
    if (!/[\p{L}\p{M}\p{N}]$/u.test(before) && !/^[\p{L}\p{M}\p{N}]/u.test(after)) return true;
  }
  return false;
}
