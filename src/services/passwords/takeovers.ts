import { AppError } from '../../errors.js';
import { isPutOff, lockState, type Account } from '../accounts/account.js';
import type { Actor } from '../members/actor.js';
import type { Asked } from '../requests/request.js';
import type { ResetOutcome, Resets } from './password-resets.js';
import type { PasswordDeps } from './temp-password.js';

/**
 * Lets Jellyfin check a password itself whose provider is gone, and sets a new one: on request, and by admins at once.
 * Requests of the kind `provider`, which `PasswordDelivery` executes.
 */
export class Takeovers {
  constructor(
    private readonly deps: PasswordDeps,
    private readonly resets: Resets,
  ) {}

  /**
   * Asks the admins. Throws `accountNotYours`, `providerThere`, `providerAdministrator`, `disabledByAdmin`,
   * `tooManyRequests`, or a Jellyfin code.
   */
  async ask(actor: Actor, accountId: string, channelId: string | undefined): Promise<Asked> {
    const { ownership, jellyfin, requests } = this.deps;
    ownership.assertOwn(actor.id, accountId);
    const account = await jellyfin.getAccount(accountId);
    await this.#assertHelps(account);
    return requests.ask('provider', actor, accountId, channelId, account);
  }

  /** The account, for an admin. Throws as `ask` does. */
  async look(accountId: string): Promise<Account> {
    const account = await this.deps.jellyfin.getAccount(accountId);
    await this.#assertHelps(account);
    return account;
  }

  /** Does it at once; the password goes as that of a reset does. Throws as `look` and `Resets.give` do. */
  async now(actor: Actor, accountId: string, ownerId?: string): Promise<ResetOutcome> {
    return this.resets.give('provider', actor, await this.look(accountId), ownerId);
  }

  async #assertHelps(account: Account): Promise<void> {
    if (account.isAdministrator) throw new AppError('providerAdministrator');
    if (lockState(account) === 'disabled') throw new AppError('disabledByAdmin');
    // Kept closed by an earlier attempt, it is opened by this one.
    if (!isPutOff(account)) await this.deps.causes.assertProviderGone(account);
  }
}
