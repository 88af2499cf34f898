import type { Params } from '../../../errors.js';
import type { PreWriteCheck } from '../../accounts/jellyfin-port.js';
import type { ApiRung } from './server-rungs.js';
import type { RescueProgress, RungFailed } from './rescue-progress.js';
import type { NewKey } from './new-key.js';
import type { LocationFinding, RescuePorts } from './ports.js';
import type { Plan, RescueOptions } from './plan.js';
import type { RepairEnd } from './repair-port.js';

/** The server may be migrating, or have a large library to open. */
const backWithinMs = 180_000;
/** A start command that went well says little: a server that dies at once leaves no sign. Looked at so often, by the time between two looks. */
const looksUntilSign = 3;

type Deps = Pick<RescuePorts, 'keylessJellyfin' | 'keys' | 'settings' | 'repair'>;

/** What follows a repair of jellyfin.db: the server's own code does the rest, let in by the key that the file has now. */
export class AfterRepair {
  constructor(
    private readonly deps: Deps,
    private readonly api: ApiRung,
    private readonly newKey: NewKey,
  ) {}

  /** `backIn`: a temporary password works; `changed`: the rest is for the person. Settles the key in any case. Throws RungFailed or AppError. */
  async goOn(
    progress: RescueProgress,
    { location, target }: Plan,
    options: RescueOptions,
    permit: PreWriteCheck,
    { account, key, started }: RepairEnd,
  ): Promise<'backIn' | 'changed'> {
    if (!started || progress.leftStopped) {
      progress.isForPersonToStart = !progress.leftStopped;
      await this.#keepUntried(progress, options, key);
      return 'changed';
    }
    const failure = await this.waitFor(progress, location);
    if (failure) {
      await this.#keepUntried(progress, options, key);
      throw failure;
    }
    if (options.setPassword) {
      await this.#keepUntried(progress, options, key);
      return 'backIn';
    }
    if (key === undefined) return 'changed';
    // Whom the repair was of, its record says: the name may have been typed in another spelling.
    const id = account?.id ?? target.id;
    if (id === undefined) throw new Error('a repair of nobody');
    await this.#letIn(progress, key, () => this.api.run(progress, id, permit));
    return 'backIn';
  }

  /** Waits for a server that was told to start. Returns, and has shown, why it does not answer; without any sign of life it counts as stopped. */
  async waitFor(progress: RescueProgress, location: LocationFinding): Promise<RungFailed | undefined> {
    progress.isStarting = false;
    try {
      await progress.step('serverBack', () => this.#untilItAnswers(progress, location));
      return undefined;
    } catch (error) {
      return progress.failed(error, 'serverBack');
    }
  }

  async #untilItAnswers(progress: RescueProgress, { db = '', serverDir, logDir }: LocationFinding): Promise<void> {
    const { url, lookAgainAfterMs = 5000 } = this.deps.settings;
    const withinMs = looksUntilSign * lookAgainAfterMs;
    const deadline = performance.now() + backWithinMs;
    for (;;) {
      const began = performance.now();
      try {
        await this.deps.keylessJellyfin.back(withinMs);
        return;
      } catch (error) {
        const { running, unseen } = await this.deps.repair.look(db, { serverDir, logDir, url });
        const isAway = running.length === 0;
        // A running server holds its log, which other users and containers see (docs/jellyfin.md, "The server's folder").
        const isGone = isAway && !unseen.includes('logLock');
        const isFinal = performance.now() - began < withinMs;
        if (!isGone && !isFinal && performance.now() < deadline) continue;
        progress.leftStopped = progress.diedAtStart = isAway;
        throw error;
      }
    }
  }

  /** The key is either kept or deleted again, whether or not it was of use. */
  async #letIn(progress: RescueProgress, key: string, work: () => Promise<void>): Promise<void> {
    this.deps.keys.use(key);
    let isKept = false;
    try {
      await work();
      isKept = await progress.ui.ask('keepKey');
    } catch (error) {
      throw progress.failed(error, 'password');
    } finally {
      await (isKept ? this.newKey.keep(progress, key) : this.newKey.drop(progress, key));
    }
  }

  /** A key that no server can be asked to delete: kept, or left where it is, and said to be there. */
  async #keepUntried(progress: RescueProgress, { giveKey }: RescueOptions, key: string | undefined): Promise<void> {
    if (key === undefined) return;
    progress.key = 'left';
    const isWanted = giveKey || (await progress.ui.ask('keepKey', { isUntried: 1, ...this.#ifStopped(progress) }));
    if (isWanted && this.newKey.save(progress, key)) this.deps.keys.use(key);
  }

  /** A server that stands still is said before anything else: the answer may be a while in coming. */
  #ifStopped({ leftStopped }: RescueProgress): Params {
    const { startCommand = [] } = this.deps.settings;
    return leftStopped ? { stopped: 1, command: startCommand.join(' ') } : {};
  }
}
