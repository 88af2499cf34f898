import type { LinkStore } from './accounts/link.js';
import type { MessagePlace } from './request.js';

/** `pinDenied`: an owner's word to the admins that it was somebody else who asked for a PIN. */
export type WordKind = 'pin' | 'badPin' | 'lockout' | 'pinDenied';

/** Something that people were told unasked about an account. Times are milliseconds since 1970. */
export interface AccountWord {
  readonly id: number;
  /** The account's id; where the server could not be asked for it, its name in lower case. */
  readonly accountKey: string;
  readonly accountName: string;
  /** A Discord user id, or `admins` for the admin channel. */
  readonly to: string;
  readonly kind: WordKind;
  /** Tells one occasion from the next. */
  readonly mark: string;
  readonly file: string | undefined;
  readonly sentAt: number;
  readonly expiresAt: number | undefined;
  /** What it says is over; its message stays. */
  readonly isOver: boolean;
  readonly place: MessagePlace | undefined;
}

export type NewAccountWord = Omit<AccountWord, 'id' | 'place' | 'isOver'>;

export interface AccountWordStore {
  /** Written before it is sent, so that a bot that is killed knows that it may have been. */
  begin(word: NewAccountWord): AccountWord;
  placed(id: number, place: MessagePlace): void;
  /** The same message for a newer occasion. */
  renew(id: number, word: Pick<AccountWord, 'mark' | 'file' | 'expiresAt'>): void;
  end(id: number, at: number): void;
  byId(id: number): AccountWord | undefined;
  /** Whether they were told of this occasion. */
  isTold(mark: string, to: string): boolean;
  /** Whether a message tells this person of it at this moment. */
  stands(mark: string, to: string): boolean;
  /** To one recipient about one account, newest first, sent between these times, or not sent yet. */
  recent(accountKey: string, to: string, since: number, until: number): AccountWord[];
  /** Standing, and to be taken back one day. */
  open(): AccountWord[];
  /** Standing ones of a kind, oldest first. */
  standing(kind: WordKind): AccountWord[];
  /** Everything that one message says, what is over too. */
  at(place: MessagePlace): AccountWord[];
}

/** Whether a member whom this was said to owns the account still; a word about a PIN may know its account by name only. */
export function isStillTheirs(
  links: Pick<LinkStore, 'ofMember'>,
  { to, accountKey }: Pick<AccountWord, 'to' | 'accountKey'>,
): boolean {
  return links
    .ofMember(to)
    .some(({ accountId, accountName }) => [accountId, accountName.toLowerCase()].includes(accountKey));
}
