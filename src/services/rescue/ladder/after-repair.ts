import type { Params } from '../../../errors.js';
import type { Permit } from '../../accounts/jellyfin-port.js';
import type { ApiRung } from './api-rung.js';
import type { Climb, RungFailed } from './climb.js';
import type { NewKey } from './new-key.js';
import type { PlaceFinding } from './place-port.js';
import type { Plan, RescueOptions } from './plan.js';
import type { RescuePorts } from './ports.js';
import type { RepairEnd } from './repair-port.js';

/** The server may be migrating, or have a large library to open. */
const backWithinMs = 180_000;
/** A start command that went well says little: a server that dies at once leaves no sign. Looked at so often, by the time between two looks. */
const looksUntilSign = 3;

type Needs = Pick<RescuePorts, 'frontDoor' | 'keys' | 'settings' | 'repair'>;

/** What follows a repair of jellyfin.db: the server's own code does the rest, let in by the key that the file has now. */
export class AfterRepair {
  constructor(
    private readonly needs: Needs,
    private readonly api: ApiRung,
    private readonly newKey: NewKey,
  ) {}

  /**
   * `backIn` when a temporary password works, `changed` when the rest is for the person to do. However it goes, it is
   * settled what becomes of the key. Throws RungFailed or AppError.
   */
  async goOn(
    climb: Climb,
    { place, target }: Plan,
    options: RescueOptions,
    permit: Permit,
    { account, key, started }: RepairEnd,
  ): Promise<'backIn' | 'changed'> {
    if (!started || climb.leftStopped) {
      climb.isForPersonToStart = !climb.leftStopped;
      await this.#keepUntried(climb, options, key);
      return 'changed';
    }
    const failure = await this.waitFor(climb, place);
    if (failure) {
      await this.#keepUntried(climb, options, key);
      throw failure;
    }
    if (options.setPassword) {
      await this.#keepUntried(climb, options, key);
      return 'backIn';
    }
    if (key === undefined) return 'changed';
    // Whom the repair was of, its record says: the name may have been typed in another spelling.
    const id = account?.id ?? target.id;
    if (id === undefined) throw new Error('a repair of nobody');
    await this.#letIn(climb, key, () => this.api.climb(climb, id, permit));
    return 'backIn';
  }

  /**
   * Waits for a server that was told to start. Gives back, and has shown, why it does not answer; where no sign of it is to
   * be seen either, it counts as left stopped.
   */
  async waitFor(climb: Climb, place: PlaceFinding): Promise<RungFailed | undefined> {
    climb.isStarting = false;
    try {
      await climb.step('serverBack', () => this.#untilItAnswers(climb, place));
      return undefined;
    } catch (error) {
      return climb.failed(error, 'serverBack');
    }
  }

  async #untilItAnswers(climb: Climb, { db = '', serverDir, logDir }: PlaceFinding): Promise<void> {
    const { url, lookAgainAfterMs = 5000 } = this.needs.settings;
    const withinMs = looksUntilSign * lookAgainAfterMs;
    const deadline = performance.now() + backWithinMs;
    for (;;) {
      const began = performance.now();
      try {
        await this.needs.frontDoor.back(withinMs);
        return;
      } catch (error) {
        const { running, unseen } = await this.needs.repair.look(db, { serverDir, logDir, url });
        const isAway = running.length === 0;
        // Its log is held from the first second to the last, which other users and containers see, too.
        const isGone = isAway && !unseen.includes('logLock');
        const isFinal = performance.now() - began < withinMs;
        if (!isGone && !isFinal && performance.now() < deadline) continue;
        climb.leftStopped = climb.diedAtStart = isAway;
        throw error;
      }
    }
  }

  /** The key is either kept or deleted again, whether or not it has opened the door. */
  async #letIn(climb: Climb, key: string, work: () => Promise<void>): Promise<void> {
    this.needs.keys.use(key);
    let isKept = false;
    try {
      await work();
      isKept = await climb.door.ask('keepKey');
    } catch (error) {
      throw climb.failed(error, 'password');
    } finally {
      await (isKept ? this.newKey.keep(climb, key) : this.newKey.drop(climb, key));
    }
  }

  /** A key that no server can be asked to delete: kept, or left where it is, and said to be there. */
  async #keepUntried(climb: Climb, { giveKey }: RescueOptions, key: string | undefined): Promise<void> {
    if (key === undefined) return;
    climb.key = 'left';
    const isWanted = giveKey || (await climb.door.ask('keepKey', { isUntried: 1, ...this.#ifStopped(climb) }));
    if (isWanted && this.newKey.save(climb, key)) this.needs.keys.use(key);
  }

  /** A server that stands still is said before anything else: the answer may be a while in coming. */
  #ifStopped({ leftStopped }: Climb): Params {
    const { startCommand = [] } = this.needs.settings;
    return leftStopped ? { stopped: 1, command: startCommand.join(' ') } : {};
  }
}
