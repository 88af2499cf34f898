/**
 * npm run sweep: kills the repair of jellyfin.db at every system call that writes, makes each of them fail, and runs the
 * same repair again. `--every 7` takes one point of seven, `--scene log` one scene, `--fault kill` one kind of fault.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildWithTools } from './build.mjs';
import { setUp } from './setup.mjs';
import { control, freshFolder, jobFor, prepare, scenes, serverRuns } from './sweep/scenes.mjs';
import { copyOf, filesBeside, stateOf } from './sweep/state.mjs';
import { followsThreads, inject, onFilesOf, pointsOf, runRepair, straceWorks, traceAll } from './sweep/strace.mjs';

const faults = { kill: 'signal=KILL', ENOSPC: 'error=ENOSPC', EIO: 'error=EIO' };

const { values } = parseArgs({
  options: {
    every: { type: 'string', default: '1' },
    scene: { type: 'string', multiple: true, default: Object.keys(scenes) },
    fault: { type: 'string', multiple: true, default: Object.keys(faults) },
    jobs: { type: 'string', default: `${availableParallelism()}` },
  },
});

if (!straceWorks()) {
  console.error('The sweep needs strace, which is not installed here or may not trace: apt install strace.');
  process.exit(2);
}
await setUp();
await buildWithTools();
delete process.env.NODE_EXTRA_CA_CERTS; // see lib/without-certificates.mjs

const home = mkdtempSync(join(tmpdir(), 'latchkey-sweep-'));
let failures = 0;
let points = 0;
try {
  for (const name of values.scene) await sweep(name);
} finally {
  rmSync(home, { recursive: true, force: true });
}
console.log(`${points} points, ${failures} failures`);
process.exitCode = failures > 0 || points === 0 ? 1 : 0;

async function sweep(name) {
  const template = join(home, name, 'template');
  await prepare(name, template);
  const scene = await undisturbed(name, template);
  const all = values.fault.flatMap((fault) => scene.points.map((point) => ({ fault, point })));
  const every = Number(values.every);
  const chosen = all.filter((_, index) => index % every === Math.floor(every / 2));
  console.log(`${name}: ${scenes[name].says}; ${scene.points.length} calls, ${chosen.length} points`);
  await Promise.all(
    Array.from({ length: Number(values.jobs) }, async (_, worker) => {
      const dir = join(home, name, `${worker}`, 'jellyfin');
      for (let next = chosen.shift(); next; next = chosen.shift()) {
        points += 1;
        const wrong = await tryPoint(scene, dir, next).catch((error) => [
          String(error instanceof Error ? error.stack : error),
        ]);
        failures += wrong.length;
        // At once: a sweep takes long, and may be broken off.
        for (const each of wrong)
          console.log(
            `${name}, ${next.fault} at ${next.point.call} ${next.point.when}: ${each}\n  ${next.point.line.replaceAll(home, '').slice(0, 160)}`,
          );
      }
    }),
  );
}

/** How it goes when nothing comes in between. */
async function undisturbed(name, template) {
  const dir = join(home, name, 'undisturbed', 'jellyfin');
  freshFolder(template, dir);
  const job = jobFor(dir, scenes[name]);
  const before = stateOf(job.db);
  if (scenes[name].commands) control(dir, 'start');
  const trace = join(home, name, 'trace');
  const { end, errors } = await runRepair(job, [...follows(name), ...onFilesOf(job.db), ...traceAll(trace)]);
  if (end?.outcome !== 'done') throw new Error(`undisturbed, it ended with ${JSON.stringify(end)} ${errors}`);
  if (scenes[name].commands) control(dir, 'stop');
  return { name, template, before, after: stateOf(job.db), files: filesBeside(job.db), points: pointsOf(trace) };
}

/** @returns {Promise<string[]>} what is wrong */
async function tryPoint({ name, template, before, after, files }, dir, { fault, point }) {
  const wrong = [];
  const must = (holds, what) => holds || wrong.push(what);
  freshFolder(template, dir);
  const { commands } = scenes[name];
  if (commands) control(dir, 'start');
  try {
    const job = jobFor(dir, scenes[name]);
    const trace = join(dir, '..', 'trace');
    const first = await runRepair(job, [
      ...follows(name, fault),
      ...onFilesOf(job.db),
      ...inject(trace, point, faults[fault]),
    ]);
    const came = fault === 'kill' ? !first.end : readFileSync(trace, 'utf8').includes('INJECTED');
    must(came, 'the fault did not come');
    const found = stateOf(job.db);
    must(found === before || found === after, 'what is in the file is neither as before nor as after');
    const { end } = first;
    if (fault !== 'kill') {
      must(end, `no last word: ${first.errors}`);
      must(!end?.changed || found === after, 'said to be changed, and is not');
      must(
        end?.changed !== false || end.code === 'notAsWritten' || found === before,
        'said to be as before, and is not',
      );
      if (commands) must(end?.leftStopped === !serverRuns(dir), `left stopped: ${end?.leftStopped}, which is not so`);
    }
    if (!isOver(job.db, files)) {
      const again = await runRepair(job);
      must(again.end?.outcome === 'done', `run again, it ended with ${JSON.stringify(again.end)} ${again.errors}`);
    }
    must(stateOf(job.db) === after, 'in the end the file is not as after');
    const left = filesBeside(job.db).filter((each) => !isLock(each) || !(fault === 'kill' || isLock(point.line)));
    // A change that failed may have brought the log into the file: the next copy is made of that.
    const wholeFile = files.filter((each) => fault === 'kill' || each !== '.latchkey-copy-TIME-wal');
    const isTidy = [files, wholeFile].some((each) => each.join() === left.join());
    must(isTidy, `in the end there are ${left.join(' ')}`);
    const copy = copyOf(job.db);
    must(copy && stateOf(copy) === before, 'the copy is not as it was before');
    if (commands) must(serverRuns(dir), 'the server does not run');
  } finally {
    if (commands) control(dir, 'stop');
  }
  return wrong;
}

function follows(name, fault) {
  return scenes[name].commands || fault === 'kill' ? [] : followsThreads;
}

/** Nothing is left to carry on: a fault that comes after all is done, or is of no consequence. */
function isOver(db, files) {
  const left = filesBeside(db).filter((each) => !isLock(each));
  return left.join() === files.join();
}

function isLock(name) {
  return name.includes('.latchkey.lock');
}
