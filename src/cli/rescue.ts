import { existsSync } from 'node:fs';
import { asOwner } from '../as-owner.js';
import { dayMs } from '../time.js';
import { databasePath } from '../config.js';
import { RescueSentences } from '../commands/rescue/rescue-sentences.js';
import { mustBeSavable, readEnvFile, saveJellyfinKey, type KeyPlace } from '../env-file.js';
import { AppError, only } from '../errors.js';
import { readTestMachine } from '../app/test-machine.js';
import { oldCopies, removeCopy } from '../repair/copy.js';
import { beside, signsSeen, unfinished, createRepair } from '../repair/launcher.js';
import { howToStop } from '../server/packages.js';
import { commandLine, createServerLocation, typedName } from '../server/server-location.js';
import type { LocationFinding } from '../services/rescue/ladder/ports.js';
import { createLogger } from '../logger.js';
import type { Plan, RescueOptions } from '../services/rescue/ladder/plan.js';
import type { Repair } from '../services/rescue/ladder/repair-port.js';
import type { Rescue, RescueEnd } from '../services/rescue/ladder/rescue.js';
import type { Translate, Words } from '../words.js';
import type { Account } from '../services/accounts/account.js';
import { accountsThere, nearest } from './account-names.js';
import { exitCodeOf, exitCodes, isColoured, jsonReport, printable, Refusal, say, sayJson } from './report.js';
import type { Shell } from './shell.js';
import { terminalLocale } from './terminal-locale.js';
import { hearInterrupts, TerminalRescueUi } from './terminal-rescue-ui.js';
import type { RescueFlags } from './rescue-command.js';
import { locationGiven, readRescueSettings, type RescueSettings } from './rescue-settings.js';
import { createLadder } from '../app/rescue-ladder.js';
import { createJellyfin } from '../jellyfin/create-jellyfin.js';
import { KeyHolder } from '../jellyfin/key-holder.js';
import { repairProgram } from '../installed.js';
import { Secret } from '../secret.js';
import { AmongOthers, Exchanged } from '../way-to.js';
import type { Env } from '../settings-text.js';

/** `latchkey rescue`: the ladder at the server's own keyboard. Returns the exit code. Throws Refusal or AppError. */
export async function rescue(
  words: Words,
  shell: Shell,
  account: string | undefined,
  flags: RescueFlags,
): Promise<number> {
  // Programs read the same everywhere.
  const t = flags.json ? words.in('en') : words.forOperators(terminalLocale(shell.env));
  const { env, own, warnings } = readEnvFile('.env', shell.env, t);
  for (const warning of warnings) say(shell.stderr, warning);
  const sentences = new RescueSentences(t, printable);
  try {
    return await asAsked({ t, sentences, own, env, shell }, account, flags);
  } catch (error) {
    // What cannot be looked at is no reason to hide why they were refused.
    const lines = await leftStoppedLines(flags, env, sentences).catch((second: Error) => [second.message]);
    for (const line of lines) say(shell.stderr, line);
    throw error;
  }
}

interface Given {
  readonly t: Translate;
  readonly sentences: RescueSentences;
  /** The environment alone, and with `.env`. */
  readonly own: Env;
  readonly env: Env;
  readonly shell: Shell;
}

async function asAsked(
  { t, sentences, own, env, shell }: Given,
  account: string | undefined,
  flags: RescueFlags,
): Promise<number> {
  const { stdin, stdout, stderr } = shell;
  const out = flags.json ? stderr : stdout;
  mustFit(flags, t);
  const settings = await readRescueSettings(flags, env, shell, t);
  mustKnowFolder(flags, settings, t);
  const keyPlace = { own, all: env, envPath: '.env' };
  if (flags.giveKey) mustKeepKey(keyPlace, t);
  const log = createLogger({ level: 'error', pretty: Boolean(stderr.isTTY), destination: stderr });
  const { machine, ...times } = settings.testMachine;
  const repair = createRepair({ log, program: repairProgram, where: { machine } });
  // Without a key nothing is asked with one, until a rescue has been given its own.
  const holder = new KeyHolder(settings.apiKey ?? new Secret('none'));
  const { jellyfin } = createJellyfin({ url: settings.url, keys: holder, log });
  const there = () => accountsThere(jellyfin, settings.apiKey !== undefined && !flags.serverIsStopped);
  if (account === undefined) throw whichAccount(await there(), t);
  const ladder = createLadder({
    ...settings,
    ...times,
    ...{ repair, holder, log },
    database: databasePath(env),
    isThere: settings.apiKey !== undefined,
    jellyfin,
    save: (key) => saveJellyfinKey(keyPlace, key),
    mustBeSavable: () => mustBeSavable(keyPlace),
    // The bot, where there is one, is another process: it sends the PIN to the account's owner, who it is.
    pinsExpected: { expect: () => undefined, over: () => undefined },
  });
  const isInteractive = Boolean(stdin.isTTY && out.isTTY);
  const isCompose = Boolean(own.LATCHKEY_COMMAND?.startsWith('docker compose'));
  const stop = howToStop(settings.finding.serverDir, process.platform, isCompose);
  const ui = new TerminalRescueUi({
    flags,
    sentences,
    t,
    out,
    stdout,
    isInteractive,
    isColoured: isColoured(out, own),
    stop,
  });
  const unhear = hearInterrupts({ ui, t, account, flags, shell, breakOff: repair.breakOff });
  try {
    const said = { t, ui, sentences, shell, sudo: own.SUDO_USER ? 'sudo ' : '' };
    return await run(said, ladder, settings, account, flags, repair);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'accountUnknown') throw error;
    const near = nearest(
      account,
      (await there()).map(({ name }) => name),
    );
    if (near !== undefined) say(stderr, t('commandLine.rescue.didYouMean', { command: rescueOf(near) }));
    throw error;
  } finally {
    unhear();
  }
}

interface Speech {
  readonly t: Translate;
  readonly ui: TerminalRescueUi;
  readonly sentences: RescueSentences;
  readonly shell: Shell;
  /** What they have typed before this command. */
  readonly sudo: string;
}

async function run(
  speech: Speech,
  ladder: Rescue,
  settings: RescueSettings,
  name: string,
  flags: RescueFlags,
  repair: Pick<Repair, 'addedOtherKey'>,
): Promise<number> {
  const { t, ui, sentences, shell, sudo } = speech;
  const options = optionsOf(flags, settings);
  if (!existsSync('.env')) ui.line(t('commandLine.rescue.noEnv', { folder: process.cwd() }));
  if (!flags.serverIsStopped) ui.line(addressLine(t, settings));
  const plan = await ladder.look({ name }, options);
  for (const line of sentences.plan(plan, options)) ui.line(line);
  ui.line('');
  const mayLeaveKey = await leavesKey(settings, repair);
  const end = await ladder.run(plan, ui, options);
  sayEnd(speech, settings, plan, end, flags);
  if (end.outcome === 'planned') ui.line(t('commandLine.rescue.goOn', { sudo, command: withoutDryRun(shell) }));
  if (mayLeaveKey) ui.line(t('commandLine.rescue.mayLeaveKey'));
  if (end.copy !== undefined) await offerOldCopies(plan.location, ui, t);
  return exitCodeOf(end, ui.unanswered !== undefined, { plan, only: options.rung });
}

/** Whether an earlier rescue, perhaps one that ended without a message, added an API key within a day that is not the one in use. */
async function leavesKey({ finding, apiKey }: RescueSettings, repair: Pick<Repair, 'addedOtherKey'>): Promise<boolean> {
  if (finding.db === undefined) return false;
  return repair.addedOtherKey(finding.db, Date.now() - dayMs, apiKey?.reveal() ?? '');
}

function sayEnd(
  { t, ui, sentences, shell }: Speech,
  settings: RescueSettings,
  plan: Plan,
  end: RescueEnd,
  flags: RescueFlags,
) {
  const said = sentences.end(end, settings.startCommand && commandLine(settings.startCommand));
  if (end.steps.length > 0) ui.line('');
  const last = end.steps.at(-1);
  const isAbove = end.outcome === 'notYet' && last?.outcome === 'failed' && last.code === end.code;
  for (const line of isAbove ? [t('commandLine.rescue.notYetAbove'), ...said.slice(1)] : said) ui.line(line);
  if (end.outcome === 'notYet' && end.code === undefined) ui.line(t('commandLine.rescue.nothingOpenNext'));
  if (!flags.json) return;
  sayJson(shell.stdout, jsonReport(plan, end, plain(said[0]), { url: settings.url, password: ui.password }));
}

/** Says whose account may be meant: those of administrators, where the server names them. */
function whichAccount(there: readonly Account[], t: Translate): Refusal {
  const commands = there.filter(({ isAdministrator }) => isAdministrator).map(({ name }) => rescueOf(name));
  const which = t('commandLine.rescue.whichAccount');
  if (commands.length === 0) return new Refusal(which, exitCodes.usage);
  const lines = commands.map((command) => t('commandLine.rescue.oneOf', { command }));
  return new Refusal([which, t('commandLine.rescue.administrators'), ...lines].join('\n'), exitCodes.usage);
}

/** What is typed after `latchkey`. */
const rescueOf = (name: string) => `rescue ${typedName(printable(name))}`;

/** The same once more, to go ahead: as it was typed. */
const withoutDryRun = ({ argv }: Shell) => printable(commandLine(argv.slice(2).filter((word) => word !== '--dry-run')));

/** Throws Refusal for flags that exclude one another. */
function mustFit({ rung, ...flags }: RescueFlags, t: Translate): void {
  if (flags.setPassword && flags.keepPassword)
    throw new Refusal(t('commandLine.rescue.eitherPassword'), exitCodes.usage);
  const what = flags.setPassword ? '--set-password' : flags.serverIsStopped ? '--server-is-stopped' : undefined;
  if (what !== undefined && rung !== undefined && rung !== 'db')
    throw new Refusal(t('commandLine.rescue.dbOnly', { what, rung }), exitCodes.usage);
}

/** A yes beforehand is none to a folder that nobody has seen named. Throws Refusal. */
function mustKnowFolder({ yes, dryRun }: RescueFlags, { finding, rung }: RescueSettings, t: Translate): void {
  const { serverDir = '', others } = finding;
  if (!yes || dryRun || others.length === 0 || rung === 'api') return;
  const folders = [serverDir, ...others].join(', ');
  throw new Refusal(t('commandLine.rescue.severalFolders', { folders }), exitCodes.usage);
}

/** Throws Refusal where a key could not be kept. */
function mustKeepKey(place: KeyPlace, t: Translate): void {
  try {
    mustBeSavable(place);
  } catch (error) {
    const { cause, code, params } = only(AppError, error);
    // What is wrong with its folder is told in a sentence of its own.
    if (cause instanceof AmongOthers || cause instanceof Exchanged) throw cause;
    const isFixed = code === 'keyFromEnvironment';
    throw new Refusal(
      t(isFixed ? 'commandLine.rescue.keyIsFixed' : 'commandLine.rescue.keyHasNoPlace', params),
      exitCodes.usage,
    );
  }
}

function optionsOf(flags: RescueFlags, { rung }: RescueSettings): RescueOptions {
  const { serverIsStopped, giveKey, keepPassword, setPassword, administrator: giveRight, dryRun } = flags;
  // Only jellyfin.db can be written to while the server is stopped.
  const only = rung ?? (serverIsStopped || setPassword ? 'db' : undefined);
  return { rung: only, serverIsStopped, giveKey, keepPassword, setPassword, giveRight, dryRun, byHand: true };
}

function addressLine(t: Translate, { url, isOwnUrl }: RescueSettings): string {
  return t(isOwnUrl ? 'commandLine.rescue.ownAddress' : 'commandLine.rescue.address', { url });
}

const plain = (line: string | undefined) => (line ?? '').replaceAll('**', '');

/** Says that an earlier rescue has left the server stopped. The address is not asked: that would hold up why they were refused. */
async function leftStoppedLines(flags: RescueFlags, env: Env, sentences: RescueSentences): Promise<string[]> {
  if (flags.serverIsStopped) return [];
  const { machine } = readTestMachine(env);
  const { db, serverDir, logDir } = await createServerLocation(locationGiven(flags, env)).look();
  if (db === undefined) return [];
  const where = { serverDir, logDir, machine };
  const found = await unfinished(db, where);
  if (!found || (await signsSeen(db, where)).running.length > 0) return [];
  return sentences.standsStill(found, flags.startCommand ?? env.JELLYFIN_START_COMMAND);
}

const oldAfterMs = 30 * dayMs;
const none = { uid: 0, old: [] };

/** Copies that earlier rescues left are as large as the database. Names those older than 30 days; offers to remove them at a terminal. */
async function offerOldCopies({ db }: LocationFinding, ui: TerminalRescueUi, t: Translate): Promise<void> {
  if (db === undefined) return;
  const { uid, old } = beside(db, ({ path, uid }) => ({ uid, old: oldCopies(path, Date.now() - oldAfterMs) })) ?? none;
  if (old.length === 0) return;
  ui.line('');
  for (const { path, bytes } of old) {
    ui.line(t('commandLine.rescue.oldCopy', { path, size: Math.ceil(bytes / 1024 / 1024) }));
  }
  if (!(await ui.confirm(t('commandLine.rescue.removeCopies')))) return;
  // Whoever they were found with: by now their folder may be a link to root's.
  asOwner({ uid }, () => old.forEach(({ path }) => removeCopy(path)));
  ui.line(t('commandLine.rescue.copiesRemoved'));
}
