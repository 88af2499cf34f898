import { isIP } from 'node:net';
import { readAccountId } from '../identifiers.js';
import type { LogEntry, ServerLog } from '../services/accounts/activity-log.js';
import type { Device, Devices } from '../services/accounts/device.js';
import { isGone } from '../errors.js';
import { isRecord, readAll, readDate, textOf } from './account-from-user.js';
import { means, type JellyfinServer } from './jellyfin-server.js';

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

/** Signed-in devices by the server's API. */
export function createDevices(server: JellyfinServer): Devices {
  return {
    list: () =>
      server.read(
        'GET /Devices',
        ({ devices }, options) => devices.getDevices({}, options),
        (data) => (isRecord(data) ? readAll(data.Items, readDevice) : undefined),
      ),
    connected: () =>
      server.read(
        'GET /Sessions',
        ({ sessions }, options) => sessions.getSessions({}, options),
        (data) => readAll(data, readSession),
      ),
    signOut: async (deviceId) => {
      try {
        await server.write(
          // One device at a time, as 10.x requires; an unknown id is 404 or 400 (docs/jellyfin.md, "Passwords and devices").
          'DELETE /Devices',
          ({ devices }, options) => devices.deleteDevice({ id: [deviceId] }, options),
          means({ 400: 'accountGone', 404: 'accountGone' }),
        );
      } catch (error) {
        // The device is gone already. The caller reads back.
        if (!isGone(error)) throw error;
      }
    },
  };
}

/** An API key has sessions of its own, which are nobody's. */
function readSession(item: unknown): Device | undefined {
  if (!isRecord(item)) return undefined;
  const { DeviceId: id, DeviceName: name, Client: app, UserId: user } = item;
  const accountId = (typeof user === 'string' && readAccountId(user)) || '';
  const lastSeen = readDate(item.LastActivityDate)?.getTime();
  return { id: textOf(id), name: textOf(name), app: textOf(app), accountId, lastSeen };
}

function readDevice(item: unknown): Device | undefined {
  // A device without a readable owner would be left out, and stay signed in unnoticed.
  if (!isRecord(item) || typeof item.Id !== 'string' || typeof item.LastUserId !== 'string') return undefined;
  const accountId = readAccountId(item.LastUserId) ?? '';
  const lastSeen = readDate(item.DateLastActivity)?.getTime();
  return { id: item.Id, name: textOf(item.Name), app: textOf(item.AppName), accountId, lastSeen };
}
