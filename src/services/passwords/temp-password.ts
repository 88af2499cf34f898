import { randomBytes, randomInt } from 'node:crypto';
import { AppError } from '../../errors.js';
import { type Account, otherProvider } from '../accounts/account.js';
import { type LogCursor, type LogEntry, after, type ActivityLogReader, isIn } from '../accounts/activity-log.js';
import type { Causes } from '../causes/causes.js';
import type { Message, MessageRef } from '../notices/messenger-port.js';
import type { Engine } from '../requests/create-requests.js';
import type { Request } from '../requests/request.js';

/** 28 signs without look-alikes (no 0 o, 1 l i, u v as one of a pair): 12 of them are over 57 bits. */
const alphabet = '23456789abcdefghjkmnpqrstwxyz';

/** Makes up a temporary password: three groups of four, easy with a television's remote control. */
export function newTempPassword(): string {
  const signs = Array.from({ length: 12 }, () => alphabet[randomInt(alphabet.length)]).join('');
  return `${signs.slice(0, 4)}-${signs.slice(4, 8)}-${signs.slice(8)}`;
}

/** A password for nobody: it takes the place of a temporary one that was never used, and is forgotten at once. */
function discardedPassword(): string {
  return randomBytes(32).toString('base64url');
}

/** What is kept of a temporary password, so that it can be followed to its end: never the password. */
export interface TempPassword {
  readonly requestId: number;
  readonly accountId: string;
  readonly memberId: string;
  /** Milliseconds since 1970. From this moment the server may have it. */
  readonly begunAt: number;
  readonly shownAt: number | undefined;
  readonly expiresAt: number;
  /** The message in which it can be read. */
  readonly message: MessageRef | undefined;
  readonly endedAt: number | undefined;
  readonly end: TempPasswordEnd | undefined;
  /** Up to here the server's log was read: first, right after the password was set. */
  readonly logCursor: LogCursor | undefined;
  /** The account's last sign-in when the password was set, 0 for never; undefined where it could not be read. */
  readonly baseSignIn: number | undefined;
  /** Since when it is known that somebody signed in with it. */
  readonly usedAt: number | undefined;
  /** A part of the server's log could not be read: who cannot be seen there may have acted all the same. */
  readonly isBlind: boolean;
  /** From this moment the server may have a password in its place that nobody knows. */
  readonly retiringAt: number | undefined;
  /** Why it is not to be read in its message any longer; undefined while it is. */
  readonly scrub: ScrubReason | undefined;
  readonly scrubbedAt: number | undefined;
}

/**
 * `replaced`: by one of the person's own; `superseded`: by a newer one of the bot's; `expired`: never used, and replaced by
 * one nobody knows; `cut off`: the same, but somebody came in at that very moment; `unknown`: nobody can tell whether it was
 * used, so it was left alone; `gone`: the account is; `unlinked`: it is used, by somebody who does not own the account any
 * more; `not set`: the server did not take it.
 */
export type TempPasswordEnd =
  'replaced' | 'superseded' | 'expired' | 'cut off' | 'unknown' | 'gone' | 'unlinked' | 'not set';

/** Why a password is not to be read in its message any longer; `own set`: the person says that they set one of their own. */
export type ScrubReason = Exclude<TempPasswordEnd, 'not set'> | 'own set';

/** What was found out about a password, written in one go: a cursor without what was read up to it would lose that. */
export type TempPasswordFinding = Partial<
  Pick<TempPassword, 'logCursor' | 'usedAt' | 'isBlind' | 'end' | 'endedAt' | 'scrub'>
>;

export interface TempPasswordStore {
  /** Written before the server is asked: a bot that is killed then knows that a password may have been set. */
  begin(entry: Pick<TempPassword, 'requestId' | 'accountId' | 'memberId' | 'begunAt' | 'expiresAt'>): void;
  /** The server has it; from here on it can be followed. */
  set(requestId: number, logCursor: LogCursor | undefined, baseSignIn: number | undefined): void;
  shown(requestId: number, at: number, message: MessageRef | undefined): void;
  /** Writes down what was found, unless the password has ended already. */
  note(requestId: number, finding: TempPasswordFinding): void;
  /** Written before the server is asked to take it away; `undefined` once that is known not to have happened. */
  retiring(requestId: number, at: number | undefined): void;
  /** The message does not show it any more; `at` undefined: it is to be scrubbed for this reason. */
  scrub(requestId: number, reason: ScrubReason, at: number | undefined): void;
  byRequest(requestId: number): TempPassword | undefined;
  /** Whether one was begun for this request, and the server may have it. */
  mayBeSet(requestId: number): boolean;
  /** Shown and not known to be replaced. */
  outstanding(): TempPassword[];
  outstandingOf(accountId: string): TempPassword[];
  /** The one that was begun last for an account, shown or not; without those that the server did not take. */
  newestOf(accountId: string): TempPassword | undefined;
  newestShownOf(accountId: string): TempPassword | undefined;
  toScrub(): TempPassword[];
}

export interface PasswordPorts {
  readonly stores: { readonly tempPasswords: TempPasswordStore };
  readonly passwordMessages: PasswordMessages;
  readonly newPassword: () => string;
  readonly config: { readonly tempPasswordTtlMs: number };
}

/** What everything about passwords stands on. */
export type PasswordDeps = PasswordPorts & Engine & { readonly causes: Causes };

/** What people hear about their temporary passwords, each once; the subject is the password's request. */
export const passwordNoticeKinds = ['passwordReminder1', 'passwordReminder2', 'passwordEnd'] as const;

export type PasswordNoticeKind = (typeof passwordNoticeKinds)[number];

/** Draws the message of a temporary password, and what people hear unasked about it. */
export interface PasswordMessages {
  /** The direct message that proves the way before a password is made. */
  passwordComing(request: Request): Message;
  passwordShown(request: Request, password: string): Message;
  /** The same message when it turned out that no password can be shown there. */
  passwordNotShown(request: Request): Message;
  /** The same message when the password is no longer to be read there. */
  passwordScrubbed(request: Request, why: ScrubReason): Message;
  notice(kind: PasswordNoticeKind, password: TempPassword, request: Request): Message;
  /** In the server channel where the member asked: without detail, it names its one member. */
  noticeAnnounced(kind: PasswordNoticeKind, request: Request): Message;
  /** A reminder that is not true any more. */
  reminderOver(request: Request): Message;
}

/** The custom id of the button that stands on this notice and on no other. */
export function passwordNoticeButtonId(kind: PasswordNoticeKind, { id, accountId, delivery }: Request): string {
  return delivery === 'answer' ? `resetpw:now:${accountId}:${id}` : `status:check:${id}.${kind}`;
}

/** What the server's log says since some temporary passwords were read about last. */
export interface LogNews {
  /** The newest entry, to read on from. */
  readonly cursor: LogCursor;
  /** About one temporary password: what happened to its account since it was read about last. */
  about(password: Pick<TempPassword, 'accountId' | 'logCursor'>): AccountNews;
}

interface AccountNews {
  /** Somebody set another password. */
  readonly isChanged: boolean;
  readonly isSignedIn: boolean;
  /** False when the log was cleared in between, or never read: then there may be more. */
  readonly isWhole: boolean;
}

/**
 * Whether temporary passwords were used or replaced, read on in the server's activity log from the oldest of their cursors:
 * both leave an entry with the account's id, on every version. Nothing is tried out: a sign-in would count as a failed one
 * where it fails. New entries are read for all passwords at once, however many accounts there are. Throws a Jellyfin code.
 */
export async function readNews(
  logReader: ActivityLogReader,
  passwords: readonly Pick<TempPassword, 'logCursor'>[],
): Promise<LogNews> {
  const [oldest] = passwords.flatMap(({ logCursor }) => logCursor ?? []).sort((one, other) => one.at - other.at);
  const { around, cursor } = await logReader.read(oldest);
  return { cursor, about: (password) => newsAbout(password, around) };
}

function newsAbout({ accountId, logCursor }: Pick<TempPassword, 'accountId' | 'logCursor'>, all: readonly LogEntry[]) {
  if (!logCursor) return { isChanged: false, isSignedIn: false, isWhole: false };
  const fresh = after(all, logCursor);
  const has = (kind: LogEntry['kind']) => fresh.some((entry) => entry.accountId === accountId && entry.kind === kind);
  return { isChanged: has('passwordChanged'), isSignedIn: has('signedIn'), isWhole: isIn(all, logCursor) };
}

/** How the end of a password's time went: it ended so; somebody uses it; or it is to be looked at again later. */
type Retired = Extract<TempPasswordEnd, 'expired' | 'cut off' | 'unknown'> | 'used' | 'changed';

/**
 * Takes away a temporary password that was never used: one that nobody knows takes its place. In the account's turn. Looks
 * at account and log once more at the last moment, and leaves alone what anybody may be using; looks back afterwards. Throws
 * a Jellyfin code: then it is tried again, and by the log what became of it is known.
 */
export async function retire(deps: PasswordDeps, password: TempPassword, request: Request): Promise<Retired> {
  const { stores, jellyfin, logReader, now } = deps;
  let why: Retired | undefined;
  const permit = async (account: Account) => {
    why = await whyNotRetired(logReader, password, request, account);
    if (why) throw new AppError('tryAgain');
    // Before the change: a bot that is killed in between knows that it may have been made.
    stores.tempPasswords.retiring(password.requestId, now());
  };
  try {
    await jellyfin.replacePassword(password.accountId, discardedPassword(), permit);
  } catch (error) {
    if (why) return why;
    if (error instanceof AppError && error.code !== 'passwordUncertain')
      stores.tempPasswords.retiring(password.requestId, undefined);
    throw error;
  }
  const news = (await readNews(logReader, [password])).about(password);
  return news.isSignedIn ? 'cut off' : 'expired';
}

async function whyNotRetired(
  logReader: ActivityLogReader,
  password: TempPassword,
  request: Request,
  account: Account,
): Promise<Retired | undefined> {
  // An ordinary account that has become an administrator's is not changed on an ordinary approval.
  if (account.isAdministrator && !request.adminAccount) return 'unknown';
  // Its password is not Jellyfin's to take away any more.
  if (otherProvider(account)) return 'unknown';
  const news = (await readNews(logReader, [password])).about(password);
  if (news.isChanged) return 'changed';
  if (news.isSignedIn || isUsed(password, account)) return 'used';
  return news.isWhole && !password.isBlind ? undefined : 'unknown';
}

/** Whether the account itself shows a sign-in since; the log is the better witness, and some versions forget to note it here. */
export function isUsed({ baseSignIn }: TempPassword, { lastSignIn }: Pick<Account, 'lastSignIn'>): boolean {
  return baseSignIn !== undefined && (lastSignIn?.getTime() ?? 0) !== baseSignIn;
}
