import { isRecent, minuteMs } from '../../time.js';
import type { Ownership } from '../accounts/ownership.js';
import type { Members } from '../members/member-lookup-port.js';
import type { Message } from '../notices/messenger-port.js';
import { isRecipientHere, type Notice } from '../notices/notice.js';
import type { DrawnNotice, NoticeRenderer } from '../notices/outbox.js';
import type { DeviceSignIn, DeviceSignInStore } from './device-sign-in-store.js';

export interface SignInMessages {
  /** To each owner of the account: that a device was signed in. */
  signedIn(ownerId: string, signIn: DeviceSignIn): Message;
  /** The same as part of a reply. */
  signedInInReply(ownerId: string, signIn: DeviceSignIn): Message;
  /** To the admins: that an owner says it was not theirs. */
  signInDenied(signIn: DeviceSignIn): Message;
}

/** The button that stands on the message about one sign-in, and on the admins' about its denial. */
export const notMeButtonId = (id: number) => `signin:not-me:${id}`;
export const deniedButtonId = ({ id, accountId }: DeviceSignIn) => `status:sign-out:${accountId}:${800_000_000 + id}`;

/** Jellyfin has answered by then, or never does. */
const answersWithinMs = minuteMs;

export interface DeviceSignInNoticesDeps {
  readonly store: Pick<DeviceSignInStore, 'byId'>;
  readonly ownership: Pick<Ownership, 'has'>;
  readonly members: Members;
  readonly messages: SignInMessages;
  readonly now: () => number;
}

/** Renders what people hear of devices that were signed in with a code; the subject is the sign-in. */
export class DeviceSignInNotices implements NoticeRenderer {
  constructor(private readonly deps: DeviceSignInNoticesDeps) {}

  /** Asked first, as it says which roles the recipient has, by which a link counts. */
  mayBeSent(notice: Notice): Promise<boolean> {
    return isRecipientHere(this.deps.members, notice);
  }

  draw({ kind, subjectId, recipientId }: Notice): DrawnNotice | 'later' | undefined {
    const { store, ownership, messages, now } = this.deps;
    const signIn = store.byId(Number(subjectId));
    if (!signIn) return undefined;
    if (kind === 'signInDenied') {
      return { findBy: [deniedButtonId(signIn)], message: () => messages.signInDenied(signIn) };
    }
    if (!ownership.has(recipientId, signIn.accountId)) return undefined;
    if (signIn.doneAt === undefined && isRecent(signIn.begunAt, now(), answersWithinMs)) return 'later';
    return {
      findBy: [notMeButtonId(signIn.id)],
      message: () => messages.signedIn(recipientId, signIn),
      inReply: () => messages.signedInInReply(recipientId, signIn),
    };
  }
}
