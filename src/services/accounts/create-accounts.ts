import type { Audit } from '../audit.js';
import type { Log } from '../log.js';
import type { Events } from '../events.js';
import type { Members } from '../members/actor.js';
import type { MemberNames } from '../members/member-names.js';
import type { Transaction } from '../transaction.js';
import { AccountDirectory } from './account-directory.js';
import { AccountPicker } from './account-picker.js';
import { type ServerLog, ActivityLogReader } from './activity-log.js';
import type { Devices } from './device.js';
import type { Jellyfin } from './jellyfin-port.js';
import type { LinkStore } from './link.js';
import { Ownership } from './ownership.js';
import { PasswordChanges, type PasswordLog } from './password-changes.js';
import { Permissions } from './permissions.js';

export interface AccountPorts {
  readonly stores: {
    readonly links: LinkStore;
    readonly memberNames: MemberNames;
    readonly passwordLog: PasswordLog;
    readonly audit: Audit;
    readonly transaction: Transaction;
  };
  readonly jellyfin: Jellyfin;
  readonly members: Members;
  readonly watch: { readonly log: ServerLog; readonly devices: Devices };
  readonly events: Events;
  readonly log: Log;
  readonly now: () => number;
}

/** Builds what everything else stands on: the accounts, who may change them, and the server's activity log. */
export function createAccounts({ stores, jellyfin, members, watch, events, log, now }: AccountPorts) {
  const onFailure = (err: unknown) => log.warn({ err }, 'the list of accounts could not be fetched');
  const ownership = new Ownership({ ...stores, members, events, now });
  const accounts = new AccountDirectory(jellyfin, { now, onFailure });
  const logReader = new ActivityLogReader(watch.log);
  return {
    accounts,
    jellyfin,
    ownership,
    picker: new AccountPicker(accounts, ownership, jellyfin),
    permissions: new Permissions(ownership, accounts),
    logReader,
    passwordChanges: new PasswordChanges({ ...stores, logReader, ownership }),
  };
}

export type AccountServices = ReturnType<typeof createAccounts>;

/** Accounts, and what they stand on. */
export type AccountDeps = AccountPorts & AccountServices;
