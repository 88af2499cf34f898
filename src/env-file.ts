import {
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { parse } from 'dotenv';
import { errorCode } from './error-code.js';
import { syncFolder } from './sync-folder.js';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The variables of a `.env` file below those of the environment, which win. The file need not exist; one that others
 * can read, or that cannot be read at all, is warned about in a sentence.
 */
export function readEnvFile(path: string, base: Env): { env: Env; warnings: string[] } {
  try {
    const env = { ...parse(readFileSync(path)), ...base };
    return { env, warnings: openToOthers(path) ? [`${path} can be read by others: run chmod 600 ${path}`] : [] };
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    return { env: base, warnings: code === 'ENOENT' ? [] : [`${path} is there but cannot be read (${code}).`] };
  }
}

/**
 * Puts one value into a `.env` file, in the place of the one that counts or at the end; everything else stays byte for
 * byte. The file is private afterwards, and whole at any moment; it is made where there is none. Throws the system's error.
 */
export function writeEnvValue(path: string, name: string, value: string): void {
  makePrivate(path);
  const before = readFileSync(path, 'utf8');
  const line = `${name}=${value}`;
  // Of several lines the last one counts.
  const found = [...before.matchAll(new RegExp(`^[ \\t]*(?:export[ \\t]+)?${name}[ \\t]*=.*$`, 'gm'))].at(-1);
  const gap = before === '' || before.endsWith('\n') ? '' : '\n';
  const after = found
    ? before.slice(0, found.index) + line + before.slice(found.index + found[0].replace(/\r$/, '').length)
    : `${before}${gap}${line}\n`;
  replaceFile(path, after);
}

/** An empty file where there is none. Whoever owns the folder reads it afterwards, also when root has made it for them. */
function makePrivate(path: string): void {
  if (existsSync(path)) return;
  closeSync(openSync(path, 'wx', 0o600));
  const { uid, gid } = statSync(dirname(path));
  if (process.getuid?.() === 0) chownSync(path, uid, gid);
}

/** Replaces a file's content by way of a second one, which keeps its owner; private. Throws the system's error. */
export function replaceFile(path: string, text: string): void {
  const target = realpathSync(path);
  const part = `${target}.part`;
  const { uid, gid } = statSync(target);
  rmSync(part, { force: true });
  const descriptor = openSync(part, 'wx', 0o600);
  try {
    if (process.getuid?.() === 0) chownSync(part, uid, gid);
    // All of it: on a disk that is nearly full a single write may take a part, and call that well.
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
  try {
    renameSync(part, target);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
  syncFolder(dirname(target));
}

/** Windows has no such bits: what node reports there says nothing about who may read. */
function openToOthers(path: string): boolean {
  return process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0;
}
