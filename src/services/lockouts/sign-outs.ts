import { AppError } from '../../errors.js';
import type { Account } from '../accounts/account.js';
import type { Actor } from '../members/actor.js';
import type { Audit } from '../audit.js';
import type { DenialStore } from './lockout.js';
import type { Jellyfin } from '../accounts/jellyfin-port.js';
import type { Permissions } from '../accounts/permissions.js';
import type { Device, Devices } from '../accounts/activity-log-port.js';

/** What signing an account out everywhere would do. */
export interface SignOutPreview {
  readonly account: Account;
  readonly devices: readonly Device[];
  /** Devices of these that somebody else is signed in on as well: they are signed out there, too. */
  readonly shared: readonly Device[];
}

/** Signs an account out on all its devices, by those who may change it. */
export class SignOuts {
  constructor(
    private readonly jellyfin: Pick<Jellyfin, 'getAccount'>,
    private readonly devices: Devices,
    private readonly permissions: Permissions,
    private readonly denials: Pick<DenialStore, 'signedOut'>,
    /** Brings the messages that offered it up to date. */
    private readonly told: { round(): Promise<void> },
    private readonly audit: Audit,
    private readonly now: () => number,
  ) {}

  /** Changes nothing. Throws `notAllowed`, `adminAccount` or a Jellyfin code. */
  async preview(actor: Actor, accountId: string): Promise<SignOutPreview> {
    const account = await this.jellyfin.getAccount(accountId);
    await this.permissions.assertMayChange(actor, account);
    return { account, ...ofAccount(await this.devices.list(), account.id) };
  }

  /** Signs out and reads back that it is so. Throws as `preview` does, or `jellyfinNotApplied`. */
  async everywhere(actor: Actor, accountId: string): Promise<SignOutPreview> {
    const before = await this.preview(actor, accountId);
    const { account, devices } = before;
    this.#record(actor, account, 'begun');
    for (const id of new Set(devices.map((device) => device.id))) await this.devices.signOut(id);
    const left = ofAccount(await this.devices.list(), account.id).devices;
    // One that was not there before has just signed in, with the right password.
    if (left.some(({ id }) => devices.some((device) => device.id === id))) throw new AppError('jellyfinNotApplied');
    this.denials.signedOut(account.id, actor.id, this.now());
    this.#record(actor, account, 'done');
    await this.told.round();
    return before;
  }

  #record(actor: Actor, { id: accountId, name: accountName }: Account, outcome: 'begun' | 'done'): void {
    this.audit.record({ actorId: actor.id, act: 'sign out', outcome, accountId, accountName });
  }
}

function ofAccount(all: readonly Device[], accountId: string): Pick<SignOutPreview, 'devices' | 'shared'> {
  const devices = all.filter((device) => device.accountId === accountId);
  const shared = devices.filter(({ id }) => all.some((other) => other.id === id && other.accountId !== accountId));
  return { devices, shared };
}
