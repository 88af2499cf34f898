import type { Api } from '@jellyfin/sdk/lib/api.js';
import { getAuthenticationApi } from '@jellyfin/sdk/lib/utils/api/authentication-api.js';
import { getSessionApi } from '@jellyfin/sdk/lib/utils/api/session-api.js';
import { getUserApi } from '@jellyfin/sdk/lib/utils/api/user-api.js';
import { AppError } from '../errors.js';
import { Secret } from '../secret.js';
import type { SignedIn } from '../services/rescue/ladder/ports.js';
import { isRecord } from './account-from-user.js';
import { JellyfinServer, means, type ServerOptions, sdkApi } from './jellyfin-server.js';

/** What somebody who has signed in may do for themselves. */
export function session(
  server: JellyfinServer,
  { token, ...who }: NonNullable<ReturnType<typeof readSignIn>>,
): SignedIn {
  const api = sdkApi(server.api.basePath, token);
  const authentication = getAuthenticationApi(api);
  return {
    ...who,
    changePassword: (current, next) =>
      server.write(
        'POST /Users/Password',
        (options) => {
          const updateUserPassword = { CurrentPw: current, NewPw: next };
          return getUserApi(api).updateUserPassword({ userId: who.accountId, updateUserPassword }, options);
        },
        means({ 403: 'signInRefused' }),
      ),
    makeKey: async () => {
      // The answer does not tell the key: it is the new one in the list (docs/jellyfin.md, "Keys and headers").
      const before = new Set(await listKeys(server, api));
      await server.write('POST /Auth/Keys', (options) => authentication.createKey({ app: 'Latchkey' }, options));
      const made = (await listKeys(server, api)).find((key) => !before.has(key));
      if (made === undefined) throw new AppError('jellyfinNotApplied');
      return made;
    },
    signOut: () => server.write('POST /Sessions/Logout', (options) => getSessionApi(api).reportSessionEnded(options)),
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

function listKeys(server: JellyfinServer, api: Api): Promise<string[]> {
  const send = (options: object) => getAuthenticationApi(api).getKeys(options);
  return server.read('GET /Auth/Keys', send, (data) => {
    if (!isRecord(data) || !Array.isArray(data.Items)) return undefined;
    return data.Items.flatMap((item) =>
      isRecord(item) && typeof item.AccessToken === 'string' ? item.AccessToken : [],
    );
  });
}

/** Deletes an API key that Latchkey was given for a rescue, using that very key. */
export async function deleteKey(options: Omit<ServerOptions, 'apiKey'>, key: string): Promise<void> {
  const server = new JellyfinServer({ ...options, apiKey: new Secret(key) });
  // The path holds the key itself.
  const send = (signal: object) => getAuthenticationApi(server.api).revokeKey({ key }, signal);
  await server.write('DELETE /Auth/Keys/{key}', send);
}
