import type { Api } from '@jellyfin/sdk/lib/api.js';
import { getAuthenticationApi } from '@jellyfin/sdk/lib/utils/api/authentication-api.js';
import { Secret } from '../secret.js';
import type { KeyDeleter } from '../services/rescue/ladder/keyless-jellyfin-port.js';
import { isRecord } from './account-from-user.js';
import { JellyfinServer } from './jellyfin-server.js';
import type { Log } from '../services/log.js';
import { publicInfo } from './public-info.js';
import { plainAddress, sdkApi } from './sdk-api.js';

/** Calls about API keys, made with whatever the client signs in with. */
export function keyCalls(server: JellyfinServer, api: Api) {
  const authentication = getAuthenticationApi(api);
  return {
    list: () =>
      server.read(
        { method: 'GET', path: '/Auth/Keys', send: (options) => authentication.getKeys(options) },
        (data): string[] | undefined => {
          if (!isRecord(data) || !Array.isArray(data.Items)) return undefined;
          const items: unknown[] = data.Items;
          return items.flatMap((item) =>
            isRecord(item) && typeof item.AccessToken === 'string' ? item.AccessToken : [],
          );
        },
      ),
    revoke: (key: string) =>
      server.write({
        method: 'DELETE',
        // The path holds the key itself.
        path: '/Auth/Keys/{key}',
        send: (options) => authentication.revokeKey({ key }, options),
      }),
  };
}

interface KeyDeleterOptions {
  readonly url: string;
  readonly timeoutMs?: number;
  readonly log: Pick<Log, 'warn'>;
}

/** Deletes keys that Latchkey was given for a rescue, each with itself. */
export function createKeyDeleter({ url, timeoutMs = 10_000, log }: KeyDeleterOptions): KeyDeleter {
  const { address } = plainAddress(url);
  return {
    deleteKey: (key) => {
      const api = sdkApi(address, new Secret(key));
      const server = new JellyfinServer({ address, timeoutMs, log, publicInfo: publicInfo(api) });
      return keyCalls(server, api).revoke(key);
    },
  };
}
