import { homedir } from 'node:os';
import { join } from 'node:path';

/** A place where a Jellyfin's files usually lie. */
export interface Place {
  readonly serverDir: string;
  readonly logDir: string;
  readonly db: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/** Where packages and images put a server's files on this platform (docs/jellyfin.md, "The server's folder"). */
export function usualPlaces(env: Env, platform: NodeJS.Platform = process.platform): Place[] {
  const place = (serverDir: string, logDir = join(serverDir, 'log')): Place => ({
    serverDir,
    logDir,
    db: join(serverDir, 'data', 'jellyfin.db'),
  });
  if (platform === 'win32') {
    const programData = env['ProgramData'] ?? env['PROGRAMDATA'] ?? 'C:\\ProgramData';
    const local = env['LOCALAPPDATA'];
    return [place(join(programData, 'Jellyfin', 'Server')), ...(local ? [place(join(local, 'jellyfin'))] : [])];
  }
  if (platform === 'darwin') return [place(join(homedir(), 'Library', 'Application Support', 'jellyfin'))];
  return [
    place('/var/lib/jellyfin', '/var/log/jellyfin'),
    // The official image, then linuxserver's, as a container that has the folder mounted sees them.
    place('/config'),
    place('/config/data', '/config/log'),
    place('/opt/jellyfin'),
    place(join(homedir(), '.local', 'share', 'jellyfin')),
  ];
}
