import { AppError, ignoreAppError } from '../../../errors.js';
import { isPutOff, lockState, otherProvider, type Account } from '../../accounts/account.js';
import { type Attempt, RungFailed, stateOf } from './attempt.js';

/** Rung 1, as a key belongs to no user and works while every administrator is locked: unlocks, sets a temporary password unless theirs stays, reads back. Throws AppError. */
export async function apiRung(attempt: Attempt, accountId: string): Promise<void> {
  const { facts, given } = attempt;
  const { jellyfin } = given.ports;
  const before = await jellyfin.getAccount(accountId);
  facts.before ??= stateOf(before);
  await attempt.step(
    'unlock',
    () => open(attempt, before),
    () => (lockState(before) === 'open' ? 'nothing' : 'done'),
  );
  if (!facts.keptPassword) await newPassword(attempt, before);
  const after = await attempt.step('readBack', async () => {
    const read = await jellyfin.getAccount(accountId);
    facts.after = stateOf(read);
    if (lockState(read) !== 'open') throw new AppError('jellyfinNotApplied');
    return read;
  });
  if (!after.isAdministrator) await offerRight(attempt, after);
}

async function newPassword(attempt: Attempt, account: Account): Promise<void> {
  const { ports, permit } = attempt.given;
  const changesProvider = await toBeOwn(attempt, account);
  attempt.show('password', 'begun');
  await attempt.handOver(account, async (password) => {
    if (!changesProvider) return void (await ports.jellyfin.setPassword(account.id, password, permit));
    await ports.jellyfin.useOwnPassword(account.id, password, permit);
    attempt.show('ownProvider', 'done');
  });
}

/** Whether Jellyfin itself is to check the password from now on. Throws RungFailed `needsProvider` where that is not wanted. */
async function toBeOwn(attempt: Attempt, account: Account): Promise<boolean> {
  const provider = otherProvider(account);
  // An earlier run was cut short in it.
  if (provider === undefined) return isPutOff(account);
  attempt.show('ownProvider', 'begun');
  if (await attempt.wantsOwnProvider(account.name, provider)) return true;
  throw new RungFailed('needsProvider', { name: account.name, provider });
}

/** With the password set and tried: before, whoever knows the one from before would have the right, too. */
async function offerRight(attempt: Attempt, { id, name }: Account): Promise<void> {
  const { ports, plan, permit } = attempt.given;
  attempt.facts.ordinary = 'maybeOthers';
  // Where others have it, who was typed may well be meant to have none.
  if (attempt.giveRight === undefined && plan.administrators?.length !== 0) return;
  if (!(await attempt.wantsRight(name))) return;
  await attempt.step('giveRight', () => ports.jellyfin.makeAdministrator(id, permit));
  attempt.facts.ordinary = undefined;
}

async function open(attempt: Attempt, account: Account): Promise<void> {
  const { ports, permit } = attempt.given;
  const state = lockState(account);
  if (state === 'open') return;
  if (state === 'disabled') {
    if (!(await attempt.ask('enableDisabled', { name: account.name }))) throw new AppError('disabledByAdmin');
    await ports.jellyfin.enable(account.id, permit);
  } else {
    await ports.jellyfin.unlock(account.id, permit);
  }
}

/** It takes about 3 s (docs/jellyfin.md, "Server states"); a large library's server longer. */
const backWithinMs = 120_000;
/** The server answers before it goes. */
const goesWithinMs = 5000;
const lookEveryMs = 100;

/**
 * Rung 3, which anybody on the local network may ask for: restarts and waits until the real server answers. Throws AppError,
 * or RungFailed when the person says no.
 */
export async function restartRung(attempt: Attempt): Promise<void> {
  const { keylessJellyfin, wait } = attempt.given.ports;
  await attempt.step('restart', async () => {
    if (!(await attempt.ask('restart'))) throw new RungFailed('restartNotWanted');
    await keylessJellyfin.restart();
    // Until it is seen to be away: the old one must not be taken for the new one.
    for (let waitedMs = 0; waitedMs < goesWithinMs; waitedMs += lookEveryMs) {
      await wait(lookEveryMs);
      if (!(await keylessJellyfin.introduction().catch(ignoreAppError))) return;
    }
  });
  await attempt.step('serverBack', () => keylessJellyfin.back(backWithinMs));
}
