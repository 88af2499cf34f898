import { AppError } from '../errors.js';
import type { Account } from './accounts/account.js';
import type { LinkMaker } from './link-maker.js';

/**
 * Links without asking what kind of account it is: whoever is on the server's command line could do anything anyway.
 * Throws `alreadyLinked`.
 */
export function linkFromCommandLine(maker: LinkMaker, memberId: string, account: Account, now: number): void {
  const link = { memberId, account, linkedBy: 'command line', linkedAt: now, greeting: 'due' } as const;
  if (!maker.make(link).isNew) throw new AppError('alreadyLinked');
}
