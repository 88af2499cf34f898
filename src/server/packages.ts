import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Env } from '../settings-text.js';

/** Where the files of one Jellyfin lie. */
export interface ServerPaths {
  readonly serverDir: string;
  readonly logDir: string;
  readonly db: string;
}

/** The same as a package or an image puts them, and by whose word. */
interface Package extends ServerPaths {
  readonly name: string;
  /** The folder with network.xml and database.xml. */
  readonly configDir: string;
  /** The public page or file that says so. */
  readonly source: string;
}

const docs = 'https://jellyfin.org/docs/general/administration/configuration#server-paths';

/** Jellyfin's database, where nothing has moved it. */
export const databaseOf = (serverDir: string): string => join(serverDir, 'data', 'jellyfin.db');

/** Everything within the server folder, as Jellyfin does it where it is told nothing. */
export const serverPaths = (serverDir: string, logDir = join(serverDir, 'log')): ServerPaths => ({
  serverDir,
  logDir,
  db: databaseOf(serverDir),
});

/** Every place that is known, by platform, the likeliest first. Snap is not in it: nobody documents one. */
export function packages(env: Env, platform: NodeJS.Platform = process.platform): Package[] {
  const row = (
    name: string,
    source: string,
    serverDir: string,
    more: { configDir?: string; logDir?: string } = {},
  ) => ({
    name,
    source,
    configDir: more.configDir ?? join(serverDir, 'config'),
    ...serverPaths(serverDir, more.logDir),
  });
  /** Data, configuration and log side by side in one folder. */
  const sideBySide = (name: string, source: string, folder: string) =>
    row(name, source, join(folder, 'data'), { configDir: join(folder, 'config'), logDir: join(folder, 'log') });
  const home = (...parts: string[]) => join(homedir(), ...parts);
  const portable = row('started by hand', docs, home('.local', 'share', 'jellyfin'), {
    configDir: home('.config', 'jellyfin'),
  });
  if (platform === 'win32') {
    const programData = env['ProgramData'] ?? env['PROGRAMDATA'] ?? 'C:\\ProgramData';
    const local = env['LOCALAPPDATA'];
    return [
      row('Windows, service or tray', docs, join(programData, 'Jellyfin', 'Server')),
      ...(local ? [row('Windows, started by hand', docs, join(local, 'jellyfin'))] : []),
    ];
  }
  if (platform === 'darwin') {
    const cask = 'https://github.com/Homebrew/homebrew-cask/blob/main/Casks/j/jellyfin.rb';
    return [row('macOS', cask, home('Library', 'Application Support', 'jellyfin')), portable];
  }
  const flatpak = home('.var', 'app', 'org.jellyfin.JellyfinServer');
  const synology = 'https://github.com/SynoCommunity/spksrc/blob/master/spk/jellyfin/src/service-setup.sh';
  const image = 'https://github.com/jellyfin/jellyfin-packaging/blob/master/docker/Dockerfile';
  return [
    row(
      'Debian, Ubuntu, Fedora, Arch',
      'https://github.com/jellyfin/jellyfin-packaging/blob/master/debian/conf/jellyfin',
      '/var/lib/jellyfin',
      { configDir: '/etc/jellyfin', logDir: '/var/log/jellyfin' },
    ),
    // As a container sees them that has the same folder mounted.
    row('Docker, official image', image, '/config'),
    row(
      'Docker, linuxserver',
      'https://github.com/linuxserver/docker-jellyfin/blob/master/root/etc/s6-overlay/s6-rc.d/svc-jellyfin/run',
      '/config/data',
      { configDir: '/config', logDir: '/config/log' },
    ),
    sideBySide('Synology, DSM 7', synology, '/var/packages/jellyfin/var'),
    sideBySide('Synology, DSM 6', synology, '/var/packages/jellyfin/target/var'),
    row(
      'TrueNAS',
      'https://github.com/jellyfin/jellyfin.org/blob/master/docs/general/installation/advanced/truenas.md',
      '/mnt/.ix-apps/app_mounts/jellyfin/config',
    ),
    sideBySide(
      'Linux, unpacked',
      'https://build.opensuse.org/projects/home:furlongm/packages/jellyfin-server-bin/files/jellyfin.conf',
      '/opt/jellyfin',
    ),
    portable,
    row('Flatpak', 'https://github.com/flathub/org.jellyfin.JellyfinServer', join(flatpak, 'data', 'jellyfin'), {
      configDir: join(flatpak, 'config', 'jellyfin'),
    }),
  ];
}

/** What stops a server, by where its folder lies; a container's is stopped on the computer that it runs on. */
const stopCommands: readonly (readonly [folder: RegExp, command: string])[] = [
  [/^\/(var\/lib|opt)\/jellyfin(\/|$)/, 'sudo systemctl stop jellyfin'],
  [/^\/var\/packages\/jellyfin\//, 'sudo synopkg stop jellyfin'],
  [/^\/(config|mnt\/\.ix-apps|mnt\/user\/appdata)(\/|$)/, 'docker stop jellyfin'],
  [/\/org\.jellyfin\.JellyfinServer\//, 'flatpak kill org.jellyfin.JellyfinServer'],
];

/**
 * How the server that has this folder is stopped, for people to read, never run: a command, or its icon on Windows and
 * macOS; `always`: nobody can tell. `isCompose`: Latchkey itself was started by docker compose.
 */
export type HowToStop = { readonly command: string } | { readonly by: 'tray' | 'menuBar' | 'always' };

/** How a person stops the server of this folder. */
export function howToStop(serverDir = '', platform: NodeJS.Platform = process.platform, isCompose = false): HowToStop {
  if (platform === 'win32')
    return { by: /[\\/]ProgramData[\\/]/i.test(serverDir) || serverDir === '' ? 'tray' : 'always' };
  if (platform === 'darwin') return { by: /\/Application Support\/jellyfin$/i.test(serverDir) ? 'menuBar' : 'always' };
  const command = stopCommands.find(([folder]) => folder.test(serverDir))?.[1];
  if (command === undefined) return { by: 'always' };
  return { command: isCompose && command.startsWith('docker ') ? 'docker compose stop jellyfin' : command };
}

/** Where network.xml and its like may lie for a server folder, the likeliest first. */
export function configFolders(serverDir: string): string[] {
  const known = packages({}).filter((each) => each.serverDir === serverDir);
  // Within it; in it; one folder up, as linuxserver's image has it; beside it, as Synology's package has it.
  const around = [join(serverDir, 'config'), serverDir, dirname(serverDir), join(dirname(serverDir), 'config')];
  return [...new Set([...known.map(({ configDir }) => configDir), ...around])];
}
