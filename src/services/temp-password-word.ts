import type { LinkStore } from './accounts/link.js';
import { isOwnAct, type MessagePlace, type Request } from './request.js';
import type { TempPasswordWordKind } from './temp-password.js';

/**
 * Something that a person is to hear about their temporary password, each kind once. `due`: is to be told; `told`: was; in
 * `place`: without detail where they asked; `next`: at their next command; `moot`: not true any more.
 */
export interface TempPasswordWord {
  readonly id: number;
  readonly requestId: number;
  readonly kind: TempPasswordWordKind;
  readonly way: 'due' | 'told' | 'place' | 'next' | 'moot';
  /** How often its sending was begun. */
  readonly attempts: number;
  readonly place: MessagePlace | undefined;
}

export interface TempPasswordWordStore {
  due(): TempPasswordWord[];
  /** What a member is to hear first thing at their next command. */
  owedTo(memberId: string): TempPasswordWord[];
  /** Reminders whose password has ended since. */
  outdated(): TempPasswordWord[];
  of(requestId: number): TempPasswordWord[];
  /** Counts one more attempt. */
  begin(id: number): void;
  setWay(id: number, way: TempPasswordWord['way'], place?: MessagePlace): void;
}

/**
 * Whether somebody may be reminded of a temporary password: its account may have been taken from them since. Whoever was
 * given it to pass on, or has rescued another administrator's account, never owned that.
 */
export function isTheirsToHear(
  links: Pick<LinkStore, 'find'>,
  { kind }: Pick<TempPasswordWord, 'kind'>,
  request: Request,
): boolean {
  if (kind === 'end' || request.delivery === 'answer' || (request.adminAccount && isOwnAct(request))) return true;
  return links.find(request.memberId, request.accountId) !== undefined;
}
