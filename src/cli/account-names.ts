import { AppError } from '../errors.js';
import { nameKey } from '../identifiers.js';
import type { Account } from '../services/accounts/account.js';
import type { Jellyfin } from '../services/accounts/jellyfin-port.js';

/** Every account, for somebody who has named none, or one that nobody has; none where the server cannot be asked. */
export async function accountsThere(jellyfin: Pick<Jellyfin, 'listAccounts'>, hasKey: boolean): Promise<Account[]> {
  if (!hasKey) return [];
  try {
    return await jellyfin.listAccounts();
  } catch (error) {
    if (error instanceof AppError) return [];
    throw error;
  }
}

const mostSlips = 2;

/** The name that is meant, where one is within two slips of the keyboard. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  const [first] = names
    .map((name) => ({ name, slips: slipsBetween(nameKey(typed), nameKey(name)) }))
    .filter(({ slips }) => slips <= mostSlips && slips < typed.length)
    .sort((one, other) => one.slips - other.slips);
  return first?.name;
}

/** Letters left out, put in or changed; two that changed places are one slip. */
function slipsBetween(one: string, other: string): number {
  const [from, to] = [[...one], [...other]];
  const rows = [Array.from({ length: to.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const at = (back: number, over: number) => rows[i - back]?.[j - over] ?? Infinity;
      const isSame = from[i - 1] === to[j - 1];
      const isSwapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const least = Math.min(at(1, 0) + 1, (row[j - 1] ?? 0) + 1, at(1, 1) + (isSame ? 0 : 1));
      row.push(isSwapped ? Math.min(least, at(2, 2) + 1) : least);
    }
    rows.push(row);
  }
  return rows.at(-1)?.at(-1) ?? Infinity;
}
