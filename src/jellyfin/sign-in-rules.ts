import type { SignInRules } from '../services/causes/causes.js';
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
