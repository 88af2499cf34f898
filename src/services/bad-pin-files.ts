import type { AccountWordStore } from './account-word.js';
import type { AccountWords } from './account-words.js';
import type { Message } from './messenger-port.js';
import type { BadPinFile, PinFile } from './rescue/pin-port.js';

export interface BadPinFilesNeeds {
  readonly words: AccountWords;
  readonly store: AccountWordStore;
  readonly voice: { badFile(file: string): Message };
  readonly adminChannelId: string;
}

/** One PIN file that the server cannot read keeps every PIN from working: the admins are told its name, once. */
export class BadPinFiles {
  /** By file: when the state was written in which it was seen before. */
  readonly #seen = new Map<string, number>();

  constructor(private readonly needs: BadPinFilesNeeds) {}

  /**
   * Whether a file is broken for good: the same at two looks, as a file is seen half written, too. The second look is
   * the round's.
   */
  isSureOf(found: BadPinFile | PinFile | undefined): boolean {
    const writtenAt = found && brokenSince(found);
    if (!found || writtenAt === undefined) return false;
    const isSame = this.#seen.get(found.file) === writtenAt;
    this.#seen.set(found.file, writtenAt);
    return isSame;
  }

  /** Throws what Discord threw. */
  async tell({ file, writtenAt }: BadPinFile | PinFile): Promise<void> {
    const { store, words, voice, adminChannelId } = this.needs;
    const mark = `bad ${file} ${Math.round(writtenAt ?? 0)}`;
    if (store.isTold(mark, 'admins')) return;
    const word = { accountKey: file, accountName: '', to: 'admins', kind: 'badPin', mark, file } as const;
    await words.say(adminChannelId, { ...word, expiresAt: undefined }, () => voice.badFile(file));
  }
}

/** A PIN with a stray end behind it can be read by us, and not by the server. */
function brokenSince(found: BadPinFile | PinFile): number | undefined {
  if ('pin' in found) return found.hasStray ? found.writtenAt : undefined;
  return found.why === 'corrupt' ? (found.writtenAt ?? 0) : undefined;
}
