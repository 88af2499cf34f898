import type { Ownership } from '../accounts/ownership.js';
import type { Message } from '../notices/messenger-port.js';
import type { Notice } from '../notices/notice.js';
import type { DrawnNotice, NoticeRenderer } from '../notices/outbox.js';
import { isOwnAct, type Request } from '../requests/request.js';
import {
  passwordNoticeButtonId,
  type PasswordDeps,
  type PasswordNoticeKind,
  type TempPassword,
} from './temp-password.js';

/** On messages of the version before the outbox: one may have been sent by a bot that was killed, and then updated. */
const formerPages = { passwordReminder1: 900_001, passwordReminder2: 900_002, passwordEnd: 900_003 } as const;

/** Renders reminders of temporary passwords and the message about their end. */
export class TempPasswordNotices implements NoticeRenderer {
  constructor(private readonly deps: PasswordDeps) {}

  draw(notice: Notice): DrawnNotice | undefined {
    const { passwordMessages: messages, ownership } = this.deps;
    const kind = notice.kind as PasswordNoticeKind;
    const { password, request } = this.#subject(notice);
    if (!password || !request || isOver(kind, password) || !isTheirsToHear(ownership, kind, request)) return undefined;
    const { askedInChannelId } = request;
    return {
      findBy: [passwordNoticeButtonId(kind, request), `status:check:${request.id}:${formerPages[kind]}`],
      message: () => messages.notice(kind, password, request),
      announcement:
        askedInChannelId === undefined
          ? undefined
          : {
              channelId: askedInChannelId,
              message: () => messages.noticeAnnounced(kind, request),
            },
      inReply: 'text',
    };
  }

  /** Reminders whose password has ended. */
  over(notice: Notice): Message | undefined {
    const { password, request } = this.#subject(notice);
    const isReminderOver = password && request && isOver(notice.kind as PasswordNoticeKind, password);
    return isReminderOver ? this.deps.passwordMessages.reminderOver(request) : undefined;
  }

  #subject({ subjectId }: Notice) {
    const requestId = Number(subjectId);
    const { tempPasswords, requests } = this.deps.stores;
    return { password: tempPasswords.byRequest(requestId), request: requests.byId(requestId) };
  }
}

function isOver(kind: PasswordNoticeKind, { endedAt }: TempPassword): boolean {
  return kind !== 'passwordEnd' && endedAt !== undefined;
}

/**
 * Whether somebody may be reminded of a temporary password: its account may have been taken from them since. An admin who
 * rescued another administrator's account never owned it, and a helper who passed one on is not reminded.
 */
function isTheirsToHear(ownership: Pick<Ownership, 'has'>, kind: PasswordNoticeKind, request: Request): boolean {
  if (kind === 'passwordEnd' || (request.adminAccount && isOwnAct(request))) return true;
  return ownership.has(request.memberId, request.accountId);
}
