import { parseSettings } from '../settings-text.js';
import { readNamedFile } from '../small-file.js';
import { outputOf } from './run-command.js';
import { serverPaths, type ServerPaths } from './packages.js';
import { tried } from '../tried.js';

/** Where the folders of Jellyfin's systemd unit are; undefined where there is no such unit, or nobody tells. */
export async function jellyfinUnit(systemctl: string): Promise<ServerPaths | undefined> {
  const asked = ['LoadState', 'Environment', 'EnvironmentFiles', 'ExecStart'].map((name) => `--property=${name}`);
  try {
    return foldersIn(await outputOf(systemctl, ['show', 'jellyfin.service', ...asked]));
  } catch {
    // Without systemd there is no unit; what it does not tell is nothing that could be offered.
    return undefined;
  }
}

/** As systemd reads them: a file's variables win over the unit's own, and what the program is started with over both. */
function foldersIn(shown: string): ServerPaths | undefined {
  const lines = (name: string) =>
    [...shown.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value = '']) => value);
  if (!lines('LoadState').includes('loaded')) return undefined;
  const own = lines('Environment').flatMap((line) => line.match(/"[^"]*"|\S+/g) ?? []);
  const files = lines('EnvironmentFiles').flatMap(
    (line) => /^(\/.*?)(?: \(ignore_errors=\w+\))?$/.exec(line)?.[1] ?? [],
  );
  const env = parseSettings([...own.map((each) => each.replaceAll('"', '')), ...files.map(textOf)].join('\n'));
  const started = lines('ExecStart')
    .join(' ')
    .replace(/\$\{?(\w+)\}?/g, (_, name: string) => env[name] ?? '');
  const folder = (option: string, variable: string) =>
    new RegExp(` (?:${option})[ =]"?(/[^\\s";]*)`).exec(started)?.[1] ?? env[variable];
  const serverDir = folder('-d|--datadir', 'JELLYFIN_DATA_DIR') ?? '/var/lib/jellyfin';
  return serverPaths(serverDir, folder('-l|--logdir', 'JELLYFIN_LOG_DIR'));
}

/** Empty where it is closed to this user, or need not be there. */
const textOf = (file: string) => tried(() => readNamedFile(file)) ?? '';
