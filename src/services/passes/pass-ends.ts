import { AppError, ignoreAppError, isGone } from '../../errors.js';
import { type Account, fieldsFor, fieldsOf, openFields, type RestrictionFields } from '../accounts/account.js';
import { everyoneToTell } from '../accounts/ownership.js';
import { calmly } from '../log.js';
import type { Actor } from '../members/actor.js';
import type { Request } from '../requests/request.js';
import { isOpen, isOver, type Pass, type PassDeps, type PassDevice, type PassEnd } from './pass.js';
import { devicesSince } from './signed-in-devices.js';

/**
 * Puts restrictions back whose pass is over, until that is done: only where the account still says what the pass wrote.
 * What an administrator has changed meanwhile stays.
 */
export class PassEnds {
  constructor(private readonly deps: PassDeps) {}

  /** Once a minute, and at a start: ends the passes that are over or were never opened, and notes who signed in. */
  async round(): Promise<void> {
    const { stores, log, now } = this.deps;
    for (const pass of stores.passes.open()) {
      const isToEnd = pass.openedAt === undefined ? !this.#isBeingOpened(pass) : isOver(pass, now());
      if (isToEnd) await this.#end(pass.id);
      else if (isOpen(pass))
        await calmly(log, { pass: pass.id }, 'who signed in could not be read yet', () => this.#noteSignedIn(pass));
    }
  }

  /**
   * Ends a pass before its time, for its owners and admins. Returns it as it is then: still open where the server could not
   * be asked, which is tried every minute. Throws `passOver`, or why this person may not.
   */
  async endNow(id: number, actor: Actor): Promise<Pass> {
    const { stores, ownership, permissions, jellyfin } = this.deps;
    const pass = stores.passes.byId(id);
    const request = pass && stores.requests.byId(pass.requestId);
    if (!pass || !request) throw new AppError('accountNotYours');
    const { accountId } = request;
    const mayNot = new AppError(actor.rank === 'helper' ? 'adminsOnly' : 'accountNotYours');
    if (!ownership.has(actor.id, accountId) && actor.rank !== 'admin') throw mayNot;
    // It may have become an administrator's since, on which few links count.
    const account = await jellyfin.getAccount(accountId).catch(ignoreAppError);
    if (!ownership.has(actor.id, accountId)) {
      if (actor.rank !== 'admin') throw mayNot;
      const isNow = account?.isAdministrator ?? ownership.wasAdministrators(accountId);
      const isAdministrator = request.adminAccount || isNow;
      await permissions.assertMayChange(actor, { id: accountId, isAdministrator });
    }
    if (!isOpen(pass)) throw new AppError('passOver');
    stores.transaction(() => {
      if (stores.passes.endEarly(id, actor.id)) this.#record(request, actor.id, 'begun');
    });
    return this.#end(id);
  }

  /** While a request is carried out, its pass is for the request to open. */
  #isBeingOpened({ requestId }: Pass): boolean {
    return this.deps.stores.requests.byId(requestId)?.state === 'approved';
  }

  async #end(id: number): Promise<Pass> {
    const { stores, log } = this.deps;
    const pass = this.#pass(id);
    if (pass.endedAt !== undefined) return pass;
    try {
      this.#ended(pass, await this.#putBack(pass));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (isGone(error)) this.#ended(pass, 'gone');
      else if (stores.passes.fail(id, error.code)) {
        log.warn({ err: error, pass: id }, 'a pass could not be ended yet');
        this.#stillOpen(this.#pass(id));
      }
    }
    return this.#pass(id);
  }

  async #putBack(pass: Pass): Promise<PassEnd> {
    const { stores, jellyfin } = this.deps;
    if (isOpen(pass)) await this.#noteSignedIn(pass);
    let end: PassEnd = 'changed';
    await jellyfin.restrict(pass.accountId, (account) => {
      const now = this.#pass(pass.id);
      const is = fieldsOf(account, pass.restriction);
      // Killed after it was put back, or the answer to that was lost.
      const isPutBack = now.putsBack !== undefined && has(is, now.putsBack);
      end = isPutBack || has(is, pass.before) ? 'putBack' : 'changed';
      if (!has(is, openFields[pass.restriction])) return undefined;
      end = 'putBack';
      const fields = fieldsToPutBack(account, now);
      stores.passes.putsBack(pass.id, fields);
      return fieldsFor(account, fields);
    });
    return end;
  }

  async #noteSignedIn(pass: Pass): Promise<void> {
    const { stores } = this.deps;
    if (!pass.devicesBefore) return;
    const found = await devicesSince(this.deps, pass.accountId, pass.devicesBefore);
    const known = pass.signedIn.map(({ id }) => id);
    const more = found.filter(({ id }) => !known.includes(id));
    if (more.length > 0) stores.passes.noteSignedIn(pass.id, [...pass.signedIn, ...more]);
  }

  #ended({ id, requestId }: Pass, end: PassEnd): void {
    const { stores, now } = this.deps;
    this.#publish(
      stores.transaction(() => {
        const request = stores.requests.byId(requestId);
        if (!stores.passes.end(id, end, now()) || !request) return undefined;
        const { endedBy } = this.#pass(id);
        this.#record(request, endedBy ?? 'latchkey', end);
        if (endedBy !== undefined && end !== 'gone') this.#oweEndedEarly(request, `${id}`, endedBy);
        return stores.requests.touch(requestId);
      }),
    );
    void this.deps.outbox.deliver(['passEndedEarly'], `${id}`);
  }

  /** Whoever was told that it is open hears that somebody else has ended it: its member, or all owners where an admin gave it. */
  #oweEndedEarly({ origin, memberId, accountId }: Request, subjectId: string, endedBy: string): void {
    const { stores, outbox } = this.deps;
    const owners = everyoneToTell(stores.links, accountId).map((link) => link.memberId);
    for (const recipientId of owners.filter((each) => origin === 'direct' || each === memberId))
      if (recipientId !== endedBy) outbox.owe({ kind: 'passEndedEarly', subjectId, recipientId });
  }

  /** The admins read that it is open still; once for each pass, and on its card why. */
  #stillOpen({ id, requestId }: Pass): void {
    const { stores, outbox } = this.deps;
    this.#publish(
      stores.transaction(() => {
        outbox.owe({ kind: 'passStillOpen', subjectId: `${id}`, recipientId: 'admins' });
        return stores.requests.touch(requestId);
      }),
    );
    void outbox.deliver(['passStillOpen'], `${id}`);
  }

  #publish(request: Request | undefined): void {
    if (request) void this.deps.executor.publish(request);
  }

  #record(request: Request, actorId: string, outcome: PassEnd | 'begun'): void {
    this.deps.executor.record(request, outcome, 'end pass', actorId);
  }

  #pass(id: number): Pass {
    const pass = this.deps.stores.passes.byId(id);
    if (!pass) throw new Error(`the pass ${id} is gone`);
    return pass;
  }
}

/** Devices that signed in while any could are on the list from now on, beside those that are there by now. */
function fieldsToPutBack({ listedDevices }: Account, { before, signedIn }: Pass): RestrictionFields {
  if (!before.listedDevices) return before;
  return { allDevices: false, listedDevices: withDevices(listedDevices, signedIn) };
}

/** Ids are compared without case. */
function withDevices(listed: readonly string[], devices: readonly PassDevice[]): string[] {
  const isListed = (id: string) => listed.some((each) => each.toLowerCase() === id.toLowerCase());
  return [...listed, ...devices.map(({ id }) => id).filter((id) => !isListed(id))];
}

/** Whether all of these fields are as wanted. */
function has(fields: RestrictionFields, wanted: RestrictionFields): boolean {
  return JSON.stringify({ ...fields, ...wanted }) === JSON.stringify(fields);
}
