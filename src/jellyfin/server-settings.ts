import type { SignInRules } from '../services/causes/causes.js';
import type { BrandingPort } from '../services/login-page/login-page.js';
import { isRecord } from './account-from-user.js';
import type { JellyfinServer } from './jellyfin-server.js';

/** What the server's API says about who may sign in. */
export function createSignInRules(server: JellyfinServer): SignInRules {
  return {
    takesOldApps: () =>
      server.read(
        'GET /System/Configuration',
        ({ system }, options) => system.getConfiguration(options),
        // 10.10 has no such switch.
        (data) => (isRecord(data) ? data.EnableLegacyAuthorization !== false : undefined),
      ),
  };
}

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
