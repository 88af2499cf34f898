import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { tmpdir } from 'node:os';
import { afterEach, describe, expect, test } from 'vitest';
import Database from 'better-sqlite3';
import { ask } from '../../../sandbox/jellyfin/ask.js';
import { type Jellyfin, rootPassword, startJellyfin } from '../../../sandbox/jellyfin/index.js';
import { differences } from './compare.js';
import { fixAsTheGuideSays } from './guide-fix.js';
import { Names } from './names.js';
import { inGroups, readRuns, type Recording, resend } from './replay.js';

describe('recordings of real servers', () => {
  /** Not asked of the stand-in, by name, and why. */
  const skipped: Readonly<Record<string, string>> = {
    'l-openapi': 'the description is a file of the reference folder; nobody reads it from a server',
  };

  /** What whoever recorded did between two recordings, seen from what the next one shows. */
  const unrecorded: Readonly<Record<string, (jellyfin: Jellyfin) => Promise<unknown>>> = {
    'm-while-down': (jellyfin) => {
      fixAsTheGuideSays(jellyfin.dbPath, 'alice');
      return jellyfin.start();
    },
    '12.0 y-qc-authorize-expired-code': async (jellyfin) => {
      await jellyfin.signIn('bob', 'wrong');
      await jellyfin.signIn('bob', 'wrong');
    },
    '12.0 m-alice-limit-3': (jellyfin) =>
      ask(`${jellyfin.url}/Users/AuthenticateByName`, {
        method: 'POST',
        headers: { authorization: 'MediaBrowser Client="Recorder", Device="d", DeviceId="dbt", Version="1"' },
        body: JSON.stringify({ Username: 'carol', Pw: 'carolpw-1' }),
      }),
  };

  /** Differences that say nothing about the stand-in, and why; one that no longer comes up fails the test. */
  const explained: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    '12.0': {
      '731-w-remote-activity: body.TotalRecordCount: 243 became 215':
        'the other entries come from experiments with the file, which were not recorded',
    },
  };

  /** Of the second series: providers, lists of devices and limits of sessions, with what they need. */
  const aboutCauses =
    /^q-(wizard|create-key|list-keys|login|new-|providers|resetproviders|provider-|devlist-dana|maxsess)/;

  /**
   * The stand-in has no capabilities of devices, no WebSockets, and keeps nothing of sessions over a restart; the recorded lists
   * of sessions are cut, and entries of the activity log that are younger by less than its clock's millisecond.
   */
  const notHeld = /capabilities|websocket|restart|uses-token|persistent|again-listed|old-token|-sessions-|activity/;

  /** A refused session leaves the date of the sign-in there, a session that is opened loses it: the stand-in always loses it. */
  const datesLost = ['9163-q-devlist-dana-after-right', '9165-q-devlist-dana-after-wrong'].map(
    (name) => `${name}: body.LastLoginDate is missing`,
  );

  const recordedKey = 'feedfacefeedfacefeedfacefeed0002';

  /** Each later run of the recorder calls the key so. */
  const keyInLaterRuns = 'feedfacefeedfacefeedfacefeed0001';

  let jellyfin: Jellyfin;

  let now: Date;

  afterEach(() => jellyfin?.close());

  describe.each(['10.10.7', '10.11.11', '12.0-rc5'])('a real server of version %s, asked the same', (recorded) => {
    const version = recorded.replace('-rc5', '');
    const runs = readRuns(`../shared/jellyfin/recordings/v${recorded}`);

    if (!runs) {
      const plain = 'the recordings in ../shared/jellyfin are not here';
      if (process.env.CI) test(`cannot be compared, because ${plain}`, () => expect(plain).toBe(''));
      else test.skip(`is not compared: ${plain}`, () => undefined);
      return;
    }

    test('answers as the loopback Jellyfin answers, exchange by exchange', async () => {
      now = new Date(runs[0]?.[0]?.at ?? 0);
      jellyfin = await startJellyfin({ version, beforeWizard: true, hashIterations: 10, now: () => now });
      const names = new Names();
      names.set('vm', 'loopback');
      let key = '';
      const found: string[] = [];
      for (const [index, run] of runs.entries()) {
        if (index > 0) names.set(keyInLaterRuns, key);
        for (const group of inGroups(run)) {
          found.push(...(await replay(group, version, names)));
          if (group[0]?.name === 'b-list-keys') key = names.get(recordedKey);
        }
      }
      expect(found).toEqual(Object.keys(explained[version] ?? {}));
    });

    test('answers so about the causes of refused sign-ins, too', async () => {
      const causes = (readRuns(`../shared/jellyfin/causes/v${recorded}`) ?? []).flat();
      const asked = causes.filter(({ name }) => aboutCauses.test(name) && !notHeld.test(name));
      expect(asked.length).toBeGreaterThan(130);
      now = new Date(asked[0]?.at ?? 0);
      jellyfin = await startJellyfin({ version, beforeWizard: true, hashIterations: 10, now: () => now });
      const names = new Names();
      const found: string[] = [];
      for (const group of inGroups(asked)) found.push(...(await replay(group, version, names)));
      expect(found).toEqual(version === '10.11.11' ? datesLost : []);
    });

    test('was asked everything that is skipped here', () => {
      const recordedNames = runs.flat().map(({ name }) => name);
      const interludes = Object.keys(unrecorded).filter(
        (name) => !name.includes(' ') || name.startsWith(`${version} `),
      );
      const named = [...Object.keys(skipped), ...interludes.map((name) => name.replace(/^.* /, ''))];
      expect(named.filter((name) => !recordedNames.includes(name))).toEqual([]);
    });
  });

  /** Sends what was sent at one time, at that time by the stand-in's clock, and answers what is different. */
  async function replay(group: readonly Recording[], version: string, names: Names): Promise<string[]> {
    const [first] = group;
    if (!first || first.name in skipped) return [];
    now = new Date(first.at);
    await unrecorded[`${version} ${first.name}`]?.(jellyfin);
    if (first.name === 'm-while-down') {
      await expect(resend(jellyfin.url, first, names)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      await unrecorded[first.name]?.(jellyfin);
      return [];
    }
    const answers = await Promise.all(group.map((recording) => resend(jellyfin.url, recording, names)));
    await jellyfin.settled();
    // Of several at once, which came first is chance: their answers are compared in the order of their status.
    const expected = [...group].sort((a, b) => a.response.status - b.response.status);
    answers.sort((a, b) => a.status - b.status);
    return expected.flatMap((recording, index) => {
      const answer = answers[index];
      if (!answer) return [`${recording.file}: no answer`];
      names.learn(recording.response.body, answer.body);
      for (const file of recording.files ?? []) names.learnPin(file.content, ownPinFile(file.path, names));
      return differences(recording.response, answer, names).map((line) => `${recording.file}: ${line}`);
    });
  }

  /** The stand-in's file of the same name: it is made of the account's name, or of its id. */
  function ownPinFile(path: string, names: Names): string {
    const name = basename(path).replace(/[0-9a-f-]{36}(?=\.json)/, (id) => names.get(id));
    return readFileSync(join(jellyfin.serverDir, name), 'utf8');
  }
});

describe('the schema', () => {
  /** Tables, columns and unique indexes of a database that stands still. */
  function shapeOf(path: string, tables?: readonly string[]): Record<string, string[]> {
    // A copy in a folder of its own: reading a file in WAL mode leaves files beside it.
    const folder = mkdtempSync(join(tmpdir(), 'shape-'));
    copyFileSync(path, join(folder, 'copy.db'));
    const db = new Database(join(folder, 'copy.db'));
    const found = db
      .prepare<[], { name: string }>(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
      .all()
      .map(({ name }) => name)
      .filter((name) => tables?.includes(name) ?? true);
    const columns = db.prepare<[string], { text: string }>(
      `SELECT name || ' ' || type || ' ' || "notnull" || ' ' || pk AS text FROM pragma_table_info(?) ORDER BY name`,
    );
    const unique = db.prepare<[string], { text: string }>(
      `SELECT name AS text FROM pragma_index_list(?) WHERE "unique" = 1 ORDER BY name`,
    );
    const shape = found.map((name) => [name, [...columns.all(name), ...unique.all(name)].map(({ text }) => text)]);
    db.close();
    rmSync(folder, { recursive: true });
    return Object.fromEntries(shape) as Record<string, string[]>;
  }

  describe.each([
    ['10.10.7', 'v10.10.7'],
    ['12.0', 'v12.0-rc5'],
  ])('the file of a loopback %s', (version, folder) => {
    const sample = `../shared/jellyfin/recordings/${folder}/db/sample-stopped-nobody-locked.db`;
    const isHere = existsSync(sample) || process.env.CI !== undefined;

    (isHere ? test : test.skip)(
      'has its tables as the real sample has them (skipped without ../shared/jellyfin)',
      async () => {
        const jellyfin = await startJellyfin({ version });
        await jellyfin.shutdown();
        const ours = shapeOf(jellyfin.dbPath);
        await jellyfin.close();
        expect(ours).toEqual(shapeOf(sample, Object.keys(ours)));
      },
    );
  });

  test('a server started again in its folder has its accounts, its key and its passwords as they were', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'kept-'));
    const first = await startJellyfin({ version: '12.0', dir, users: [{ name: 'maya', password: 'right' }] });
    const key = first.apiKey;
    await first.close();
    const second = await startJellyfin({ version: '12.0', dir });
    expect(second.apiKey).toBe(key);
    expect((await second.signIn('maya', 'right')).status).toBe(200);
    expect((await second.signIn('root', rootPassword)).status).toBe(200);
    await second.close();
    rmSync(dir, { recursive: true });
  });
});
