import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { jellyfinContainers } from '../server/containers.js';
import { packages, serverPaths } from '../server/packages.js';
import { runCommand } from '../server/run-command.js';
import { jellyfinUnit } from '../server/systemd-unit.js';
import { createServerLocation, type LocationGiven } from '../server/server-location.js';
import type { Env } from '../settings-text.js';
import type { OwnServer } from './draft.js';

/** Where a Jellyfin on this computer is looked for. */
interface Whereabouts {
  readonly usual: NonNullable<LocationGiven['usual']>;
  /** The programs that are asked for containers, and for a service of systemd or Windows; undefined: nobody is asked. */
  readonly docker?: string | undefined;
  readonly systemctl?: string | undefined;
  readonly sc?: string | undefined;
}

/** The same on a computer of which nobody has said anything. */
export const usualWhereabouts = (env: Env, platform: NodeJS.Platform = process.platform): Whereabouts => ({
  usual: packages(env, platform),
  docker: 'docker',
  systemctl: platform === 'linux' ? 'systemctl' : undefined,
  sc: platform === 'win32' ? 'sc.exe' : undefined,
});

/** The rescue settings that fit a Jellyfin whose folder is on this computer; nothing of it is opened or stopped. */
export async function findOwnServer({ usual, docker, systemctl, sc }: Whereabouts): Promise<OwnServer | undefined> {
  const [containers, unit] = await Promise.all([
    docker === undefined ? [] : jellyfinContainers(docker),
    systemctl === undefined ? undefined : jellyfinUnit(systemctl),
  ]);
  // What Jellyfin's own image has as its folder, linuxserver's has as the folder around it.
  const ofContainers = containers.flatMap(({ name, folder }) =>
    [folder, join(folder, 'data')].map((each) => ({ name, ...serverPaths(each) })),
  );
  const found = await createServerLocation({ usual: [...(unit ? [unit] : []), ...usual, ...ofContainers] }).look();
  const { serverDir, logDir, folderReadable } = found;
  if (serverDir === undefined) return undefined;
  // Whoever reads `.env` line by line, as `docker run --env-file` does, would take what follows a line break for a setting.
  if (/\p{Cc}/u.test(`${serverDir}${logDir}`)) return undefined;
  const usualLog = serverPaths(serverDir).logDir;
  const container = ofContainers.find((each) => each.serverDir === serverDir)?.name;
  const ofUnit =
    serverDir === unit?.serverDir && both(process.getuid?.() === 0 ? 'systemctl' : 'sudo systemctl', 'jellyfin');
  const commands = container === undefined ? ofUnit || (await serviceCommands(sc)) : both('docker', container);
  const settings: Env = {
    JELLYFIN_SERVER_DIR: serverDir,
    ...(logDir === usualLog ? {} : { JELLYFIN_LOG_DIR: logDir }),
    ...commands,
  };
  return { folder: serverDir, isReadable: folderReadable, settings };
}

/** How a Jellyfin is stopped and started as the service that its installer for Windows makes. */
async function serviceCommands(sc: string | undefined): Promise<Env> {
  // Unlike `sc stop`, `net stop` waits until it is stopped.
  if (sc !== undefined && (await runCommand([sc, 'query', windowsService], 5000)).ok)
    return both('net', windowsService);
  return {};
}

const windowsService = 'JellyfinServer';

const both = (program: string, what: string): Env => ({
  JELLYFIN_STOP_COMMAND: `${program} stop ${what}`,
  JELLYFIN_START_COMMAND: `${program} start ${what}`,
});

/** Opens an address in this computer's browser; false where there is none, as over ssh. */
export function browse(url: string, env: Env, platform: NodeJS.Platform = process.platform): boolean {
  const [program = '', ...args] = openers[platform] ?? ['xdg-open'];
  const hasScreen = platform !== 'linux' || env.DISPLAY || env.WAYLAND_DISPLAY;
  if (!hasScreen || env.SSH_CONNECTION) return false;
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
