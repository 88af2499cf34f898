import type { MessagePlace } from './requests/request.js';

/** A member's word that a lockout was somebody else's doing. Times are milliseconds since 1970. */
export interface Denial {
  readonly id: number;
  readonly memberId: string;
  readonly accountId: string;
  readonly accountName: string;
  readonly lockoutId: number;
  readonly at: number;
  /** Its message in the admin channel. */
  readonly place: MessagePlace | undefined;
  readonly signedOutBy: string | undefined;
  readonly signedOutAt: number | undefined;
  /** Goes up with everything that its message shows. */
  readonly version: number;
}

export type NewDenial = Pick<Denial, 'memberId' | 'accountId' | 'accountName' | 'lockoutId' | 'at'>;

export interface DenialStore {
  /** Written before anybody is told; undefined when this member has denied this lockout before. */
  begin(denial: NewDenial): Denial | undefined;
  /** Whose message shows less than is known, or is not there. */
  stale(): Denial[];
  placed(id: number, place: MessagePlace): void;
  shown(id: number, version: number): void;
  /** Notes on every denial about an account that it was signed out everywhere. */
  signedOut(accountId: string, by: string, at: number): void;
}
