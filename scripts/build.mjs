/** Builds dist/ from src/, and dist-tools/ from sandbox/ and bench/; each only when a source has changed since. */
import {
  accessSync,
  constants,
  existsSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { isMain } from './lib/main.mjs';
import { copyLanguages, pack } from './lib/pack.mjs';
import { folderProblem } from './lib/folder-problem.mjs';
import { isThere } from './lib/is-there.mjs';
import { inRoot } from './lib/root.mjs';
import { runNode } from './lib/run.mjs';
import { setUp } from './setup.mjs';

const settings = ['package-lock.json', 'tsconfig.json', 'scripts/build.mjs', 'scripts/lib/pack.mjs'];
const bot = { out: 'dist', sources: ['src'], project: 'tsconfig.build.json', packed: true };
const tools = { out: 'dist-tools', sources: ['sandbox', 'bench', 'src'], project: 'tsconfig.tools.json' };

/** Brings dist/ up to date; ends the process when the sources do not compile, with the compiler's messages. */
export const build = () => buildAll([bot]);

/** Brings dist/ and dist-tools/ up to date, as `build` does. */
export const buildWithTools = () => buildAll([bot, tools]);

async function buildAll(targets) {
  const stale = targets.filter((target) => !isFresh(target));
  mustBeWritable(stale);
  const built = await Promise.all(stale.map(compile));
  if (built.includes(false)) process.exit(1);
}

/** Asked before: what writes is a program of its own, whose error would be a page. */
function mustBeWritable(stale) {
  try {
    for (const folder of stale.length > 0 ? ['', ...stale.map(({ out }) => out)] : [])
      if (existsSync(inRoot(folder))) accessSync(inRoot(folder), constants.W_OK);
  } catch (error) {
    console.error(`Building did not work. ${folderProblem(error)}`);
    process.exit(1);
  }
}

/**
 * A failed or interrupted build leaves the earlier one as it was, with its older fingerprint: never taken for new. Two at
 * once, in two windows, each build in a folder of their own; whoever is second keeps what the first has built.
 */
async function compile(target) {
  console.log(`Building ${target.out}/.`);
  const fingerprint = fingerprintOf(target);
  removeLeftovers(target);
  const fresh = inRoot(`${target.out}.new-${process.pid}`);
  const tsc = inRoot('node_modules', 'typescript', 'bin', 'tsc');
  const emit = target.packed ? ['--noEmit'] : ['--outDir', fresh];
  const { code, output } = await runNode([tsc, '-p', target.project, ...emit], { capture: true });
  if (code !== 0) {
    console.error(`${output.trimEnd()}\n\nBuilding ${target.out}/ did not work: see the compiler's messages above.`);
    rmSync(fresh, { recursive: true, force: true });
    return false;
  }
  if (target.packed) await pack(inRoot('src'), fresh);
  else copyLanguages(inRoot('src'), join(fresh, 'src'));
  writeFileSync(join(fresh, fingerprintFile), fingerprint);
  putInPlace(target, fresh);
  return true;
}

function putInPlace(target, fresh) {
  const place = inRoot(target.out);
  const old = inRoot(`${target.out}.old-${process.pid}`);
  for (let tries = 1; !isFresh(target); tries += 1) {
    try {
      renameSync(place, old);
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
    try {
      renameSync(fresh, place);
    } catch (error) {
      // Another build may have been faster, between these two lines.
      if (tries === 3) throw error;
    }
    rmSync(old, { recursive: true, force: true });
  }
  rmSync(fresh, { recursive: true, force: true });
}

/** Of builds that were killed. */
function removeLeftovers({ out }) {
  for (const name of readdirSync(inRoot())) {
    const [, pid] = new RegExp(`^${out}\\.(?:new|old)-(\\d+)$`).exec(name) ?? [];
    if (pid !== undefined && !isThere(Number(pid))) rmSync(inRoot(name), { recursive: true, force: true });
  }
}

const fingerprintFile = '.built-from';

function isFresh(target) {
  const file = inRoot(target.out, fingerprintFile);
  return existsSync(file) && readFileSync(file, 'utf8') === fingerprintOf(target);
}

/** Names, sizes and times: a deleted or replaced source counts as well as a newer one. */
function fingerprintOf({ sources, project }) {
  const files = [...settings, project, ...sources.flatMap(filesUnder)].sort();
  return files.map((file) => `${file} ${describe(statSync(inRoot(file)))}\n`).join('');
}

const describe = ({ size, mtimeMs }) => `${size} ${mtimeMs}`;

function filesUnder(folder) {
  if (!existsSync(inRoot(folder))) return [];
  const entries = readdirSync(inRoot(folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(inRoot().length));
}

if (isMain(import.meta.url)) {
  await setUp();
  await buildWithTools();
}
