import { AppError, type Params } from '../../errors.js';
import type { Permit } from '../jellyfin-port.js';
import type { ApiRung } from './api-rung.js';
import type { Climb } from './climb.js';
import type { NewKey } from './new-key.js';
import type { Plan, RescueOptions } from './plan.js';
import type { RescuePorts } from './ports.js';
import type { RepairEnd } from './repair-port.js';

/** The server may be migrating, or have a large library to open. */
const backWithinMs = 180_000;

type Needs = Pick<RescuePorts, 'frontDoor' | 'jellyfin' | 'keys' | 'settings'>;

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
    { key, after }: RepairEnd,
  ): Promise<'backIn' | 'changed'> {
    const isStarted = place.canStop && !options.serverIsStopped && !climb.leftStopped;
    if (!isStarted) {
      climb.isForPersonToStart = !climb.leftStopped;
      await this.#keepUntried(climb, options, key);
      return 'changed';
    }
    await this.#back(climb, options, key);
    if (options.setPassword) {
      await this.#keepUntried(climb, options, key);
      return 'backIn';
    }
    if (key === undefined) return 'changed';
    await this.#letIn(climb, key, async () =>
      this.api.climb(climb, after?.id ?? (await this.#idOf(target.name)), permit),
    );
    return 'backIn';
  }

  async #back(climb: Climb, options: RescueOptions, key: string | undefined): Promise<void> {
    try {
      await climb.step('serverBack', () => this.needs.frontDoor.back(backWithinMs));
    } catch (error) {
      const failure = climb.failed(error, 'serverBack');
      await this.#keepUntried(climb, options, key);
      throw failure;
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

  async #idOf(name: string): Promise<string> {
    const found = (await this.needs.jellyfin.listAccounts()).find((each) => each.name === name);
    if (!found) throw new AppError('accountUnknown', { name });
    return found.id;
  }
}
