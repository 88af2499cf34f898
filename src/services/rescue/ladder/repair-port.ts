import type { Params, RefusalCode } from '../../../errors.js';
import type { Account, NamedAccount } from '../../accounts/account.js';

export type { RefusalCode };

/** What the repair of jellyfin.db goes through, in this order. */
export type RepairStepName =
  'who' | 'record' | 'stop' | 'stopped' | 'copy' | 'check' | 'find' | 'change' | 'compare' | 'start';

/** What of this machine is looked at. A test gives its own, so that a Jellyfin that runs beside it changes nothing. */
export interface Machine {
  /** What Jellyfin's program is called; its real names unless given. */
  readonly programs?: readonly string[] | undefined;
  /** Where a server answers whose `network.xml` is not in its folder; the usual port unless given. */
  readonly address?: string | undefined;
}

/** Where a server would leave signs of life. */
export interface ServerWhere {
  readonly serverDir?: string | undefined;
  readonly logDir?: string | undefined;
  /** JELLYFIN_URL, where a running server would answer. */
  readonly url?: string | undefined;
  readonly machine?: Machine | undefined;
}

/** Whom a rescue is for; the id, 32 lower-case hex digits, decides where it is known. */
export interface Target {
  readonly id?: string | undefined;
  readonly name: string;
}

/** What the repair of jellyfin.db is to do: handed to its child process on standard input, as JSON. */
export interface RepairJob extends ServerWhere {
  /** jellyfin.db, as this machine sees it. */
  readonly db: string;
  readonly account: Target;
  /** Refuse an ordinary account: from Discord an administrator's is the only one that may be changed here. */
  readonly administratorOnly?: boolean | undefined;
  /** The person said explicitly that a disabled account is to be enabled. */
  readonly enableDisabled?: boolean | undefined;
  /**
   * Whether Jellyfin itself is to check a password that something else checks; only with `setPassword`. While nobody has said so,
   * or not, such an account is refused with `needsProvider`.
   */
  readonly ownProvider?: boolean | undefined;
  /**
   * Whether the account is to be given the administrator's right. While nobody has said so, or not, `needsRight` refuses an
   * account without it where no other that is switched on has it; from Discord nobody is asked.
   */
  readonly giveRight?: boolean | undefined;
  /** An API key to be added, 32 lower-case hex digits. */
  readonly key?: string | undefined;
  /** A password to be written offline, the last resort; it signs every device out, as the server itself would. */
  readonly setPassword?: string | undefined;
  readonly stopCommand?: readonly string[] | undefined;
  readonly startCommand?: readonly string[] | undefined;
  /** The person stops and starts the server: neither command is run. The signs are looked at all the same. */
  readonly serverIsStopped?: boolean | undefined;
  /** Signs, by name, that the person has read cannot be seen from here, and has said that it is stopped all the same. */
  readonly acceptUnseen?: readonly string[] | undefined;
  /** End after the copy was checked, and take the copy and the record away again. */
  readonly dryRun?: boolean | undefined;
  /** Between the two looks at the signs; 5000 unless given. */
  readonly lookAgainAfterMs?: number | undefined;
  /** How long the server may take to end once it was told to; 90,000 unless given. */
  readonly stopPatienceMs?: number | undefined;
  /** After so long it is broken off; 20 minutes unless given. */
  readonly deadlineMs?: number | undefined;
}

/** The account as its rows in jellyfin.db say. */
export interface FileAccount
  extends NamedAccount, Pick<Account, 'isAdministrator' | 'isDisabled' | 'failedSignIns' | 'authenticationProviderId'> {
  /** Undefined where the account never locks. */
  readonly signInLimit?: number | undefined;
}

/** One line of the child's standard output, as JSON. */
export type RepairLine =
  | {
      readonly kind: 'step';
      readonly step: RepairStepName;
      readonly outcome: 'begun' | 'done' | 'nothing' | 'failed';
      readonly code?: RefusalCode | undefined;
      readonly params?: Params | undefined;
    }
  | ({ readonly kind: 'end' } & RepairEnd);

export interface RepairEnd {
  readonly outcome: 'done' | 'refused' | 'failed';
  readonly code?: RefusalCode | undefined;
  readonly params?: Params | undefined;
  /** What was being done when it came to nothing. */
  readonly step?: RepairStepName | undefined;
  /** Whom it is of, by its record: known also where it was carried on and nothing was left to do. */
  readonly account?: RecordedAccount | undefined;
  readonly before?: FileAccount | undefined;
  readonly after?: FileAccount | undefined;
  /** Where the copy of jellyfin.db is, for as long as it is kept. */
  readonly copy?: string | undefined;
  /** Whether the original file was changed, as read back from it after the change. */
  readonly changed: boolean;
  /** The API key that the file holds now: of this run, or of the one that this run carried on. */
  readonly key?: string | undefined;
  /** The server is stopped and Latchkey is not going to start it: the person must be told, with the command. */
  readonly leftStopped: boolean;
  /** The server was told to start by this run, or runs and there was nothing left to do: it can be waited for. */
  readonly started: boolean;
  /** Signs that could not be read from here, as keys of `signs.unseen`. */
  readonly unseen: readonly string[];
}

/** A program called jellyfin; a file that somebody has open; the lock on the newest log; an answer; a lock on jellyfin.db. */
export type SignName = 'process' | 'openFile' | 'logLock' | 'http' | 'fileLock';

/** Whom a repair is of, as its record says; the id is unknown until it was found in the copy. */
interface RecordedAccount extends Target {
  /** Whether no other name differs from this one in case only, as the copy says. */
  readonly alone?: boolean | undefined;
}

/** A repair that was begun and not ended: its durable record, as far as others need it. */
export interface UnfinishedRepair {
  readonly db: string;
  readonly account: RecordedAccount | undefined;
  readonly startedAt: number;
  /** Whether Latchkey stopped the server for it, and it is not seen to have been started since. */
  readonly stoppedByUs: boolean;
  /** Whether it got so far that jellyfin.db may be changed, and nothing else may be begun before it is finished. */
  readonly mayBeChanged: boolean;
  /** Whether a process is at work on it at this moment. */
  readonly atWork: boolean;
  /** The record is there and cannot be read, as another user's: nothing of it is known, not whose, nor whether the server stands still. */
  readonly unreadable?: { readonly file: string } | undefined;
}

/** Runs the repair in a child process, so that nothing here waits for the disk. */
export interface Repair {
  /** Calls `onLine` for each step; never throws for what goes wrong in the repair: that is its end. */
  run(job: RepairJob, onLine: (line: RepairLine) => void): Promise<RepairEnd>;
  /** The record beside this jellyfin.db, without opening that; undefined, too, where the server runs and nothing is left to carry on. */
  unfinished(db: string, where?: ServerWhere): Promise<UnfinishedRepair | undefined>;
  /** Looks for signs of the server, as a repair does; gives their names, and those that cannot be read from here. */
  look(db: string, where: ServerWhere): Promise<Record<'running' | 'unseen', readonly string[]>>;
  /** Whether a repair that ended since then has put another API key than this one into the file. */
  addedOtherKey(db: string, sinceMs: number, key: string): Promise<boolean>;
}
