import { afterEach, describe, expect, test } from 'vitest';
import { startJellyfin, type Jellyfin } from '../../../sandbox/jellyfin/index.js';
import { differences } from './compare.js';
import { Names } from './names.js';
import { readRuns, resend } from './replay.js';

let jellyfin: Jellyfin;
afterEach(() => jellyfin?.close());

/** Not asked of the stand-in: an ordinary account's token, the style sheet, and bodies that nobody sends. */
const skipped = /-(bob-login|ordinary|special-css|null-css|bad-json|bad-type-list)$/;

describe.each(['10.10.7', '10.11.11', '12.0-rc5'])(
  'a real server of version %s, asked about its branding',
  (version) => {
    const runs = readRuns(`../shared/jellyfin/causes/v${version}`);
    const recordings = runs?.flat().filter(({ name }) => name.startsWith('q-branding-') && !skipped.test(name)) ?? [];

    (runs || process.env.CI ? test : test.skip)(
      'answers as the loopback Jellyfin answers (skipped without ../shared/jellyfin)',
      async () => {
        jellyfin = await startJellyfin({ version: version.replace('-rc5', '') });
        const names = new Names();
        names.set('feedfacefeedfacefeedfacefeed9002', jellyfin.apiKey);
        const found: string[] = [];
        for (const recording of recordings) {
          const answer = await resend(jellyfin.url, recording, names);
          await jellyfin.settled();
          found.push(...differences(recording.response, answer, names).map((line) => `${recording.file}: ${line}`));
        }
        expect(recordings.length).toBeGreaterThan(30);
        expect(found).toEqual([]);
      },
    );
  },
);
