import type { LogEntry } from '../accounts/activity-log.js';
import { type Device, devicesOf } from '../accounts/device.js';
import type { DevicesBefore, PassDeps, PassDevice } from './pass.js';

/** Jellyfin writes that a device is online and that somebody signed in right after each other. */
const togetherMs = 5000;

/** Which devices of an account are signed in, and where the log ends, before any may sign in. Throws Jellyfin codes. */
export async function devicesBefore(deps: PassDeps, accountId: string): Promise<DevicesBefore> {
  const log = await deps.logReader.newest();
  return { known: (await devicesOf(deps.watch.devices, accountId)).map(({ id }) => id), log };
}

/**
 * Which devices have signed in to an account since then. One that was signed in before counts where the log says that it
 * signed in anew; the log names it, but has no id. Throws Jellyfin codes.
 */
export async function devicesSince(
  deps: PassDeps,
  accountId: string,
  { known, log }: DevicesBefore,
): Promise<PassDevice[]> {
  const devices = await devicesOf(deps.watch.devices, accountId);
  const again = devices.filter(({ id }) => known.includes(id));
  const entries = again.length > 0 ? (await deps.logReader.read(log ?? { id: 0, at: 0 })).fresh : [];
  const own = entries.filter((entry) => entry.accountId === accountId);
  const isAnew = (device: Device) => !known.includes(device.id) || hasSignedIn(device, own);
  return devices.filter(isAnew).map(({ id, name }) => ({ id, name }));
}

function hasSignedIn({ name }: Device, entries: readonly LogEntry[]): boolean {
  const signIns = entries.filter(({ kind }) => kind === 'signedIn');
  const online = entries.filter(({ kind, text }) => kind === 'other' && name !== '' && text.includes(name));
  return signIns.some((signIn) => online.some(({ at }) => Math.abs(at - signIn.at) <= togetherMs));
}
