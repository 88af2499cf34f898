import { AppError, ignoreAppError, type Params } from '../../../errors.js';
import type { Attempt } from './attempt.js';
import type { SignedIn } from './ports.js';

/** Somebody who has just got in as an administrator can give Latchkey a key that works, where its own does not. */
export async function offerKey(attempt: Attempt, session: SignedIn): Promise<void> {
  const { keys, jellyfin } = attempt.given.ports;
  if (keys.isThere && (await jellyfin.serverInfo().catch(ignoreAppError))) return;
  const isSavable = canBeSaved(attempt);
  // At the server's own keyboard a key that cannot be kept is of no use to anybody.
  if (isSavable ? !(await attempt.ask('keepKey', { isNotMade: 1 })) : attempt.given.options.byHand) return;
  const key = await attempt.step('makeKey', () => session.makeKey());
  if (isSavable) await keep(attempt, key);
  else useUnsaved(attempt, key);
}

/** Goes on with the key that a repair has put into jellyfin.db. It is then kept or deleted, whether or not it was of use. */
export async function letIn(attempt: Attempt, key: string, work: () => Promise<void>): Promise<void> {
  attempt.given.ports.keys.use(key);
  let settle: (attempt: Attempt, key: string) => Promise<void> | void = drop;
  try {
    await work();
    if (!canBeSaved(attempt)) settle = useUnsaved;
    else if (await attempt.ask('keepKey')) settle = keep;
  } catch (error) {
    throw attempt.failed(error, 'password');
  } finally {
    await settle(attempt, key);
  }
}

/** A key that no server can be asked to delete: kept, or left where it is, and said to be there. */
export async function keepUntried(attempt: Attempt, key: string | undefined): Promise<void> {
  const { ports, options } = attempt.given;
  if (key === undefined) return;
  attempt.facts.key = 'left';
  if (!canBeSaved(attempt)) return useUnsaved(attempt, key);
  const isWanted = options.giveKey || (await attempt.ask('keepKey', { isUntried: 1, ...ifStopped(attempt) }));
  if (isWanted && save(attempt, key)) ports.keys.use(key);
}

/** A server that stands still is said before anything else: the answer may be a while in coming. */
function ifStopped({ given, facts }: Attempt): Params {
  const { startCommand = [] } = given.ports.settings;
  return facts.leftStopped ? { stopped: 1, command: startCommand.join(' ') } : {};
}

/** Used until the next start, and left at the server for the person to write it down. */
function useUnsaved({ given, facts }: Attempt, key: string): void {
  given.ports.keys.use(key);
  facts.key = 'unsaved';
}

function canBeSaved({ given }: Attempt): boolean {
  try {
    given.ports.keys.mustBeSavable();
    return true;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

/** Writes it to the settings, and uses it from now on; one that cannot be written is deleted. Never throws. */
async function keep(attempt: Attempt, key: string): Promise<void> {
  if (save(attempt, key)) attempt.given.ports.keys.use(key);
  else await drop(attempt, key);
}

/** Writes it to the settings, for the next start. False, and shown, when that cannot be done. */
function save(attempt: Attempt, key: string): boolean {
  attempt.show('saveKey', 'begun');
  try {
    attempt.given.ports.keys.save(key);
    attempt.facts.key = 'saved';
    attempt.show('saveKey', 'done');
    return true;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    attempt.show('saveKey', 'failed', error.code, error.params);
    return false;
  }
}

/** Deletes it at the server, and goes back to the one from before. Never throws: the rescue itself went well. */
async function drop(attempt: Attempt, key: string): Promise<void> {
  const { keys, log } = attempt.given.ports;
  attempt.show('deleteKey', 'begun');
  try {
    await keys.delete(key);
    attempt.facts.key = 'deleted';
    attempt.show('deleteKey', 'done');
  } catch (err) {
    const code = err instanceof AppError ? err.code : 'unexpected';
    // What the person is told of an unexpected one is that the log has it: the command line's has errors only.
    log[code === 'unexpected' ? 'error' : 'warn']({ err }, 'an API key of a rescue could not be deleted');
    attempt.facts.key = 'left';
    attempt.show('deleteKey', 'failed', code);
  } finally {
    keys.restore();
  }
}
