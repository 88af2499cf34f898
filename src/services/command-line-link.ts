import { AppError } from '../errors.js';
import type { Account } from './account.js';
import type { Audit } from './audit.js';
import type { LinkStore } from './link.js';

/**
 * Links without asking what kind of account it is: whoever is on the server's command line could do anything anyway.
 * Throws `alreadyLinked`.
 */
export function linkFromCommandLine(
  links: LinkStore,
  audit: Audit,
  memberId: string,
  account: Account,
  now: number,
): void {
  const link = { memberId, accountId: account.id, accountName: account.name, linkedAt: now };
  if (!links.add(link, 'command line', 'due')) throw new AppError('alreadyLinked');
  const { id: accountId, name: accountName } = account;
  audit.record({ actorId: 'command line', act: 'link', outcome: 'done', accountId, accountName, memberId });
}
