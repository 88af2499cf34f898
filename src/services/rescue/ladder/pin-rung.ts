import { AppError } from '../../../errors.js';
import { sameName } from '../../../identifiers.js';
import type { RescueProgress } from './rescue-progress.js';
import type { SignedIn, RescuePorts } from './ports.js';
import type { NewKey } from './new-key.js';
import type { BadPinFile, PinFile, PinFolder } from '../../pins/pin-port.js';
import type { Plan, RescueOptions } from './plan.js';
import type { Target } from './repair-port.js';

const lookEveryMs = 250;
const appearsWithinMs = 10_000;

export interface PinRungDeps extends Pick<RescuePorts, 'keylessJellyfin' | 'pinsExpected' | 'keys' | 'wait' | 'log'> {
  readonly newKey: NewKey;
}

/** Rung 2: a person who can read the server's folder may have a new password. It does not unlock. */
export class PinRung {
  constructor(private readonly deps: PinRungDeps) {}

  /** All that may prevent a password is known before the old one is lost. Throws AppError; `progress` says whose password the PIN is then. */
  async run(progress: RescueProgress, plan: Plan, options: RescueOptions, folder: PinFolder): Promise<void> {
    const { target, server } = plan;
    const pin = await this.#newPin(progress, target, folder);
    if (isSurelyAnothers(pin, target, server?.version)) throw new AppError('pinNotYours');
    let session: SignedIn | undefined;
    progress.show('redeem', 'begun');
    try {
      await progress.ui.handOver({ id: target.id ?? '', name: pin.userName }, async (password) => {
        await this.deps.keylessJellyfin.redeemPin(pin.pin);
        progress.pinIsPassword = true;
        progress.show('redeem', 'done');
        session = await progress.step('signIn', () => this.deps.keylessJellyfin.signIn(pin.userName, pin.pin));
        this.#mustBeMeant(progress, session, pin, target, options);
        progress.show('password', 'begun');
        await session.changePassword(pin.pin, password);
        progress.pinIsPassword = false;
      });
      progress.show('password', 'done');
      if (session?.isAdministrator) await this.#offerKey(progress, session);
    } finally {
      await session
        ?.signOut()
        .catch((err: unknown) => this.deps.log.warn({ err }, 'the session of a rescue stays signed in'));
    }
  }

  /** From 10.11 on a PIN is a name's: whose account that is by now, and what kind of one, only the session tells. */
  #mustBeMeant(
    progress: RescueProgress,
    { accountId, isAdministrator }: SignedIn,
    { userName: name }: PinFile,
    target: Target,
    { administratorOnly }: RescueOptions,
  ): void {
    if (target.id !== undefined && accountId !== target.id) {
      progress.isPinOf(name);
      throw new AppError('pinOfOther', { name });
    }
    if (administratorOnly && !isAdministrator) throw new AppError('rescueOrdinary');
  }

  async #newPin(progress: RescueProgress, target: Target, folder: PinFolder): Promise<PinFile> {
    await this.#clearAway(progress, folder);
    // Asked for by us: nobody else is to be sent it.
    this.deps.pinsExpected.expect(target.name);
    try {
      const pin = await this.#ask(progress, target, folder);
      // The end of an older file stands behind the new content: the server could not read it (docs/jellyfin.md, "PINs").
      if (!pin.hasStray) return pin;
      await this.#moveAside(progress, folder, [pin.file]);
      return await this.#ask(progress, target, folder);
    } finally {
      this.deps.pinsExpected.over(target.name);
    }
  }

  /** One file that the server cannot read makes redeeming fail for everybody. */
  async #clearAway(progress: RescueProgress, folder: PinFolder): Promise<void> {
    const { good, bad } = await folder.list();
    // One that is closed to us may be fine for the server.
    const broken = bad.filter(({ why }) => why === 'corrupt');
    const files = [...broken, ...good.filter(({ hasStray }) => hasStray)].map(({ file }) => file);
    if (files.length > 0) await this.#moveAside(progress, folder, files);
  }

  async #moveAside(progress: RescueProgress, folder: PinFolder, files: readonly string[]): Promise<void> {
    const names = files.join(', ');
    progress.show('moveBadPin', 'begun');
    if (!(await progress.ui.ask('moveBadPin', { files: names })))
      throw new AppError('pinFilesBroken', { files: names });
    for (const file of files) await folder.moveAside(file);
    // Named here as well: where yes was said beforehand, nobody has read the question.
    progress.show('moveBadPin', 'done', undefined, { files: names });
  }

  async #ask(progress: RescueProgress, { name }: Target, folder: PinFolder): Promise<PinFile> {
    // What is new is told by what was there before, as the clocks of two machines may differ.
    const before = new Map((await folder.list()).good.map((each) => [each.file, each]));
    const { pinFile, action } = await progress.step('askPin', () => this.deps.keylessJellyfin.forgotPassword(name));
    return progress.step('findPin', async () => {
      // The path is the server's own: another machine's, or a container's.
      const file = pinFile?.split(/[/\\]/).at(-1);
      if (!file || action !== 'PinCode') throw new AppError('pinNotMade', { name });
      const found = await this.#appears(folder, file, before.get(file));
      if (!found) throw new AppError(before.has(file) ? 'pinOld' : 'pinNotWritten', { file });
      if ('why' in found) throw new AppError(troubles[found.why], { file, files: file });
      if (!sameName(found.userName, name)) throw new AppError('pinNotYours');
      return found;
    });
  }

  /** Waits for the file to come, or to change; a network share shows it later than the server's answer. */
  async #appears(
    folder: PinFolder,
    file: string,
    before: PinFile | undefined,
  ): Promise<PinFile | BadPinFile | undefined> {
    let found: PinFile | BadPinFile | undefined;
    for (let waitedMs = 0; waitedMs <= appearsWithinMs; waitedMs += lookEveryMs) {
      found = await folder.read(file);
      if (found && 'pin' in found && found.pin !== before?.pin) return found;
      await this.deps.wait(lookEveryMs);
    }
    return found && 'why' in found ? found : undefined;
  }

  /** Somebody who has just got in as an administrator can give Latchkey a key that works, where its own does not. */
  async #offerKey(progress: RescueProgress, session: SignedIn): Promise<void> {
    if (this.deps.keys.isThere && (await this.deps.newKey.oldOneWorks())) return;
    if (!(await progress.ui.ask('keepKey', { isNotMade: 1 }))) return;
    const key = await progress.step('makeKey', () => session.makeKey());
    await this.deps.newKey.keep(progress, key);
  }
}

/** By the file's name, which has the account's id on 10.10 (docs/jellyfin.md, "PINs"). */
function isSurelyAnothers({ file }: PinFile, { id }: Target, version = ''): boolean {
  if (id === undefined || !/^10\.10\./.test(version)) return false;
  const label = /^passwordreset(.*)\.json$/i.exec(file)?.[1] ?? '';
  return label.replaceAll('-', '').toLowerCase() !== id;
}

const troubles = { corrupt: 'pinFilesBroken', expired: 'pinExpired', unreadable: 'pinUnreadable' } as const;
