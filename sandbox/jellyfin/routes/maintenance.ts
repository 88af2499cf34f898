import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { json, noContent, problem, type Answer } from '../http/answers.js';
import type { Call } from '../http/call.js';
import { route } from '../http/router.js';
import { toApiDate, toDbDate } from '../store/formats.js';

/** A restart needs no authorisation at all from the local network. */
export const maintenanceRoutes = [
  route('POST', '/System/Restart', 'localOrAdministrator', ({ world }) => ({
    ...noContent,
    after: world.control.restart,
  })),
  route('POST', '/System/Shutdown', 'administrator', ({ world }) => ({ ...noContent, after: world.control.shutdown })),
  route('GET', '/System/Logs', 'administrator', logs),
  route('GET', '/System/Logs/Log', 'administrator', log),
];

/** 10.10 does not know this one. */
export const storageRoute = route('GET', '/System/Info/Storage', 'administrator', storage);

function logs({ world }: Call): Answer {
  const folder = join(world.serverDir, 'log');
  const files = readdirSync(folder).map((name) => {
    const { mtime, size } = statSync(join(folder, name));
    return {
      DateCreated: toApiDate(toDbDate(mtime)),
      DateModified: toApiDate(toDbDate(mtime)),
      Size: size,
      Name: name,
    };
  });
  return json(files);
}

function log({ world, query }: Call): Answer {
  const name = query.get('name') ?? '';
  const folder = join(world.serverDir, 'log');
  if (!readdirSync(folder).includes(name)) return problem(404);
  return { status: 200, contentType: 'text/plain; charset=utf-8', body: readFileSync(join(folder, name), 'utf8') };
}

function storage({ world }: Call): Answer {
  const unknown = (path: string): object => ({ Path: path, FreeSpace: -1, UsedSpace: -1 });
  const known = (path: string): object => ({
    Path: path,
    FreeSpace: 82_000_000_000,
    UsedSpace: 188_000_000_000,
    StorageType: 'Fixed',
    DeviceId: '/',
  });
  return json({
    ProgramDataFolder: known(world.serverDir),
    WebFolder: unknown('/usr/lib/jellyfin/jellyfin-web'),
    ImageCacheFolder: unknown('/var/cache/jellyfin/images'),
    CacheFolder: known('/var/cache/jellyfin'),
    LogFolder: known(join(world.serverDir, 'log')),
    InternalMetadataFolder: known(join(world.serverDir, 'metadata')),
    TranscodingTempFolder: known('/var/cache/jellyfin/transcodes'),
    Libraries: [],
  });
}
