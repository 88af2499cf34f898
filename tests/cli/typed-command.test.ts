import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { typedCommand } from '../../src/typed-command.js';
import { endAll, folder } from './latchkey.js';

afterAll(endAll);

function installed(...files: string[]): string {
  const root = folder();
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), '');
  }
  return root;
}

test('a command that a sentence names is typed as Latchkey is installed', () => {
  const clone = installed('dist/cli.js', 'scripts/latchkey.mjs');
  const packed = installed('node_modules/latchkey/dist/cli.js');
  const linked = join(packed, 'latchkey');
  symlinkSync(join(packed, 'node_modules/latchkey/dist/cli.js'), linked);
  const image = { LATCHKEY_COMMAND: 'docker compose run --rm --no-deps latchkey' };
  expect(typedCommand({}, join(clone, 'dist/cli.js'))).toBe('npm run latchkey --');
  expect(typedCommand({}, linked)).toBe('latchkey');
  expect(typedCommand({ npm_command: 'exec' }, linked)).toBe('npx latchkey');
  expect(typedCommand(image, join(clone, 'dist/cli.js'))).toBe(image.LATCHKEY_COMMAND);
});
