import { AppError } from '../../errors.js';
import { OneAtATime } from '../../one-at-a-time.js';
import {
  isStillTheirs,
  type AccountWord,
  type AccountWordStore,
  type AccountWords,
} from '../notices/account-notices.js';
import type { Actor } from '../members/actor.js';
import type { AtOnce } from '../transaction.js';
import type { Audit } from '../audit.js';
import { BadPinFiles } from './bad-pin-files.js';
import type { LinkStore } from '../accounts/link.js';
import type { Log } from '../log.js';
import type { Message, Messenger } from '../notices/messenger-port.js';
import type { NoOwnerWhy, PinOwners } from './pin-owners.js';
import type { BadPinFile, PinFile, PinFolder } from '../rescue/ladder/pin-port.js';
import type { PinsExpected } from '../rescue/ladder/ports.js';

/** A clock that is read on two machines. */
const clockToleranceMs = 5000;

export type NotSentWhy = NoOwnerWhy | 'closed' | 'tooMany';

/** Why a PIN is not to be read any more; `notTheirs`: the account was taken away from its reader. */
export type PinOver = 'used' | 'expired' | 'notTheirs';

/** Draws the words about PINs. */
export interface PinVoice {
  toOwner(wordId: number, to: string, pin: PinFile): Message;
  toAdmins(pin: PinFile, why: NotSentWhy): Message;
  badFile(file: string): Message;
  over(word: AccountWord, how: PinOver): Message;
  notMe(word: AccountWord): Message;
}

export interface PinWatchNeeds {
  readonly folder: PinFolder;
  readonly words: AccountWords;
  readonly store: AccountWordStore;
  readonly owners: Pick<PinOwners, 'of'>;
  readonly links: Pick<LinkStore, 'ofMember'>;
  readonly messenger: Messenger;
  readonly voice: PinVoice;
  readonly atOnce: AtOnce;
  readonly audit: Audit;
  readonly adminChannelId: string;
  readonly log: Log;
  readonly now: () => number;
}

/**
 * Somebody pressed *Forgot password* on the login page: the account's owner gets the PIN, and nobody else; it is taken
 * back when it is used or past. The PIN is read from its file each time, and kept nowhere.
 */
export class PinWatch implements PinsExpected {
  readonly #turns = new OneAtATime<string>();
  readonly #bad: BadPinFiles;
  /** By lower-case name: asked for by a rescue, until when. */
  readonly #expected = new Map<string, number>();
  /** By file: the press that all were told of by this process; what others before it told is asked of the store. */
  readonly #settled = new Map<string, string>();
  #watching: Promise<{ close(): Promise<void> }> | undefined;

  constructor(private readonly needs: PinWatchNeeds) {
    this.#bad = new BadPinFiles(needs);
    needs.words.drawnBy('pin', (word) => this.#redraw(word));
  }

  start(): void {
    const { folder, log } = this.needs;
    this.#watching ??= folder.watch((file) => void this.changed(file));
    this.#watching.catch((err: unknown) => log.warn({ err }, "Jellyfin's folder cannot be watched for PIN files"));
  }

  async stop(): Promise<void> {
    const watching = await this.#watching?.catch(() => undefined);
    await watching?.close();
    await this.#turns.idle();
  }

  expect(userName: string): void {
    this.#expected.set(userName.toLowerCase(), Infinity);
  }

  over(userName: string): void {
    this.#expected.set(userName.toLowerCase(), this.needs.now() + clockToleranceMs);
  }

  /** A PIN file appeared, changed or went. Never throws: what Discord's troubles delayed comes with the next round. */
  changed(file: string): Promise<void> {
    return this.#turns.run(file, async () => {
      try {
        const found = await this.needs.folder.read(file);
        const isBroken = this.#bad.isSureOf(found);
        if (found && 'pin' in found) await this.#tell(found);
        await this.#takeBack(file, found, isBroken);
        if (found && isBroken) await this.#bad.tell(found);
      } catch (err) {
        this.needs.log.warn({ err, file }, 'a PIN file was seen, and not everybody could be told yet');
      }
    });
  }

  /** Once a minute: what expired, what went while the bot was away, and what could not be told before. */
  async round(): Promise<void> {
    const { folder, store } = this.needs;
    const { good, bad } = await folder.list().catch(() => ({ good: [], bad: [] }));
    const files = [...store.open(), ...good, ...bad].flatMap(({ file }) => file ?? []);
    for (const file of new Set(files)) await this.changed(file);
  }

  /**
   * The owner says that it was somebody else: the admins hear of it once for each time that somebody asked for a PIN. False
   * when they cannot be told; a later press tries again. Throws `requestGone` or `requestNotYours`.
   */
  async notMe(wordId: number, actor: Actor): Promise<boolean> {
    const { store, voice } = this.needs;
    const word = store.byId(wordId);
    if (!word) throw new AppError('requestGone');
    if (word.to !== actor.id) throw new AppError('requestNotYours');
    const mark = `not me ${word.id} ${word.mark}`;
    return this.#turns.run(mark, () => this.#deny(word, mark, voice.notMe(word)));
  }

  async #deny(
    { accountKey, accountName, to: memberId }: AccountWord,
    mark: string,
    message: Message,
  ): Promise<boolean> {
    const { store, messenger, audit, atOnce, adminChannelId, now } = this.needs;
    const begun = store.recent(accountKey, 'admins', 0, Infinity).find((each) => each.mark === mark);
    if (begun?.place) return true;
    const denial =
      begun ??
      atOnce(() => {
        audit.record({ actorId: memberId, act: 'forgot password', outcome: 'not me', accountName, memberId });
        const word = { accountKey, accountName, to: 'admins', kind: 'pinDenied', mark, sentAt: now() } as const;
        return store.begin({ ...word, file: undefined, expiresAt: undefined });
      });
    const place = await messenger.send(adminChannelId, message, `n${denial.id}.${denial.sentAt.toString(36)}`);
    if (place) store.placed(denial.id, place);
    return place !== undefined;
  }

  async #tell(pin: PinFile): Promise<void> {
    const { store, owners, now } = this.needs;
    const mark = markOf(pin);
    if (this.#settled.get(pin.file) === mark || pin.expiresAt <= now() || this.#isExpected(pin)) return;
    const found = await owners.of(pin.userName);
    const accountId = found.account?.id;
    const key = accountId ?? pin.userName.toLowerCase();
    const toldBefore = found.owners.filter((memberId) => store.isTold(mark, memberId));
    const rest = found.owners.filter((memberId) => !toldBefore.includes(memberId));
    // One who cannot be told at this moment does not keep the others from being told.
    const said = await Promise.allSettled(rest.map((memberId) => this.#toOwner(memberId, key, pin)));
    for (const each of said) if (each.status === 'rejected') throw each.reason;
    const outcomes = said.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    const isSaid = toldBefore.length > 0 || outcomes.includes('said');
    const why = found.none ?? outcomes.findLast((each) => each !== 'said') ?? 'nobody';
    const isForAdmins = !isSaid && !store.isTold(mark, 'admins');
    if (isForAdmins) await this.#toAdmins(key, pin, why);
    if (isForAdmins || outcomes.includes('said'))
      this.#record({ accountId, accountName: pin.userName }, isSaid ? 'told' : why);
    this.#settled.set(pin.file, mark);
  }

  async #toOwner(memberId: string, accountKey: string, pin: PinFile) {
    const { messenger, words, voice } = this.needs;
    const channelId = await messenger.openDm(memberId);
    if (channelId === undefined) return 'closed';
    const word = { ...wordOf(pin, accountKey), to: memberId };
    return words.say(channelId, word, (id) => voice.toOwner(id, memberId, pin));
  }

  async #toAdmins(accountKey: string, pin: PinFile, why: NotSentWhy): Promise<void> {
    const { words, voice, adminChannelId } = this.needs;
    await words.say(adminChannelId, { ...wordOf(pin, accountKey), to: 'admins' }, () => voice.toAdmins(pin, why));
  }

  /** A PIN that stands in a message, when that says something else as well. */
  async #redraw({ id, to, file, mark }: AccountWord): Promise<Message | undefined> {
    if (file === undefined || to === 'admins') return undefined;
    const found = await this.needs.folder.read(file);
    const isThere = found && 'pin' in found && markOf(found) === mark && found.expiresAt > this.needs.now();
    return isThere ? this.needs.voice.toOwner(id, to, found) : undefined;
  }

  /** What nobody can see at the moment is left as it stands. */
  async #takeBack(file: string, found: PinFile | BadPinFile | undefined, isBroken: boolean): Promise<void> {
    const { store, words, voice } = this.needs;
    const isGone = !found || ('why' in found && (isBroken || found.why === 'expired'));
    for (const word of store.open().filter((each) => each.file === file)) {
      const how = this.#howOver(word, isGone);
      if (how) await words.takeBack(word, voice.over(word, how));
    }
  }

  #howOver(word: AccountWord, isGone: boolean): PinOver | undefined {
    if ((word.expiresAt ?? 0) <= this.needs.now()) return 'expired';
    if (isGone) return 'used';
    return word.to === 'admins' || isStillTheirs(this.needs.links, word) ? undefined : 'notTheirs';
  }

  #isExpected({ userName, writtenAt }: PinFile): boolean {
    const until = this.#expected.get(userName.toLowerCase());
    return until !== undefined && writtenAt <= until;
  }

  #record(account: { accountId: string | undefined; accountName: string }, outcome: string): void {
    this.needs.audit.record({ actorId: 'latchkey', act: 'forgot password', outcome, ...account });
  }
}

/** One press of *Forgot password*: the file by its name and time, as each writes it anew. */
const markOf = ({ file, writtenAt, expiresAt }: PinFile) => `${file} ${Math.round(writtenAt)} ${expiresAt}`;

function wordOf(pin: PinFile, accountKey: string) {
  const { file, expiresAt, userName: accountName } = pin;
  return { accountKey, accountName, kind: 'pin' as const, mark: markOf(pin), file, expiresAt };
}
