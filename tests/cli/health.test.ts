import { spawnSync } from 'node:child_process';
import { realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { writeHeartbeat } from '../../src/app/heartbeat.js';
import { ProcessHouse } from '../process/process-house.js';
import { closeAll, startBot } from '../support/bot.js';
import { endAll, folder, latchkey, latchkeyProcess } from './latchkey.js';

afterAll(endAll);

let house: ProcessHouse;
beforeAll(async () => {
  house = await ProcessHouse.start();
});
afterEach(async () => {
  await house.tidy();
  await closeAll();
});
afterAll(() => house.close());

const minute = 60_000;
const healthOn = (database: string) => latchkey(['health'], folder(), { LATCHKEY_DB: database });

test('a bot that runs is healthy, by the settings of its folder; one that was stopped does not run', async () => {
  const where = house.folder(house.env());
  const bot = await house.bot(where, {});
  expect(await latchkeyProcess(['health'], where)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^The bot is connected to Discord and at work; last round of its jobs: .+\.\n$/),
    stderr: '',
  });

  await bot.kill('SIGTERM');
  const { code, stderr } = await latchkeyProcess(['health'], where);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `No bot runs on ${join(realpathSync(where), 'latchkey.db')}. Start it, and look into its log if it ends again.\n`,
  });
});

test('a bot whose jobs hang, or that was killed, is missed after five minutes', async () => {
  const database = `${folder()}/latchkey.db`;
  writeHeartbeat(database, { at: Date.now() - 4 * minute, isConnected: true });
  expect(await healthOn(database)).toMatchObject({ code: 0 });
  writeHeartbeat(database, { at: Date.now() - 6 * minute, isConnected: true });
  const { code, stderr } = await healthOn(database);
  expect(code).toBe(1);
  expect(stderr).toContain('has done nothing since');
  // An English sentence, as there is no Swedish one: with an English moment, whose month nobody takes for a day.
  const swedish = await latchkey(['health'], folder(), { LATCHKEY_DB: database, LANG: 'sv_SE.UTF-8' });
  expect(swedish.stderr).toMatch(/has done nothing since [A-Z][a-z]{2} \d+, \d{4}, \d+:\d\d:\d\d\s[AP]M\./);
});

test('what somebody else has put there keeps nobody waiting, and is not quoted', async () => {
  const database = `${folder()}/latchkey.db`;
  const file = `${database}.heartbeat`;
  writeFileSync(file, 'root:x:0:0');
  expect(await healthOn(database)).toMatchObject({ code: 1, stderr: expect.stringContaining('No bot runs on') });
  writeFileSync(file, JSON.stringify({ at: 'now', isConnected: true }));
  expect(await healthOn(database)).toMatchObject({ code: 1 });
  if (process.platform === 'win32') return;
  rmSync(file);
  symlinkSync('/etc/passwd', file);
  const { code, stderr } = await healthOn(database);
  expect(code).toBe(1);
  expect(stderr).not.toContain('root');
  rmSync(file);
  spawnSync('mkfifo', [file]);
  expect(await healthOn(database)).toMatchObject({ code: 1, stderr: expect.stringContaining('no ordinary file') });
});

test('a bot that has lost Discord says so, and is healthy again with it; a job that fails is no illness', async () => {
  const bot = await startBot();
  bot.discord.gateway.refuseIdentifyWith(4008);
  bot.discord.gateway.closeWith(4009);
  const after = async (wanted: number) => {
    for (;;) {
      await bot.app.runJob('upkeep');
      // Nothing here waits for anybody: Discord's answers come between two turns.
      await new Promise(setImmediate);
      const said = await healthOn(bot.database);
      if (said.code === wanted) return said;
    }
  };
  expect((await after(1)).stderr).toContain('runs, and has no connection to Discord');
  bot.discord.gateway.refuseIdentifyWith(undefined);
  await after(0);
});
