import { Api } from '@jellyfin/sdk/lib/api.js';
import axios from 'axios';
import type { Secret } from '../secret.js';

/** The official client, set up so that it does nothing that was not asked for. Its header is `MediaBrowser …, Token="key"`. */
export function sdkApi(address: string, apiKey?: Secret, deviceId = 'latchkey'): Api {
  const http = axios.create({
    // The status is ours to judge: the library's own error would carry the request, and with it the key and the password.
    validateStatus: () => true,
    // A redirected POST turns into a GET, and a redirect is a sign that the address is wrong.
    maxRedirects: 0,
    // Jellyfin is a neighbour; a proxy of the environment, meant for the internet, would get to see the key.
    proxy: false,
  });
  return new Api(
    address,
    { name: 'Latchkey', version: '1' },
    { name: 'Latchkey', id: deviceId },
    apiKey?.reveal(),
    http,
  );
}
