import type { Devices, ServerLog } from '../services/accounts/activity-log.js';
import type { Jellyfin } from '../services/accounts/jellyfin-port.js';
import type { QuickConnect } from '../services/accounts/quick-connect-port.js';
import type { BrandingPort } from '../services/login-page/login-page.js';
import type { SignInRules } from '../services/causes/causes.js';
import type { RefusalLog } from '../services/causes/refusal.js';
import { type AccountsOptions, JellyfinAccounts } from './jellyfin-accounts.js';
import { JellyfinServer, type ServerOptions } from './jellyfin-server.js';
import { createBranding } from './branding.js';
import { createQuickConnect } from './quick-connect.js';
import { createDevices, createServerLog } from './server-log.js';
import { createRefusalLog } from './refusal-log.js';
import { createSignInRules } from './sign-in-rules.js';

export type JellyfinOptions = ServerOptions & AccountsOptions;

/** A Jellyfin server as the services' ports see it. */
export interface JellyfinClient {
  readonly jellyfin: Jellyfin;
  readonly quickConnect: QuickConnect;
  readonly log: ServerLog;
  readonly devices: Devices;
  readonly signInRules: SignInRules;
  readonly branding: BrandingPort;
  readonly refusalLog: RefusalLog;
}

/** Connects the ports to a Jellyfin server, 10.10 or later, by its official client. Makes no call itself. */
export function createJellyfin(options: JellyfinOptions): JellyfinClient {
  const server = new JellyfinServer(options);
  const devices = createDevices(server);
  return {
    jellyfin: new JellyfinAccounts(server, options),
    quickConnect: createQuickConnect(server, devices),
    log: createServerLog(server),
    devices,
    signInRules: createSignInRules(server),
    branding: createBranding(server),
    refusalLog: createRefusalLog(server, options.log),
  };
}
