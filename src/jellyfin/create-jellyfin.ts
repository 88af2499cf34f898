import type { Api } from '@jellyfin/sdk/lib/api.js';
import { getSystemApi } from '@jellyfin/sdk/lib/utils/api/system-api.js';
import { getUserApi } from '@jellyfin/sdk/lib/utils/api/user-api.js';
import { KeyedMutex } from '../keyed-mutex.js';
import type { Secret } from '../secret.js';
import type { Devices, ServerLog } from '../services/accounts/activity-log-port.js';
import type { Jellyfin, PreWriteCheck } from '../services/accounts/jellyfin-port.js';
import type { QuickConnect } from '../services/accounts/quick-connect-port.js';
import { AccountChanges, type UserCalls } from './account-changes.js';
import { accountId, isRecord, readUser, readUsers } from './account-from-user.js';
import { createDevices } from './devices.js';
import { JellyfinServer } from './jellyfin-server.js';
import type { Log } from '../services/log.js';
import { publicInfo } from './public-info.js';
import { createQuickConnect } from './quick-connect.js';
import { plainAddress, sdkApi } from './sdk-api.js';
import { createServerLog } from './server-log.js';

export interface JellyfinOptions {
  /** Where the server is, base path included. */
  readonly url: string;
  readonly apiKey: Secret;
  /** For one call, answer included. */
  readonly timeoutMs?: number;
  readonly log?: Pick<Log, 'warn'>;
}

/** A Jellyfin server as the services' ports see it. */
export interface JellyfinClient {
  readonly jellyfin: Jellyfin;
  readonly quickConnect: QuickConnect;
  readonly log: ServerLog;
  readonly devices: Devices;
}

/** Connects the ports to a Jellyfin server, 10.10 or later, by its official client. Makes no call itself. */
export function createJellyfin({ url, apiKey, timeoutMs = 10_000, log = silent }: JellyfinOptions): JellyfinClient {
  const { address, hadCredentials } = plainAddress(url);
  if (hadCredentials)
    log.warn({}, 'the name and password in the address of Jellyfin are not used: its key takes their place');
  const api = sdkApi(address, apiKey);
  const server = new JellyfinServer({ address, timeoutMs, log, publicInfo: publicInfo(api) });
  const devices = createDevices(server, api);
  return {
    jellyfin: createAccounts(server, api, log),
    quickConnect: createQuickConnect({ server, api, address, devices }),
    log: createServerLog(server, api),
    devices,
  };
}

function createAccounts(server: JellyfinServer, api: Api, log: Pick<Log, 'warn'>): Jellyfin {
  const system = getSystemApi(api);
  const user = getUserApi(api);
  const users: UserCalls = {
    get: (userId) =>
      server.read(
        { method: 'GET', path: '/Users/{id}', send: (options) => user.getUserById({ userId }, options) },
        readUser,
      ),
    writePolicy: (userId, policy) =>
      server.write({
        method: 'POST',
        path: '/Users/{id}/Policy',
        // The client's type names the fields it knows; the policy goes back with those it does not know, too.
        send: (options) => user.updateUserPolicy({ userId, userPolicy: policy as never }, options),
      }),
    writePassword: (userId, password) =>
      server.write({
        method: 'POST',
        path: '/Users/Password',
        send: (options) => user.updateUserPassword({ userId, updateUserPassword: { NewPw: password } }, options),
      }),
  };
  const changes = new AccountChanges(users, log);
  const locks = new KeyedMutex<string>();

  return {
    listAccounts: () =>
      server.read({ method: 'GET', path: '/Users', send: (options) => user.getUsers({}, options) }, readUsers),
    getAccount: async (id) => (await users.get(accountId(id))).account,
    unlock: async (id, check = noCheck) => {
      const key = accountId(id);
      return locks.run(key, () => changes.unlock(key, check));
    },
    enable: async (id, check = noCheck) => {
      const key = accountId(id);
      return locks.run(key, () => changes.enable(key, check));
    },
    setPassword: async (id, password, check = noCheck) => {
      const key = accountId(id);
      return locks.run(key, () => changes.setPassword(key, password, check));
    },
    replacePassword: async (id, password, check) => {
      const key = accountId(id);
      return locks.run(key, () => changes.replacePassword(key, password, check));
    },
    serverInfo: async () => {
      const info = await server.introduction();
      // The cheapest call that an ordinary token may not make (docs/jellyfin.md, "Accounts").
      await server.read(
        {
          method: 'GET',
          path: '/System/ActivityLog/Entries',
          send: (options) => system.getLogEntries({ limit: 1 }, options),
        },
        (data) => (isRecord(data) ? data : undefined),
      );
      return info;
    },
  };
}

/** For callers that have checked already. */
const noCheck: PreWriteCheck = () => undefined;

const silent: Pick<Log, 'warn'> = { warn: () => undefined };
