import { readAccountId } from '../identifiers.js';
import type { Session } from '../services/causes/cause.js';
import type { SignInRules } from '../services/causes/causes.js';
import { isRecord, textOf } from './account-from-user.js';
import type { JellyfinServer } from './jellyfin-server.js';

/** What the server's API says about who may sign in. */
export function createSignInRules(server: JellyfinServer): SignInRules {
  return {
    sessions: () =>
      server.read(
        'GET /Sessions',
        ({ sessions }, options) => sessions.getSessions({}, options),
        (data) => (Array.isArray(data) ? data.flatMap(readSession) : undefined),
      ),
    takesOldApps: () =>
      server.read(
        'GET /System/Configuration',
        ({ system }, options) => system.getConfiguration(options),
        // 10.10 has no such switch.
        (data) => (isRecord(data) ? data.EnableLegacyAuthorization !== false : undefined),
      ),
  };
}

/** Sessions without an account are an API key's. */
function readSession(entry: unknown): Session[] {
  if (!isRecord(entry) || typeof entry.UserId !== 'string') return [];
  const accountId = readAccountId(entry.UserId);
  return accountId === undefined ? [] : [{ accountId, device: textOf(entry.DeviceName), app: textOf(entry.Client) }];
}
