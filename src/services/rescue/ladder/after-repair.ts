import type { Attempt, RungFailed } from './attempt.js';
import type { Repaired } from './db-rung.js';
import { keepUntried, letIn } from './new-key.js';
import { apiRung } from './server-rungs.js';

/** The server may be migrating, or have a large library to open. */
const backWithinMs = 180_000;
/** A start command that went well says little: a server that dies at once leaves no sign. Looked at so often, by the time between two looks. */
const looksUntilSign = 3;

/**
 * Goes on after a repair of jellyfin.db: the server's own code does the rest, let in by the key that the file has now.
 * `backIn`: a temporary password works; `changed`: the rest is for the person. Settles the key in any case. Throws
 * RungFailed or AppError.
 */
export async function afterRepair(
  attempt: Attempt,
  { account, key, started, password }: Repaired,
): Promise<'backIn' | 'changed'> {
  const { facts, given } = attempt;
  const { target } = given.plan;
  if (!started || facts.leftStopped) {
    facts.isForPersonToStart = !facts.leftStopped;
    await keepUntried(attempt, key);
    return 'changed';
  }
  const failure = await waitForServer(attempt);
  if (failure || password !== undefined) await keepUntried(attempt, key);
  if (failure) throw failure;
  if (password !== undefined) {
    const refusal = await attempt.triedPassword(target.name, password);
    if (refusal) throw refusal;
    return 'backIn';
  }
  if (key === undefined) return 'changed';
  // Whom the repair was of, its record says: the name may have been typed in another spelling.
  const id = account?.id ?? target.id;
  if (id === undefined) throw new Error('a repair of nobody');
  await letIn(attempt, key, () => apiRung(attempt, id));
  return facts.keptPassword ? 'changed' : 'backIn';
}

/** Waits for a server that was told to start. Returns, and has shown, why it does not answer; without any sign of life it counts as stopped. */
export async function waitForServer(attempt: Attempt): Promise<RungFailed | undefined> {
  attempt.isStarting = false;
  try {
    await attempt.step('serverBack', () => untilItAnswers(attempt));
    return undefined;
  } catch (error) {
    return attempt.failed(error, 'serverBack');
  }
}

async function untilItAnswers({ facts, given }: Attempt): Promise<void> {
  const { db = '', serverDir, logDir } = given.plan.location;
  const { keylessJellyfin, repair, settings } = given.ports;
  const { url, lookAgainAfterMs = 5000 } = settings;
  const withinMs = looksUntilSign * lookAgainAfterMs;
  const deadline = performance.now() + backWithinMs;
  for (;;) {
    const began = performance.now();
    try {
      await keylessJellyfin.back(withinMs);
      return;
    } catch (error) {
      const { running, unseen } = await repair.look(db, { serverDir, logDir, url });
      const isAway = running.length === 0;
      // A running server holds its log, which other users and containers see (docs/jellyfin.md, "The server's folder").
      const isGone = isAway && !unseen.includes('logLock');
      const isFinal = performance.now() - began < withinMs;
      if (!isGone && !isFinal && performance.now() < deadline) continue;
      facts.leftStopped = facts.diedAtStart = isAway;
      throw error;
    }
  }
}
