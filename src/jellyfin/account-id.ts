import { AppError } from '../errors.js';

/**
 * An account's id as Jellyfin gives it out: 32 lower-case hex digits. Dashes and upper case are accepted.
 * Throws `accountGone` for anything else, since no account can have such an id.
 */
export function accountId(text: string): string {
  const id = text.replaceAll('-', '').toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(id)) throw new AppError('accountGone');
  return id;
}
