import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { withSecretFiles } from '../config.js';
import { readAddress, splitCommand } from '../config/readers.js';
import { whySaid } from '../error-code.js';
import { Secret } from '../secret.js';
import { readNamedFile } from '../small-file.js';
import { readTestMachine, type TestMachine } from '../app/test-machine.js';
import { internalAddresses } from '../server/network-xml.js';
import { packages, serverPaths } from '../server/packages.js';
import { createServerLocation, serverFiles, type LocationGiven } from '../server/server-location.js';
import { rungs, type LocationFinding, type Rung, type ServerLocation } from '../services/rescue/ladder/ports.js';
import type { Translate } from '../words.js';
import { exitCodes, Refusal } from './report.js';
import type { RescueFlags } from './rescue-command.js';
import type { Shell } from './shell.js';
import type { Env } from '../settings-text.js';
import { tried } from '../tried.js';

/** Everything that a rescue is told, from the command line first, then from `.env` and the environment. */
export interface RescueSettings {
  readonly url: string;
  /** Jellyfin's own on this computer, as nobody has said another one. */
  readonly isOwnUrl: boolean;
  readonly apiKey: Secret | undefined;
  readonly location: ServerLocation;
  readonly finding: LocationFinding;
  readonly stopCommand: readonly string[] | undefined;
  readonly startCommand: readonly string[] | undefined;
  readonly rung: Rung | undefined;
  readonly testMachine: TestMachine;
}

/** Reads the JELLYFIN_… settings that are there. Throws Refusal for a bad value, by its flag's or its variable's name. */
export async function readRescueSettings(
  flags: RescueFlags,
  given: Env,
  shell: Shell,
  t: Translate,
): Promise<RescueSettings> {
  const { env, problems } = withSecretFiles(given, readNamedFile, t);
  const value = <T>(
    flag: string,
    text: string | undefined,
    name: string,
    read: (text: string) => T | undefined,
    must: Parameters<Translate>[0],
  ) => {
    const [source, from] = text === undefined ? [env[name]?.trim(), name] : [text, `--${flag}`];
    if (source === undefined || source === '') return undefined;
    const found = read(source);
    if (found === undefined) throw new Refusal(t(must, { what: from, given: source }), exitCodes.usage);
    return found;
  };
  const command = (flag: string, text: string | undefined, name: string) =>
    value(flag, text, name, splitCommand, 'commandLine.rescue.badCommand');
  // What is said on the command line is meant for now: a slip of the keyboard is told at once.
  const path = (flag: string, text: string | undefined) =>
    value(flag, text, '', (given) => (isMissing(given) ? undefined : given), 'commandLine.rescue.notThere');
  const named = {
    serverDir: path('server-dir', flags.serverDir),
    logDir: path('log-dir', flags.logDir),
    db: path('db', flags.db),
  };
  const stopCommand = command('stop-command', flags.stopCommand, 'JELLYFIN_STOP_COMMAND');
  const startCommand = command('start-command', flags.startCommand, 'JELLYFIN_START_COMMAND');
  const isHalf = stopCommand !== undefined && startCommand === undefined;
  // A server that could be stopped and then not started: neither is done.
  if (isHalf && !flags.serverIsStopped) throw new Refusal(t('commandLine.rescue.noStartCommand'), exitCodes.usage);
  const location = createServerLocation({ ...locationGiven(named, env), stopCommand, startCommand });
  const finding = await location.look();
  const testMachine = readTestMachine(env);
  const [own = ''] = internalAddresses(finding.serverDir, testMachine.machine);
  // A key file that cannot be read is no reason to leave somebody outside: there are other rungs.
  const keyProblem = problems.some(({ name }) => name === 'JELLYFIN_API_KEY_FILE');
  const apiKey = (await keySaid(flags, shell, t)) ?? (keyProblem ? undefined : env.JELLYFIN_API_KEY?.trim());
  const url = value('url', flags.url, 'JELLYFIN_URL', readAddress, 'commandLine.rescue.badAddress');
  return {
    url: url ?? own,
    isOwnUrl: url === undefined,
    apiKey: apiKey ? new Secret(apiKey) : undefined,
    location,
    finding,
    stopCommand,
    startCommand,
    // Held to the list by the command line itself.
    rung: rungs.find((each) => each === flags.rung),
    testMachine,
  };
}

/** A key is no word of a command line, which every user of this computer can read. Throws Refusal. */
async function keySaid(
  { apiKeyFile, askKey, json }: RescueFlags,
  shell: Shell,
  t: Translate,
): Promise<string | undefined> {
  if (apiKeyFile !== undefined) {
    try {
      return readNamedFile(apiKeyFile).trim();
    } catch (error) {
      const params = { file: apiKeyFile, why: whySaid(error, t) };
      throw new Refusal(t('commandLine.rescue.keyFileUnreadable', params), exitCodes.usage);
    }
  }
  if (!askKey) return undefined;
  const output = json ? shell.stderr : shell.stdout;
  if (!shell.stdin.isTTY || !output.isTTY) throw new Refusal(t('commandLine.rescue.cannotAskKey'), exitCodes.usage);
  const { password, isCancel } = await import('@clack/prompts');
  const answer = await password({ message: t('commandLine.rescue.askedKey'), output });
  if (isCancel(answer)) throw new Refusal(t('rescue.end.cancelled'));
  return answer.trim();
}

type Paths = Pick<LocationGiven, 'serverDir' | 'logDir' | 'db'>;

/** Where the server is, by the command line first, then by the settings, then by where it usually is. */
export function locationGiven({ serverDir, logDir, db }: Paths, env: Env): LocationGiven {
  // One by one: among a command line's flags there are others, which mean something else here.
  const named = { serverDir, logDir, db };
  const known = {
    serverDir: env.JELLYFIN_SERVER_DIR?.trim(),
    logDir: env.JELLYFIN_LOG_DIR?.trim(),
    db: env.JELLYFIN_DB?.trim(),
  };
  const { folders } = readTestMachine(env);
  return { ...oneServer(named, known), usual: folders?.map((folder) => serverPaths(folder)) ?? packages(env) };
}

/** A server named on the command line is not mixed with one of the settings: one's database would be changed by the other's signs. */
function oneServer(named: Paths, known: Paths): Paths {
  const [given, set] = [withoutEmpty(named), withoutEmpty(known)];
  const isNamed = given.serverDir !== undefined || given.db !== undefined;
  const database = (paths: Paths) => resolve(serverFiles(paths).db ?? '');
  return isNamed && database(given) !== database(set) ? given : { ...set, ...given };
}

const withoutEmpty = (paths: Paths): Paths => Object.fromEntries(Object.entries(paths).filter(([, path]) => path));

/** Certainly not there; one that is closed to us is the plan's to say. */
function isMissing(path: string): boolean {
  return tried(() => statSync(path, { throwIfNoEntry: false }) === undefined) === true;
}
