import { RescueSentences } from '../commands/drawn/rescue-sentences.js';
import { readEnvFile } from '../env-file.js';
import { createLogger } from '../logger.js';
import { oldCopies, removeCopy } from '../repair/copy.js';
import { saveJellyfinKey } from '../save-key.js';
import type { Plan, RescueOptions } from '../services/rescue/plan.js';
import { Rescue, type RescueEnd } from '../services/rescue/rescue.js';
import type { Translate, Words } from '../words.js';
import { exitCodeOf, exitCodes } from './exit-codes.js';
import { jsonReport } from './json-report.js';
import { Refusal } from './refusal.js';
import { rescuePorts } from './rescue-ports.js';
import { readRescueSettings, type RescueFlags, type RescueSettings } from './rescue-settings.js';
import { TerminalDoor } from './terminal-door.js';

type Env = Readonly<Record<string, string | undefined>>;

const dayMs = 86_400_000;
const oldAfterMs = 30 * dayMs;

/** `latchkey rescue`: the ladder at the server's own keyboard. Returns the exit code. Throws Refusal or AppError. */
export async function rescue(
  words: Words,
  base: Env,
  account: string | undefined,
  flags: RescueFlags,
): Promise<number> {
  const t = words.in('en');
  const out = flags.json ? process.stderr : process.stdout;
  const { env, warnings } = readEnvFile('.env', base);
  for (const warning of warnings) process.stderr.write(`${warning}\n`);
  if (account === undefined && !flags.undo) throw new Refusal(t('commandLine.rescue.whichAccount'), exitCodes.usage);
  const settings = await readRescueSettings(flags, env, t);
  const log = createLogger({ level: 'error', pretty: process.stderr.isTTY, destination: process.stderr });
  const save = (key: string) => saveJellyfinKey({ own: base, all: env, envPath: '.env' }, key);
  const ladder = new Rescue(rescuePorts(settings, save, log));
  const sentences = new RescueSentences(t, printable);
  const door = new TerminalDoor({
    flags,
    sentences,
    t,
    out,
    isInteractive: Boolean(process.stdin.isTTY && out.isTTY),
    isColoured: Boolean(out.isTTY) && !base.NO_COLOR,
  });
  const options = optionsOf(flags, settings);
  const unhear = hearInterrupts(door, t);
  try {
    const plan = await ladder.look(
      { name: account ?? '' },
      flags.undo ? { ...options, serverIsStopped: true } : options,
    );
    if (!flags.undo) for (const line of sentences.plan(plan)) door.line(line);
    door.line('');
    const end = flags.undo ? await ladder.undo(plan, door, options) : await ladder.climb(plan, door, options);
    const said = sentences.end(end, settings.startCommand?.join(' '));
    door.line('');
    for (const line of said) door.line(line);
    if (flags.json) process.stdout.write(`${JSON.stringify(jsonReport(plan, end, plain(said[0]), door.password))}\n`);
    if (flags.undo) await offerOldCopies(plan, door, t, flags);
    return exitCodeOf(end, door.unanswered !== undefined && isNotDone(end));
  } finally {
    unhear();
  }
}

const isNotDone = ({ outcome }: RescueEnd) => outcome === 'notYet' || outcome === 'cancelled';

function optionsOf(flags: RescueFlags, { rung }: RescueSettings): RescueOptions {
  const { serverIsStopped, giveKey, setPassword, dryRun } = flags;
  // Only jellyfin.db can be written to while the server is stopped.
  const only = rung ?? (serverIsStopped || setPassword ? 'db' : undefined);
  return { rung: only, serverIsStopped, giveKey, setPassword, dryRun, byHand: true };
}

/** Copies that earlier rescues left are as large as the database: after 30 days somebody may want the room back. */
async function offerOldCopies({ place }: Plan, door: TerminalDoor, t: Translate, flags: RescueFlags): Promise<void> {
  if (place.db === undefined || !place.dbFound) return;
  const old = oldCopies(place.db, Date.now() - oldAfterMs);
  if (old.length === 0) return;
  for (const { path, bytes } of old) {
    door.line(t('commandLine.rescue.oldCopy', { path, size: Math.ceil(bytes / 1024 / 1024) }));
  }
  if (!flags.yes && !(await door.confirm(t('commandLine.rescue.removeCopies')))) return;
  for (const { path } of old) removeCopy(path);
  door.line(t('commandLine.rescue.copiesRemoved'));
}

/** Ctrl-C is not passed on to the repair: it finishes, and starts the server again. */
function hearInterrupts(door: TerminalDoor, t: Translate): () => void {
  const hear = () => door.line(t('commandLine.rescue.interrupted'));
  process.on('SIGINT', hear);
  process.on('SIGTERM', hear);
  return () => {
    process.off('SIGINT', hear);
    process.off('SIGTERM', hear);
  };
}

/** Names may hold what moves a terminal's cursor. */
function printable(words: string): string {
  return words.replace(/[\p{Cc}\p{Cf}]/gu, '?');
}

const plain = (line: string | undefined) => (line ?? '').replaceAll('**', '');
