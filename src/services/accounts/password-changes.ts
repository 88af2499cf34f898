import { KeyedMutex } from '../../keyed-mutex.js';
import type { ActivityLogReader, LogCursor } from './activity-log.js';
import type { Ownership } from './ownership.js';
import type { Transaction } from '../transaction.js';

export interface PasswordLog {
  /** Up to which entry the server's log was read; undefined at first. */
  cursor(): LogCursor | undefined;
  setCursor(cursor: LogCursor): void;
  /** Whether it was the bot that changed this account's password, as this entry of the log says somebody did. */
  isBotsOwn(accountId: string, entry: LogCursor): boolean;
}

interface PasswordChangesDeps {
  readonly logReader: Pick<ActivityLogReader, 'read'>;
  readonly passwordLog: PasswordLog;
  readonly ownership: Pick<Ownership, 'suspendSignIns'>;
  readonly transaction: Transaction;
}

/**
 * Sees that an owner has changed the password of an account: whoever proved it on a device that is signed out since then
 * is to prove it once more, before they sign in another. Read before every such act, and every night.
 */
export class PasswordChanges {
  readonly #locks = new KeyedMutex<'read'>();

  constructor(private readonly deps: PasswordChangesDeps) {}

  /** Throws a Jellyfin code. */
  read(): Promise<void> {
    return this.#locks.run('read', async () => {
      const { logReader, passwordLog, ownership, transaction } = this.deps;
      const { fresh, cursor } = await logReader.read(passwordLog.cursor());
      transaction(() => {
        for (const entry of fresh) {
          const { kind, accountId } = entry;
          if (kind !== 'passwordChanged' || accountId === undefined) continue;
          if (!passwordLog.isBotsOwn(accountId, entry)) ownership.suspendSignIns(accountId);
        }
        passwordLog.setCursor(cursor);
      });
    });
  }
}
