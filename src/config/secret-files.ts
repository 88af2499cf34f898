import { errorCode } from '../error-code.js';
import type { ConfigProblem } from './config-error.js';
import { secretNames } from './variables.js';

export type Env = Readonly<Record<string, string | undefined>>;

/** Reads a text file; throws as node's readFileSync does. */
export type ReadFile = (path: string) => string;

/** Puts what is in the file that `NAME_FILE` names in the place of `NAME`; tells of files that give nothing. */
export function withSecretFiles(env: Env, readFile: ReadFile): { env: Env; problems: ConfigProblem[] } {
  const filled: Record<string, string | undefined> = { ...env };
  const problems: ConfigProblem[] = [];
  for (const name of secretNames) {
    const fileName = `${name}_FILE`;
    const path = env[fileName];
    if (path === undefined) continue;
    const content = env[name] === undefined ? contentOf(path, readFile) : { problem: `is one too many beside ${name}` };
    if ('text' in content) filled[name] = content.text;
    else
      problems.push({ name: fileName, problem: `${content.problem}: write the path of a file that holds the value` });
  }
  return { env: filled, problems };
}

function contentOf(path: string, readFile: ReadFile): { text: string } | { problem: string } {
  try {
    const text = readFile(path).trim();
    return text === '' ? { problem: 'names an empty file' } : { text };
  } catch (error) {
    return { problem: `names a file that cannot be read (${errorCode(error) ?? 'unknown error'})` };
  }
}
