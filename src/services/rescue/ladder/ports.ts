import type { Jellyfin, ServerInfo } from '../../accounts/jellyfin-port.js';
import type { NamedAccount } from '../../accounts/account.js';
import type { Log } from '../../log.js';
import type { PinFolder } from '../../pins/pin-port.js';
import type { PinsExpected } from '../../pins/pin-watch.js';
import type { Repair, RepairJob, RefusalCode } from './repair-port.js';
import type { ErrorCode, Params, StepName } from '../../../errors.js';

export type { StepName };

/** The API key in use, and what becomes of one that a rescue was given. */
export interface Keys {
  /** Whether there is one at all. */
  readonly isThere: boolean;
  /** From now on Jellyfin is asked with this one. */
  use(key: string): void;
  /** Back to the one from before. */
  restore(): void;
  /** As far as that can be known without writing. Throws as `save` does. */
  mustBeSavable(): void;
  /** Writes it where the next start reads it. Throws AppError `keyNotSaved` or `keyFromEnvironment`. */
  save(key: string): void;
  /** Deletes it at the server, using itself. */
  delete(key: string): Promise<void>;
}

/** What the ladder stands on. */
export interface LadderPorts {
  /** Asks with the key of the moment. */
  readonly jellyfin: Jellyfin;
  readonly keylessJellyfin: KeylessJellyfin;
  readonly keys: Keys;
  readonly location: ServerLocation;
  readonly pins: (serverDir: string) => PinFolder;
  readonly pinsExpected: PinsExpected;
  readonly pinNotes: PinNotes;
  readonly repair: Repair;
  /** How this machine reaches, stops and starts the server. */
  readonly settings: Pick<RepairJob, 'url' | 'stopCommand' | 'startCommand' | 'lookAgainAfterMs'>;
  /** 32 lower-case hex digits, from a cryptographic generator. */
  readonly newKey: () => string;
  readonly wait: (ms: number) => Promise<void>;
  readonly log: Log;
}

/**
 * Remembers between rescues, by the account's name, that a PIN became its password that nobody was shown. Never throws: a
 * note that cannot be written is logged.
 */
export interface PinNotes {
  has(name: string): boolean;
  add(name: string): void;
  remove(name: string): void;
}

/** The ladder, in the order in which its rungs are tried. */
export const rungs = ['api', 'pin', 'restart', 'db'] as const;
export type Rung = (typeof rungs)[number];

/** `nothing`: there was nothing to do, which is as good as done. */
export type StepOutcome = 'begun' | 'done' | 'nothing' | 'failed';

/** Why a step failed or a rung is closed: a refusal of the repair's, or what any other part of Latchkey says. */
export type WhyNot = ErrorCode | RefusalCode | 'unexpected';

/** One thing that was tried, as it is shown while it happens; the same name comes again when it ends. */
export interface Step {
  readonly rung: Rung;
  readonly name: StepName;
  readonly outcome: StepOutcome;
  /** For `failed`, and for `done` with something to add. */
  readonly code?: WhyNot | undefined;
  /** Other people's text and paths of this machine: escape before drawing. */
  readonly params?: Params | undefined;
}

/** What a person must say yes to before it is done; each has its sentence in the locales under `rescue.question`. */
export type Question =
  /** Whoever knows the password loses nothing: the account is opened, and the password stays. */
  | 'knowsPassword'
  /** The plan, before anything is done. */
  | 'plan'
  /** A rung failed: the next one? */
  | 'nextRung'
  /** It ends what is being played. */
  | 'restart'
  /** Files that break redeeming are moved into a folder of their own. */
  | 'moveBadPin'
  /** An administrator disabled this account; it is enabled only when somebody says so. */
  | 'enableDisabled'
  /** Something else than Jellyfin checks the password: Jellyfin itself from now on, with a temporary one? */
  | 'ownProvider'
  /** Nobody who can sign in is an administrator any more: give this account the right? */
  | 'giveRight'
  /** Some signs cannot be read from here: is the server stopped? */
  | 'unseen'
  /** There is no command to stop the server: stop it now, then say so. */
  | 'stopByHand'
  /** Make a key for Latchkey and write it to `.env`. */
  | 'keepKey';

/** Where a person stands who is being rescued: the terminal, or a direct message. */
export interface RescueUi {
  show(step: Step): void;
  /** False for a no, and for a person who does not answer in time. */
  ask(question: Question, params?: Params): Promise<boolean>;
  /**
   * Makes a temporary password, has it set by `set`, and shows it to the person and nobody else. That they may still have
   * it (it may be a while since they said yes), and the way to them, is proven before `set` is called: with that the old
   * one is lost. Throws AppError, and what `set` throws.
   */
  handOver(account: NamedAccount, set: (password: string) => Promise<void>): Promise<void>;
}

/** What this machine sees of the server's folder, found out without opening the database. */
export interface ServerLocation {
  /** `version` is the running server's: what it goes by differs. */
  look(version?: string): Promise<LocationFinding>;
}

/**
 * What the server's `database.xml` says of its database beyond the usual. `moved`: that file is it. `movedByTime`,
 * `usualByTime`: two are there, no server that runs says which one it goes by, and one was written last. `ignored`: this
 * version does not go by it. All others keep way 4 from beginning.
 */
export interface DatabasePlace {
  readonly found:
    | ('moved' | 'movedByTime' | 'usualByTime' | 'ignored')
    | ('otherType' | 'relative' | 'notThere' | 'others' | 'unreadable');
  /** database.xml. */
  readonly file: string;
  readonly path?: string | undefined;
  readonly type?: string | undefined;
  readonly owner?: string | undefined;
  readonly version?: string | undefined;
}

export interface LocationFinding {
  /** Where the folder is: given, or the finding of a look in the usual places; undefined when there is none. */
  readonly serverDir: string | undefined;
  readonly logDir: string | undefined;
  readonly db: string | undefined;
  /** Undefined where jellyfin.db is where it usually is, and where it was given. */
  readonly place?: DatabasePlace | undefined;
  /** Found in a usual place, not given: to be shown, never assumed. */
  readonly guessed: boolean;
  /** Other usual places that look like a Jellyfin, when there is more than one. */
  readonly others: readonly string[];
  /** The usual places that were looked in, where no folder was given and none was found. */
  readonly lookedIn?: readonly string[] | undefined;
  readonly folderReadable: boolean;
  /** The folder that keeps us from looking further, and whose it is: behind it nobody can tell what there is. */
  readonly closed: { readonly folder: string; readonly owner: string } | undefined;
  readonly dbFound: boolean;
  /** Root, or the file's owner; always false where that cannot be known. */
  readonly dbOurs: boolean;
  readonly dbWritable: boolean;
  /** The name, or the number, of the file's owner. */
  readonly dbOwner: string | undefined;
  /** What stops and starts the server, where both were given; as they are run, for people to read. */
  readonly commands: { readonly stop: string; readonly start: string } | undefined;
}

/** What Jellyfin does without a key; every method throws AppError with a `jellyfin…` code. */
export interface KeylessJellyfin {
  /** Name and version, from the public introduction. */
  introduction(): Promise<ServerInfo>;
  /** Asks for a PIN. The path is the server's own; there may be no file at it, or no path (docs/jellyfin.md, "PINs"). */
  forgotPassword(name: string): Promise<{ readonly pinFile: string | undefined; readonly action: string }>;
  /** Makes the PIN, typed exactly like this, the account's password. Throws `pinRefused`. */
  redeemPin(pin: string): Promise<void>;
  /** Throws `signInRefused` (401: not that password) or `signInForbidden` (403: locked, disabled, not now, not from here). */
  signIn(name: string, password: string): Promise<SignedIn>;
  /** Restarts the server, without a key, from the local network. Throws `restartRefused`. */
  restart(): Promise<void>;
  /** Waits until the real server answers, not one of the faces it shows while starting. Throws `jellyfinStarting` after `withinMs`. */
  back(withinMs: number): Promise<ServerInfo>;
}

/** A session of a person's own, on a device named Latchkey. */
export interface SignedIn {
  readonly accountId: string;
  /** The account's. */
  readonly name: string;
  readonly isAdministrator: boolean;
  changePassword(current: string, next: string): Promise<void>;
  /** Makes an API key called Latchkey and tells it: 32 lower-case hex digits. Administrators only. Throws `keyUnread`, too. */
  makeKey(): Promise<string>;
  signOut(): Promise<void>;
}
