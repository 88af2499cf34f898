import { AppError } from '../errors.js';
import { Secret } from '../secret.js';
import type { Devices } from '../services/accounts/device.js';
import type { BegunCode, QuickConnect } from '../services/accounts/quick-connect-port.js';
import type { SignedIn } from '../services/rescue/ladder/ports.js';
import { assertAccountId, isRecord } from './account-from-user.js';
import { means, type JellyfinServer, type Known } from './jellyfin-server.js';
import { readSignIn, session } from './session.js';

/** Quick Connect by the official client; the session of a confirmed code is all that a person's own may do. */
export function createQuickConnect(
  server: JellyfinServer,
  devices: Devices,
): Omit<QuickConnect, 'open'> & { open(secret: Secret, deviceId: string): Promise<SignedIn> } {
  return {
    authorise: async (code, userId) => {
      assertAccountId(userId);
      await server.write(
        'POST /QuickConnect/Authorize',
        ({ authentication }, options) => authentication.authorizeQuickConnect({ code, userId }, options),
        // By these it is known that nobody was let in; a proxy's answer of the same status leaves that open.
        (answer) => (answer.data === ownWord ? refusals(answer) : knows({})(answer)),
      );
    },
    begin: (deviceId) =>
      server.ask(
        'POST /QuickConnect/Initiate',
        // The bot's own device has no token yet.
        (sdk, options) => sdk.as(undefined, deviceId).authentication.initiateQuickConnect(options),
        readBegun,
        knows({}),
      ),
    isConfirmed: (secret) =>
      server.read(
        // The query holds the secret itself.
        'GET /QuickConnect/Connect',
        (sdk, options) => sdk.as(undefined).authentication.getQuickConnectState({ secret: secret.reveal() }, options),
        (data) => (isRecord(data) && typeof data.Authenticated === 'boolean' ? data.Authenticated : undefined),
        knows({ 404: 'codeExpired' }),
      ),
    open: async (secret, deviceId) => {
      const found = await server.ask(
        'POST /Users/AuthenticateWithQuickConnect',
        (sdk, options) => {
          const quickConnectDto = { Secret: secret.reveal() };
          return sdk.as(undefined, deviceId).authentication.authenticateWithQuickConnect({ quickConnectDto }, options);
        },
        readSignIn,
        knows({ 404: 'codeExpired' }),
      );
      return session(server, found);
    },
    whoIsOn: async (deviceId) => (await devices.list()).find(({ id }) => id === deviceId)?.accountId,
    signOutDevice: (deviceId) => devices.signOut(deviceId),
  };
}

const refusals = means({ 400: 'accountGone', 403: 'codeNotLetIn', 404: 'codeWrong', 500: 'codeUsed' });
/** What Jellyfin says whenever it refuses such a call (docs/jellyfin.md, "Quick Connect"). */
const ownWord = 'Error processing request.';

/** Like `means`; a 401 with a sentence says that Quick Connect is off (docs/jellyfin.md, "Quick Connect"). */
function knows(codes: Parameters<typeof means>[0]): Known {
  return (answer) => {
    const { status, isJson, data } = answer;
    const isOff = status === 401 && isJson && typeof data === 'string' && data !== '';
    return isOff ? new AppError('quickConnectOff') : means(codes)(answer);
  };
}

function readBegun(data: unknown): BegunCode | undefined {
  if (!isRecord(data) || typeof data.Code !== 'string' || typeof data.Secret !== 'string') return undefined;
  // It is shown to people as it is.
  if (!/^\d{6}$/.test(data.Code)) return undefined;
  return { code: data.Code, secret: new Secret(data.Secret) };
}
