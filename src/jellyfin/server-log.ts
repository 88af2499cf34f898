import { isIP } from 'node:net';
import { readAccountId } from '../identifiers.js';
import type { LogEntry, ServerLog } from '../services/accounts/activity-log.js';
import { isRecord, readAll, textOf } from './account-from-user.js';
import type { JellyfinServer } from './jellyfin-server.js';

const kinds: Readonly<Record<string, LogEntry['kind']>> = {
  UserLockedOut: 'locked',
  AuthenticationFailed: 'failed',
  AuthenticationSucceeded: 'signedIn',
  UserPasswordChanged: 'passwordChanged',
};

/** The user id of entries about nobody. */
const nobody = '0'.repeat(32);

/** The activity log by the server's API. */
export function createServerLog(server: JellyfinServer): ServerLog {
  return {
    time: () => server.read('GET /GetUtcTime', ({ system }, options) => system.getUtcTime(options), readTime),
    page: ({ since, startIndex, limit }) =>
      server.read(
        'GET /System/ActivityLog/Entries',
        ({ system }, options) => {
          const minDate = since === undefined ? {} : { minDate: new Date(since).toISOString() };
          return system.getLogEntries({ ...minDate, startIndex, limit }, options);
        },
        (data) => (isRecord(data) ? readAll(data.Items, readEntry) : undefined),
      ),
  };
}

function readTime(data: unknown): number | undefined {
  if (!isRecord(data) || typeof data.ResponseTransmissionTime !== 'string') return undefined;
  const time = Date.parse(data.ResponseTransmissionTime);
  return Number.isNaN(time) ? undefined : time;
}

function readEntry(item: unknown): LogEntry | undefined {
  if (!isRecord(item) || typeof item.Id !== 'number' || typeof item.Date !== 'string') return undefined;
  const at = Date.parse(item.Date);
  if (Number.isNaN(at)) return undefined;
  const { Type: type, Name: name, UserId: user, ShortOverview: overview } = item;
  const accountId = typeof user === 'string' ? readAccountId(user) : undefined;
  return {
    id: item.Id,
    at,
    kind: (typeof type === 'string' && kinds[type]) || 'other',
    accountId: accountId !== nobody ? accountId : undefined,
    text: textOf(name),
    address: typeof overview === 'string' ? addressIn(overview) : undefined,
  };
}

/** Reads the address at the end of `IP address: 192.168.1.20`, which may be in any language. */
function addressIn(overview: string): string | undefined {
  const last = overview.trim().split(/\s+/).at(-1) ?? '';
  const address = last.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  return isIP(address) > 0 ? address : undefined;
}
