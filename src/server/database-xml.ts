import { XMLParser } from 'fast-xml-parser';
import { statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import * as v from 'valibot';
import { userName } from '../as-owner.js';
import { errorCode } from '../error-code.js';
import type { DatabasePlace } from '../services/rescue/ladder/ports.js';
import { readAsChooser, type SmallFile } from '../small-file.js';
import { configFolders } from './packages.js';
import { tried } from '../tried.js';

const option = v.object({ Key: v.string(), Value: v.string() });
const one = <T extends v.GenericSchema>(schema: T) => v.union([schema, v.array(schema)]);
const database = v.object({
  DatabaseConfigurationOptions: v.object({
    DatabaseType: v.fallback(v.optional(v.string()), undefined),
    CustomProviderOptions: v.fallback(
      v.optional(v.object({ Options: v.optional(v.object({ CustomDatabaseOption: v.optional(one(option)) })) })),
      undefined,
    ),
  }),
});

const ownType = 'jellyfin-sqlite';
/** Whatever else is written there is no name, and is shown to nobody as one. */
const typeForm = /^[\w.-]{1,60}$/;

/**
 * Where the server's database is, as far as its own `database.xml` says otherwise than `usual`; undefined where it does not
 * (docs/jellyfin.md, "jellyfin.db"). `version` is the running server's, where it is known. A path is somebody else's word:
 * it is followed to a file of theirs only.
 */
export function databasePlace(serverDir: string, usual: string, version?: string): DatabasePlace | undefined {
  for (const file of configFolders(serverDir).map((folder) => join(folder, 'database.xml'))) {
    const found = read(file);
    if (found === 'unreadable') return { found: 'unreadable', file };
    if (found) return placeOf(file, found, usual, version);
  }
  return undefined;
}

interface Found {
  readonly uid: number;
  readonly type: string;
  readonly path: string | undefined;
}

function placeOf(file: string, { uid, type, path }: Found, usual: string, version = ''): DatabasePlace | undefined {
  const known = Number(/^\d+/.exec(version)?.[0] ?? 0);
  if (type.toLowerCase() !== ownType) return { found: 'otherType', file, type: typeForm.test(type) ? type : '???' };
  if (path === undefined) return undefined;
  // 10.11 has that file, too, and goes by the usual place all the same.
  if (known !== 0 && known < 12) return { found: 'ignored', file, path, version };
  // It counts from wherever the server was started.
  if (!isAbsolute(path)) return { found: 'relative', file, path };
  const there = statusOf(path);
  if (!there?.isFile()) return { found: 'notThere', file, path };
  const isTheirs = uid === 0 || uid === there.uid || process.platform === 'win32';
  if (!isTheirs) return { found: 'others', file, path, owner: userName(there.uid) };
  if (known >= 12) return { found: 'moved', file, path, version };
  const writtenLast = lastWritten(path) >= lastWritten(usual) ? 'moved' : 'usual';
  return { found: statusOf(usual) ? `${writtenLast}ByTime` : 'moved', file, path };
}

function read(file: string): Found | 'unreadable' | undefined {
  let text: SmallFile;
  try {
    text = readAsChooser(file);
  } catch (error) {
    return ['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '') ? undefined : 'unreadable';
  }
  return parsed(text);
}

function parsed({ text, uid }: SmallFile): Found | undefined {
  try {
    const parser = new XMLParser({ processEntities: false, parseTagValue: false });
    const { DatabaseType: type = ownType, CustomProviderOptions: custom } = v.parse(
      database,
      parser.parse(text),
    ).DatabaseConfigurationOptions;
    const options = [custom?.Options?.CustomDatabaseOption ?? []].flat();
    return { uid, type, path: options.find(({ Key }) => Key.toLowerCase() === 'path')?.Value };
  } catch {
    return undefined; // nothing of Jellyfin's, which would not go by it either
  }
}

/** Undefined where there is nothing, or not for this user to see. */
export const statusOf = (file: string) => tried(() => statSync(file));

/** What is written goes to the log beside it first. */
const lastWritten = (db: string): number =>
  Math.max(...[db, `${db}-wal`].map((file) => statusOf(file)?.mtimeMs ?? -Infinity));
