import { isRecent, minuteMs } from '../../time.js';
import type { Notice } from '../notices/notice.js';
import type { DrawnNotice, NoticeRenderer } from '../notices/outbox.js';
import type { DeviceSignIn, SignInDeps } from './device-sign-in-ports.js';

/** The button that stands on the message about one sign-in, and on the admins' about its denial. */
export const notMeButtonId = (id: number) => `signin:not-me:${id}`;
export const deniedButtonId = ({ id, accountId }: DeviceSignIn) => `status:sign-out:${accountId}:${800_000_000 + id}`;

/** Jellyfin has answered by then, or never does. */
const answersWithinMs = minuteMs;

/** Renders what people hear of devices that were signed in with a code; the subject is the sign-in. */
export class DeviceSignInNotices implements NoticeRenderer {
  readonly asksForMember = true;

  constructor(private readonly deps: SignInDeps) {}

  draw({ kind, subjectId, recipientId }: Notice): DrawnNotice | 'later' | undefined {
    const { stores, ownership, signInMessages: messages, now } = this.deps;
    const signIn = stores.deviceSignIns.byId(Number(subjectId));
    if (!signIn) return undefined;
    if (kind === 'signInDenied') {
      return { findBy: [deniedButtonId(signIn)], message: () => messages.signInDenied(signIn) };
    }
    if (!ownership.has(recipientId, signIn.accountId)) return undefined;
    if (signIn.doneAt === undefined && isRecent(signIn.begunAt, now(), answersWithinMs)) return 'later';
    return {
      findBy: [notMeButtonId(signIn.id)],
      message: () => messages.signedIn(recipientId, signIn),
      inReply: 'same',
    };
  }
}
