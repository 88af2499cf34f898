import { AppError } from '../../../errors.js';
import { sameName } from '../../../identifiers.js';
import type { BadPinFile, PinFile, PinFolder } from '../../pins/pin-port.js';
import type { Attempt } from './attempt.js';
import { offerKey } from './new-key.js';
import type { SignedIn } from './ports.js';
import type { Target } from './repair-port.js';

const lookEveryMs = 250;
const appearsWithinMs = 10_000;

/**
 * Rung 2: a person who can read the server's folder may have a new password. It does not unlock. All that may prevent a
 * password is known before the old one is lost. Throws AppError; `facts` says whose password the PIN is then.
 */
export async function pinRung(attempt: Attempt, folder: PinFolder): Promise<void> {
  const { plan } = attempt.given;
  const pin = await newPin(attempt, folder);
  if (isSurelyAnothers(pin, plan.target, plan.server?.version)) throw new AppError('pinNotYours');
  let session: SignedIn | undefined;
  attempt.show('redeem', 'begun');
  try {
    await attempt.handOver(
      { id: plan.target.id ?? '', name: pin.userName },
      async (password) => {
        session = await signedIn(attempt, pin, folder);
        mustBeMeant(attempt, session, pin);
        attempt.show('password', 'begun');
        await session.changePassword(pin.pin, password);
      },
      // On the same device it takes the place of the first.
      (tried) => (session = tried),
    );
    if (session?.isAdministrator) await offerKey(attempt, session);
    else attempt.facts.ordinary = 'maybeOthers';
  } finally {
    if (session) await attempt.signOut(session);
  }
}

/**
 * Redeems the PIN and signs in with it. A refusal, or no answer, says little: the PIN may be the password all the same
 * (docs/jellyfin.md, "PINs"). So it is tried before it is said to have failed.
 */
async function signedIn(attempt: Attempt, { pin, userName, file }: PinFile, folder: PinFolder): Promise<SignedIn> {
  const { keylessJellyfin } = attempt.given.ports;
  attempt.passwordIsPin();
  let refusal: AppError | undefined;
  try {
    await keylessJellyfin.redeemPin(pin);
    attempt.show('redeem', 'done');
    attempt.show('signIn', 'begun');
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    refusal = error;
  }
  try {
    const session = await keylessJellyfin.signIn(userName, pin);
    if (refusal) attempt.show('redeem', 'done');
    attempt.show('signIn', 'done');
    return session;
  } catch (error) {
    const isRefused = error instanceof AppError && error.code === 'signInRefused';
    // Jellyfin deletes the file of a PIN that it has redeemed.
    const isPassword = !isRefused && (!refusal || (await folder.read(file)) === undefined);
    if (!isPassword) attempt.passwordIsNew();
    if (refusal && !isPassword) throw refusal;
    throw isRefused ? new AppError('pinNotPassword', {}, { cause: error }) : error;
  }
}

/** From 10.11 on a PIN is a name's: whose account that is by now, and what kind of one, only the session tells. */
function mustBeMeant(attempt: Attempt, { accountId, isAdministrator }: SignedIn, { userName: name }: PinFile): void {
  const { plan, options } = attempt.given;
  if (plan.target.id !== undefined && accountId !== plan.target.id) {
    attempt.pinIsOf(name);
    throw new AppError('pinOfOther', { name });
  }
  if (options.administratorOnly && !isAdministrator) throw new AppError('rescueOrdinary');
}

async function newPin(attempt: Attempt, folder: PinFolder): Promise<PinFile> {
  const { ports, plan } = attempt.given;
  await clearAway(attempt, folder);
  // Asked for by us: nobody else is to be sent it.
  ports.pinsExpected.expect(plan.target.name);
  try {
    const pin = await ask(attempt, folder);
    // The end of an older file stands behind the new content: the server could not read it (docs/jellyfin.md, "PINs").
    if (!pin.hasStray) return pin;
    await moveAside(attempt, folder, [pin.file]);
    return await ask(attempt, folder);
  } finally {
    ports.pinsExpected.over(plan.target.name);
  }
}

/** One file that the server cannot read makes redeeming fail for everybody. */
async function clearAway(attempt: Attempt, folder: PinFolder): Promise<void> {
  const { good, bad } = await folder.list();
  // One that is closed to us may be fine for the server.
  const broken = bad.filter(({ why }) => why === 'corrupt');
  const files = [...broken, ...good.filter(({ hasStray }) => hasStray)].map(({ file }) => file);
  if (files.length > 0) await moveAside(attempt, folder, files);
}

async function moveAside(attempt: Attempt, folder: PinFolder, names: readonly string[]): Promise<void> {
  const files = names.join(', ');
  attempt.show('moveBadPin', 'begun');
  if (!(await attempt.ask('moveBadPin', { files }))) throw new AppError('pinFilesBroken', { files });
  for (const name of names) await folder.moveAside(name);
  // Named here as well: where yes was said beforehand, nobody has read the question.
  attempt.show('moveBadPin', 'done', undefined, { files });
}

async function ask(attempt: Attempt, folder: PinFolder): Promise<PinFile> {
  const { ports, plan } = attempt.given;
  const { name } = plan.target;
  // What is new is told by what was there before, as the clocks of two machines may differ.
  const before = new Map((await folder.list()).good.map((each) => [each.file, each]));
  const { pinFile, action } = await attempt.step('askPin', () => ports.keylessJellyfin.forgotPassword(name));
  return attempt.step('findPin', async () => {
    // The path is the server's own: another machine's, or a container's.
    const file = pinFile?.split(/[/\\]/).at(-1);
    if (!file || action !== 'PinCode') throw new AppError('pinNotMade', { name });
    const found = await appears(folder, file, before.get(file), ports.wait);
    if (!found) throw new AppError(before.has(file) ? 'pinOld' : 'pinNotWritten', { file });
    if ('why' in found) throw new AppError(troubles[found.why], { file, files: file });
    if (!sameName(found.userName, name)) throw new AppError('pinNotYours');
    return found;
  });
}

/** Waits for the file to come, or to change; a network share shows it later than the server's answer. */
async function appears(
  folder: PinFolder,
  file: string,
  before: PinFile | undefined,
  wait: (ms: number) => Promise<void>,
): Promise<PinFile | BadPinFile | undefined> {
  let found: PinFile | BadPinFile | undefined;
  for (let waitedMs = 0; waitedMs <= appearsWithinMs; waitedMs += lookEveryMs) {
    found = await folder.read(file);
    if (found && 'pin' in found && found.pin !== before?.pin) return found;
    await wait(lookEveryMs);
  }
  return found && 'why' in found ? found : undefined;
}

/** By the file's name, which has the account's id on 10.10 (docs/jellyfin.md, "PINs"). */
function isSurelyAnothers({ file }: PinFile, { id }: Target, version = ''): boolean {
  if (id === undefined || !/^10\.10\./.test(version)) return false;
  const label = /^passwordreset(.*)\.json$/i.exec(file)?.[1] ?? '';
  return label.replaceAll('-', '').toLowerCase() !== id;
}

const troubles = { corrupt: 'pinFilesBroken', expired: 'pinExpired', unreadable: 'pinUnreadable' } as const;
