import { escapeText, longestName } from '../../discord/escape.js';
import { type Button, seconds } from '../../discord/parts.js';
import type { Device } from '../../services/accounts/device.js';
import type { Translate } from '../../words.js';

/** What a device calls itself, as far as it fits: whoever signs in writes what they like. */
export const deviceName = ({ name, app }: Pick<Device, 'name' | 'app'>): string => escapeText(name || app, longestName);

/** A device as people know it; its names are other people's words. */
export function deviceLine(t: Translate, device: Device): string {
  const params = { name: escapeText(device.name, 30), app: escapeText(device.app, 20) };
  if (device.lastSeen === undefined) return t('lockout.device', params);
  return t('lockout.deviceSeen', { ...params, at: seconds(device.lastSeen) });
}

/** Opens the list of an account's devices. */
export function devicesButton(t: Translate, accountId: string, isOwn: boolean): Button {
  return { id: `status:devices:${accountId}`, label: t(isOwn ? 'devices.mine' : 'devices.theirs') };
}

/** The button *Sign out everywhere*. */
export function signOutButton(t: Translate, accountId: string): Button {
  return { id: `status:sign-out:${accountId}`, label: t('signOut.button'), style: 'danger' };
}
