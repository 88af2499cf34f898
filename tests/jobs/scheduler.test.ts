import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { getTasks } from 'node-cron';
import { createJobs, type Job, type JobName, type JobsDeps, Scheduler } from '../../src/jobs/jobs.js';

const logged: object[] = [];
let scheduler: Scheduler;
const runs: JobName[] = [];

beforeEach(() => {
  logged.splice(0);
  runs.splice(0);
  const log = (fields: object) => void logged.push(fields);
  scheduler = new Scheduler({ warn: log, error: log });
});
afterEach(() => scheduler.stop());

test('a job that is switched off waits for no clock, and runs by hand', async () => {
  const run = (name: JobName) => () => Promise.resolve(void runs.push(name));
  scheduler.start([
    { name: 'upkeep', schedule: '* * * * *', run: run('upkeep') },
    { name: 'lockouts', schedule: undefined, run: run('lockouts') },
  ]);
  expect([...getTasks().values()].map((task) => task.name)).toEqual(['upkeep']);
  await scheduler.runNow('lockouts');
  expect(runs).toEqual(['lockouts']);
});

test('whoever runs a job by hand hears that it failed', async () => {
  scheduler.start([{ name: 'backup', schedule: undefined, run: () => Promise.reject(new Error('the disk is full')) }]);
  await expect(scheduler.runNow('backup')).rejects.toThrow('the disk is full');
  await expect(scheduler.runNow('forget old')).rejects.toThrow('not there yet');
});

describe('by the clock', () => {
  const unended: (() => void)[] = [];
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    for (const ends of unended.splice(0)) ends();
    vi.useRealTimers();
  });
  const minutePasses = () => vi.advanceTimersByTimeAsync(60_000);

  /** A job of each minute, whose rounds end when they are told to. */
  function rounds(name: JobName) {
    const begun: { readonly ends: () => void; readonly fails: () => void }[] = [];
    const run = () =>
      new Promise<void>((ends, fail) => {
        begun.push({ ends, fails: () => fail(new Error('no')) });
        unended.push(ends);
      });
    const job: Job = { name, schedule: '* * * * *', run };
    return { job, begun };
  }

  test('a round that takes longer than a minute is not begun a second time beside itself, and keeps no other job', async () => {
    const [slow, other] = [rounds('jellyfin'), rounds('upkeep')];
    scheduler.start([slow.job, other.job]);
    await minutePasses();
    other.begun[0]?.ends();
    await minutePasses();
    expect([slow.begun.length, other.begun.length, logged]).toEqual([1, 2, [{ job: 'jellyfin' }]]);
    slow.begun[0]?.ends();
    await minutePasses();
    expect(slow.begun).toHaveLength(2);
  });

  test('what fails is in the log, and comes again a minute later', async () => {
    const { job, begun } = rounds('upkeep');
    scheduler.start([job]);
    await minutePasses();
    begun[0]?.fails();
    await minutePasses();
    expect(logged).toEqual([{ err: new Error('no'), job: 'upkeep' }]);
    expect(begun).toHaveLength(2);
  });

  test('a bot that ends waits for the round that goes on, and begins no other', async () => {
    const [slow, other] = [rounds('jellyfin'), rounds('upkeep')];
    scheduler.start([slow.job, other.job]);
    await minutePasses();
    other.begun[0]?.ends();
    let isOver = false;
    const stopped = scheduler.stop().then(() => (isOver = true));
    await minutePasses();
    expect([slow.begun.length, other.begun.length, isOver]).toEqual([1, 1, false]);
    slow.begun[0]?.ends();
    expect(await stopped).toBe(true);
  });
});

test('who does not want to hear of lockouts has nobody look for them by the clock', () => {
  const schedules = (watchLockouts: boolean) =>
    createJobs({ watchLockouts } as JobsDeps).flatMap(({ name, schedule }) => (schedule === undefined ? [] : [name]));
  expect(schedules(true).filter((name) => !schedules(false).includes(name))).toEqual(['lockouts']);
});

test('apps of an older kind are looked for once Jellyfin is known to answer', async () => {
  const did: string[] = [];
  const round = (what: string) => ({ round: () => Promise.resolve(void did.push(what)) });
  const jobs = createJobs({ outages: round('outages'), oldApps: round('old apps') } as Partial<JobsDeps> as JobsDeps);
  await jobs.find(({ name }) => name === 'jellyfin')?.run();
  expect(did).toEqual(['outages', 'old apps']);
});
