import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import type { DatabaseRefused } from '../../src/db/database-errors.js';
import { assertNativeModule } from '../../src/db/native-module.js';
import { lookAtMachine } from '../../src/cli/doctor/this-computer.js';
import { createWords } from '../../src/words.js';
import { nodeProblem } from '../../scripts/lib/node-versions.mjs';

const t = createWords('en').forOperators('en');
const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string } };

describe('engines tells the truth:', () => {
  const { satisfies } = createRequire(import.meta.url)('semver') as {
    satisfies(version: string, range: string): boolean;
  };
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, { engines?: { node?: string } }>;
  };
  const wanted = Object.entries(lock.packages).flatMap(([path, { engines }]) =>
    path !== '' && engines?.node ? [[path, engines.node] as const] : [],
  );
  const refusing = (version: string) => wanted.filter(([, range]) => !satisfies(version, range)).map(([path]) => path);

  test('the first and the last version of each range fit every package, those for development included', () => {
    for (const range of engines.node.split(' || ')) {
      const [least = ''] = [range.slice(1)];
      expect([least, refusing(least)]).toEqual([least, []]);
      expect([range, refusing(`${least.split('.')[0]}.99.0`)]).toEqual([range, []]);
    }
  });

  test.each(['20.18.3', '21.7.0', '22.0.0', '22.12.0', '23.11.0', '27.0.0'])(
    '%s does not, and is refused',
    (version) => {
      expect(refusing(version)).not.toEqual([]);
      expect(nodeProblem(version)).toMatch(
        /^Latchkey needs Node 20 \(from 20\.19 on\), 22 \(from 22\.13 on\), 24, 25 or 26; this is /,
      );
      expect(lookAtMachine(t, version)).toContainEqual(
        expect.objectContaining({
          state: 'fault',
          text: `Node v${version} does not fit: Latchkey runs on 20 (>= 20.19), 22 (>= 22.13), 24, 25, 26 (https://nodejs.org).`,
        }),
      );
    },
  );

  test.each(['20.19.0', '20.20.2', '22.13.0', '22.23.3', '24.0.0', '26.1.0'])('%s does', (version) => {
    expect(nodeProblem(version)).toBeUndefined();
    expect(lookAtMachine(t, version)).toMatchObject([{ state: 'ok', text: `Node v${version}` }]);
    expect(satisfies(version, engines.node)).toBe(true);
  });
});

describe('a binary of SQLite that does not load is one sentence', () => {
  const refusal = (message: string, own?: string) => {
    try {
      assertNativeModule(() => {
        throw new Error(message);
      }, own);
    } catch (error) {
      return (error as DatabaseRefused).sentence(createWords('en').forOperators('en'));
    }
    return '';
  };

  test('of a Node that was replaced', () => {
    const message = 'The module was compiled against a different Node.js version using\nNODE_MODULE_VERSION 115.';
    expect(refusal(message)).toMatch(/^Node was replaced since Latchkey was installed in .* with this very Node/);
  });

  test('of an installation without its scripts', () => {
    const message = 'Could not locate the bindings file. Tried:\n → /x/build/better_sqlite3.node';
    // What npm and npx install is rebuilt from above.
    expect(refusal(message, '/home/dad/.npm/_npx/8a/node_modules/latchkey/')).toContain(' in /home/dad/.npm/_npx/8a: ');
    expect(refusal(message)).toMatch(
      /ignore-scripts\)\. Run there: npm rebuild better-sqlite3 --ignore-scripts=false$/,
    );
  });
});
