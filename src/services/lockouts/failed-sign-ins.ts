import { nameKey, sameName } from '../../identifiers.js';
import type { FailedTry } from './lockout.js';
import type { NamedAccount } from '../accounts/account.js';
import type { LogEntry } from '../accounts/activity-log.js';

/** Only failed sign-ins within this time before a lock are told. */
const beforeMs = 10 * 60_000;
/** Jellyfin logs the failed sign-in that locks a moment after the lock. */
const afterMs = 5000;
const mostKept = 50;

/** Failed sign-ins around a lock, of all accounts. */
export function triesAround(entries: readonly LogEntry[], lockedAt: number): FailedTry[] {
  return entries
    .filter(({ kind, at }) => kind === 'failed' && at >= lockedAt - beforeMs && at <= lockedAt + afterMs)
    .slice(-mostKept)
    .map(({ at, address, text }) => ({ at, address, text }));
}

interface OwnTries {
  readonly tries: readonly FailedTry[];
  /** False when a failed sign-in may or may not be this account's: then no address is told. */
  readonly isSure: boolean;
}

/**
 * Which of the failed sign-ins were this account's. The log has only a translated sentence with the name. The English
 * sentence is compared whole; in another language the name has to be a word of its own, and no other account's name may
 * stand there: all accounts are needed only then.
 */
export async function triesFor(
  name: string,
  tries: readonly FailedTry[],
  accounts: { list(): Promise<readonly NamedAccount[]> },
): Promise<OwnTries> {
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
    others ??= (await accounts.list()).map((other) => other.name).filter((other) => !sameName(other, name));
    if (others.some((other) => stands(other, each.text))) isSure = false;
    else own.push(each);
  }
  return { tries: own, isSure };
}

/** The address from which all the wrong passwords that locked the account came; undefined when that is not sure. */
export function onlyAddress({ tries, isSure }: OwnTries, limit: number): string | undefined {
  const addresses = new Set(tries.map(({ address }) => address));
  return isSure && tries.length >= limit && addresses.size === 1 ? tries[0]?.address : undefined;
}

/** Whether a name stands in a sentence as whole words: "bob" is not in "bobby". */
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
