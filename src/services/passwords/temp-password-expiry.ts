import { AppError } from '../../errors.js';
import type { Account } from '../accounts/account.js';
import type { Jellyfin } from '../accounts/jellyfin-port.js';
import type { Request } from '../requests/request.js';
import { discardedPassword, type TempPassword, type TempPasswordEnd, type TempPasswordStore } from './temp-password.js';
import type { TempPasswordEvidence } from './temp-password-usage.js';

/** How the end of a password's time went: it ended so; somebody uses it; or it is to be looked at again later. */
export type Retired = Extract<TempPasswordEnd, 'expired' | 'cut off' | 'unknown'> | 'used' | 'changed';

export interface TempPasswordRetirementDeps {
  readonly records: Pick<TempPasswordStore, 'retiring'>;
  readonly jellyfin: Pick<Jellyfin, 'replacePassword'>;
  readonly evidence: Pick<TempPasswordEvidence, 'read'>;
  readonly now: () => number;
}

/** Takes away a temporary password that was never used: one that nobody knows takes its place. */
export class TempPasswordRetirement {
  constructor(private readonly deps: TempPasswordRetirementDeps) {}

  /**
   * In the account's turn. Looks at account and log once more at the last moment, and leaves alone what anybody may be
   * using; looks back afterwards. Throws a Jellyfin code: then it is tried again, and by the log what became of it is known.
   */
  async retire(password: TempPassword, request: Request): Promise<Retired> {
    let why: Retired | undefined;
    const permit = async (account: Account) => {
      why = await this.#whyNot(password, request, account);
      if (why) throw new AppError('tryAgain');
      // Before the change: a bot that is killed in between knows that it may have been made.
      this.deps.records.retiring(password.requestId, this.deps.now());
    };
    try {
      await this.deps.jellyfin.replacePassword(password.accountId, discardedPassword(), permit);
    } catch (error) {
      if (why && isRefusal(error)) return why;
      if (error instanceof AppError && error.code !== 'passwordUncertain') {
        this.deps.records.retiring(password.requestId, undefined);
      }
      throw error;
    }
    const news = (await this.deps.evidence.read([password])).about(password);
    return news.isSignedIn ? 'cut off' : 'expired';
  }

  async #whyNot(password: TempPassword, request: Request, account: Account): Promise<Retired | undefined> {
    // An ordinary account that has become an administrator's is not changed on an ordinary approval.
    if (account.isAdministrator && !request.adminAccount) return 'unknown';
    const news = (await this.deps.evidence.read([password])).about(password);
    if (news.isChanged) return 'changed';
    if (news.isSignedIn || isUsed(password, account)) return 'used';
    return news.isWhole && !password.isBlind ? undefined : 'unknown';
  }
}

/** Whether the account itself shows a sign-in since; the log is the better witness, and some versions forget to note it here. */
export function isUsed({ baseSignIn }: TempPassword, { lastSignIn }: Pick<Account, 'lastSignIn'>): boolean {
  return baseSignIn !== undefined && (lastSignIn?.getTime() ?? 0) !== baseSignIn;
}

function isRefusal(error: unknown): boolean {
  return error instanceof AppError && error.code === 'tryAgain';
}
