import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort } from '../../sandbox/free-port.js';
import { until } from '../kill/until.js';
import { shapedServer, type ShapedServer } from '../server/server-shape.js';
import { isThere } from '../support/is-there.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { createRepair } from '../../src/repair/launcher.js';
import type { RepairLine } from '../../src/services/rescue/ladder/repair-port.js';
import { testMachine } from '../support/test-machine.js';
import { jobFor, launcher, repairProcess, repairProgram } from './run-repair.js';
import { bytesOf, change, filesIn, fromLoopback, type ServerFolder } from './server-folder.js';

const newFolder = temporaryFolders();

let folder: ServerFolder;
let server: ShapedServer;
let before: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await fromLoopback(newFolder());
  before = bytesOf(folder.db);
  server = await shapedServer(folder.dir, await freePort(), { database: 'idle', log: true, port: false });
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await server.end();
});

const started = () => join(folder.dir, 'started');
/** It looks whether the server stays stopped, for longer than anybody waits here. */
const slow = () => ({
  serverIsStopped: false,
  stopCommand: ['kill', `${server.pid}`],
  startCommand: ['sh', '-c', 'echo started >> "$0"', started()],
  lookAgainAfterMs: 300_000,
});

/** Nothing was changed, nothing is left, and the server was started again. */
function asBefore(): void {
  expect(readFileSync(started(), 'utf8')).toBe('started\n');
  expect(filesIn(folder)).toEqual(['jellyfin.db']);
  expect(bytesOf(folder.db)).toBe(before);
}

test('a repair that takes too long backs out, and starts the server again', async () => {
  const { end } = await repairProcess(folder, { ...slow(), deadlineMs: 3000 });
  expect(end).toMatchObject({ outcome: 'refused', code: 'brokenOff', changed: false, leftStopped: false });
  asBefore();
});

test('one that is told to end does the same', async () => {
  // What a terminal tells all of its programs is not meant for it: it would leave the server stopped.
  const tell = (child: ChildProcess) => (['SIGINT', 'SIGHUP', 'SIGTERM'] as const).forEach((each) => child.kill(each));
  const told = { onLine: ({ step }: { step: string }, child: ChildProcess) => step === 'stopped' && tell(child) };
  expect((await repairProcess(folder, slow(), told)).end).toMatchObject({ code: 'brokenOff', leftStopped: false });
  asBefore();
});

test('one whose parent is killed does the same, and ends', async () => {
  const job = join(folder.dir, 'job.json');
  const said = join(folder.dir, 'said');
  writeFileSync(said, '');
  writeFileSync(job, JSON.stringify(jobFor(folder, slow())));
  const parent = spawn('sh', [
    '-c',
    '"$0" "$1" < "$2" > "$3" & echo $!; wait',
    process.execPath,
    repairProgram,
    job,
    said,
  ]);
  children.push(parent);
  const pid = await new Promise<string>((told) =>
    parent.stdout.once('data', (line: Buffer) => told(line.toString().trim())),
  );
  await until(
    () => readFileSync(said, 'utf8').includes('"step":"stopped"') || undefined,
    () => readFileSync(said, 'utf8'),
    20_000,
  );
  parent.kill('SIGKILL');
  await until(
    () => !isThere(pid) || undefined,
    () => 'it goes on without its parent',
    20_000,
  );
  asBefore();
});

/** A look at this file has no end: SQLite compares, and hears nobody meanwhile. */
function hangs(file: string): void {
  change(file, (db) => {
    db.unsafeMode();
    db.pragma('writable_schema = ON');
    const endless = `CHECK (instr(zeroblob(20000000), CAST(zeroblob(500000) || x'01' AS BLOB)) = 0)`;
    db.exec(
      `UPDATE sqlite_schema SET sql = substr(sql, 1, length(sql) - 1) || ', ${endless.replaceAll("'", "''")})' WHERE name = 'Users'`,
    );
  });
}

test('one that hears nobody any more, as somebody has prepared the file, is killed at its time', async () => {
  await server.end();
  hangs(folder.db);
  const end = await launcher.run(jobFor(folder, { deadlineMs: 3000 }), () => undefined);
  expect(end).toMatchObject({ outcome: 'failed', code: 'repairDied', params: { why: 'SIGKILL' }, changed: false });
});

test('one that hears nobody any more is killed by whoever breaks it off a second time', async () => {
  await server.end();
  hangs(folder.db);
  const run = launcher.run(jobFor(folder), (line) => {
    if (line.kind !== 'step' || line.step !== 'copy') return;
    launcher.breakOff();
    launcher.breakOff();
  });
  expect(await run).toMatchObject({ outcome: 'failed', code: 'repairDied', params: { why: 'SIGKILL' } });
});

test('what the repair’s program says besides is nobody’s, and one that says nothing has died', async () => {
  await server.end();
  const program = join(folder.dir, 'repair.cjs');
  const lines: RepairLine[] = [];
  const run = (text: string) => {
    writeFileSync(program, text);
    return createRepair({ log: { error: () => undefined }, program, where: { machine: testMachine } }).run(
      jobFor(folder),
      (line) => lines.push(line),
    );
  };
  const step = { kind: 'step', step: 'copy', outcome: 'begun' };
  const end = { kind: 'end', outcome: 'done', unseen: [] };
  const says = [step, end].map((line) => `console.log('${JSON.stringify(line)}')`).join(';');
  expect(await run(`console.log('a word of another library');${says}`)).toEqual(end);
  expect(lines).toEqual([step]);
  expect(await run('process.exitCode = 7')).toMatchObject({ code: 'repairDied', params: { why: '7' } });
});
