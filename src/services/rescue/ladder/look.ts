import { AppError } from '../../../errors.js';
import { readAccountId, withName } from '../../../identifiers.js';
import { type Account, lockState } from '../../accounts/account.js';
import type { Jellyfin } from '../../accounts/jellyfin-port.js';
import type { Plan, RescueOptions, RungNote, RungPlan } from './plan.js';
import type { Target } from './repair-port.js';
import { type RescuePorts, type LocationFinding, type Rung, rungs, type WhyNot } from './ports.js';
import { forgetsLocks } from './server-rungs.js';

type Deps = Pick<RescuePorts, 'jellyfin' | 'keylessJellyfin' | 'keys' | 'location' | 'repair' | 'settings'>;

/** Finds out, without changing or opening anything, in what state the account is and which rungs are open from here. */
export async function look(deps: Deps, target: Target, options: RescueOptions): Promise<Plan> {
  const location = await deps.location.look();
  const [known, server, unfinished] = await Promise.all([
    options.serverIsStopped ? notAsked : withKey(deps, target),
    options.serverIsStopped ? notAsked : outcome(deps.keylessJellyfin.introduction()),
    location.db === undefined
      ? undefined
      : deps.repair.unfinished(location.db, {
          serverDir: location.serverDir,
          logDir: location.logDir,
          url: deps.settings.url,
        }),
  ]);
  const account = known.value;
  const found: Found = {
    target: account
      ? { id: account.id, name: account.name }
      : { ...target, id: target.id ?? readAccountId(target.name) },
    account,
    hasKey: deps.keys.isThere,
    keyTrouble: known.trouble,
    server: server.value,
    serverTrouble: server.trouble,
    location,
    unfinished,
  };
  const { hasKey: _hasKey, keyTrouble: _keyTrouble, ...plan } = found;
  return { ...plan, rungs: rungs.map((rung) => rungPlan(rung, found, options)) };
}

interface Outcome<T> {
  readonly value?: T | undefined;
  readonly trouble?: WhyNot | undefined;
}

const notAsked: Outcome<never> = {};
const trouble = (code: WhyNot): Outcome<never> => ({ trouble: code });

async function outcome<T>(work: Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await work };
  } catch (error) {
    if (error instanceof AppError) return trouble(error.code);
    throw error;
  }
}

/** Throws `accountUnknown` and the like: a key that works knows better than anybody. */
async function withKey({ keys, jellyfin }: Deps, target: Target): Promise<Outcome<Account>> {
  if (!keys.isThere) return notAsked;
  const found = await outcome(target.id === undefined ? byName(jellyfin, target.name) : jellyfin.getAccount(target.id));
  if (found.trouble === 'accountGone') throw new AppError('accountGone');
  if (found.trouble === 'accountUnknown') throw new AppError('accountUnknown', { name: target.name });
  if (found.trouble === 'accountAmbiguous') throw new AppError('accountAmbiguous', { name: target.name });
  return found;
}

/** By name; an id is taken, too, as it is all that tells apart those whose names differ in case only. */
async function byName(jellyfin: Jellyfin, name: string): Promise<Account> {
  const all = await jellyfin.listAccounts();
  const byId = all.find(({ id }) => id === readAccountId(name));
  if (byId) return byId;
  const [first, second] = withName(all, name, (account) => account.name);
  if (!first) throw new AppError('accountUnknown', { name });
  if (second) throw new AppError('accountAmbiguous', { name });
  return first;
}

/** What a look has found out. */
interface Found extends Omit<Plan, 'rungs'> {
  readonly hasKey: boolean;
  /** Why the account could not be read with the key. */
  readonly keyTrouble: WhyNot | undefined;
}

/** Whether a rung can be tried from here, or why not. */
function rungPlan(rung: Rung, found: Found, options: RescueOptions): RungPlan {
  if (found.unfinished?.atWork) return { rung, open: false, note: 'rescueAtWork' };
  if (rung === 'db') return dbPlan(found, options);
  // While the server is stopped, only its file can be changed.
  if (options.serverIsStopped) return { rung, open: false, note: 'serverIsStopped' };
  if (rung === 'api') return apiPlan(found);
  return rung === 'pin' ? pinPlan(found) : restartPlan(found);
}

function apiPlan({ account, hasKey, keyTrouble, serverTrouble }: Found): RungPlan {
  if (account) return { rung: 'api', open: true, note: 'keyWorks' };
  if (!hasKey) return { rung: 'api', open: false, note: 'noKey' };
  if (keyTrouble === 'jellyfinKeyRefused') return { rung: 'api', open: false, note: 'keyRefused' };
  // Said once, for all who need the server.
  if (keyTrouble === serverTrouble) return { rung: 'api', open: false, note: 'noServer' };
  return { rung: 'api', open: false, why: keyTrouble };
}

function pinPlan({ target, account, server, location }: Found): RungPlan {
  const closed = (rest: Partial<RungPlan>): RungPlan => ({ rung: 'pin', open: false, ...rest });
  if (!server) return closed({ note: 'noServer' });
  const trouble = pinTrouble(target, location);
  if (trouble) return closed(trouble);
  if (account?.isDisabled) return closed({ note: 'pinNotOpen' });
  return { rung: 'pin', open: true, note: account ? 'pinReady' : 'pinMayBeLocked' };
}

/** A restart is no use by itself: the password is set through the key or a PIN afterwards. */
function restartPlan({ target, account, server, location }: Found): RungPlan {
  const closed = (rest: Partial<RungPlan>): RungPlan => ({ rung: 'restart', open: false, ...rest });
  if (!server) return closed({ note: 'noServer' });
  if (!forgetsLocks(server.version))
    return closed({ note: 'restartOtherVersion', params: { version: server.version } });
  if (account && lockState(account) !== 'locked') return closed({ note: 'restartNotLocked' });
  const trouble = account ? undefined : pinTrouble(target, location);
  if (trouble) return closed(trouble);
  return { rung: 'restart', open: true, note: 'restartReady' };
}

function dbPlan(found: Found, { serverIsStopped, byHand }: RescueOptions): RungPlan {
  const { db = '', serverDir, dbOwner = '', dbFound, dbOurs, dbWritable, commands, closed: locked } = found.location;
  const params = { file: db, owner: dbOwner, name: found.unfinished?.account?.name ?? '' };
  const closed = (note: RungNote): RungPlan => ({ rung: 'db', open: false, note, params });
  if (serverDir === undefined && !dbFound) return closed('noFolder');
  if (!dbFound && locked) return { rung: 'db', open: false, note: 'folderClosed', params: locked };
  if (!dbFound) return closed('dbMissing');
  if (!dbOurs) return closed('dbNotOurs');
  if (!dbWritable) return closed('dbNotWritable');
  // Whose it is, and how far it got, nobody can tell: the repair would not begin.
  if (found.unfinished?.unreadable)
    return { rung: 'db', open: false, why: 'recordUnreadable', params: found.unfinished.unreadable };
  const open = (note: RungNote): RungPlan => ({ rung: 'db', open: true, note, params });
  if (goesOn(found)) return open('dbCarryOn');
  // One that has changed nothing yet is given up for this one.
  if (found.unfinished?.mayBeChanged) return closed('dbOther');
  if (serverIsStopped) return open('dbStopped');
  if (commands) return open('dbStopsItself');
  return byHand ? open('dbStopByHand') : closed('dbStopByHand');
}

/** Whether a rescue carries on an unfinished repair; a name spelled otherwise counts only if it can mean nobody else. */
export function goesOn({ unfinished, target }: Pick<Plan, 'unfinished' | 'target'>): boolean {
  if (!unfinished?.account) return false;
  const { id, name, alone } = unfinished.account;
  if (id !== undefined && target.id !== undefined) return id === target.id;
  return name === target.name || (alone === true && name.toLowerCase() === target.name.toLowerCase());
}

/** Jellyfin is asked for a PIN by name. */
function pinTrouble({ id, name }: Target, location: LocationFinding): Partial<RungPlan> | undefined {
  const isId = id !== undefined && name.replaceAll('-', '').toLowerCase() === id;
  return isId ? { note: 'pinNeedsName' } : folderTrouble(location);
}

function folderTrouble({ serverDir, folderReadable, closed }: LocationFinding): Partial<RungPlan> | undefined {
  if (serverDir === undefined) return { note: 'noFolder' };
  if (!folderReadable && closed) return { note: 'folderClosed', params: closed };
  return folderReadable ? undefined : { note: 'folderNotReadable', params: { folder: serverDir } };
}
