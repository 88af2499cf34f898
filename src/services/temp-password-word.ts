import type { MessagePlace } from './request.js';
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
