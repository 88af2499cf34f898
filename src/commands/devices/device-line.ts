import { escapeText, label } from '../../discord/escape.js';
import { seconds } from '../../discord/parts.js';
import type { Device } from '../../services/accounts/activity-log.js';
import type { Translate } from '../../words.js';

/** What a device calls itself, as far as it fits: whoever signs in writes what they like. */
export const deviceName = ({ name, app }: Pick<Device, 'name' | 'app'>): string => escapeText(label(name || app, 40));

/** A device as people know it; its names are other people's words. */
export function deviceLine(t: Translate, device: Device): string {
  const params = { name: escapeText(label(device.name, 30)), app: escapeText(label(device.app, 20)) };
  if (device.lastSeen === undefined) return t('lockout.device', params);
  return t('lockout.deviceSeen', { ...params, at: seconds(device.lastSeen) });
}
