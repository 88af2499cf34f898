import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * How Latchkey's command line is typed where `program`, a path, is installed: sentences that name a command work when they
 * are pasted. The image says so itself, in LATCHKEY_COMMAND.
 */
export function typedCommand(env: Readonly<Record<string, string | undefined>>, program = ''): string {
  if (env.LATCHKEY_COMMAND) return env.LATCHKEY_COMMAND;
  if (program !== '' && existsSync(join(dirname(realpathSync(program)), '..', 'scripts', 'latchkey.mjs')))
    return 'npm run latchkey --';
  return env.npm_command === 'exec' ? 'npx latchkey' : 'latchkey';
}
