import { createHash } from 'node:crypto';
import { AppError } from '../../errors.js';
import type { AccountDeps } from '../accounts/create-accounts.js';
import type { Account } from '../accounts/account.js';
import type { Device } from '../accounts/device.js';
import { type Actor, helps } from '../members/actor.js';

/** A device on which an account is signed in. */
export interface AccountDevice extends Device {
  /** Stands for the id, which may be of any length, in what is pressed and chosen. */
  readonly key: string;
  /** Whether it has a session at this moment, which `MaxActiveSessions` counts. */
  readonly isConnected: boolean;
  /** Whether other accounts are signed in on it as well: they would be signed out, too. */
  readonly isShared: boolean;
}

/** An account and where it is signed in, seen last first. */
export interface DevicesOf {
  readonly account: Account;
  readonly devices: readonly AccountDevice[];
}

/** A device that was asked for by its key; undefined where the account is not signed in on it any more. */
interface OneDevice extends DevicesOf {
  readonly device: AccountDevice | undefined;
}

/**
 * The devices on which an account is signed in, for its owners and for those who may change it. Every method throws
 * `accountNotYours`, `linkUnproved`, `adminAccount` or a Jellyfin code.
 */
export class AccountDevices {
  constructor(private readonly deps: AccountDeps) {}

  /** Three calls. */
  async of(actor: Actor, accountId: string): Promise<DevicesOf> {
    // What is not theirs is refused before the server is asked anything.
    if (!helps(actor)) this.deps.ownership.assertOwn(actor.id, accountId);
    const devices = await this.#signedIn(accountId);
    // Read last: it is judged as it is right before a device is signed out.
    const account = await this.deps.jellyfin.getAccount(accountId);
    await this.#assertMaySee(actor, account);
    return { account, devices };
  }

  async one(actor: Actor, accountId: string, key: string): Promise<OneDevice> {
    const found = await this.of(actor, accountId);
    return { ...found, device: found.devices.find((device) => device.key === key) };
  }

  /**
   * Signs one device out, for everybody on it, and reads that back: `devices` are those that are left, `device` the one that
   * was signed out; undefined where it was already. Throws `jellyfinNotApplied`, too.
   */
  async signOut(actor: Actor, accountId: string, key: string): Promise<OneDevice> {
    const before = await this.one(actor, accountId, key);
    const { device } = before;
    return device ? { ...before, devices: await this.#signOut(actor, before, [device]) } : before;
  }

  /** The same on all devices; `devices` are those that were signed out. */
  async signOutEverywhere(actor: Actor, accountId: string): Promise<DevicesOf> {
    const before = await this.of(actor, accountId);
    await this.#signOut(actor, before, before.devices);
    return before;
  }

  /** Returns the devices that are left. */
  async #signOut(actor: Actor, before: DevicesOf, devices: readonly AccountDevice[]): Promise<AccountDevice[]> {
    const { events, stores, watch } = this.deps;
    const { id: accountId, name: accountName } = before.account;
    const isAll = devices.length === before.devices.length;
    const detail = isAll ? undefined : devices.map(({ name }) => name.slice(0, 100)).join(', ');
    const act = { actorId: actor.id, act: isAll ? 'sign out' : 'sign out device', accountId, accountName, detail };
    stores.audit.record({ ...act, outcome: 'begun' });
    for (const { id } of devices) await watch.devices.signOut(id);
    const left = await this.#signedIn(accountId);
    // A device that was not there before has just signed in, with the right password: it does not count.
    if (left.some(({ id }) => devices.some((device) => device.id === id))) throw new AppError('jellyfinNotApplied');
    stores.transaction(() => {
      stores.audit.record({ ...act, outcome: 'done' });
      if (isAll) events.emit('signedOutEverywhere', { accountId, actorId: actor.id });
    });
    return left;
  }

  /** Seen last first. */
  async #signedIn(accountId: string): Promise<AccountDevice[]> {
    const { devices } = this.deps.watch;
    const [all, connected] = await Promise.all([devices.list(), devices.connected()]);
    const isOn = (id: string) => (device: Device) => device.id === id;
    return all
      .filter((device) => device.accountId === accountId)
      .map((device) => ({
        ...device,
        key: createHash('sha256').update(device.id).digest('hex').slice(0, 16),
        isConnected: connected.filter(isOn(device.id)).some((each) => each.accountId === accountId),
        isShared: all.filter(isOn(device.id)).some((each) => each.accountId !== accountId),
      }))
      .sort((one, other) => (other.lastSeen ?? 0) - (one.lastSeen ?? 0));
  }

  async #assertMaySee(actor: Actor, account: Account): Promise<void> {
    const { ownership, permissions } = this.deps;
    if (helps(actor) && !ownership.has(actor.id, account.id)) await permissions.assertMayChange(actor, account);
    else ownership.assertOwn(actor.id, account.id);
  }
}
