import { AppError, type Params, type RungNote } from '../../../errors.js';
import { readAccountId, withName } from '../../../identifiers.js';
import { type Account, isProviderThere, isPutOff, lockState, otherProvider } from '../../accounts/account.js';
import type { Jellyfin, ServerInfo } from '../../accounts/jellyfin-port.js';
import { type DatabasePlace, type LocationFinding, type LadderPorts, type Rung, rungs, type WhyNot } from './ports.js';
import type { RepairJob, Target, UnfinishedRepair } from './repair-port.js';

/** What the person chose beyond the account; all of it is off unless given. */
export interface RescueOptions extends Pick<
  RepairJob,
  'administratorOnly' | 'dryRun' | 'giveRight' | 'serverIsStopped'
> {
  /** One rung only. */
  readonly rung?: Rung | undefined;
  /** Add an API key in jellyfin.db also when the person starts the server. */
  readonly giveKey?: boolean | undefined;
  /** Write a temporary password into jellyfin.db: the last resort. */
  readonly setPassword?: boolean | undefined;
  /** The person knows the password, and it is to stay; undefined: they are asked where that may be so. */
  readonly keepPassword?: boolean | undefined;
  /** The person is at the server's keyboard, and can stop and start it by hand when asked to. */
  readonly byHand?: boolean | undefined;
}

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
  readonly hasKey: boolean;
  /** Why the account could not be read with the key. */
  readonly keyTrouble: WhyNot | undefined;
  /** As the server reports it, where the key works. */
  readonly account: Account | undefined;
  /** Whether the server has what checks the account's password, where that is not Jellyfin itself, and it could be asked. */
  readonly providerIsThere: boolean | undefined;
  /** The names of the administrators who are neither switched off nor locked, where the list could be read. */
  readonly administrators: readonly string[] | undefined;
  readonly server: ServerInfo | undefined;
  /** Why the server could not be asked who it is; undefined, too, where the person has stopped it. */
  readonly serverTrouble: WhyNot | undefined;
  readonly serverTroubleParams?: Params | undefined;
  readonly location: LocationFinding;
  /** A repair that was begun earlier: where it is this account's, it is carried on before anything else is tried. */
  readonly unfinished: UnfinishedRepair | undefined;
  readonly rungs: readonly RungPlan[];
}

type Deps = Pick<LadderPorts, 'jellyfin' | 'keylessJellyfin' | 'keys' | 'location' | 'repair' | 'settings'>;

/** Finds out, without changing or opening anything, in what state the account is and which rungs are open from here. */
export async function look(deps: Deps, target: Target, options: RescueOptions): Promise<Plan> {
  const [known, server] = await Promise.all([
    options.serverIsStopped ? notAsked : withKey(deps, target),
    options.serverIsStopped ? notAsked : outcome(deps.keylessJellyfin.introduction()),
  ]);
  const location = await deps.location.look(server.value?.version);
  const { db, serverDir, logDir } = location;
  const where = { serverDir, logDir, url: deps.settings.url };
  const unfinished = db === undefined ? undefined : await deps.repair.unfinished(db, where);
  const { account, administrators } = known.value ?? {};
  const found: Found = {
    target: account
      ? { id: account.id, name: account.name }
      : { ...target, id: target.id ?? readAccountId(target.name) },
    account,
    providerIsThere: account && (await hasProvider(deps, account)),
    administrators,
    hasKey: deps.keys.isThere,
    keyTrouble: known.trouble,
    server: server.value,
    serverTrouble: server.trouble,
    serverTroubleParams: server.params,
    location,
    unfinished,
  };
  return { ...found, rungs: rungs.map((rung) => ({ rung, ...verdictOn(rung, found, options) })) };
}

interface Outcome<T> {
  readonly value?: T | undefined;
  readonly trouble?: WhyNot | undefined;
  readonly params?: Params | undefined;
}

const notAsked: Outcome<never> = {};

async function outcome<T>(work: Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await work };
  } catch (error) {
    if (error instanceof AppError) return { trouble: error.code, params: error.params };
    throw error;
  }
}

type Known = Pick<Plan, 'administrators'> & { readonly account: Account };

/** Throws `accountUnknown` and the like: a key that works knows better than anybody. */
async function withKey({ keys, jellyfin }: Deps, target: Target): Promise<Outcome<Known>> {
  if (!keys.isThere) return notAsked;
  const { id, name } = target;
  const found = await outcome(id === undefined ? byName(jellyfin, name) : byId(jellyfin, id));
  const nobodys = (['accountGone', 'accountUnknown', 'accountAmbiguous'] as const).find(
    (code) => code === found.trouble,
  );
  if (nobodys) throw new AppError(nobodys, { name });
  return found;
}

/** By name; an id is taken, too, as it is all that tells apart those whose names differ in case only. */
async function byName(jellyfin: Jellyfin, name: string): Promise<Known> {
  const all = await jellyfin.listAccounts();
  const administrators = all.filter((each) => each.isAdministrator && !each.isDisabled).map((each) => each.name);
  const byItsId = all.find(({ id }) => id === readAccountId(name));
  if (byItsId) return { account: byItsId, administrators };
  const [first, second] = withName(all, name, (account) => account.name);
  if (!first) throw new AppError('accountUnknown', { name });
  if (second) throw new AppError('accountAmbiguous', { name });
  return { account: first, administrators };
}

async function byId(jellyfin: Jellyfin, id: string): Promise<Known> {
  return { account: await jellyfin.getAccount(id), administrators: undefined };
}

/** Undefined where Jellyfin itself checks the password, or the server did not say. */
async function hasProvider({ jellyfin }: Deps, account: Account): Promise<boolean | undefined> {
  if (otherProvider(account) === undefined) return undefined;
  const { value: ids } = await outcome(jellyfin.listProviders());
  return ids && isProviderThere(account, ids);
}

type Found = Omit<Plan, 'rungs'>;

type Verdict = Omit<RungPlan, 'rung'>;
const open = (note: RungNote, params?: Params): Verdict => ({ open: true, note, params });
const closed = (note: RungNote, params?: Params): Verdict => ({ open: false, note, params });

/** Whether a rung can be tried from here, or why not. */
function verdictOn(rung: Rung, found: Found, options: RescueOptions): Verdict {
  if (found.unfinished?.atWork) return closed('rescueAtWork');
  if (rung === 'db') return db(found, options);
  // While the server is stopped, only its file can be changed.
  if (options.serverIsStopped) return closed('serverIsStopped');
  return rung === 'api' ? api(found) : rung === 'pin' ? pin(found) : restart(found);
}

function api({ account, hasKey, keyTrouble, serverTrouble }: Found): Verdict {
  const provider = account && otherProvider(account);
  if (provider) return open('keyWorksElsewhere', { provider });
  if (account) return open('keyWorks');
  if (!hasKey) return closed('noKey');
  if (keyTrouble === 'jellyfinKeyRefused') return closed('keyRefused');
  // Said once, for all who need the server.
  return keyTrouble === serverTrouble ? closed('noServer') : { open: false, why: keyTrouble };
}

function pin({ target, account, server, location }: Found): Verdict {
  const provider = account && otherProvider(account);
  if (!server) return closed('noServer');
  if (provider) return closed('passwordElsewhere', { provider });
  const trouble = pinTrouble(target, location);
  if (trouble) return trouble;
  if (account?.isDisabled) return closed('pinNotOpen');
  return open(account ? 'pinReady' : 'pinMayBeLocked');
}

/** A restart is no use by itself: the password is set through the key or a PIN afterwards. */
function restart({ target, account, server, location }: Found): Verdict {
  if (!server) return closed('noServer');
  if (!forgetsLocks(server.version)) return closed('restartOtherVersion', { version: server.version });
  if (account && lockState(account) !== 'locked') return closed('restartNotLocked');
  return (!account && pinTrouble(target, location)) || open('restartReady');
}

/** Whether a restart opens a locked account (docs/jellyfin.md, "Locks"). */
function forgetsLocks(version: string): boolean {
  return /^10\.11\.[0-8](\.|$)/.test(version);
}

function db(found: Found, { serverIsStopped, byHand }: RescueOptions): Verdict {
  const { location, unfinished } = found;
  const { db = '', serverDir, dbOwner = '', dbFound, dbOurs, dbWritable, commands } = location;
  const params = { file: db, owner: dbOwner, name: unfinished?.account?.name ?? '' };
  if (serverDir === undefined && !dbFound) return closed('noFolder');
  if (!dbFound && location.closed) return closed('folderClosed', location.closed);
  const { found: where, file = '', path = '', type = '', owner = '' } = location.place ?? {};
  const note = where && elsewhere[where];
  if (note) return closed(note, { file, path, type, owner });
  if (!dbFound) return closed('dbMissing', params);
  if (!dbOurs) return closed('dbNotOurs', params);
  if (!dbWritable) return closed('dbNotWritable', params);
  // Whose it is, and how far it got, nobody can tell: the repair would not begin.
  if (unfinished?.unreadable) return { open: false, why: 'recordUnreadable', params: unfinished.unreadable };
  if (goesOn(found)) return open('dbCarryOn', params);
  // One that has changed nothing yet is given up for this one.
  if (unfinished?.mayBeChanged) return closed('dbOther', params);
  if (serverIsStopped) return open('dbStopped', params);
  if (commands) return open('dbStopsItself', params);
  return byHand ? open('dbStopByHand', params) : closed('dbStopByHand', params);
}

/** What keeps the database from being changed from here, where `database.xml` says so. */
export const elsewhere: Partial<Record<DatabasePlace['found'], RungNote>> = {
  otherType: 'dbOtherType',
  relative: 'dbRelative',
  notThere: 'dbNotThere',
  others: 'dbOfOthers',
  unreadable: 'dbUnsaid',
};

/** Whether the password may be known, and only a lock stand in the way: then a new one would lose a good one. */
export function mayBeLockedOnly({ account, rungs }: Plan, { rung, setPassword }: RescueOptions): boolean {
  if (setPassword || rung === 'pin') return false;
  // A PIN replaces the password, whatever is known of it.
  if (!rungs.some((each) => each.open && each.rung !== 'pin')) return false;
  return !account || (lockState(account) !== 'open' && !isPutOff(account));
}

/** Whether a rescue carries on an unfinished repair; a name spelled otherwise counts only if it can mean nobody else. */
export function goesOn({ unfinished, target }: Pick<Plan, 'unfinished' | 'target'>): boolean {
  if (!unfinished?.account) return false;
  const { id, name, alone } = unfinished.account;
  if (id !== undefined && target.id !== undefined) return id === target.id;
  return name === target.name || (alone === true && name.toLowerCase() === target.name.toLowerCase());
}

function pinTrouble({ id, name }: Target, { serverDir, folderReadable, closed: locked }: LocationFinding) {
  // Jellyfin is asked for a PIN by name.
  if (id !== undefined && name.replaceAll('-', '').toLowerCase() === id) return closed('pinNeedsName');
  if (serverDir === undefined) return closed('noFolder');
  if (folderReadable) return undefined;
  return locked ? closed('folderClosed', locked) : closed('folderNotReadable', { folder: serverDir });
}
