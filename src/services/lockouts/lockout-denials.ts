import { AppError } from '../../errors.js';
import { KeyedMutex } from '../../keyed-mutex.js';
import type { Account } from '../accounts/account.js';
import type { AccountNotice } from '../notices/account-notices.js';
import type { Audit } from '../audit.js';
import type { Denial, DenialStore, Lockout, LockoutStore } from './lockout.js';
import { triesFor } from './failed-sign-ins.js';
import { lockoutOf } from './lockout-notices.js';
import { lockoutMark, type LockoutMessages, type SignInFacts } from './lockout-messages.js';
import type { Log } from '../log.js';
import type { Messenger } from '../notices/messenger-port.js';
import type { Devices, LogEntry, ServerLog } from '../accounts/activity-log-port.js';

const dayMs = 86_400_000;
/** So many of the log's newest entries are looked through. */
const mostEntries = 1000;

export interface DenialsDeps {
  readonly store: DenialStore;
  readonly lockouts: Pick<LockoutStore, 'byId'>;
  readonly serverLog: ServerLog;
  readonly devices: Pick<Devices, 'list'>;
  readonly accounts: { list(): Promise<readonly Account[]> };
  readonly messenger: Messenger;
  readonly messages: LockoutMessages;
  readonly audit: Audit;
  readonly adminChannelId: string;
  readonly log: Log;
  readonly now: () => number;
}

/** Tells the admins of owners who say that somebody else locked their account, with what the server knows of it. */
export class Denials {
  readonly #locks = new KeyedMutex<number>();

  constructor(private readonly deps: DenialsDeps) {}

  /** Once for a lockout and each of its owners; the admins hear of it now, or when Discord lets them. Throws `requestGone`. */
  async deny(word: AccountNotice): Promise<void> {
    const { store, lockouts, audit, now } = this.deps;
    const lockout = lockouts.byId(lockoutOf(word));
    if (!lockout) throw new AppError('requestGone');
    const { accountId, accountName, id: lockoutId } = lockout;
    const denial = store.begin({ memberId: word.to, accountId, accountName, lockoutId, at: now() });
    if (!denial) return;
    audit.record({ actorId: word.to, act: 'lockout', outcome: 'not me', accountId, accountName, memberId: word.to });
    await this.#show(denial, false);
  }

  /** What could not be told or found out before. Never throws. */
  async round(): Promise<void> {
    for (const denial of this.deps.store.stale()) await this.#show(denial, true);
  }

  #show({ id }: Denial, mayBeSent: boolean): Promise<void> {
    return this.#locks.run(id, async () => {
      // Whoever was first in the queue may have shown it already.
      const denial = this.deps.store.stale().find((each) => each.id === id);
      if (!denial) return;
      try {
        await this.#draw(denial, mayBeSent);
      } catch (err) {
        this.deps.log.warn({ err, denial: id }, 'the admins could not be told of a denial yet');
      }
    });
  }

  async #draw(denial: Denial, mayBeSent: boolean): Promise<void> {
    const { store, lockouts, messenger, messages, adminChannelId } = this.deps;
    const lockout = lockouts.byId(denial.lockoutId);
    const facts = lockout && (await this.#facts(lockout));
    const message = messages.denied(denial, facts);
    const place = denial.place ?? (mayBeSent ? await this.#sentBefore(denial) : undefined);
    // Told already, and still nothing to add.
    if (denial.place && !facts) return;
    const edited = place && (await messenger.edit(place, message));
    // Discord lets it rest for a while, and it stands as it was: a later round tries again.
    if (edited === 'editLimitReached') return;
    const nonce = `d${denial.id}.${denial.at.toString(36)}`;
    const stands = place ?? (await messenger.send(adminChannelId, message, nonce));
    if (stands) store.placed(denial.id, stands);
    // What the server could not say now is put in when it answers again.
    if (stands && facts) store.shown(denial.id, denial.version);
  }

  async #sentBefore({ id, accountId }: Denial) {
    const { messenger, adminChannelId } = this.deps;
    return (await messenger.findOwn(adminChannelId, lockoutMark.signOut(accountId, id)))?.place;
  }

  /** Undefined while the server does not answer. */
  async #facts({ accountId, accountName, lockedAt, tries }: Lockout): Promise<SignInFacts | undefined> {
    const { serverLog, devices, accounts } = this.deps;
    try {
      const entries = await serverLog.page({ since: lockedAt - dayMs, startIndex: 0, limit: mostEntries });
      const failed = entries
        .filter(({ kind }) => kind === 'failed')
        .map(({ at, address, text }) => ({ at, address, text }));
      const names = async () => (await accounts.list()).map(({ name }) => name);
      const own = await triesFor(accountName, failed, names);
      return {
        tries: own.isSure && own.tries.length > 0 ? own.tries : tries,
        signIns: entries.filter(isSignInOf(accountId)).map(({ at, address }) => ({ at, address })),
        devices: (await devices.list()).filter((device) => device.accountId === accountId),
      };
    } catch (error) {
      if (error instanceof AppError) return undefined;
      throw error;
    }
  }
}

function isSignInOf(id: string) {
  return ({ kind, accountId }: LogEntry) => kind === 'signedIn' && accountId === id;
}
