import type { AccountNotice } from '../notices/account-notices.js';
import type { Message } from '../notices/messenger-port.js';
import type { NoOwnerWhy } from './pin-owners.js';

/** A PIN file in the server folder, as this machine sees it. */
export interface PinFile {
  /** Base name: `passwordreset…`, whatever its ending. */
  readonly file: string;
  readonly userName: string;
  readonly pin: string;
  /** Milliseconds since 1970, as are all times here. */
  readonly expiresAt: number;
  readonly writtenAt: number;
  /** The file has something after its end, as a shorter content over a longer one leaves it; the server cannot read it. */
  readonly hasStray: boolean;
}

/**
 * A file of such a name without a PIN: `corrupt` breaks redeeming for everybody, `expired` does no harm and is deleted at
 * the next try (docs/jellyfin.md, "PINs").
 */
export interface BadPinFile {
  readonly file: string;
  readonly why: 'corrupt' | 'expired' | 'unreadable';
  /** Of a corrupt one. */
  readonly writtenAt?: number;
  /** Of an expired one that says when. */
  readonly expiresAt?: number;
}

export interface PinFolder {
  /** Everything that looks like a PIN file. Throws `folderUnreadable`. */
  list(): Promise<{ readonly good: readonly PinFile[]; readonly bad: readonly BadPinFile[] }>;
  /** One by its base name; undefined when it is not there, `unreadable` while nobody can tell as the folder is away. */
  read(file: string): Promise<PinFile | BadPinFile | undefined>;
  /** Moves a file that breaks redeeming into `latchkey-set-aside/` in the same folder; returns the new path. Throws `folderNotWritableHere`. */
  moveAside(file: string): Promise<string>;
  /** Calls back, with the base name, for every PIN file that appears, changes or goes, by polling: file events do not cross network shares. `isNew`: it was not there a moment ago. */
  watch(onChange: (file: string, isNew: boolean) => void): Promise<{ close(): Promise<void> }>;
}

export type NotSentWhy = NoOwnerWhy | 'closed' | 'tooMany';

/** Why a PIN must not be read any more; `notTheirs`: its reader does not own the account any more. */
export type PinOver = 'used' | 'expired' | 'notTheirs';

/** Draws the messages about PINs. */
export interface PinMessages {
  /** `isPassword`: it was redeemed, and is to be typed once more. */
  toOwner(noticeId: number, memberId: string, pin: PinFile, isPassword: boolean): Message;
  toAdmins(pin: PinFile, why: NotSentWhy): Message;
  badFile(file: string): Message;
  /** By so much this machine's clock is ahead of the server's. */
  clock(aheadMs: number): Message;
  over(notice: AccountNotice, how: PinOver): Message;
  notMe(notice: AccountNotice): Message;
}
