import { readFileSync } from 'node:fs';
import { readAddress } from '../config/address.js';
import { splitCommand } from '../config/command-line.js';
import { withSecretFiles } from '../config/secret-files.js';
import { Secret } from '../secret.js';
import { internalAddresses } from '../server/network-xml.js';
import { createServerPlace } from '../server/place.js';
import { usualPlaces } from '../server/usual-places.js';
import type { PlaceFinding, ServerPlace } from '../services/rescue/place-port.js';
import { rungs, type Rung } from '../services/rescue/step.js';
import type { Translate } from '../words.js';
import { exitCodes } from './exit-codes.js';
import { Refusal } from './refusal.js';

type Env = Readonly<Record<string, string | undefined>>;

/** The options of `latchkey rescue` as commander reads them. */
export interface RescueFlags {
  readonly serverDir?: string;
  readonly logDir?: string;
  readonly db?: string;
  readonly url?: string;
  readonly apiKey?: string;
  readonly rung?: string;
  readonly stopCommand?: string;
  readonly startCommand?: string;
  readonly serverIsStopped?: boolean;
  readonly giveKey?: boolean;
  readonly setPassword?: boolean;
  readonly enable?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
  readonly undo?: boolean;
}

/** Everything that a rescue is told, from the command line first, then from `.env` and the environment. */
export interface RescueSettings {
  readonly url: string;
  readonly apiKey: Secret | undefined;
  readonly place: ServerPlace;
  readonly finding: PlaceFinding;
  readonly stopCommand: readonly string[] | undefined;
  readonly startCommand: readonly string[] | undefined;
  readonly rung: Rung | undefined;
}

/**
 * Reads what there is of JELLYFIN_… settings; all the others, and the bot's own, need not be there.
 * Throws Refusal for a value that cannot be used, by its flag's or its variable's name.
 */
export async function readRescueSettings(flags: RescueFlags, given: Env, t: Translate): Promise<RescueSettings> {
  const { env, problems } = withSecretFiles(given, (path) => readFileSync(path, 'utf8'));
  const bad = (what: string) => new Refusal(t('commandLine.rescue.badValue', { what }), exitCodes.usage);
  const value = <T>(flag: string, text: string | undefined, name: string, read: (text: string) => T | undefined) => {
    const [source, from] = text === undefined ? [env[name]?.trim(), name] : [text, `--${flag}`];
    if (source === undefined || source === '') return undefined;
    const found = read(source);
    if (found === undefined) throw bad(from);
    return found;
  };
  const plain = (text: string) => text;
  const stopCommand = value('stop-command', flags.stopCommand, 'JELLYFIN_STOP_COMMAND', splitCommand);
  const startCommand = value('start-command', flags.startCommand, 'JELLYFIN_START_COMMAND', splitCommand);
  const place = createServerPlace({
    serverDir: value('server-dir', flags.serverDir, 'JELLYFIN_SERVER_DIR', plain),
    logDir: value('log-dir', flags.logDir, 'JELLYFIN_LOG_DIR', plain),
    db: value('db', flags.db, 'JELLYFIN_DB', plain),
    stopCommand,
    startCommand,
    places: usualPlaces(given),
  });
  const finding = await place.look();
  const [own = 'http://127.0.0.1:8096'] = internalAddresses(finding.serverDir);
  // A key file that cannot be read is no reason to leave somebody outside: there are other rungs.
  const keyProblem = problems.some(({ name }) => name === 'JELLYFIN_API_KEY_FILE');
  const apiKey = keyProblem
    ? undefined
    : value('api-key', flags.apiKey, 'JELLYFIN_API_KEY', (text) => new Secret(text));
  const rung = flags.rung === undefined ? undefined : rungs.find((each) => each === flags.rung);
  if (flags.rung !== undefined && rung === undefined) throw bad('--rung');
  return {
    url: value('url', flags.url, 'JELLYFIN_URL', readAddress) ?? own,
    apiKey,
    place,
    finding,
    stopCommand,
    startCommand,
    rung,
  };
}
