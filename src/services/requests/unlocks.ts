import { AppError } from '../../errors.js';
import type { Account } from '../accounts/account.js';
import type { Actor } from '../members/actor.js';
import type { Audit } from '../audit.js';
import type { Events } from '../events.js';
import type { Jellyfin, UnlockResult } from '../accounts/jellyfin-port.js';
import type { LinkStore } from '../accounts/link.js';
import type { Permissions } from '../accounts/permissions.js';
import type { RequestEndings } from './request-endings.js';

/** Unlocks by those who need not ask. */
export class Unlocks {
  constructor(
    private readonly jellyfin: Jellyfin,
    private readonly links: LinkStore,
    private readonly permissions: Permissions,
    private readonly endings: Pick<RequestEndings, 'answer'>,
    private readonly audit: Audit,
    private readonly events: Pick<Events, 'emit'>,
  ) {}

  /**
   * Unlocks an account at once; requests that wait for the same are done with it. Undefined when the account is
   * an administrator's own, linked to this person, and may only be asked for. Throws `notAllowed`, `adminAccount`,
   * `disabledByAdmin`, `accountGone` or a Jellyfin code.
   */
  async unlockNow(actor: Actor, accountId: string): Promise<UnlockResult | undefined> {
    let result: UnlockResult;
    let isBegun = false;
    // Written before the change: where nothing can be saved any more, nothing is changed either.
    const permit = async (account: Account) => {
      await this.permissions.assertMayChange(actor, account);
      if (!isBegun) this.#record(actor, account, 'begun');
      isBegun = true;
    };
    try {
      result = await this.jellyfin.unlock(accountId, permit);
    } catch (error) {
      const mayOnlyAsk = error instanceof AppError && error.code === 'adminAccount';
      if (mayOnlyAsk && this.links.find(actor.id, accountId)) return undefined;
      throw error;
    }
    this.#record(actor, result.before, 'done');
    this.events.emit('accountOpened', { accountId, actorId: actor.id });
    await this.endings.answer('unlock', accountId, actor);
    return result;
  }

  #record(actor: Actor, { id: accountId, name: accountName }: Account, outcome: 'begun' | 'done'): void {
    this.audit.record({ actorId: actor.id, act: 'unlock', outcome, accountId, accountName });
  }
}
