import { isGone } from '../errors.js';
import { readAccountId } from '../identifiers.js';
import type { Device, Devices } from '../services/accounts/device.js';
import { isRecord, readAll, readDate, textOf } from './account-from-user.js';
import { type JellyfinServer, means } from './jellyfin-server.js';

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
