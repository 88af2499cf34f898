import { getSystemApi } from '@jellyfin/sdk/lib/utils/api/system-api.js';
import { getUserApi } from '@jellyfin/sdk/lib/utils/api/user-api.js';
import { KeyedMutex } from '../keyed-mutex.js';
import type { Secret } from '../secret.js';
import type { Devices, ServerLog } from '../services/accounts/activity-log.js';
import type { Jellyfin, PreWriteCheck } from '../services/accounts/jellyfin-port.js';
import type { QuickConnect } from '../services/accounts/quick-connect-port.js';
import { AccountChanges, type UserCalls } from './account-changes.js';
import { accountId, isRecord, readAll, readUser } from './account-from-user.js';
import { JellyfinServer, type ServerOptions } from './jellyfin-server.js';
import { createQuickConnect } from './quick-connect.js';
import { createDevices, createServerLog } from './server-log.js';

export type JellyfinOptions = ServerOptions & { readonly apiKey: Secret };

/** A Jellyfin server as the services' ports see it. */
export interface JellyfinClient {
  readonly jellyfin: Jellyfin;
  readonly quickConnect: QuickConnect;
  readonly log: ServerLog;
  readonly devices: Devices;
}

/** Connects the ports to a Jellyfin server, 10.10 or later, by its official client. Makes no call itself. */
export function createJellyfin(options: JellyfinOptions): JellyfinClient {
  const server = new JellyfinServer(options);
  const devices = createDevices(server);
  return {
    jellyfin: createAccounts(server, options.log),
    quickConnect: createQuickConnect(server, devices),
    log: createServerLog(server),
    devices,
  };
}

function createAccounts(server: JellyfinServer, log: JellyfinOptions['log']): Jellyfin {
  const system = getSystemApi(server.api);
  const user = getUserApi(server.api);
  const users: UserCalls = {
    get: (userId) => server.read('GET /Users/{id}', (options) => user.getUserById({ userId }, options), readUser),
    writePolicy: (userId, policy) =>
      server.write(
        // The client's type names the fields it knows; the policy goes back with those it does not know, too.
        'POST /Users/{id}/Policy',
        (options) => user.updateUserPolicy({ userId, userPolicy: policy as never }, options),
      ),
    writePassword: (userId, password) =>
      server.write('POST /Users/Password', (options) =>
        user.updateUserPassword({ userId, updateUserPassword: { NewPw: password } }, options),
      ),
  };
  const changes = new AccountChanges(users, log);
  const locks = new KeyedMutex<string>();
  const alone = async <T>(id: string, change: (key: string) => Promise<T>): Promise<T> => {
    const key = accountId(id);
    return locks.run(key, () => change(key));
  };

  return {
    listAccounts: () =>
      server.read(
        'GET /Users',
        (options) => user.getUsers({}, options),
        (data) => readAll(data, (entry) => readUser(entry)?.account),
      ),
    getAccount: async (id) => (await users.get(accountId(id))).account,
    unlock: (id, check = noCheck) => alone(id, (key) => changes.unlock(key, check)),
    enable: (id, check = noCheck) => alone(id, (key) => changes.enable(key, check)),
    setPassword: (id, password, check = noCheck) => alone(id, (key) => changes.setPassword(key, password, check)),
    replacePassword: (id, password, check) => alone(id, (key) => changes.replacePassword(key, password, check)),
    serverInfo: async () => {
      const info = await server.introduction();
      // The cheapest call that an ordinary token may not make (docs/jellyfin.md, "Accounts").
      await server.read(
        'GET /System/ActivityLog/Entries',
        (options) => system.getLogEntries({ limit: 1 }, options),
        (data) => (isRecord(data) ? data : undefined),
      );
      return info;
    },
  };
}

/** For callers that have checked already. */
const noCheck: PreWriteCheck = () => undefined;
