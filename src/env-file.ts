import { readFileSync, statSync } from 'node:fs';
import { parse } from 'dotenv';

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
    const code = codeOf(error);
    if (code === undefined) throw error;
    return { env: base, warnings: code === 'ENOENT' ? [] : [`${path} is there but cannot be read (${code}).`] };
  }
}

/** Windows has no such bits: what node reports there says nothing about who may read. */
function openToOthers(path: string): boolean {
  return process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0;
}

function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}
