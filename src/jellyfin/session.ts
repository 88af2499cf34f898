import { AppError, troubleOf } from '../errors.js';
import { readAccountId } from '../identifiers.js';
import { Secret } from '../secret.js';
import type { SignedIn } from '../services/rescue/ladder/ports.js';
import { isRecord } from './account-from-user.js';
import { mayBeDone, type Send } from './calls.js';
import { JellyfinServer, means, type ServerOptions } from './jellyfin-server.js';

/** What somebody who has signed in may do for themselves. */
export function session(
  server: JellyfinServer,
  { token, ...who }: NonNullable<ReturnType<typeof readSignIn>>,
): SignedIn {
  return {
    ...who,
    changePassword: (current, next) =>
      server.write(
        'POST /Users/Password',
        (sdk, options) => {
          const updateUserPassword = { CurrentPw: current, NewPw: next };
          return sdk.as(token).users.updateUserPassword({ userId: who.accountId, updateUserPassword }, options);
        },
        means({ 403: 'signInRefused' }),
      ),
    makeKey: async () => {
      // The answer does not contain the key: it is the new one in the list (docs/jellyfin.md, "Keys and headers").
      const before = new Set((await listKeys(server, token)).map(({ key }) => key));
      const lost = await server
        .write('POST /Auth/Keys', (sdk, options) => sdk.as(token).authentication.createKey({ app: keyName }, options))
        .catch(unlessSure);
      const after = await listKeys(server, token).catch((cause: unknown) => {
        throw new AppError('keyUnread', {}, { cause });
      });
      const made = after.find(({ key }) => !before.has(key));
      if (made === undefined) throw lost ?? new AppError('keyUnread');
      return made.key;
    },
    signOut: () =>
      server.write('POST /Sessions/Logout', (sdk, options) => sdk.as(token).sessions.reportSessionEnded(options)),
  };
}

/** The error of a call that may have done what was asked all the same. Throws every other one. */
function unlessSure(error: unknown): AppError {
  if (error instanceof AppError && mayBeDone(error)) return error;
  throw error;
}

/** Reads the answer to a sign-in. */
export function readSignIn(data: unknown) {
  if (!isRecord(data) || typeof data.AccessToken !== 'string' || !isRecord(data.User)) return undefined;
  const { Id: id, Name: name, Policy: policy } = data.User;
  const accountId = typeof id === 'string' ? readAccountId(id) : undefined;
  if (accountId === undefined || typeof name !== 'string') return undefined;
  const isAdministrator = isRecord(policy) && policy.IsAdministrator === true;
  return { token: new Secret(data.AccessToken), accountId, name, isAdministrator };
}

/** What the dashboard calls the keys that Latchkey makes. */
const keyName = 'Latchkey';

interface ListedKey {
  readonly key: string;
  readonly name: unknown;
}

function listKeys(server: JellyfinServer, token: Secret): Promise<ListedKey[]> {
  const send: Send = (sdk, options) => sdk.as(token).authentication.getKeys(options);
  return server.read('GET /Auth/Keys', send, (data) => {
    if (!isRecord(data) || !Array.isArray(data.Items)) return undefined;
    return data.Items.flatMap((item) =>
      isRecord(item) && typeof item.AccessToken === 'string' && keyForm.test(item.AccessToken)
        ? { key: item.AccessToken, name: item.AppName }
        : [],
    );
  });
}

/** A new key is written into the settings, where a line break would begin another one; too long a file is not read at all. */
const keyForm = /^[\w-]{1,200}$/;

/** How many keys beside this one are called as those that Latchkey makes. Throws AppError. */
export async function countOtherKeys(options: Omit<ServerOptions, 'keys'>, key: string): Promise<number> {
  const found = await listKeys(new JellyfinServer(options), new Secret(key));
  return found.filter((each) => each.name === keyName && each.key !== key).length;
}

/** Deletes an API key that was made in vain, using that very key, and sees that it is refused from then on. Throws AppError. */
export async function deleteKey(options: Omit<ServerOptions, 'keys'>, key: string): Promise<void> {
  const server = new JellyfinServer({ ...options, keys: { current: new Secret(key) } });
  // The path holds the key itself.
  await server.write('DELETE /Auth/Keys/{key}', ({ authentication }, options) =>
    authentication.revokeKey({ key }, options),
  );
  const trouble = await troubleOf(listKeys(server, new Secret(key)));
  if (trouble?.code !== 'jellyfinKeyRefused') throw trouble ?? new AppError('jellyfinNotApplied');
}
