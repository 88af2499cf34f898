import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { becomeOwner, stepDown, stepUp } from '../as-owner.js';
import { readTestMachine } from '../app/test-machine.js';
import { databasePath, withoutEmpty, withSecretFiles } from '../config.js';
import { discordAddress } from '../config/readers.js';
import { DatabaseRefused } from '../db/database-errors.js';
import { openStores, type Stores } from '../db/stores.js';
import { readEnvFile, writePrivateFile } from '../env-file.js';
import { countOtherKeys, deleteKey } from '../jellyfin/session.js';
import { createLogger } from '../logger.js';
import { envExample } from '../installed.js';
import { AppError, ignoreAppError } from '../errors.js';
import { whySaid } from '../error-code.js';
import type { Log } from '../services/log.js';
import { serverPaths } from '../server/packages.js';
import { ClackUi } from '../setup/clack-ui.js';
import type { Env } from '../settings-text.js';
import type { Draft, Owner, Surroundings } from '../setup/draft.js';
import { finish, type Finishing, KeyLeft } from '../setup/finish.js';
import { discover, jellyfinSide, serversAt } from '../setup/jellyfin-side.js';
import { browse, findOwnServer, usualWhereabouts } from '../setup/own-computer.js';
import { PlainUi } from '../setup/plain-ui.js';
import { whyNot } from '../setup/steps/jellyfin.js';
import type { Terminal } from '../setup/terminal.js';
import { qrCode } from '../setup/qr-code.js';
import { Leaving } from '../setup/ui.js';
import { askAll } from '../setup/wizard.js';
import { readNamedFile } from '../small-file.js';
import { AmongOthers, endOf, realOf, wayTo, workerOn } from '../way-to.js';
import type { Translate, Words } from '../words.js';
import { examine } from './doctor.js';
import { makeLink } from './link.js';
import { putUp, type PuttingUp } from './setup-extras.js';
import { exitCodes, Refusal } from './report.js';
import { householdLocale, terminalLocale } from './terminal-locale.js';

export interface SetupFlags {
  readonly plain?: boolean;
}

const envPath = '.env';
/** For the last sentence to be written. */
const lingerMs = 300;

/** `latchkey setup`: asks for everything, writes `.env`. Returns whether the bot is to be started. Throws Refusal. */
export async function setup(words: Words, base: Env, flags: SetupFlags): Promise<boolean> {
  const locale = terminalLocale(base);
  const t = words.forOperators(locale);
  if (!process.stdin.isTTY || !process.stdout.isTTY) throw new Refusal(t('setup.noTerminal'), exitCodes.usage);
  // Who could exchange `.env` while questions are answered: with root's rights it could be any file by then.
  becomeOwner(workerOn(envPath));
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, stop);
  const { stdin: input, stdout: output } = process;
  try {
    return await setUpAt({ input, output, stop: stopping.signal, lookEveryMs: 2000 }, { words, base, flags });
  } catch (error) {
    // What was broken off, such as a question to a computer that is off, keeps nobody waiting.
    setTimeout(() => process.exit(), lingerMs).unref();
    throw error;
  } finally {
    for (const signal of signals) process.off(signal, stop);
    // What nobody reads any more keeps no process alive.
    input.unref();
  }
}

interface Given {
  readonly words: Words;
  readonly base: Env;
  readonly flags: SetupFlags;
}

/** The same at a terminal of one's own. Throws Refusal, or AmongOthers for the database's folder. */
export async function setUpAt(terminal: Terminal, { words, base, flags }: Given): Promise<boolean> {
  const locale = terminalLocale(base);
  const t = words.forOperators(locale);
  const ui = new (flags.plain ? PlainUi : ClackUi)(t, terminal);
  const { env: fileAndBase, warnings, file } = readEnvFile(envPath, base, t);
  if (file === 'closed') throw new Refusal(warnings.join('\n'));
  for (const warning of warnings) ui.warn(warning);
  const before = withSecretFiles(withoutEmpty(fileAndBase), readNamedFile, t).env;
  const { folders, servers, ...programs } = readTestMachine(base);
  const around: Surroundings = {
    ...{ ui, t, before, jellyfinSide },
    discordUrl: discordAddress(before.DISCORD_API_URL),
    discover: () => (servers ? serversAt(servers) : discover()),
    browse: (url) => browse(url, base),
    // A screen reader would spell it out.
    qrCode: flags.plain ? () => undefined : qrCode,
    startsHere: !words.latchkey.startsWith('docker'),
    findOwnServer: () =>
      findOwnServer(
        folders ? { ...programs, usual: folders.map((folder) => serverPaths(folder)) } : usualWhereabouts(base),
      ),
  };
  mustBeWritable(t);
  mustBeSafe(databasePath(before));
  ui.say(t(existsSync(envPath) ? 'setup.introAgain' : 'setup.intro'));
  ui.say(t(flags.plain ? 'setup.keys.plain' : 'setup.keys.fancy'));
  let isWritten = false;
  try {
    const draft = await askAll(around);
    const done = await written(draft, around, { words, base, locale }).catch((error: unknown) =>
      tellUnwritten(t, error),
    );
    isWritten = true;
    await ui.busy(() => putUp(draft, around, done));
    const faults = (await ui.busy(() => examine(words, base))).filter(({ state }) => state === 'fault');
    for (const { text } of faults) ui.warn(text);
    if (faults.length === 0) ui.good(t('setup.checked'));
    const start = startCommands.find(([kind]) => words.latchkey.startsWith(kind))?.[1] ?? `${words.latchkey} start`;
    ui.say(draft.starts ? t('setup.starting') : t('setup.next', { start }));
    return draft.starts;
  } catch (error) {
    if (error instanceof Leaving)
      throw new Refusal(isWritten ? t('setup.writtenThen', { file: realpathSync(envPath) }) : t('setup.stopped'));
    throw error;
  }
}

/** Throws Refusal with why the file was not written and what is to be done about a key that is of no use; AppError where Jellyfin made none. */
function tellUnwritten(t: Translate, error: unknown): never {
  if (error instanceof AppError) throw error;
  if (!(error instanceof KeyLeft)) throw new Refusal(t('setup.notWritten', { why: whySaid(error, t) }));
  const { cause, left } = error;
  throw new Refusal(t('setup.keyLeft', { why: whySaid(cause, t), left: whyNot(t, left) }));
}

/** What counts is said. */
const silent = { warn: () => undefined };

/** Before anybody answers questions in vain. Throws Refusal. */
function mustBeWritable(t: Translate): void {
  const folder = dirname(resolve(realOf(envPath)));
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new Refusal(t('setup.closed', { folder, why: whySaid(error, t) }));
  }
}

/** Likewise; whatever else is wrong with the database is said when it is opened. Throws AmongOthers. */
function mustBeSafe(database: string): void {
  try {
    workerOn(database);
  } catch (error) {
    if (error instanceof AmongOthers) throw error;
  }
}

/** How the bot is started where the command line is typed like this, if not by the command `start`. */
const startCommands = [
  ['npm run', 'npm start'],
  ['docker compose', 'docker compose up -d'],
] as const;

interface Writing {
  readonly words: Words;
  readonly base: Env;
  readonly locale: string;
}

async function written(draft: Draft, around: Surroundings, { words, base, locale }: Writing): Promise<PuttingUp> {
  const { ui, t, before } = around;
  const log = createLogger({ level: 'error', pretty: true, destination: process.stderr });
  const withStores = async (use: (stores: Stores) => Promise<void>) => {
    const database = resolve(databasePath(before));
    // Root has nothing to do there that its owner could not; but `.env` may be root's own, and is read again.
    stepDown(workerOn(database));
    try {
      const stores = opened(database, log, t);
      await use(stores).finally(() => stores.db.close());
    } finally {
      stepUp();
    }
  };
  const file = readEnvFile(envPath, {}, t).env;
  const { url } = draft.jellyfin;
  const language = householdLocale(locale, words.locales);
  const finishing: Finishing = {
    ...{ before, file, locale: language },
    read: () => readNamedFile(existsSync(envPath) ? envPath : envExample),
    write: (text) => writePrivateFile(endOf(wayTo(envPath), envPath), text),
    deleteKey: (key) => deleteKey({ url, log: silent }, key),
    link: (owner, key) => withStores((stores) => link(draft, owner, key, stores, log)),
  };
  const { failed, values, key } = await finish(draft, finishing);
  ui.good(t('setup.written', { file: realpathSync(envPath) }));
  for (const { what, why } of failed) ui.warn(t(`setup.failed.${what}`, { url, why }));
  const winning = Object.keys(values).filter((name) => base[name] !== undefined && base[name] !== values[name]);
  const others = await countOtherKeys({ url, log: silent }, key).catch(ignoreAppError);
  if (others) ui.say(t('setup.otherKeys', { count: others }));
  if (winning.length > 0) ui.warn(t('setup.environmentWins', { names: winning.join(', ') }));
  return { key, withStores, log, household: words.in(before.LATCHKEY_LOCALE ?? language) };
}

/** Throws Refusal. */
function opened(database: string, log: Log, t: Translate): Stores {
  try {
    return openStores(database, log, Date.now);
  } catch (error) {
    throw error instanceof DatabaseRefused ? new Refusal(error.sentence(t)) : error;
  }
}

/** Links by the proof that the set-up has just had. */
async function link(
  { jellyfin, discord, server, adminRoleIds }: Draft,
  owner: Owner,
  key: string,
  stores: Stores,
  log: Log,
): Promise<void> {
  const account = await jellyfinSide(jellyfin.url).withKey(key).jellyfin.getAccount(owner.accountId);
  const { roleIds } = await discord.membership(server.id, owner.id);
  const ofAdmin = roleIds.some((id) => adminRoleIds.includes(id));
  makeLink(stores, log, { memberId: owner.id, account, madeBy: 'proof', linkedBy: owner.id, ofAdmin });
}
