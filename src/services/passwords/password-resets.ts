import { AppError } from '../../errors.js';
import { assertOwnPassword, isPutOff, lockState, type Account } from '../accounts/account.js';
import type { OwnerHere } from '../accounts/ownership.js';
import { helps, type Actor } from '../members/actor.js';
import { aboutAccount, type Asked, type Request } from '../requests/request.js';
import type { HandedPassword, PasswordHandover } from './password-handover.js';
import type { PasswordDeps, TempPassword } from './temp-password.js';

/**
 * How somebody's wish for a new password was met: `asked` of the helpers; one `waits` for them already, of which another can be
 * had without asking; `sent` on its way to an owner; `handed` to the
 * helper, where nobody is linked; or one of several owners is to be named first.
 */
export type ResetOutcome =
  | { readonly way: 'asked'; readonly asked: Asked }
  | { readonly way: 'waits'; readonly password: TempPassword }
  | { readonly way: 'sent'; readonly request: Request }
  | { readonly way: 'handed'; readonly handed: HandedPassword }
  | { readonly way: 'which owner'; readonly owners: readonly OwnerHere[]; readonly account: Account };

/** New passwords: on request, and by helpers at once; with a takeover, by admins only. */
export class Resets {
  constructor(
    private readonly deps: PasswordDeps,
    private readonly handover: PasswordHandover,
  ) {}

  /**
   * Resets at once for helpers and up, and otherwise asks. The password goes to the owner, to `ownerId` where there are
   * several, or to the helper where nobody is linked. Throws `accountNotYours`, `notAllowed`, `adminAccount`, `linkUnknown`,
   * `disabledByAdmin`, `passwordElsewhere`, `tooManyRequests`, or a Jellyfin code.
   */
  async reset(actor: Actor, accountId: string, channelId: string | undefined, ownerId?: string): Promise<ResetOutcome> {
    const { jellyfin } = this.deps;
    if (!helps(actor)) return this.ask(actor, accountId, channelId);
    const account = await jellyfin.getAccount(accountId);
    if (!(await this.#mayChange(actor, account))) return this.ask(actor, accountId, channelId, account);
    if (lockState(account) === 'disabled') throw new AppError('disabledByAdmin');
    assertOwnPassword(account);
    return this.#give('reset', actor, account, ownerId);
  }

  /**
   * Makes one at once: for the owner, for `ownerId` where there are several, or for the actor to read where nobody is
   * linked. Throws `linkUnknown`, `passwordBeingShown`, or a Jellyfin code.
   */
  async #give(
    kind: 'reset' | 'provider',
    actor: Actor,
    account: Account,
    ownerId: string | undefined,
  ): Promise<ResetOutcome> {
    const { stores, ownership, executor, requests } = this.deps;
    // Nobody is sent a password who has left the server, which may not be known yet.
    const owners = await ownership.ownersNow(account.id);
    const owner = ownerId === undefined ? owners[0] : owners.find((each) => each.memberId === ownerId);
    if (!owner) {
      if (ownerId !== undefined) throw new AppError('linkUnknown');
      return {
        way: 'handed',
        handed: await this.handover.hand(this.#insert(kind, actor, account, actor.id, 'answer')),
      };
    }
    if (owners.length > 1 && ownerId === undefined) return { way: 'which owner', owners, account };
    const open = stores.requests.open(owner.memberId, account.id, kind);
    if (open?.state === 'pending')
      return { way: 'sent', request: await requests.approve(open.id, actor, open.version) };
    return { way: 'sent', request: await executor.execute(open ?? this.#insert(kind, actor, account, owner.memberId)) };
  }

  /** Asks the helpers, whatever this person may do; `read`: the account, where it was read just now. Throws as `reset` does. */
  async ask(actor: Actor, accountId: string, channelId: string | undefined, read?: Account): Promise<ResetOutcome> {
    const { stores, ownership, jellyfin, requests } = this.deps;
    ownership.assertOwn(actor.id, accountId);
    const mayWait = stores.tempPasswords.outstandingOf(accountId).some(({ memberId }) => memberId === actor.id);
    const isOpen = stores.requests.open(actor.id, accountId, 'reset') !== undefined;
    const account = mayWait && !isOpen ? (read ?? (await jellyfin.getAccount(accountId))) : read;
    const password = account && !isOpen ? this.handover.unused(actor.id, account) : undefined;
    if (password?.message) return { way: 'waits', password };
    return { way: 'asked', asked: await requests.ask('reset', actor, accountId, channelId, account) };
  }

  /**
   * Asks the admins to let Jellyfin check the password of an own account, whose provider is gone. Throws `accountNotYours`,
   * `providerThere`, `providerAdministrator`, `disabledByAdmin`, `tooManyRequests`, or a Jellyfin code.
   */
  async askToTakeOver(actor: Actor, accountId: string, channelId: string | undefined): Promise<Asked> {
    this.deps.ownership.assertOwn(actor.id, accountId);
    return this.deps.requests.ask('provider', actor, accountId, channelId, await this.toTakeOver(accountId));
  }

  /** The account of a takeover, for an admin. Throws as `askToTakeOver` does. */
  async toTakeOver(accountId: string): Promise<Account> {
    const account = await this.deps.jellyfin.getAccount(accountId);
    if (account.isAdministrator) throw new AppError('providerAdministrator');
    if (lockState(account) === 'disabled') throw new AppError('disabledByAdmin');
    // Kept closed by an earlier attempt, it is opened by this one.
    if (!isPutOff(account)) await this.deps.causes.assertProviderGone(account);
    return account;
  }

  /** Does it at once; the password goes as that of a reset does. Throws as `toTakeOver` and `reset` do. */
  async takeOver(actor: Actor, accountId: string, ownerId?: string): Promise<ResetOutcome> {
    return this.#give('provider', actor, await this.toTakeOver(accountId), ownerId);
  }

  /** An administrator's own account, linked to somebody who may not change it, may still be asked for. */
  async #mayChange(actor: Actor, account: Account): Promise<boolean> {
    const { permissions, ownership } = this.deps;
    if (await permissions.mayChange(actor, account)) return true;
    if (!ownership.has(actor.id, account.id)) await permissions.assertMayChange(actor, account);
    return false;
  }

  #insert(kind: 'reset' | 'provider', actor: Actor, account: Account, memberId: string, delivery?: 'answer'): Request {
    const request = this.deps.stores.requests.insert({
      ...{ kind, state: 'approved', origin: 'direct', memberId, ...aboutAccount(account) },
      ...{ createdAt: this.deps.now(), decidedBy: actor.id, ...(delivery && { delivery }) },
    });
    if (!request) throw new AppError('passwordBeingShown');
    return request;
  }
}
