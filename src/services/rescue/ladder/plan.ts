import type { Params } from '../../../errors.js';
import type { Account } from '../../accounts/account.js';
import type { ServerInfo } from '../../accounts/jellyfin-port.js';
import type { LocationFinding, Rung, WhyNot } from './ports.js';
import type { Target, UnfinishedRepair } from './repair-port.js';

/** What the person chose beyond the account; all of it is off unless given. */
export interface RescueOptions {
  /** One rung only. */
  readonly rung?: Rung | undefined;
  /** The person stopped the server and is going to start it. */
  readonly serverIsStopped?: boolean | undefined;
  /** Add an API key in jellyfin.db also when the person starts the server. */
  readonly giveKey?: boolean | undefined;
  /** Write a temporary password into jellyfin.db: the last resort. */
  readonly setPassword?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
  /** Refuse an ordinary account. */
  readonly administratorOnly?: boolean | undefined;
  /** The person is at the server's keyboard, and can stop and start it by hand when asked to. */
  readonly byHand?: boolean | undefined;
}

/** Remarks on a rung in the plan; each has its sentence in the locales under `rescue.note`. */
export const rungNotes = [
  'keyWorks',
  'noKey',
  'noServer',
  'keyRefused',
  'serverIsStopped',
  'rescueAtWork',
  'pinReady',
  'pinMayBeLocked',
  'pinNotOpen',
  'pinNeedsName',
  'restartReady',
  'restartOtherVersion',
  'restartNotLocked',
  'noFolder',
  'folderNotReadable',
  'folderClosed',
  'dbMissing',
  'dbNotOurs',
  'dbNotWritable',
  'dbStopsItself',
  'dbStopByHand',
  'dbStopped',
  'dbCarryOn',
  'dbOther',
] as const;
export type RungNote = (typeof rungNotes)[number];

/** Whether a rung can be tried from here. */
export interface RungPlan {
  readonly rung: Rung;
  readonly open: boolean;
  /** A remark, or why it is closed. */
  readonly note?: RungNote | undefined;
  readonly why?: WhyNot | undefined;
  readonly params?: Params | undefined;
}

/** What was found, and what would be done: shown before anything is. */
export interface Plan {
  readonly target: Target;
  /** As the server reports it, where the key works. */
  readonly account: Account | undefined;
  readonly server: ServerInfo | undefined;
  /** Why the server could not be asked who it is; undefined, too, where the person has stopped it. */
  readonly serverTrouble: WhyNot | undefined;
  readonly location: LocationFinding;
  /** A repair that was begun earlier: where it is this account's, it is carried on before anything else is tried. */
  readonly unfinished: UnfinishedRepair | undefined;
  readonly rungs: readonly RungPlan[];
}
