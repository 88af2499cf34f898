import type { Api } from '@jellyfin/sdk/lib/api.js';
import { getDeviceApi } from '@jellyfin/sdk/lib/utils/api/device-api.js';
import type { Device, Devices } from '../services/accounts/activity-log-port.js';
import { AppError } from '../errors.js';
import { readAccountId } from '../identifiers.js';
import { isRecord } from './account-from-user.js';
import type { JellyfinServer } from './jellyfin-server.js';

/** Signed-in devices by the server's API. */
export function createDevices(server: JellyfinServer, api: Api): Devices {
  const device = getDeviceApi(api);
  return {
    list: () =>
      server.read({ method: 'GET', path: '/Devices', send: (options) => device.getDevices({}, options) }, readDevices),
    signOut: async (deviceId) => {
      try {
        await server.write(
          // One at a time, for 10.x; an unknown id is 404 or 400 (docs/jellyfin.md, "Passwords and devices").
          { method: 'DELETE', path: '/Devices', send: (options) => device.deleteDevice({ id: [deviceId] }, options) },
          // That there is no such device is what was wanted. The caller reads back.
          ({ status, isDocument }) =>
            !isDocument && (status === 404 || status === 400) ? new AppError('accountGone') : undefined,
        );
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'accountGone') throw error;
      }
    },
  };
}

function readDevices(data: unknown): Device[] | undefined {
  if (!isRecord(data) || !Array.isArray(data.Items)) return undefined;
  const found: Device[] = [];
  for (const item of data.Items) {
    // A device whose owner cannot be read might be left signed in without a word.
    if (!isRecord(item) || typeof item.Id !== 'string' || typeof item.LastUserId !== 'string') return undefined;
    const seen = typeof item.DateLastActivity === 'string' ? Date.parse(item.DateLastActivity) : NaN;
    found.push({
      id: item.Id,
      name: typeof item.Name === 'string' ? item.Name : '',
      app: typeof item.AppName === 'string' ? item.AppName : '',
      accountId: readAccountId(item.LastUserId) ?? '',
      lastSeen: Number.isNaN(seen) ? undefined : seen,
    });
  }
  return found;
}
