import { AppError } from '../../errors.js';
import { nameKey } from '../../identifiers.js';
import { KeyedMutex } from '../../keyed-mutex.js';
import {
  isStillTheirs,
  type AccountNotice,
  type AccountNoticeStore,
  type AccountNotices,
} from '../notices/account-notices.js';
import type { Actor } from '../members/actor.js';
import type { Transaction } from '../transaction.js';
import type { Audit } from '../audit.js';
import { BadPinFiles } from './bad-pin-files.js';
import type { Ownership } from '../accounts/ownership.js';
import type { Log } from '../log.js';
import { messageKey } from '../notices/kept-message.js';
import type { Message, Messenger } from '../notices/messenger-port.js';
import type { NoOwnerWhy, PinOwners } from './pin-owners.js';
import type { BadPinFile, PinFile, PinFolder } from './pin-port.js';

/** How far the clocks of this machine and of the server may differ. */
const clockToleranceMs = 5000;

export type NotSentWhy = NoOwnerWhy | 'closed' | 'tooMany';

/** Why a PIN must not be read any more; `notTheirs`: its reader does not own the account any more. */
export type PinOver = 'used' | 'expired' | 'notTheirs';

/** Draws the messages about PINs. */
export interface PinMessages {
  toOwner(noticeId: number, memberId: string, pin: PinFile): Message;
  toAdmins(pin: PinFile, why: NotSentWhy): Message;
  badFile(file: string): Message;
  over(notice: AccountNotice, how: PinOver): Message;
  notMe(notice: AccountNotice): Message;
}

export interface PinWatchDeps {
  readonly folder: PinFolder;
  readonly notices: AccountNotices;
  readonly store: AccountNoticeStore;
  readonly owners: Pick<PinOwners, 'of'>;
  readonly ownership: Pick<Ownership, 'ofMember'>;
  readonly messenger: Messenger;
  readonly messages: PinMessages;
  readonly transaction: Transaction;
  readonly audit: Audit;
  readonly adminChannelId: string;
  readonly log: Log;
  readonly now: () => number;
}

/** How a rescue tells of the PINs that it asks for itself, so that nobody else is sent them. */
export type PinsExpected = Pick<PinWatch, 'expect' | 'over'>;

/** Sends a PIN to its account's owners and nobody else, and takes it back when used or past; it is read from its file and never kept. */
export class PinWatch {
  readonly #locks = new KeyedMutex<string>();
  readonly #bad: BadPinFiles;
  /** Names whose PIN a rescue asks for, and the time up to which that lasts. */
  readonly #expected = new Map<string, number>();
  /** For each file, the occasion that this process has told everybody of; the store knows those of earlier processes. */
  readonly #settled = new Map<string, string>();
  #watching: Promise<{ close(): Promise<void> }> | undefined;

  constructor(private readonly deps: PinWatchDeps) {
    this.#bad = new BadPinFiles(deps);
    deps.notices.drawnBy('pin', (notice) => this.#redraw(notice));
  }

  start(): void {
    const { folder, log } = this.deps;
    this.#watching ??= folder.watch((file) => void this.changed(file));
    this.#watching.catch((err: unknown) => log.warn({ err }, "Jellyfin's folder cannot be watched for PIN files"));
  }

  async stop(): Promise<void> {
    const watching = await this.#watching?.catch(() => undefined);
    await watching?.close();
    await this.#locks.idle();
  }

  expect(userName: string): void {
    this.#expected.set(nameKey(userName), Infinity);
  }

  over(userName: string): void {
    this.#expected.set(nameKey(userName), this.deps.now() + clockToleranceMs);
  }

  /** Handles a PIN file that appeared, changed or was deleted. Never throws: the next round tries again. */
  changed(file: string): Promise<void> {
    return this.#locks.run(file, async () => {
      try {
        const found = await this.deps.folder.read(file);
        const isBroken = this.#bad.isSureOf(found);
        if (found && 'pin' in found) await this.#tell(found);
        await this.#takeBack(file, found, isBroken);
        if (found && isBroken) await this.#bad.tell(found);
      } catch (err) {
        this.deps.log.warn({ err, file }, 'a PIN file was seen, and not everybody could be told yet');
      }
    });
  }

  /** Once a minute: handles files that expired, were deleted while the bot was away, or could not be told of before. */
  async round(): Promise<void> {
    const { folder, store } = this.deps;
    const { good, bad } = await folder.list().catch(() => ({ good: [], bad: [] }));
    const files = [...store.open(), ...good, ...bad].flatMap(({ file }) => file ?? []);
    for (const file of new Set(files)) await this.changed(file);
  }

  /** Tells the admins once per PIN that its owner did not ask for it; false when they cannot be told. Throws `requestGone` or `requestNotYours`. */
  async notMe(noticeId: number, actor: Actor): Promise<boolean> {
    const { store, messages } = this.deps;
    const notice = store.byId(noticeId);
    if (!notice) throw new AppError('requestGone');
    if (notice.recipientId !== actor.id) throw new AppError('requestNotYours');
    const occasionKey = `not me ${notice.id} ${notice.occasionKey}`;
    return this.#locks.run(occasionKey, () => this.#deny(notice, occasionKey, messages.notMe(notice)));
  }

  async #deny(
    { accountKey, accountName, recipientId: memberId }: AccountNotice,
    occasionKey: string,
    message: Message,
  ): Promise<boolean> {
    const { store, messenger, audit, transaction, adminChannelId, now } = this.deps;
    const begun = store.recent(accountKey, 'admins', 0, Infinity).find((each) => each.occasionKey === occasionKey);
    if (begun?.message) return true;
    const denial =
      begun ??
      transaction(() => {
        audit.record({ actorId: memberId, act: 'forgot password', outcome: 'not me', accountName, memberId });
        const notice = { accountKey, accountName, recipientId: 'admins', occasionKey, sentAt: now() };
        return store.begin({ ...notice, kind: 'pinDenied' });
      });
    const key = messageKey('pinDenial', { id: denial.id, since: denial.sentAt });
    const sent = await messenger.send(adminChannelId, message, key);
    if (sent) store.placed(denial.id, sent);
    return sent !== undefined;
  }

  async #tell(pin: PinFile): Promise<void> {
    const { store, owners, now } = this.deps;
    const occasionKey = occasionKeyOf(pin);
    if (this.#settled.get(pin.file) === occasionKey || pin.expiresAt <= now() || this.#isExpected(pin)) return;
    const found = await owners.of(pin.userName);
    const accountId = found.account?.id;
    const key = accountId ?? nameKey(pin.userName);
    const toldBefore = found.owners.filter((memberId) => store.isTold(occasionKey, memberId));
    const rest = found.owners.filter((memberId) => !toldBefore.includes(memberId));
    // Where one owner cannot be told now, the others are told all the same.
    const said = await Promise.allSettled(rest.map((memberId) => this.#toOwner(memberId, key, pin)));
    for (const each of said) if (each.status === 'rejected') throw each.reason;
    const outcomes = said.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    const isSaid = toldBefore.length > 0 || outcomes.includes('said');
    const why = found.none ?? outcomes.findLast((each) => each !== 'said') ?? 'nobody';
    const isForAdmins = !isSaid && !store.isTold(occasionKey, 'admins');
    if (isForAdmins) await this.#toAdmins(key, pin, why);
    if (isForAdmins || outcomes.includes('said'))
      this.#record({ accountId, accountName: pin.userName }, isSaid ? 'told' : why);
    this.#settled.set(pin.file, occasionKey);
  }

  async #toOwner(memberId: string, accountKey: string, pin: PinFile) {
    const { messenger, notices, messages } = this.deps;
    const channelId = await messenger.openDm(memberId);
    if (channelId === undefined) return 'closed';
    const notice = { ...noticeOf(pin, accountKey), recipientId: memberId };
    return notices.say(channelId, notice, (id) => messages.toOwner(id, memberId, pin));
  }

  async #toAdmins(accountKey: string, pin: PinFile, why: NotSentWhy): Promise<void> {
    const { notices, messages, adminChannelId } = this.deps;
    await notices.say(adminChannelId, { ...noticeOf(pin, accountKey), recipientId: 'admins' }, () =>
      messages.toAdmins(pin, why),
    );
  }

  /** Draws a PIN again when another notice joins its message. */
  async #redraw({ id, recipientId, file, occasionKey }: AccountNotice): Promise<Message | undefined> {
    if (file === undefined || recipientId === 'admins') return undefined;
    const found = await this.deps.folder.read(file);
    const isThere =
      found && 'pin' in found && occasionKeyOf(found) === occasionKey && found.expiresAt > this.deps.now();
    return isThere ? this.deps.messages.toOwner(id, recipientId, found) : undefined;
  }

  /** Removes PINs from messages when they are over. Where the file cannot be read now, they stay. */
  async #takeBack(file: string, found: PinFile | BadPinFile | undefined, isBroken: boolean): Promise<void> {
    const { store, notices, messages } = this.deps;
    const isGone = !found || ('why' in found && (isBroken || found.why === 'expired'));
    for (const notice of store.open().filter((each) => each.file === file)) {
      const how = this.#howOver(notice, isGone);
      if (how) await notices.takeBack(notice, messages.over(notice, how));
    }
  }

  #howOver(notice: AccountNotice, isGone: boolean): PinOver | undefined {
    if ((notice.expiresAt ?? 0) <= this.deps.now()) return 'expired';
    if (isGone) return 'used';
    return notice.recipientId === 'admins' || isStillTheirs(this.deps.ownership, notice) ? undefined : 'notTheirs';
  }

  #isExpected({ userName, writtenAt }: PinFile): boolean {
    const until = this.#expected.get(nameKey(userName));
    return until !== undefined && writtenAt <= until;
  }

  #record(account: { accountId: string | undefined; accountName: string }, outcome: string): void {
    this.deps.audit.record({ actorId: 'latchkey', act: 'forgot password', outcome, ...account });
  }
}

/** Names one press of *Forgot password*: each writes the file anew, so its name and time tell. */
const occasionKeyOf = ({ file, writtenAt, expiresAt }: PinFile) => `${file} ${Math.round(writtenAt)} ${expiresAt}`;

function noticeOf(pin: PinFile, accountKey: string) {
  const { file, expiresAt, userName: accountName } = pin;
  return { accountKey, accountName, kind: 'pin' as const, occasionKey: occasionKeyOf(pin), file, expiresAt };
}
