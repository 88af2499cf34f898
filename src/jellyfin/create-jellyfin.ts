import { type AccountsOptions, JellyfinAccounts } from './jellyfin-accounts.js';
import { JellyfinServer, type ServerOptions } from './jellyfin-server.js';
import { createQuickConnect } from './quick-connect.js';
import { createDevices } from './devices.js';
import { createServerLog } from './server-log.js';
import { createRefusalLog } from './refusal-log.js';
import { createBranding, createSignInRules } from './server-settings.js';

/** Connects the ports to a Jellyfin server, 10.10 or later, by its official client. Makes no call itself. */
export function createJellyfin(options: ServerOptions & AccountsOptions) {
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
