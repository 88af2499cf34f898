import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from './root.mjs';

/** What is started or loaded by itself, as files of these names; the rest is in the parts that they share. */
const programs = ['index', 'cli', 'app', 'config', 'logger', 'words'];
/**
 * Each is one file, and no ES module: a program that starts for every repair would spend much of a short one opening others,
 * and node opens what a module imports more slowly than what is required.
 */
const alone = [join('repair', 'main')];
/** Packages that look for a binary, or a program of their own, beside their files. */
const external = ['better-sqlite3', '@resvg/resvg-js', 'pino-pretty'];
/**
 * What discord.js would take where it is installed. It never is: node would look for it in every folder above the program,
 * whoever may write there, and root would run what they have put there.
 */
const neverThere = {
  name: 'never-there',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(zlib-sync|bufferutil|utf-8-validate)$/ }, ({ path }) => ({ path, namespace: 'nowhere' }));
    onLoad({ filter: /./, namespace: 'nowhere' }, () => ({ contents: "throw new Error('never there')" }));
  },
};

/**
 * Makes the sources in `from`, with the packages that they use, into a few files in `to`. Opening discord.js alone file by
 * file takes longer than everything else that the bot does at its start, and a fifth more memory for as long as it runs
 * (`npm run bench`: start, memory). `more` are further programs to make, as names and sources.
 */
export async function pack(from, to, more = {}) {
  const { build } = await import('esbuild'); // here, as nothing may be installed when this file is loaded
  const sources = (names) =>
    Object.fromEntries(names.map((name) => [name, join(from, `${name}.ts`)]).filter(([, file]) => existsSync(file)));
  const settings = {
    outdir: to,
    bundle: true,
    external,
    plugins: [neverThere],
    platform: 'node',
    target: 'node20.19',
    sourcemap: true,
    // The text of what runs stays in memory: half of this one is white space, and comments in other letters double it.
    minifyWhitespace: true,
    legalComments: 'none',
    lineLimit: 160, // of an error that nobody caught node shows the line
    logLevel: 'warning',
    metafile: true,
  };
  const repair = await build({
    ...settings,
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    define: { 'import.meta.url': 'here' },
    banner: { js: "const here = require('node:url').pathToFileURL(__filename).href;" },
    entryPoints: sources(alone),
  });
  const rest = await build({
    ...settings,
    format: 'esm',
    // For packages that are no ES modules. By a name of its own: no module may have another of the same.
    banner: {
      js: "import { createRequire as requireBeside } from 'node:module'; const require = requireBeside(import.meta.url);",
    },
    entryPoints: { ...sources([...programs, ...commandsIn(from)]), ...more },
    splitting: true,
    chunkNames: 'part-[hash]', // beside the programs: paths that these give by their own address stay right
  });
  copyLanguages(from, to);
  const inputs = [repair, rest].flatMap(({ metafile }) => Object.keys(metafile.inputs));
  writeFileSync(join(to, 'THIRD-PARTY-LICENSES.txt'), licensesOf(inputs));
}

/** The languages are read from their folder, so that one more is a file more. */
export function copyLanguages(from, to) {
  const languages = join(from, 'locales');
  if (existsSync(languages)) cpSync(languages, join(to, 'locales'), { recursive: true });
}

/** The licenses of the packages that these files are of: most ask that their text goes where the code goes. */
function licensesOf(files) {
  const folders = files.flatMap((file) => /.*node_modules\/(?:@[^/]+\/)?[^./][^/]*(?=\/)/.exec(file) ?? []); // no .cache
  // Some lie in several places.
  return [...new Set([...new Set(folders)].sort().map(licenseIn))].join('\n');
}

function licenseIn(folder) {
  const { name, version, license, homepage = '' } = JSON.parse(readFileSync(inRoot(folder, 'package.json'), 'utf8'));
  const texts = readdirSync(inRoot(folder)).filter((file) => /^(licen[sc]e|notice|copying)/i.test(file));
  const text = texts.map((file) => readFileSync(inRoot(folder, file), 'utf8').trim()).join('\n\n');
  return `${'='.repeat(72)}\n${name} ${version} (${license}) ${homepage}\n\n${text || 'No license text came with it.'}\n`;
}

function commandsIn(from) {
  const folder = join(from, 'commands');
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  return files.map((name) => join('commands', name.slice(0, -'.ts'.length)));
}
