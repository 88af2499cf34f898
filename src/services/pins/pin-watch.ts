import { ignoreAppError } from '../../errors.js';
import { nameKey, readAccountId } from '../../identifiers.js';
import { KeyedMutex } from '../../keyed-mutex.js';
import { isRecent } from '../../time.js';
import { longestAccountName } from '../accounts/account.js';
import type { LogEntry } from '../accounts/activity-log.js';
import { calmly } from '../log.js';
import { type AccountNotice, isStillTheirs } from '../notices/account-notices.js';
import type { NoticeDeps, NoticeServices } from '../notices/create-notices.js';
import type { Message } from '../notices/messenger-port.js';
import { lifetimeMs, OddPinFiles } from './odd-pin-files.js';
import { pinOwnersOf } from './pin-owners.js';
import type { BadPinFile, PinFile, PinFolder, PinMessages, PinOver } from './pin-port.js';

/** How far the clocks of this machine and of the server may differ. */
const clockToleranceMs = 5000;
/** So long somebody who has redeemed a PIN may take to type it once more, as their password. */
const typedWithinMs = 10 * 60_000;
const entriesRead = 500;

export interface PinPorts {
  /** The server's folder, where it can be watched for PIN files. */
  readonly pins: { readonly folder: PinFolder; readonly messages: PinMessages } | undefined;
}

type PinWatchDeps = NoticeDeps & NonNullable<PinPorts['pins']>;

/** How a rescue tells of the PINs that it asks for itself, so that nobody else is sent them. */
export type PinsExpected = Pick<PinWatch, 'expect' | 'over'>;

/** Builds the watch for PIN files; undefined where there is no folder to watch. */
export function createPins({ pins, ...deps }: PinPorts & NoticeDeps) {
  if (!pins) return undefined;
  deps.outbox.register(['pinDenied'], {
    draw: ({ subjectId }) => {
      const notice = deps.stores.accountNotices.byId(Number.parseInt(subjectId));
      return notice && { findBy: [], message: () => pins.messages.notMe(notice) };
    },
  });
  return new PinWatch({ ...deps, ...pins });
}

/**
 * Sends a PIN to its account's owners and nobody else, and takes it back when it is past, or was used: then it is the
 * password, and stays until somebody has signed in with it. It is read from its file, and never written down.
 */
export class PinWatch {
  readonly #locks = new KeyedMutex<string>();
  /** Names whose PIN a rescue asks for, and the time up to which that lasts. */
  readonly #expected = new Map<string, number>();
  /** For each file, the PIN that this process has told everybody of; the store knows those of earlier processes. */
  readonly #told = new Map<string, PinFile>();
  /** Since when a PIN's file is seen to be gone, by the notice's id. */
  readonly #goneSince = new Map<number, number>();
  readonly #odd: OddPinFiles;
  #watching: Promise<{ close(): Promise<void> }> | undefined;

  constructor(private readonly deps: PinWatchDeps) {
    this.#odd = new OddPinFiles(deps.now);
    deps.notices.drawnBy('pin', (notice) => this.#redraw(notice));
  }

  start(): void {
    const { folder, log } = this.deps;
    this.#watching ??= folder.watch((file, isNew) => void this.changed(file, isNew));
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
  changed(file: string, isNew = false): Promise<void> {
    if (isNew) this.#odd.appeared(file);
    const work = async () => {
      const found = await this.#read(file);
      const isBroken = this.#odd.isBroken(found);
      if (found && 'pin' in found) await this.#tell(found);
      await this.#takeBack(file, found, isBroken);
      if (found && isBroken) await this.#tellBroken(found);
      await this.#tellClock(file, found);
    };
    const message = 'a PIN file was seen, and not everybody could be told yet';
    return this.#locks.run(file, () => calmly(this.deps.log, { file }, message, work));
  }

  /** Once a minute: handles files that expired, were deleted while the bot was away, or could not be told of before. */
  async round(): Promise<void> {
    const { folder, stores } = this.deps;
    const { good, bad } = await folder.list().catch(() => ({ good: [], bad: [] }));
    const files = [...stores.accountNotices.open(), ...good, ...bad].flatMap(({ file }) => file ?? []);
    for (const file of new Set(files)) await this.changed(file);
  }

  /** Tells the admins once per PIN that its owner, who was told of it so, did not ask for it; false while they cannot be told. */
  async notMe({ id, occasionKey, accountName, recipientId: memberId }: AccountNotice): Promise<boolean> {
    const { stores, outbox } = this.deps;
    const denial = { kind: 'pinDenied', subjectId: `${id} ${occasionKey}`, recipientId: 'admins' } as const;
    stores.transaction(() => {
      if (outbox.wasOwed(denial)) return;
      stores.audit.record({ actorId: memberId, act: 'forgot password', outcome: 'not me', accountName, memberId });
      outbox.owe(denial);
    });
    await outbox.deliver([denial.kind], denial.subjectId);
    return outbox.isTold(denial);
  }

  /** The account's name as it is read everywhere else: an owner is found by it, and it fits a message. */
  async #read(file: string): Promise<PinFile | BadPinFile | undefined> {
    const found = await this.deps.folder.read(file);
    if (!found || !('pin' in found)) return found;
    return { ...found, userName: [...found.userName].slice(0, longestAccountName).join('') };
  }

  async #tell(pin: PinFile): Promise<void> {
    const { stores, now } = this.deps;
    const { accountNotices: store } = stores;
    const occasionKey = occasionKeyOf(pin);
    const before = this.#told.get(pin.file);
    if (before && occasionKeyOf(before) === occasionKey) return;
    if (pin.expiresAt <= now() || this.#isExpected(pin)) return;
    const found = await pinOwnersOf(pin.userName, this.deps);
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
    if (isForAdmins) await this.#toAdmins(noticeOf(pin, key), this.deps.messages.toAdmins(pin, why));
    if (isForAdmins || outcomes.includes('said')) {
      const outcome = isSaid ? 'told' : why;
      const about = { accountId, accountName: pin.userName };
      stores.audit.record({ actorId: 'latchkey', act: 'forgot password', outcome, ...about });
    }
    this.#told.set(pin.file, pin);
  }

  async #toOwner(memberId: string, accountKey: string, pin: PinFile, isPassword = false) {
    const notice = { ...noticeOf(pin, accountKey), recipientId: memberId };
    return this.deps.notices.say(notice, (id) => this.deps.messages.toOwner(id, memberId, pin, isPassword));
  }

  async #toAdmins(notice: Omit<Said, 'recipientId'>, message: Message): Promise<void> {
    await this.deps.notices.say({ ...notice, recipientId: 'admins' }, () => message);
  }

  /** Draws a PIN again when another notice joins its message. */
  async #redraw({ id, recipientId, file, occasionKey }: AccountNotice): Promise<Message | undefined> {
    if (file === undefined) return undefined;
    const { messages } = this.deps;
    const isPassword = this.#goneSince.has(id);
    const found = isPassword ? this.#told.get(file) : await this.#read(file);
    const isIts = found && 'pin' in found && occasionKeyOf(found) === occasionKey;
    return isIts ? messages.toOwner(id, recipientId, found, isPassword) : undefined;
  }

  /** Removes PINs from messages when they are over. Where the file cannot be read now, they stay. */
  async #takeBack(file: string, found: PinFile | BadPinFile | undefined, isBroken: boolean): Promise<void> {
    for (const notice of this.deps.stores.accountNotices.open().filter((each) => each.file === file)) {
      if (!found && (await this.#isPasswordNow(notice))) continue;
      const isGone = !found || ('why' in found && (isBroken || found.why === 'expired'));
      const how = this.#howOver(notice, isGone);
      if (!how) continue;
      await this.deps.notices.takeBack(notice, this.deps.messages.over(notice, how));
      this.#goneSince.delete(notice.id);
    }
  }

  #howOver(notice: AccountNotice, isGone: boolean): PinOver | undefined {
    const isPast = (notice.expiresAt ?? 0) <= this.deps.now();
    if (isPast && !this.#goneSince.has(notice.id)) return 'expired';
    if (isGone) return 'used';
    return notice.recipientId === 'admins' || isStillTheirs(this.deps.ownership, notice) ? undefined : 'notTheirs';
  }

  /**
   * Whether somebody may still have to type a PIN whose file is gone: it was redeemed, or the server's log cannot be asked,
   * and nobody has signed in since. The message then says so.
   */
  async #isPasswordNow(notice: AccountNotice): Promise<boolean> {
    const { id, file = '', recipientId, accountKey, occasionKey } = notice;
    const { now } = this.deps;
    if (recipientId === 'admins' || !isStillTheirs(this.deps.ownership, notice)) return false;
    const entries = await this.#logOf(notice);
    const redeemed = entries?.find(({ kind }) => kind === 'passwordChanged');
    if (entries && (!redeemed || entries.some((each) => each.kind === 'signedIn' && each.id > redeemed.id)))
      return false;
    const seenAt = now();
    const since = this.#goneSince.get(id);
    if (since !== undefined) return isRecent(since, seenAt, typedWithinMs);
    // A bot that was stopped meanwhile does not know it any more: its message stays as it is.
    const pin = this.#told.get(file);
    if (redeemed && pin && occasionKeyOf(pin) === occasionKey) await this.#toOwner(recipientId, accountKey, pin, true);
    this.#goneSince.set(id, seenAt);
    return true;
  }

  /** What the server's log says of the account since the PIN was made, in its order; undefined where it cannot be asked. */
  async #logOf({ accountKey, expiresAt = 0 }: AccountNotice): Promise<LogEntry[] | undefined> {
    if (readAccountId(accountKey) === undefined) return undefined;
    const page = { since: expiresAt - lifetimeMs, startIndex: 0, limit: entriesRead };
    const entries = await this.deps.watch.log.page(page).catch(ignoreAppError);
    return entries?.filter(({ accountId }) => accountId === accountKey).sort((one, other) => one.id - other.id);
  }

  #isExpected({ userName, writtenAt }: PinFile): boolean {
    const until = this.#expected.get(nameKey(userName));
    return until !== undefined && writtenAt <= until;
  }

  /** Tells the admins, once for each version of a file, that it keeps every PIN from working (docs/jellyfin.md, "PINs"). Throws errors of Discord. */
  async #tellBroken({ file, writtenAt }: BadPinFile | PinFile): Promise<void> {
    const occasionKey = `bad ${file} ${Math.round(writtenAt ?? 0)}`;
    if (this.deps.stores.accountNotices.isTold(occasionKey, 'admins')) return;
    const about = { accountKey: file, accountName: '', kind: 'badPin', occasionKey, file } as const;
    await this.#toAdmins(about, this.deps.messages.badFile(file));
  }

  /** Tells the admins of a PIN that was over when it came. Throws errors of Discord. */
  async #tellClock(file: string, found: BadPinFile | PinFile | undefined): Promise<void> {
    const madeAt = this.#odd.madeAt(found);
    if (madeAt !== undefined) {
      const about = { accountKey: file, accountName: '', kind: 'badPin', occasionKey: `clock ${madeAt}` } as const;
      await this.#toAdmins(about, this.deps.messages.clock(this.deps.now() - madeAt));
    }
    this.#odd.done(file);
  }
}

type Said = Parameters<NoticeServices['notices']['say']>[0];

/** Names one press of *Forgot password*: each writes the file anew, so its name and time tell. */
const occasionKeyOf = ({ file, writtenAt, expiresAt }: PinFile) => `${file} ${Math.round(writtenAt)} ${expiresAt}`;

function noticeOf(pin: PinFile, accountKey: string) {
  const { file, expiresAt, userName: accountName } = pin;
  return { accountKey, accountName, kind: 'pin' as const, occasionKey: occasionKeyOf(pin), file, expiresAt };
}
