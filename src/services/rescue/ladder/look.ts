import { AppError } from '../../../errors.js';
import { readAccountId, withName } from '../../../identifiers.js';
import type { Account } from '../../accounts/account.js';
import type { Jellyfin } from '../../accounts/jellyfin-port.js';
import type { Plan, RescueOptions, Target } from './plan.js';
import type { RescuePorts } from './ports.js';
import { rungPlan, type Found } from './rung-plan.js';
import { rungs, type WhyNot } from './step.js';

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
