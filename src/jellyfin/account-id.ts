import { AppError } from '../errors.js';
import { readAccountId } from '../identifiers.js';

/**
 * An account's id as Jellyfin gives it out: 32 lower-case hex digits. Dashes and upper case are accepted.
 * Throws `accountGone` for anything else, since no account can have such an id.
 */
export function accountId(text: string): string {
  const id = readAccountId(text);
  if (id === undefined) throw new AppError('accountGone');
  return id;
}
