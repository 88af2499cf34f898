import { getAuthenticationApi } from '@jellyfin/sdk/lib/utils/api/authentication-api.js';
import { getSessionApi } from '@jellyfin/sdk/lib/utils/api/session-api.js';
import { getUserApi } from '@jellyfin/sdk/lib/utils/api/user-api.js';
import { AppError } from '../errors.js';
import { Secret } from '../secret.js';
import type { SignedIn } from '../services/rescue/ladder/keyless-jellyfin-port.js';
import { isRecord } from './account-from-user.js';
import { keyCalls } from './keys.js';
import type { JellyfinServer } from './jellyfin-server.js';
import { sdkApi } from './sdk-api.js';

interface SessionOptions {
  readonly server: JellyfinServer;
  readonly address: string;
  readonly token: Secret;
  readonly accountId: string;
  readonly isAdministrator: boolean;
}

/** What somebody who has signed in may do for themselves. */
export function session({ server, address, token, accountId, isAdministrator }: SessionOptions): SignedIn {
  const api = sdkApi(address, token);
  const authentication = getAuthenticationApi(api);
  return {
    accountId,
    isAdministrator,
    changePassword: (current, next) =>
      server.write(
        {
          method: 'POST',
          path: '/Users/Password',
          send: (options) => {
            const updateUserPassword = { CurrentPw: current, NewPw: next };
            return getUserApi(api).updateUserPassword({ userId: accountId, updateUserPassword }, options);
          },
        },
        ({ status, isDocument }) => (status === 403 && !isDocument ? new AppError('signInRefused') : undefined),
      ),
    makeKey: async () => {
      const keys = keyCalls(server, api);
      // The answer does not tell the key: it is the new one in the list (docs/jellyfin.md, "Keys and headers").
      const before = new Set(await keys.list());
      await server.write({
        method: 'POST',
        path: '/Auth/Keys',
        send: (options) => authentication.createKey({ app: 'Latchkey' }, options),
      });
      const made = (await keys.list()).find((key) => !before.has(key));
      if (made === undefined) throw new AppError('jellyfinNotApplied');
      return made;
    },
    signOut: () =>
      server.write({
        method: 'POST',
        path: '/Sessions/Logout',
        send: (options) => getSessionApi(api).reportSessionEnded(options),
      }),
  };
}

/** Understands the answer to a sign-in. */
export function readSignIn(data: unknown) {
  if (!isRecord(data) || typeof data.AccessToken !== 'string' || !isRecord(data.User)) return undefined;
  const { Id: accountId, Policy: policy } = data.User;
  if (typeof accountId !== 'string') return undefined;
  const isAdministrator = isRecord(policy) && policy.IsAdministrator === true;
  return { token: new Secret(data.AccessToken), accountId, isAdministrator };
}
