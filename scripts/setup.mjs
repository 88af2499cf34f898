/** Installs what is missing; plain node, because in a fresh clone there is nothing else yet. */
import { missing, noBinary } from './lib/installed.mjs';
import { folderProblem } from './lib/folder-problem.mjs';
import { isMain } from './lib/main.mjs';
import { nodeProblem } from './lib/node-versions.mjs';
import { run, runNode } from './lib/run.mjs';

/** Makes node_modules what package-lock.json says; ends the process with a sentence when that cannot be done. */
export async function setUp() {
  const problem = nodeProblem();
  if (problem) refuse(problem);
  const reason = missing();
  if (!reason) return;
  console.log(`Setting up: ${reason}; running npm ci (a minute or two).`);
  const { code, output } = await npmCi();
  const still = code === 0 ? missing() : undefined;
  if (code !== 0) fail(output, advice.find(([sign]) => sign.test(output))?.[1] ?? 'See what npm says above.');
  if (still === noBinary) fail(output, scriptsNotRun);
  if (still) fail(output, `${still}.`);
}

function refuse(problem) {
  console.error(problem);
  process.exit(1);
}

/** npm as it was called, if it was; NODE_ENV=production must not leave out what build and tests need. */
function npmCi() {
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund'];
  const npm = process.env.npm_execpath;
  if (npm?.endsWith('npm-cli.js')) return runNode([npm, ...args], { capture: true });
  const windows = process.platform === 'win32'; // npm is a .cmd there, which only a shell can start
  return run('npm', args, { capture: true, shell: windows }).catch((error) => ({ code: 1, output: String(error) }));
}

const advice = [
  [/EBADENGINE/, 'This version of Node does not fit; see "engines" in package.json.'],
  [
    /prebuild-install warn[^\n]* (ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|ENETUNREACH)/,
    "better-sqlite3's binary could not be fetched from github.com: check the internet connection (or proxy), then run the command again.",
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|ENETUNREACH|network/i,
    'The package registry could not be reached: check the internet connection (or proxy), then run the command again.',
  ],
  [/gyp ERR|node-gyp/, 'better-sqlite3 had to be compiled, which needs Python 3, make and a C++ compiler.'],
  [/EACCES|EPERM|EROFS/, folderProblem({ code: 'EACCES', path: 'node_modules' })],
  [/ENOSPC/, 'The disk is full.'],
];

const scriptsNotRun =
  'npm ran no install scripts (its setting ignore-scripts), so better-sqlite3 has no binary. ' +
  'Run: npm rebuild better-sqlite3 --ignore-scripts=false';

function fail(output, hint) {
  console.error(output.trimEnd());
  refuse(`\nSetting up did not work. ${hint}`);
}

if (isMain(import.meta.url)) await setUp();
