import { isRecent } from '../../time.js';
import type { AccountNoticeStore, AccountNotices } from '../notices/account-notices.js';
import type { Message } from '../notices/messenger-port.js';
import type { BadPinFile, PinFile } from './pin-port.js';

/** A file that stays the same for this long is not being written any more. */
const writingEndsWithinMs = 5000;

export interface BadPinFilesDeps {
  readonly notices: AccountNotices;
  readonly store: AccountNoticeStore;
  readonly messages: { badFile(file: string): Message };
  readonly adminChannelId: string;
  readonly now: () => number;
}

/** Tells the admins, once, of a PIN file that keeps every PIN from working (docs/jellyfin.md, "PINs"). */
export class BadPinFiles {
  /** For each broken file, when it was written and when it was first read so. */
  readonly #broken = new Map<string, { readonly writtenAt: number; readonly at: number }>();

  constructor(private readonly deps: BadPinFilesDeps) {}

  /** Whether a file is broken and not merely half written: it was the same when it was read some time before. */
  isSureOf(found: BadPinFile | PinFile | undefined): boolean {
    const writtenAt = found && brokenSince(found);
    if (!found || writtenAt === undefined) return false;
    const now = this.deps.now();
    const before = this.#broken.get(found.file);
    if (before?.writtenAt === writtenAt) return !isRecent(before.at, now, writingEndsWithinMs);
    this.#broken.set(found.file, { writtenAt, at: now });
    return false;
  }

  /** Tells the admins, once for each version of a file. Throws errors of Discord. */
  async tell({ file, writtenAt }: BadPinFile | PinFile): Promise<void> {
    const { store, notices, messages, adminChannelId } = this.deps;
    const occasionKey = `bad ${file} ${Math.round(writtenAt ?? 0)}`;
    if (store.isTold(occasionKey, 'admins')) return;
    const notice = { accountKey: file, accountName: '', recipientId: 'admins', occasionKey, file };
    await notices.say(adminChannelId, { ...notice, kind: 'badPin' }, () => messages.badFile(file));
  }
}

/** When a broken file was written, undefined for a sound one. A file with a stray end gives us a PIN, and the server none. */
function brokenSince(found: BadPinFile | PinFile): number | undefined {
  if ('pin' in found) return found.hasStray ? found.writtenAt : undefined;
  return found.why === 'corrupt' ? (found.writtenAt ?? 0) : undefined;
}
