import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { digestOf, hashPassword, isPasswordOf, type RepairRefusal } from '../../src/db/jellyfin-db/index.js';
import { asRepairRefusal } from '../../src/db/jellyfin-db/refusal.js';
import { asAskedNow, isCarriedOn, isOver } from '../../src/repair/carry-on.js';
import { addedOtherKey, type RepairRecord } from '../../src/repair/record.js';
import { seen, StoppedTest } from '../../src/repair/server-control.js';
import type { Sign, Signs } from '../../src/server/sign.js';
import type { RepairJob } from '../../src/services/rescue/ladder/repair-port.js';
import { closeRawServers, json, rawServer } from '../jellyfin/raw-server.js';
import { temporaryFolders } from '../support/temporary-folder.js';

afterEach(closeRawServers);
const newFolder = temporaryFolders();

const key = 'ab'.repeat(16);
const earlier = hashPassword('popcorn');
const recorded = (given: Partial<RepairRecord> = {}) =>
  ({
    stage: 'copied',
    stoppedByUs: false,
    startedAt: Date.now(),
    account: { id: 'a1', name: 'dad' },
    ...given,
  }) as RepairRecord;
const jobOf = (given: Partial<RepairJob> = {}) => ({ account: { name: 'dad' }, ...given }) as RepairJob;

describe('a repair that is carried on', () => {
  const now = (record: Partial<RepairRecord>, job: Partial<RepairJob>) => asAskedNow(recorded(record), jobOf(job));

  test('for another password or key than before makes that one, in the file as well', () => {
    const isNew = (given: Partial<RepairRecord>) => isPasswordOf('nachos', given.passwordHash ?? '');
    const otherwise = now({ passwordHash: earlier }, { setPassword: 'nachos' });
    expect([isNew(otherwise), otherwise.stage]).toEqual([true, undefined]);
    const changed = now({ passwordHash: earlier, stage: 'changed' }, { setPassword: 'nachos' });
    expect(changed).toEqual({ passwordHash: expect.not.stringMatching(earlier), stage: 'changing' });
    expect(now({ stage: 'changed' }, { key })).toEqual({ key, stage: 'changing' });
    expect(now({}, { key })).toEqual({ key });
  });

  test('for what was asked before changes nothing twice', () => {
    const same = { setPassword: 'popcorn', key: 'cd'.repeat(16) };
    expect(now({ passwordHash: earlier, stage: 'changed', key }, same)).toEqual({});
    // What is set in the file is not known any more to whoever asks now for no password.
    expect(now({ passwordHash: earlier }, {})).toStrictEqual({ passwordHash: undefined });
    expect(now({ passwordHash: earlier, stage: 'changed' }, {})).toStrictEqual({});
    expect(now({}, {})).toEqual({});
  });
});

describe('an unfinished repair', () => {
  const dad = { id: 'a1', name: 'dad' };

  test('is carried on for the same account: by its id where both are known, else by its name', () => {
    const carriedOn = (account: RepairRecord['account'], wanted: RepairJob['account']) =>
      isCarriedOn(recorded({ account }), jobOf({ account: wanted }));
    expect(carriedOn(dad, { id: 'a1', name: 'Papa' })).toBe(true);
    expect(carriedOn(dad, { id: 'b2', name: 'dad' })).toBe(false);
    expect([carriedOn(dad, { name: 'dad' }), carriedOn({ name: 'dad' }, dad)]).toEqual([true, true]);
    // In another case only where no other account has that name.
    expect(carriedOn(dad, { name: 'DAD' })).toBe(false);
    expect(carriedOn({ ...dad, alone: true }, { name: 'DAD' })).toBe(true);
    expect(carriedOn({ ...dad, alone: true }, { name: 'mum' })).toBe(false);
    expect(carriedOn(undefined, { name: 'dad' })).toBe(false);
    expect(isCarriedOn(recorded(), jobOf({ dryRun: true }))).toBe(false);
  });

  test('is given up for another account only where it can have changed nothing', () => {
    const other = { account: { id: 'b2', name: 'mum' } };
    const begins = (record: Partial<RepairRecord>, job: Partial<RepairJob>) => () =>
      isCarriedOn(recorded(record), jobOf(job));
    expect(begins({ stoppedByUs: true }, other)()).toBe(false);
    for (const stage of ['changing', 'changed'] as const) {
      expect(begins({ stage }, other)).toThrow('otherRescueUnfinished');
      expect(begins({ stage }, { dryRun: true })).toThrow('otherRescueUnfinished');
      expect(begins({ stage }, {})()).toBe(true);
    }
    // A dry run would take away what says that the server stands still.
    expect(begins({ stoppedByUs: true }, { dryRun: true })).toThrow('otherRescueUnfinished');
  });

  test('is over where the server was started since its change, unless there is something worth going on with', async () => {
    const running = { running: [{}], unseen: [] } as unknown as Signs;
    const { url } = await rawServer(({ authorization }, response) =>
      json(response, {}, authorization.includes(key) ? 200 : 401),
    );
    const hours = 3_600_000;
    const old = { stage: 'changed', startedAt: Date.now() - 2 * hours } as const;
    const over = (record: Partial<RepairRecord>, job: Partial<RepairJob> = {}, signs = running) =>
      isOver(recorded({ ...old, ...record }), jobOf({ url, ...job }), signs);
    expect(await over({})).toBe(true);
    expect(await over({ stage: 'changing' })).toBe(false);
    expect(await over({}, {}, { running: [], unseen: [] })).toBe(false);
    expect(await over({}, { dryRun: true })).toBe(false);
    expect(await over({ startedAt: Date.now() - hours / 2 })).toBe(false);
    expect(await over({ startedAt: Date.now() - hours / 2 }, { account: { name: 'mum' } })).toBe(true);
    expect(await over({ key })).toBe(false);
    expect(await over({ key }, { setPassword: 'nachos' })).toBe(true);
    expect(await over({ key: 'cd'.repeat(16) })).toBe(true);
    expect(await over({ key }, { url: undefined })).toBe(true);
  });
});

test('every sign that cannot be read is to be accepted by name; what answers and is not Jellyfin is named with its status', () => {
  const http = (why: string): Sign => ({ sign: 'http', seen: 'unseen', params: { url: 'http://nas', why } });
  const process: Sign = { sign: 'process', seen: 'unseen', params: { why: 'container' } };
  const refused = (unseen: Sign[], acceptUnseen?: RepairJob['acceptUnseen']) => {
    const look = new StoppedTest({ path: 'x' } as never, jobOf({ acceptUnseen }), new AbortController().signal);
    try {
      look.mustBeAccepted({ running: [], unseen });
      return look.unseen;
    } catch (error) {
      return (error as RepairRefusal).params;
    }
  };
  expect(refused([])).toEqual([]);
  expect(refused([http('timeout'), process])).toEqual({ signs: 'http,process' });
  expect(refused([http('404'), http('timeout'), process])).toEqual({
    signs: 'http,process',
    notJellyfin: 'http://nas 404',
  });
  expect(refused([http('404'), process], ['http'])).toMatchObject({ signs: 'http,process' });
  expect(refused([http('404'), process], ['process', 'http'])).toEqual(['http', 'process']);
  expect(refused([{ ...process, params: { why: '404' } }])).toEqual({ signs: 'process' });
});

test('of the processes that run, those that may serve another folder are named', () => {
  const process = (pid: number, more = {}) => ({ sign: 'process', seen: 'running', params: { pid, ...more } }) as const;
  expect(seen([process(-1), process(-2, { unclear: 1 }), process(-3, { unclear: 1 })])).toEqual({
    ...{ signs: 'process', where: '-1, -2, -3', unclear: '-2, -3' },
  });
  expect(seen([process(-1)])).toEqual({ signs: 'process', where: '-1' });
});

test('a key that an earlier repair left, and is not the one in use, is known by its digest, for a day', () => {
  const folder = newFolder();
  const path = join(folder, 'jellyfin.db');
  const uid = process.getuid?.() ?? 0;
  const left = (since = 0, inUse = 'cd'.repeat(16)) => addedOtherKey({ path, uid }, since, inUse);
  const put = (name: string, keyDigest?: string) =>
    writeFileSync(join(folder, name), JSON.stringify({ ...recorded(), version: 1, keyDigest }), { mode: 0o600 });
  put('jellyfin.db.latchkey-20261130T101010Z.json');
  put('other.db.latchkey-20261130T101011Z.json', digestOf(key));
  put('jellyfin.db.latchkey-copy.json', digestOf(key));
  expect(left()).toBe(false);
  put('jellyfin.db.latchkey-20261130T101012Z.json', digestOf(key));
  expect([left(), left(0, key), left(Date.now() + 60_000)]).toEqual([true, false, false]);
});

test('what SQLite says of jellyfin.db is told as what it is, whatever was being done', () => {
  const told = (code: string) => {
    const { code: refused, params } = asRepairRefusal(
      Object.assign(new Error('it says more'), { code }),
      'writeFailed',
    );
    return [refused, params];
  };
  expect(told('SQLITE_BUSY_SNAPSHOT')).toEqual(['busy', {}]);
  expect(told('SQLITE_LOCKED')).toEqual(['busy', {}]);
  expect(told('SQLITE_NOTADB')).toEqual(['notJellyfinDatabase', { missing: 'SQLITE_NOTADB' }]);
  expect(told('SQLITE_CORRUPT_INDEX')).toEqual(['corrupt', { why: 'SQLITE_CORRUPT_INDEX' }]);
  expect(told('SQLITE_FULL')).toEqual(['writeFailed', { why: 'SQLITE_FULL' }]);
  expect(asRepairRefusal(new Error('it says more'), 'corrupt').params).toEqual({ why: 'it says more' });
  const refusal = asRepairRefusal(new Error('x'), 'corrupt');
  expect(asRepairRefusal(refusal, 'writeFailed')).toBe(refusal);
});
