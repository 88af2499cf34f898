import { AppError } from '../../errors.js';
import { lockState, type Account } from '../accounts/account.js';
import type { Actor } from '../members/actor.js';
import type { Engine } from '../requests/create-requests.js';
import type { Done, RequestKindActions } from '../requests/request-executor.js';
import type { Request } from '../requests/request.js';

/** Switches accounts on that an administrator switched off: by admins at once, and on request; never by helpers. */
export class Enabling implements RequestKindActions {
  readonly changesAccount = true;

  constructor(private readonly deps: Engine) {}

  async execute(request: Request): Promise<Request> {
    const { jellyfin, executor } = this.deps;
    await jellyfin.enable(request.accountId, executor.preWriteCheck(request));
    return executor.finish(request, 'due');
  }

  /** Ends what waits for the same; the requests are to be published. */
  onDone({ accountId, decidedBy = 'latchkey' }: Done): Request[] {
    this.deps.events.emit('accountOpened', { accountId, actorId: decidedBy });
    return this.deps.endings.fulfil('enable', accountId, decidedBy);
  }

  /** The account, for an admin who may switch it on. Throws `adminAccount`, `notDisabled`, or a Jellyfin code. */
  async look(actor: Actor, accountId: string): Promise<Account> {
    const account = await this.deps.jellyfin.getAccount(accountId);
    await this.#assertMay(actor, account);
    return account;
  }

  /** Switches it on at once. Throws as `look` does. */
  async enable(actor: Actor, accountId: string): Promise<Account> {
    const check = (account: Account) => this.#assertMay(actor, account);
    return (await this.deps.executor.atOnce('enable', actor, accountId, check)).after;
  }

  async #assertMay(actor: Actor, account: Account): Promise<void> {
    await this.deps.permissions.assertMayChange(actor, account);
    if (lockState(account) !== 'disabled') throw new AppError('notDisabled', { account: account.name });
  }
}
