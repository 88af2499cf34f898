import { isIP } from 'node:net';
import type { Api } from '@jellyfin/sdk/lib/api.js';
import { getSystemApi } from '@jellyfin/sdk/lib/utils/api/system-api.js';
import { readAccountId } from '../identifiers.js';
import type { LogEntry, ServerLog } from '../services/accounts/activity-log-port.js';
import { isRecord } from './account-from-user.js';
import type { JellyfinServer } from './jellyfin-server.js';

const kinds: Readonly<Record<string, LogEntry['kind']>> = {
  UserLockedOut: 'locked',
  AuthenticationFailed: 'failed',
  AuthenticationSucceeded: 'signedIn',
  UserPasswordChanged: 'passwordChanged',
};

/** The user of an entry that is about nobody. */
const nobody = '0'.repeat(32);

/** The activity log by the server's API. */
export function createServerLog(server: JellyfinServer, api: Api): ServerLog {
  const system = getSystemApi(api);
  return {
    time: () =>
      server.read({ method: 'GET', path: '/GetUtcTime', send: (options) => system.getUtcTime(options) }, readTime),
    page: ({ since, startIndex, limit }) =>
      server.read(
        {
          method: 'GET',
          path: '/System/ActivityLog/Entries',
          send: (options) => {
            const minDate = since === undefined ? {} : { minDate: new Date(since).toISOString() };
            return system.getLogEntries({ ...minDate, startIndex, limit }, options);
          },
        },
        readEntries,
      ),
  };
}

function readTime(data: unknown): number | undefined {
  if (!isRecord(data) || typeof data.ResponseTransmissionTime !== 'string') return undefined;
  const time = Date.parse(data.ResponseTransmissionTime);
  return Number.isNaN(time) ? undefined : time;
}

/** Undefined when a single entry is not one: what cannot be understood must not count as read. */
function readEntries(data: unknown): LogEntry[] | undefined {
  if (!isRecord(data) || !Array.isArray(data.Items)) return undefined;
  const entries: LogEntry[] = [];
  for (const item of data.Items) {
    const entry = readEntry(item);
    if (!entry) return undefined;
    entries.push(entry);
  }
  return entries;
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
    text: typeof name === 'string' ? name : '',
    address: typeof overview === 'string' ? addressIn(overview) : undefined,
  };
}

/** `IP address: 192.168.1.20` in whatever language; what is no address is not taken for one. */
function addressIn(overview: string): string | undefined {
  const last = overview.trim().split(/\s+/).at(-1) ?? '';
  const address = last.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  return isIP(address) > 0 ? address : undefined;
}
