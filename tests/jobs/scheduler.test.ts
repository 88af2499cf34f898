import { afterEach, expect, test } from 'vitest';
import { getTasks } from 'node-cron';
import { type JobName, Scheduler } from '../../src/jobs/jobs.js';

const scheduler = new Scheduler({ error: () => undefined });
const runs: JobName[] = [];

afterEach(async () => {
  await scheduler.stop();
});

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
