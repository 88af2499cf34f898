import { applyPolicy, policyOf } from './rules/policy.js';
import type { Policy } from './rules/policy-fields.js';
import { toApiId } from './store/formats.js';
import { hashPassword } from './store/password-hash.js';
import { administrator, disabled, type ServerUser } from './store/server-user.js';
import type { World } from './world.js';

/** An account that a test wants to be there. */
export interface NewAccount {
  readonly name: string;
  readonly password?: string;
  readonly administrator?: boolean;
  /** Failed sign-ins before the lock; never when left out, as on a fresh server. */
  readonly limit?: number;
  readonly disabled?: boolean;
  readonly policy?: Partial<Policy>;
}

/** Puts accounts on the server without asking its API. */
export const people = {
  add(world: World, account: NewAccount): { id: string; name: string } {
    if (world.users.byName(account.name)) throw new Error(`The loopback Jellyfin has "${account.name}" already`);
    const user = world.users.add(account.name);
    if (account.password !== undefined) user.passwordHash = hashPassword(account.password, world.hashIterations);
    if (account.policy) applyPolicy(user, { ...policyOf(user), ...account.policy });
    if (account.limit !== undefined) user.signInLimit = account.limit === -1 ? null : account.limit;
    if (account.administrator) user.permissions[administrator] = true;
    if (account.disabled) user.permissions[disabled] = true;
    world.users.savePolicy(user);
    return { id: toApiId(user.id), name: user.name };
  },

  addMany(world: World, count: number): void {
    const first = world.users.all().length + 1;
    for (let n = 1; n <= count; n += 1) world.users.addAs(`user${String(n).padStart(5, '0')}`, first + n);
  },

  addEntries(world: World, count: number): void {
    const newest = world.now().getTime() - 86_400_000;
    for (let n = count; n > 0; n -= 1) {
      const entry = { type: 'SessionStarted', name: 'somebody is online from a television' };
      world.activity.addAs({ ...entry, at: new Date(newest - n * 1000) });
    }
  },

  /** Throws for a name that nobody has. */
  find(world: World, name: string): ServerUser {
    const user = world.users.byName(name);
    if (!user) throw new Error(`The loopback Jellyfin has no account "${name}"`);
    return user;
  },
};
