import type { Log } from '../log.js';
import { AccountDirectory } from './account-directory.js';
import { AccountPicker } from './account-picker.js';
import { type ServerLog, ActivityLogReader } from './activity-log.js';
import type { Jellyfin } from './jellyfin-port.js';
import type { LinkStore } from './link.js';
import { Permissions } from './permissions.js';

export interface AccountPorts {
  readonly stores: { readonly links: LinkStore };
  readonly jellyfin: Jellyfin;
  readonly watch: { readonly log: ServerLog };
  readonly log: Log;
  readonly now: () => number;
}

/** Builds what everything else stands on: the accounts, who may change them, and the server's activity log. */
export function createAccounts({ stores, jellyfin, watch, log, now }: AccountPorts) {
  const onFailure = (err: unknown) => log.warn({ err }, 'the list of accounts could not be fetched');
  const accounts = new AccountDirectory(jellyfin, { now, onFailure });
  return {
    accounts,
    jellyfin,
    picker: new AccountPicker(accounts, stores.links, jellyfin),
    permissions: new Permissions(stores.links, accounts),
    logReader: new ActivityLogReader(watch.log),
  };
}

export type AccountServices = ReturnType<typeof createAccounts>;
