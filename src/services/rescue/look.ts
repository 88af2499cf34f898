import { AppError } from '../../errors.js';
import { lockState, type Account } from '../account.js';
import type { Jellyfin } from '../jellyfin-port.js';
import type { PlaceFinding } from './place-port.js';
import type { Plan, RescueOptions, RungPlan, Target } from './plan.js';
import type { RescuePorts } from './ports.js';
import { forgetsLocks } from './restart-rung.js';
import { rungs, type Rung, type WhyNot } from './step.js';

type Needs = Pick<RescuePorts, 'jellyfin' | 'frontDoor' | 'keys' | 'place' | 'repair'>;
type Found = Omit<Plan, 'rungs'> & { readonly keyTrouble: WhyNot | undefined };

/** Finds out, without changing or opening anything, in what state the account is and which rungs are open from here. */
export async function look(needs: Needs, target: Target, options: RescueOptions): Promise<Plan> {
  const place = await needs.place.look();
  const [known, server, unfinished] = await Promise.all([
    options.serverIsStopped ? trouble('jellyfinUnreachable') : withKey(needs, target),
    options.serverIsStopped ? trouble('jellyfinUnreachable') : outcome(needs.frontDoor.introduction()),
    place.db === undefined ? undefined : needs.repair.unfinished(place.db),
  ]);
  const account = known.value;
  const found: Found = {
    target: account ? { id: account.id, name: account.name } : target,
    account,
    keyTrouble: known.trouble,
    server: server.value,
    serverTrouble: server.trouble,
    place,
    unfinished,
  };
  const { keyTrouble: _keyTrouble, ...plan } = found;
  return { ...plan, rungs: rungs.map((rung) => rungPlan(rung, found, options)) };
}

interface Outcome<T> {
  readonly value?: T;
  readonly trouble?: WhyNot | undefined;
}

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
async function withKey({ keys, jellyfin }: Needs, target: Target): Promise<Outcome<Account>> {
  if (!keys.isThere) return trouble('jellyfinKeyRefused');
  const found = await outcome(target.id === undefined ? byName(jellyfin, target.name) : jellyfin.getAccount(target.id));
  if (found.trouble === 'accountGone') throw new AppError('accountGone');
  if (found.trouble === 'accountUnknown') throw new AppError('accountUnknown', { name: target.name });
  if (found.trouble === 'accountAmbiguous') throw new AppError('accountAmbiguous', { name: target.name });
  return found;
}

async function byName(jellyfin: Jellyfin, name: string): Promise<Account> {
  const all = await jellyfin.listAccounts();
  const alike = all.filter((account) => account.name.toLowerCase() === name.toLowerCase());
  const [first, second] = alike.filter((account) => account.name === name).concat(alike);
  if (!first) throw new AppError('accountUnknown', { name });
  if (second && second.id !== first.id && first.name !== name) throw new AppError('accountAmbiguous', { name });
  return first;
}

function rungPlan(rung: Rung, found: Found, options: RescueOptions): RungPlan {
  if (rung === 'api') return apiPlan(found);
  if (rung === 'pin') return pinPlan(found);
  if (rung === 'restart') return restartPlan(found);
  return dbPlan(found, options);
}

function apiPlan({ account, keyTrouble }: Found): RungPlan {
  return account ? { rung: 'api', open: true, note: 'keyWorks' } : { rung: 'api', open: false, why: keyTrouble };
}

function pinPlan({ account, server, serverTrouble, place, unfinished }: Found): RungPlan {
  const closed = (rest: Partial<RungPlan>): RungPlan => ({ rung: 'pin', open: false, ...rest });
  if (!server || unfinished) return closed({ why: serverTrouble });
  const trouble = folderTrouble(place);
  if (trouble) return closed(trouble);
  if (account && lockState(account) !== 'open' && lockState(account) !== 'overLimit')
    return closed({ note: 'pinMayBeLocked' });
  const isNew = Number.parseInt(server.version, 10) >= 12;
  return { rung: 'pin', open: true, note: isNew ? 'pinNeedsLocal' : account ? 'pinReady' : 'pinMayBeLocked' };
}

/** A restart is no use by itself: the password is set through the key or a PIN afterwards. */
function restartPlan({ account, server, serverTrouble, place, unfinished }: Found): RungPlan {
  const closed = (rest: Partial<RungPlan>): RungPlan => ({ rung: 'restart', open: false, ...rest });
  if (!server || unfinished) return closed({ why: serverTrouble });
  if (!forgetsLocks(server.version))
    return closed({ note: 'restartOtherVersion', params: { version: server.version } });
  const trouble = account ? undefined : folderTrouble(place);
  if (trouble) return closed(trouble);
  return { rung: 'restart', open: true, note: 'restartReady' };
}

function dbPlan({ place, unfinished }: Found, { serverIsStopped, byHand }: RescueOptions): RungPlan {
  const { db = '', serverDir, dbOwner = '', dbFound, dbOurs, dbWritable, canStop } = place;
  const closed = (rest: Partial<RungPlan>): RungPlan => ({
    rung: 'db',
    open: false,
    params: { file: db, owner: dbOwner },
    ...rest,
  });
  if (serverDir === undefined && !dbFound) return closed({ note: 'noFolder' });
  if (!dbFound) return closed({ note: 'dbMissing' });
  if (!dbOurs) return closed({ note: 'dbNotOurs' });
  if (!dbWritable) return closed({ note: 'dbNotWritable' });
  const open = (note: RungPlan['note']): RungPlan => ({ rung: 'db', open: true, note, params: { file: db } });
  if (unfinished) return open('dbCarryOn');
  if (serverIsStopped) return open('dbStopped');
  if (canStop) return open('dbStopsItself');
  return byHand ? open('dbStopByHand') : closed({ note: 'dbStopByHand' });
}

function folderTrouble({ serverDir, folderReadable }: PlaceFinding): Partial<RungPlan> | undefined {
  if (serverDir === undefined) return { note: 'noFolder' };
  return folderReadable ? undefined : { note: 'folderNotReadable', params: { folder: serverDir } };
}
