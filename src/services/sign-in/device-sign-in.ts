import { AppError } from '../../errors.js';
import { isRecent } from '../../time.js';
import { KeyedMutex } from '../../keyed-mutex.js';
import { lockState, type Account } from '../accounts/account.js';
import type { NamedAccount } from '../accounts/account-picker.js';
import type { Actor } from '../members/actor.js';
import type { Audit } from '../audit.js';
import type { AccountServices } from '../accounts/create-accounts.js';
import type { Jellyfin } from '../accounts/jellyfin-port.js';
import type { Ownership } from '../accounts/ownership.js';
import type { RequestServices } from '../requests/create-requests.js';
import type { RateLimits } from '../requests/rate-limits.js';
import type { QuickConnect } from '../accounts/quick-connect-port.js';

/** Jellyfin takes a code for so long (docs/jellyfin.md, "Quick Connect"). */
const codeLivesMs = 10 * 60_000;

export interface SignInsDeps {
  readonly quickConnect: QuickConnect;
  readonly ownership: Pick<Ownership, 'assertOwn' | 'ofMember'>;
  readonly jellyfin: Pick<Jellyfin, 'getAccount'>;
  readonly rateLimits: Pick<RateLimits, 'take'>;
  readonly audit: Audit;
  readonly now: () => number;
}

/** A way in without a password: the code on a new device's screen, authorised for one's own account. */
export class SignIns {
  readonly #locks = new KeyedMutex<string>();
  /** Codes that went through, by whom, for which account: a second press of the same button is no second try. */
  readonly #done = new Map<string, { readonly who: string; readonly at: number }>();

  constructor(private readonly deps: SignInsDeps) {}

  /** The code as Jellyfin wants it: its zeros kept, without what people put in between. Throws `codeUnreadable`. */
  readCode(typed: string): string {
    const code = typed.replace(/[\s\p{Pd}\p{Cf}.·_]/gu, '').normalize('NFKC');
    if (!/^\d{6}$/.test(code)) throw new AppError('codeUnreadable');
    return code;
  }

  /** Which accounts this person could be signed in to. Throws `notLinked`. */
  accountsOf(actor: Actor): NamedAccount[] {
    const mine = this.deps.ownership.ofMember(actor.id).map(({ accountId: id, accountName: name }) => ({ id, name }));
    if (mine.length === 0) throw new AppError('notLinked');
    return mine;
  }

  /** An own account, as it is at this moment. Throws `accountNotYours`, `disabledByAdmin`, or a Jellyfin code. */
  async look(actor: Actor, accountId: string): Promise<Account> {
    const { ownership, jellyfin } = this.deps;
    ownership.assertOwn(actor.id, accountId);
    const account = await jellyfin.getAccount(accountId);
    // Asked again: it may have become an administrator's.
    ownership.assertOwn(actor.id, accountId);
    if (lockState(account) === 'disabled') throw new AppError('disabledByAdmin', { account: account.name });
    return account;
  }

  /**
   * Signs the device that shows the code in to an own account, unless that is locked: a locked account's device would be
   * let in and then refused everything. `typedAt`: when the person saw the code.
   * Throws as `look` does, `codeExpired`, `tooOften`, `codeWrong`, `codeUsed`, or `quickConnectOff`.
   */
  async authorise(actor: Actor, accountId: string, code: string, typedAt: number): Promise<Account> {
    return this.#locks.run(code, async () => {
      const account = await this.look(actor, accountId);
      if (lockState(account) === 'locked') return account;
      const who = `${actor.id} ${accountId}`;
      this.#forgetOld();
      if (this.#done.get(code)?.who === who) return account;
      if (this.deps.now() - typedAt >= codeLivesMs) throw new AppError('codeExpired');
      // A code has six digits: nobody is to try them all.
      await this.deps.rateLimits.take(actor.id, 'sign-in code', () => {
        // Written before it is done: where nothing can be saved any more, nobody is let in either.
        this.#record(actor, account, 'begun');
        return this.deps.quickConnect.authorise(code, accountId);
      });
      this.#done.set(code, { who, at: this.deps.now() });
      this.#record(actor, account, 'done');
      return account;
    });
  }

  #forgetOld(): void {
    for (const [code, { at }] of this.#done) if (!isRecent(at, this.deps.now(), codeLivesMs)) this.#done.delete(code);
  }

  #record({ id: actorId }: Actor, { id: accountId, name: accountName }: Account, outcome: string): void {
    this.deps.audit.record({ actorId, act: 'signin', outcome, accountId, accountName, memberId: actorId });
  }
}

export interface SignInPorts {
  readonly stores: { readonly audit: Audit };
  readonly quickConnect: QuickConnect;
  readonly now: () => number;
}

export function createSignIns(
  ports: SignInPorts,
  { jellyfin, ownership, rateLimits }: AccountServices & RequestServices,
): SignIns {
  const { audit } = ports.stores;
  return new SignIns({ quickConnect: ports.quickConnect, ownership, jellyfin, rateLimits, audit, now: ports.now });
}
