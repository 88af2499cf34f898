import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { serverPaths } from '../server/packages.js';
import { createServerLocation, type LocationGiven } from '../server/server-location.js';
import type { Env, OwnServer } from './draft.js';

/** The rescue settings that fit a Jellyfin whose folder is on this computer; nothing of it is opened or stopped. */
export async function findOwnServer(usual: NonNullable<LocationGiven['usual']>): Promise<OwnServer | undefined> {
  const { serverDir, logDir, folderReadable } = await createServerLocation({ usual }).look();
  if (serverDir === undefined) return undefined;
  const usualLog = serverPaths(serverDir).logDir;
  const settings: Env = {
    JELLYFIN_SERVER_DIR: serverDir,
    ...(logDir === undefined || logDir === usualLog ? {} : { JELLYFIN_LOG_DIR: logDir }),
    ...commandsFor(serverDir),
  };
  return { folder: serverDir, isReadable: folderReadable, settings };
}

const unitFolders = ['/etc/systemd/system', '/usr/lib/systemd/system', '/lib/systemd/system'];

/** How a Jellyfin of a package is stopped and started; only its unit file is looked at. */
function commandsFor(serverDir: string): Env {
  const isPackage = serverDir === '/var/lib/jellyfin';
  if (!isPackage || !unitFolders.some((folder) => existsSync(join(folder, 'jellyfin.service')))) return {};
  const systemctl = process.getuid?.() === 0 ? 'systemctl' : 'sudo systemctl';
  return {
    JELLYFIN_STOP_COMMAND: `${systemctl} stop jellyfin`,
    JELLYFIN_START_COMMAND: `${systemctl} start jellyfin`,
  };
}

/** Opens an address in this computer's browser; false where there is none, as over ssh. */
export function browse(url: string, env: Env, platform: NodeJS.Platform = process.platform): boolean {
  const [program, ...args] = openers[platform] ?? ['xdg-open'];
  const hasScreen = platform !== 'linux' || env.DISPLAY || env.WAYLAND_DISPLAY;
  if (!hasScreen || env.SSH_CONNECTION || !program) return false;
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
  // The address is shown as well.
  child.on('error', () => undefined);
  child.unref();
  return true;
}

const openers: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};
