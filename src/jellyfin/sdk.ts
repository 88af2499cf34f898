import { Api } from '@jellyfin/sdk/lib/api.js';
import { getAuthenticationApi } from '@jellyfin/sdk/lib/utils/api/authentication-api.js';
import { getDeviceApi } from '@jellyfin/sdk/lib/utils/api/device-api.js';
import { getSessionApi } from '@jellyfin/sdk/lib/utils/api/session-api.js';
import { getSystemApi } from '@jellyfin/sdk/lib/utils/api/system-api.js';
import { getUserApi } from '@jellyfin/sdk/lib/utils/api/user-api.js';
import axios, { type AxiosResponse } from 'axios';
import type { Secret } from '../secret.js';

/** The official client for one server, with one token or none. Its header is `MediaBrowser …, Token="key"`. */
export interface Sdk {
  readonly authentication: ReturnType<typeof getAuthenticationApi>;
  readonly devices: ReturnType<typeof getDeviceApi>;
  readonly sessions: ReturnType<typeof getSessionApi>;
  readonly system: ReturnType<typeof getSystemApi>;
  readonly users: ReturnType<typeof getUserApi>;
  /** Whether the server is well, in a word; no description of the API has it. */
  readonly health: (options: { readonly signal: AbortSignal }) => Promise<AxiosResponse<unknown>>;
  /** The same server for somebody with another token, or for another device. */
  readonly as: (token: Secret | undefined, deviceId?: string) => Sdk;
}

/** More than a thousand accounts. */
const largestAnswerBytes = 32 * 1024 * 1024;

/** Sets the official client up so that it does nothing that was not asked for. */
export function openSdk(address: string, token: Secret | undefined, deviceId = 'latchkey'): Sdk {
  const http = axios.create({
    // The status is ours to judge: the library's own error would carry the request, and with it the key and the password.
    validateStatus: null,
    // Counted after it was decompressed: a small answer may unpack to gigabytes.
    maxContentLength: largestAnswerBytes,
    // A redirected POST turns into a GET, and a redirect is a sign that the address is wrong.
    maxRedirects: 0,
    // Jellyfin is a neighbour; a proxy of the environment, meant for the internet, would get to see the key.
    proxy: false,
  });
  const client = { name: 'Latchkey', version: '1' };
  const api = new Api(address, client, { name: 'Latchkey', id: deviceId }, token?.reveal(), http);
  return {
    authentication: getAuthenticationApi(api),
    devices: getDeviceApi(api),
    sessions: getSessionApi(api),
    system: getSystemApi(api),
    users: getUserApi(api),
    health: (options) => http.get(`${address}/health`, options),
    as: (otherToken, otherDevice) => openSdk(address, otherToken, otherDevice),
  };
}
