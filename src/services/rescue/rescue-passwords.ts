import { AppError } from '../../errors.js';
import type { NamedAccount } from '../accounts/account.js';
import { calmly } from '../log.js';
import type { Write } from '../passwords/password-delivery.js';
import { isOwnAct, type Request } from '../requests/request.js';
import type { RescueDeps } from './rescue-port.js';

/** The temporary password of a rescue: on the same way to its person as every other, whatever sets it at the server. */
export class RescuePasswords {
  constructor(private readonly deps: RescueDeps) {}

  /** Makes, sets and shows a password to this person, in a direct message. Throws AppError, and what `write` throws. */
  async handOver(memberId: string, account: NamedAccount, write: Write): Promise<void> {
    const request = this.#request(memberId, account);
    await this.deps.executor.exclusively(request, () => this.#deliver(request, write));
  }

  /** At a start: gives up a password that a rescue was about to hand over, as the key may not work; the rescue says so. False for none. */
  async settleCutShort(memberId: string, accountId: string): Promise<boolean> {
    const open = this.deps.stores.requests.open(memberId, accountId, 'reset');
    if (open?.state !== 'approved' || !isOwnAct(open)) return false;
    await this.deps.executor.exclusively(open, () => this.#fail(open, new AppError('passwordNotShown')));
    return true;
  }

  async #deliver({ id }: Request, write: Write): Promise<void> {
    const request = this.deps.stores.requests.begin(id);
    if (!request) throw new AppError('passwordBeingShown');
    try {
      // Who may have it was asked when the rescue was begun; what sets it asks again about the account.
      const delivered = await this.deps.passwordDelivery.execute(request, write);
      if (delivered.state !== 'done') throw new AppError('passwordNotShown');
    } catch (error) {
      const failure = error instanceof AppError ? error : new AppError('discordTrouble', {}, { cause: error });
      await this.#fail(request, failure);
      throw failure;
    } finally {
      // Not waited for; where the bot is being stopped, the next start tells them.
      const { owners, log } = this.deps;
      void calmly(log, { request: request.id }, 'the other owners could not be told yet', () => owners.tell());
    }
  }

  /** The rescue itself says what went wrong; here the message that waits for a password is told not to. */
  async #fail(request: Request, error: AppError): Promise<void> {
    const { notice } = this.deps.executor.fail(request, error, 'told');
    const { log, kept, rescue } = this.deps;
    const { id, memberId: actorId, accountName } = request;
    await calmly(log, { request: id }, 'a message without its password could not be changed yet', async () => {
      const message = rescue.messages.sentence('noPassword', { actorId, accountName });
      if (notice) await kept.revise('lastWord', notice, message);
    });
  }

  /** One that they have asked for already is answered with it. */
  #request(memberId: string, { id: accountId, name: accountName }: NamedAccount) {
    const { stores, now } = this.deps;
    const open = stores.requests.open(memberId, accountId, 'reset');
    const decision = { decidedBy: memberId, decidedAt: now() };
    const request =
      (open && stores.requests.move(open.id, ['pending'], 'approved', decision)) ??
      stores.requests.insert({
        ...{ kind: 'reset', state: 'approved', memberId, accountId, accountName, adminAccount: true, origin: 'direct' },
        ...{ createdAt: now(), decidedBy: memberId, delivery: 'dm' },
      });
    if (!request) throw new AppError('passwordBeingShown');
    return request;
  }
}
