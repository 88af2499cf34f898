import { getAuthenticationApi } from '@jellyfin/sdk/lib/utils/api/authentication-api.js';
import { getDeviceApi } from '@jellyfin/sdk/lib/utils/api/device-api.js';
import { AppError } from '../errors.js';
import { Secret } from '../secret.js';
import type { BegunCode, QuickConnect } from '../services/accounts/quick-connect-port.js';
import { isRecord } from './account-from-user.js';
import { accountId } from './account-id.js';
import type { Answer } from './answer.js';
import type { JellyfinOptions } from './create-jellyfin.js';
import { JellyfinServer, type Known } from './jellyfin-server.js';
import { publicInfo } from './public-info-call.js';
import { plainAddress, sdkApi } from './sdk-api.js';
import { readSignIn, session } from './session.js';

/** Quick Connect by the official client. Makes no call itself. */
export function createQuickConnect({ url, apiKey, timeoutMs = 10_000, log = silent }: JellyfinOptions): QuickConnect {
  const { address } = plainAddress(url);
  const api = sdkApi(address, apiKey);
  const server = new JellyfinServer({ address, timeoutMs, log, publicInfo: publicInfo(api) });
  const devices = getDeviceApi(api);
  /** Calls of the bot's own device, which has no token yet. */
  const nobody = (deviceId?: string) => getAuthenticationApi(sdkApi(address, undefined, deviceId));

  return {
    authorise: async (code, id) => {
      const userId = accountId(id);
      await server.write(
        {
          method: 'POST',
          path: '/QuickConnect/Authorize',
          send: (options) => getAuthenticationApi(api).authorizeQuickConnect({ code, userId }, options),
        },
        knows({ 400: 'accountGone', 404: 'codeWrong', 500: 'codeUsed' }),
      );
    },
    begin: (deviceId) =>
      server.ask(
        {
          method: 'POST',
          path: '/QuickConnect/Initiate',
          send: (options) => nobody(deviceId).initiateQuickConnect(options),
        },
        readBegun,
        knows({}),
      ),
    isConfirmed: (secret) =>
      server.read(
        {
          method: 'GET',
          // The query holds the secret itself.
          path: '/QuickConnect/Connect',
          send: (options) => nobody().getQuickConnectState({ secret: secret.reveal() }, options),
        },
        (data) => (isRecord(data) && typeof data.Authenticated === 'boolean' ? data.Authenticated : undefined),
        knows({ 404: 'codeExpired' }),
      ),
    open: async (secret, deviceId) => {
      const found = await server.ask(
        {
          method: 'POST',
          path: '/Users/AuthenticateWithQuickConnect',
          send: (options) => {
            const quickConnectDto = { Secret: secret.reveal() };
            return nobody(deviceId).authenticateWithQuickConnect({ quickConnectDto }, options);
          },
        },
        readSignIn,
        knows({ 404: 'codeExpired' }),
      );
      const opened = session({ server, address, ...found });
      return { accountId: accountId(found.accountId), signOut: () => opened.signOut() };
    },
    whoIsOn: (deviceId) =>
      server
        .read({ method: 'GET', path: '/Devices', send: (options) => devices.getDevices({}, options) }, (data) =>
          isRecord(data) && Array.isArray(data.Items) ? { items: data.Items as unknown[] } : undefined,
        )
        .then(({ items }) => {
          const found = items.find((item) => isRecord(item) && item.Id === deviceId);
          return isRecord(found) && typeof found.LastUserId === 'string' ? accountId(found.LastUserId) : undefined;
        }),
    signOutDevice: async (deviceId) => {
      try {
        await server.write(
          {
            method: 'DELETE',
            path: '/Devices',
            send: (options) => devices.deleteDevice({ id: [deviceId] }, options),
          },
          // For a device that the server does not know (docs/jellyfin.md, "Passwords and devices").
          knows({ 400: 'accountGone', 404: 'accountGone' }),
        );
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'accountGone') throw error;
      }
    },
  };
}

/** What refusals mean; a document comes from a proxy, and means nothing of what Jellyfin's own status would. */
function knows(codes: Readonly<Record<number, AppError['code']>>): Known {
  return ({ status, isDocument, isJson, data }: Answer) => {
    // Quick Connect is off; a refused key is a 401 without a body (docs/jellyfin.md, "Quick Connect").
    if (status === 401 && isJson && typeof data === 'string' && data !== '') return new AppError('quickConnectOff');
    const code = codes[status];
    return code === undefined || isDocument ? undefined : new AppError(code);
  };
}

function readBegun(data: unknown): BegunCode | undefined {
  if (!isRecord(data) || typeof data.Code !== 'string' || typeof data.Secret !== 'string') return undefined;
  return { code: data.Code, secret: new Secret(data.Secret) };
}

const silent = { warn: () => undefined };
