import type { QuickConnect } from '../accounts/quick-connect-port.js';
import type { Message } from '../notices/messenger-port.js';
import type { Engine } from '../requests/create-requests.js';

/** A device that somebody signed in with a code. */
export interface DeviceSignIn {
  readonly id: number;
  /** Whoever typed the code. */
  readonly memberId: string;
  readonly accountId: string;
  readonly accountName: string;
  readonly begunAt: number;
  /** Undefined where Jellyfin's answer never came: it may have been done. */
  readonly doneAt: number | undefined;
  /** Ids of the devices that were signed in to the account until then. */
  readonly devicesBefore: readonly string[];
  /** The owner who says that it was not theirs. */
  readonly deniedBy: string | undefined;
  readonly signedOutAt: number | undefined;
}

export interface DeviceSignInStore {
  begin(
    signIn: Pick<DeviceSignIn, 'memberId' | 'accountId' | 'accountName' | 'begunAt' | 'devicesBefore'>,
  ): DeviceSignIn;
  byId(id: number): DeviceSignIn | undefined;
  /** Whether there was one to this account since then. */
  anySince(accountId: string, at: number): boolean;
  /** The first to the same account after this one. */
  next(accountId: string, id: number): DeviceSignIn | undefined;
  done(id: number, at: number): void;
  /** Jellyfin refused it: there was none. */
  failed(id: number): void;
  /** False when somebody has denied it before. */
  deny(id: number, by: string, at: number): boolean;
  signedOut(id: number, at: number): void;
  /** Denied, and their device perhaps still signed in. */
  toSignOut(): DeviceSignIn[];
}

export interface SignInMessages {
  /** To each owner of the account: that a device was signed in. */
  signedIn(ownerId: string, signIn: DeviceSignIn): Message;
  /** To the admins: that an owner says it was not theirs. */
  signInDenied(signIn: DeviceSignIn): Message;
}

export interface SignInPorts {
  readonly stores: { readonly deviceSignIns: DeviceSignInStore };
  readonly quickConnect: QuickConnect;
  readonly signInMessages: SignInMessages;
}

/** What signing in with a code stands on. */
export type SignInDeps = SignInPorts & Engine;
