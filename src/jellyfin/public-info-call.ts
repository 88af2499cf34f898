import type { Api } from '@jellyfin/sdk/lib/api.js';
import { getSystemApi } from '@jellyfin/sdk/lib/utils/api/system-api.js';
import type { Call } from './jellyfin-server.js';

/** How a server introduces itself to anybody. */
export function publicInfo(api: Api): Call {
  const system = getSystemApi(api);
  return { method: 'GET', path: '/System/Info/Public', send: (options) => system.getPublicSystemInfo(options) };
}
