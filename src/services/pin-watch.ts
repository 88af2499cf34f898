import { AppError } from '../errors.js';
import type { Account } from './account.js';
import type { AccountWord, AccountWordStore } from './account-word.js';
import type { AccountWords } from './account-words.js';
import type { Actor } from './actor.js';
import type { Audit } from './audit.js';
import type { LinkStore } from './link.js';
import type { Log } from './log.js';
import type { Members } from './members-port.js';
import type { Message, Messenger } from './messenger-port.js';
import { OneAtATime } from '../one-at-a-time.js';
import type { BadPinFile, PinFile, PinFolder } from './rescue/pin-port.js';
import type { PinsExpected } from './rescue/ports.js';

/** A clock that is read on two machines. */
const clockToleranceMs = 5000;

export type NotSentWhy = 'nobody' | 'noAdmin' | 'closed' | 'tooMany';

/** Draws the words about PINs. */
export interface PinVoice {
  toOwner(wordId: number, to: string, pin: PinFile): Message;
  toAdmins(pin: PinFile, why: NotSentWhy): Message;
  badFile(file: string): Message;
  over(word: AccountWord, how: 'used' | 'expired'): Message;
  notMe(word: AccountWord): Message;
}

export interface PinWatchNeeds {
  readonly folder: PinFolder;
  readonly words: AccountWords;
  readonly store: AccountWordStore;
  readonly links: LinkStore;
  readonly accounts: { listNow(): Promise<readonly Account[]> };
  readonly members: Pick<Members, 'rankOf'>;
  readonly messenger: Messenger;
  readonly voice: PinVoice;
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
  /** By lower-case name: asked for by a rescue, until when. */
  readonly #expected = new Map<string, number>();
  #watching: Promise<{ close(): Promise<void> }> | undefined;

  constructor(private readonly needs: PinWatchNeeds) {
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
        if (found && 'pin' in found) await this.#tell(found);
        else await this.#over(file, found);
      } catch (err) {
        this.needs.log.warn({ err, file }, 'a PIN file was seen, and nobody could be told yet');
      }
    });
  }

  /** Once a minute: what expired, and what could not be told before. */
  async round(): Promise<void> {
    for (const word of this.needs.store.open()) {
      if (word.file !== undefined && (word.expiresAt ?? 0) <= this.needs.now()) await this.changed(word.file);
    }
    const { good } = await this.needs.folder.list().catch(() => ({ good: [] }));
    for (const pin of good) if (!this.needs.store.isTold(markOf(pin))) await this.changed(pin.file);
  }

  /** The owner says that it was somebody else. Throws `requestGone` or `requestNotYours`. */
  async notMe(wordId: number, actor: Actor): Promise<void> {
    const { store, messenger, voice, audit, adminChannelId } = this.needs;
    const word = store.byId(wordId);
    if (!word) throw new AppError('requestGone');
    if (word.to !== actor.id) throw new AppError('requestNotYours');
    await messenger.send(adminChannelId, voice.notMe(word), `n${word.id}.${word.sentAt.toString(36)}`);
    const { accountName } = word;
    audit.record({ actorId: actor.id, act: 'forgot password', outcome: 'not me', accountName, memberId: actor.id });
  }

  async #tell(pin: PinFile): Promise<void> {
    const { store, now } = this.needs;
    if (store.isTold(markOf(pin)) || pin.expiresAt <= now() || this.#isExpected(pin)) return;
    const account = await this.#account(pin.userName);
    const key = account?.id ?? pin.userName.toLowerCase();
    const { owners, none } = await this.#owners(account, pin.userName);
    let why: NotSentWhy | undefined = none;
    let isSaid = false;
    for (const memberId of owners) {
      const said = await this.#toOwner(memberId, key, pin);
      if (said === 'said') isSaid = true;
      else why = said;
    }
    if (!isSaid) await this.#toAdmins(key, pin, why ?? 'nobody');
    this.#record(account, pin, isSaid ? 'told' : (why ?? 'nobody'));
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

  /**
   * Everybody who owns the account: a child's may have two parents. An administrator's goes to its linked server admins
   * only, by their roles at this moment; one of which nobody can say whether it is an administrator's counts as one.
   */
  async #owners(account: Account | undefined, name: string): Promise<{ owners: string[]; none?: NotSentWhy }> {
    const { links, members } = this.needs;
    const linked = (account ? links.ofAccount(account.id) : links.ofAccountName(name)).map(({ memberId }) => memberId);
    if (linked.length === 0) return { owners: [], none: 'nobody' };
    const ranks = await Promise.all(linked.map((memberId) => members.rankOf(memberId)));
    const isOrdinary = account?.isAdministrator === false;
    const owners = linked.filter((_id, at) => (isOrdinary ? ranks[at] !== undefined : ranks[at] === 'admin'));
    return owners.length > 0 ? { owners } : { owners, none: isOrdinary ? 'nobody' : 'noAdmin' };
  }

  /** Undefined when the server cannot be asked, or does not know the name. */
  async #account(name: string): Promise<Account | undefined> {
    try {
      const all = await this.needs.accounts.listNow();
      return all.find((account) => account.name.toLowerCase() === name.toLowerCase());
    } catch (error) {
      if (error instanceof AppError) return undefined;
      throw error;
    }
  }

  /** A PIN that stands in a message, when that says something else as well. */
  async #redraw({ id, to, file, mark }: AccountWord): Promise<Message | undefined> {
    if (file === undefined || to === 'admins') return undefined;
    const found = await this.needs.folder.read(file);
    const isThere = found && 'pin' in found && markOf(found) === mark && found.expiresAt > this.needs.now();
    return isThere ? this.needs.voice.toOwner(id, to, found) : undefined;
  }

  async #over(file: string, found: BadPinFile | undefined): Promise<void> {
    const { store, words, voice, now } = this.needs;
    for (const word of store.open().filter((each) => each.file === file)) {
      const how = (word.expiresAt ?? 0) <= now() ? 'expired' : 'used';
      if (found?.why !== 'unreadable') await words.takeBack(word, voice.over(word, how));
    }
    if (found?.why === 'corrupt') await this.#tellOfBad(file);
  }

  /** Once for a file. */
  async #tellOfBad(file: string): Promise<void> {
    const { store, words, voice, adminChannelId } = this.needs;
    const mark = `bad ${file}`;
    if (store.isTold(mark)) return;
    const word = {
      accountKey: file,
      accountName: '',
      to: 'admins',
      kind: 'badPin',
      mark,
      file,
      expiresAt: undefined,
    } as const;
    await words.say(adminChannelId, word, () => voice.badFile(file));
  }

  #isExpected({ userName, writtenAt }: PinFile): boolean {
    const until = this.#expected.get(userName.toLowerCase());
    return until !== undefined && writtenAt <= until;
  }

  #record(account: Account | undefined, { userName }: PinFile, outcome: string): void {
    const accountId = account?.id;
    this.needs.audit.record({ actorId: 'latchkey', act: 'forgot password', outcome, accountId, accountName: userName });
  }
}

/** One press of *Forgot password*: the file by its name and time, as each writes it anew. */
const markOf = ({ file, writtenAt, expiresAt }: PinFile) => `${file} ${Math.round(writtenAt)} ${expiresAt}`;

function wordOf(pin: PinFile, accountKey: string) {
  const { file, expiresAt, userName: accountName } = pin;
  return { accountKey, accountName, kind: 'pin' as const, mark: markOf(pin), file, expiresAt };
}
