import { AppError, type Params } from '../../errors.js';
import type { Permit } from '../jellyfin-port.js';
import { ApiRung } from './api-rung.js';
import { Climb, RungFailed, type AccountState } from './climb.js';
import { DbRung } from './db-rung.js';
import type { Door } from './door.js';
import { look } from './look.js';
import { NewKey } from './new-key.js';
import { PinRung } from './pin-rung.js';
import type { Plan, RescueOptions, Target } from './plan.js';
import type { RescuePorts } from './ports.js';
import { RestartRung } from './restart-rung.js';
import type { Rung, Step, StepName, WhyNot } from './step.js';

/** The server may be migrating, or have a large library to open. */
const backWithinMs = 180_000;

export interface RescueEnd {
  /**
   * `backIn`: a temporary password works. `changed`: jellyfin.db is as it should be, and the person starts the server.
   * `undone`: put back. `cancelled`: the person said no, and nothing was done. `planned`: a dry run. `notYet`: came to nothing.
   */
  readonly outcome: 'backIn' | 'changed' | 'undone' | 'cancelled' | 'planned' | 'notYet';
  /** The rung it ended on. */
  readonly rung: Rung | undefined;
  readonly code: WhyNot | undefined;
  readonly params: Params | undefined;
  readonly steps: readonly Step[];
  readonly before: AccountState | undefined;
  readonly after: AccountState | undefined;
  readonly copy: string | undefined;
  readonly leftStopped: boolean;
  readonly key: Climb['key'];
  readonly pinIsPassword: boolean;
}

/** The administrator's way back: looks before it acts, and climbs from rung to rung until one holds. */
export class Rescue {
  readonly #api: ApiRung;
  readonly #pin: PinRung;
  readonly #restart: RestartRung;
  readonly #db: DbRung;
  readonly #newKey: NewKey;

  constructor(private readonly ports: RescuePorts) {
    const { jellyfin, frontDoor, keys, pinsExpected, wait, log } = ports;
    this.#newKey = new NewKey(keys, jellyfin, log);
    this.#api = new ApiRung(jellyfin);
    this.#pin = new PinRung(frontDoor, pinsExpected, keys, this.#newKey, wait, log);
    this.#restart = new RestartRung(frontDoor, wait);
    this.#db = new DbRung(ports);
  }

  /** What is the matter, and which rungs are open. Throws AppError `accountUnknown`, `accountGone` or `accountAmbiguous`. */
  look(target: Target, options: RescueOptions = {}): Promise<Plan> {
    return look(this.ports, target, options);
  }

  /**
   * Goes through with the plan, once the person has confirmed it. `permit` is asked of every account as the server
   * reports it, right before it is changed. Never throws: what went wrong is in the end, and was shown.
   */
  async climb(
    plan: Plan,
    door: Door,
    options: RescueOptions = {},
    permit: Permit = () => undefined,
  ): Promise<RescueEnd> {
    const climb = new Climb(door);
    const open = plan.rungs.filter(({ rung, open }) => open && (options.rung ?? rung) === rung).map(({ rung }) => rung);
    const [first] = open;
    if (first === undefined) return this.#end(climb, 'notYet');
    if (options.dryRun && !this.#canTryOut(plan, options)) return this.#end(climb, 'planned');
    if (!options.dryRun && !(await door.ask('plan'))) return this.#end(climb, 'cancelled');
    let rung: Rung = first;
    let failure: RungFailed;
    for (;;) {
      climb.rung = rung;
      try {
        return await this.#tried(climb, plan, options, permit, rung);
      } catch (error) {
        failure = climb.failed(error, firstStepOf[rung]);
        if (!(error instanceof AppError) && failure.code === 'unexpected')
          this.ports.log.warn({ err: error }, 'a rung of the rescue broke');
      }
      const next: Rung | undefined = open[open.indexOf(rung) + 1];
      // A server that is stopped by now, or a person who stopped here on purpose, is not asked for more.
      if (next === undefined || climb.leftStopped) break;
      if (!(await door.ask('nextRung', { rung: next }))) break;
      rung = next;
    }
    return this.#end(climb, 'notYet', rung, failure);
  }

  /** Puts back what the last repair of jellyfin.db has changed, once the person has confirmed it. Never throws. */
  async undo(plan: Plan, door: Door, options: RescueOptions = {}): Promise<RescueEnd> {
    const climb = new Climb(door);
    climb.rung = 'db';
    if (!(await door.ask('undo'))) return this.#end(climb, 'cancelled', 'db');
    try {
      await this.#db.undo(climb, plan, options);
      return this.#end(climb, 'undone', 'db');
    } catch (error) {
      return this.#end(climb, 'notYet', 'db', climb.failed(error, 'who'));
    }
  }

  async #tried(climb: Climb, plan: Plan, options: RescueOptions, permit: Permit, rung: Rung): Promise<RescueEnd> {
    switch (rung) {
      case 'api':
        await this.#api.climb(climb, this.#idOf(plan), permit);
        break;
      case 'pin':
        await this.#pin.climb(climb, plan.target, this.#pinFolder(plan));
        break;
      case 'restart':
        await this.#restart.climb(climb);
        if (plan.account) await this.#api.climb(climb, this.#idOf(plan), permit);
        else await this.#pin.climb(climb, plan.target, this.#pinFolder(plan));
        break;
      case 'db':
        return this.#throughDb(climb, plan, options, permit);
    }
    return this.#end(climb, 'backIn', rung);
  }

  /** The file first; then the server's own code does the rest, let in by the key that the file has now. */
  async #throughDb(climb: Climb, plan: Plan, options: RescueOptions, permit: Permit): Promise<RescueEnd> {
    const { key, after } = await this.#db.climb(climb, plan, options);
    if (options.dryRun) return this.#end(climb, 'planned', 'db');
    const isUp = plan.place.canStop && !options.serverIsStopped && !climb.leftStopped;
    if (!isUp) {
      if (key !== undefined) this.#newKey.save(climb, key);
      return this.#end(climb, 'changed', 'db');
    }
    await climb.step('serverBack', () => this.ports.frontDoor.back(backWithinMs));
    if (options.setPassword) return this.#end(climb, 'backIn', 'db');
    if (key === undefined) return this.#end(climb, 'changed', 'db');
    this.ports.keys.use(key);
    try {
      await this.#api.climb(climb, after?.id ?? (await this.#idByName(plan.target.name)), permit);
    } catch (error) {
      const failure = climb.failed(error, 'password');
      await this.#newKey.drop(climb, key);
      throw failure;
    }
    if (await climb.door.ask('keepKey')) await this.#newKey.keep(climb, key);
    else await this.#newKey.drop(climb, key);
    return this.#end(climb, 'backIn', 'db');
  }

  /** A copy can be checked without changing anything only where the server is stopped already. */
  #canTryOut({ rungs }: Plan, { rung, serverIsStopped }: RescueOptions): boolean {
    return rung === 'db' && serverIsStopped === true && rungs.some((each) => each.rung === 'db' && each.open);
  }

  async #idByName(name: string): Promise<string> {
    const found = (await this.ports.jellyfin.listAccounts()).find((each) => each.name === name);
    if (!found) throw new AppError('accountUnknown', { name });
    return found.id;
  }

  #idOf({ target }: Plan): string {
    if (target.id === undefined) throw new AppError('accountUnknown', { name: target.name });
    return target.id;
  }

  #pinFolder({ place }: Plan) {
    if (place.serverDir === undefined) throw new RungFailed('folderUnreadable', { folder: '' });
    return this.ports.pins(place.serverDir);
  }

  #end(climb: Climb, outcome: RescueEnd['outcome'], rung?: Rung, failure?: RungFailed): RescueEnd {
    const { steps, before, after, copy, leftStopped, key, pinIsPassword } = climb;
    const { code, params } = failure ?? {};
    return { outcome, rung, code, params, steps, before, after, copy, leftStopped, key, pinIsPassword };
  }
}

const firstStepOf: Readonly<Record<Rung, StepName>> = { api: 'unlock', pin: 'askPin', restart: 'restart', db: 'who' };
