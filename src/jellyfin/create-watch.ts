import type { Secret } from '../secret.js';
import type { Devices, ServerLog } from '../services/accounts/activity-log-port.js';
import { devices } from './devices.js';
import { JellyfinServer } from './jellyfin-server.js';
import type { Log } from '../services/log.js';
import { publicInfo } from './public-info-call.js';
import { plainAddress, sdkApi } from './sdk-api.js';
import { serverLog } from './server-log.js';

export interface WatchOptions {
  readonly url: string;
  readonly apiKey: Secret;
  readonly timeoutMs?: number;
  readonly log: Pick<Log, 'warn'>;
}

/** What the server knows of sign-ins: its log, and the devices. */
export function createWatch({ url, apiKey, timeoutMs = 10_000, log }: WatchOptions): {
  log: ServerLog;
  devices: Devices;
} {
  const { address } = plainAddress(url);
  const api = sdkApi(address, apiKey);
  const server = new JellyfinServer({ address, timeoutMs, log, publicInfo: publicInfo(api) });
  return { log: serverLog(server, api), devices: devices(server, api) };
}
