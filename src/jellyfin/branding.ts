import type { BrandingPort } from '../services/login-page/login-page.js';
import { isRecord } from './account-from-user.js';
import type { JellyfinServer } from './jellyfin-server.js';

/** As 10.10 spells it: of another spelling it says that all is well, and does nothing (docs/jellyfin.md, "Branding"). */
const key = 'branding';

/** The server's branding by its API. */
export function createBranding(server: JellyfinServer): BrandingPort {
  return {
    read: () =>
      server.read(
        'GET /System/Configuration/branding',
        ({ system }, options) => system.getNamedConfiguration({ key }, options),
        (data) => (isRecord(data) ? data : undefined),
      ),
    write: (body) =>
      server.write('POST /System/Configuration/branding', ({ system }, options) =>
        system.updateNamedConfiguration({ key, body }, options),
      ),
  };
}
