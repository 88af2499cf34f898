import { AppError } from '../../../errors.js';
import type { Jellyfin } from '../../accounts/jellyfin-port.js';
import type { Log } from '../../log.js';
import type { Climb } from './climb.js';
import type { Keys } from './ports.js';

/** What becomes of an API key that was made during a rescue: kept, or deleted again. */
export class NewKey {
  constructor(
    private readonly keys: Keys,
    private readonly jellyfin: Pick<Jellyfin, 'serverInfo'>,
    private readonly log: Log,
  ) {}

  async oldOneWorks(): Promise<boolean> {
    try {
      await this.jellyfin.serverInfo();
      return true;
    } catch (error) {
      if (error instanceof AppError) return false;
      throw error;
    }
  }

  /** Writes it to the settings, and uses it from now on; one that cannot be written is deleted. Never throws. */
  async keep(climb: Climb, key: string): Promise<void> {
    if (this.save(climb, key)) this.keys.use(key);
    else await this.drop(climb, key);
  }

  /** Writes it to the settings, for the next start. False, and shown, when that cannot be done. */
  save(climb: Climb, key: string): boolean {
    climb.show('saveKey', 'begun');
    try {
      this.keys.save(key);
      climb.key = 'saved';
      climb.show('saveKey', 'done');
      return true;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      climb.key = 'left';
      climb.show('saveKey', 'failed', error.code, error.params);
      return false;
    }
  }

  /** Deletes it at the server, and goes back to the one from before. Never throws: the rescue itself went well. */
  async drop(climb: Climb, key: string): Promise<void> {
    climb.show('deleteKey', 'begun');
    try {
      await this.keys.delete(key);
      climb.key = 'deleted';
      climb.show('deleteKey', 'done');
    } catch (err) {
      const code = err instanceof AppError ? err.code : 'unexpected';
      // What the person is told of an unexpected one is that the log has it: the command line's has errors only.
      this.log[code === 'unexpected' ? 'error' : 'warn']({ err }, 'an API key of a rescue could not be deleted');
      climb.key = 'left';
      climb.show('deleteKey', 'failed', code);
    } finally {
      this.keys.restore();
    }
  }
}
