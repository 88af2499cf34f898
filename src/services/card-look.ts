import { AppError } from '../errors.js';
import type { AccountDirectory } from './accounts/account-directory.js';
import { freeAccounts } from './accounts/unlinked-accounts.js';
import type { LinkStore } from './accounts/link.js';
import type { Log } from './log.js';
import type { CardLook } from './request-cards.js';

/** What cards ask of the server. */
export function cardLook(directory: AccountDirectory, links: LinkStore, log: Log): CardLook {
  return {
    free: async () => {
      try {
        return await freeAccounts(directory, links);
      } catch (err) {
        // The card still says how to link by command.
        log.warn({ err }, 'a request that links goes out without accounts to pick from');
        return [];
      }
    },
    named: async (name) => {
      try {
        const found = await directory.find(name);
        return found.kind === 'one' ? { kind: 'account', account: found.account } : { kind: 'none' };
      } catch (err) {
        if (!(err instanceof AppError)) throw err;
        log.warn({ err }, 'a request goes out without a look at the account that it names');
        return { kind: 'unknown' };
      }
    },
  };
}
