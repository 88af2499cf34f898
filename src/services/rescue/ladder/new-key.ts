import { AppError } from '../../../errors.js';
import type { Jellyfin } from '../../accounts/jellyfin-port.js';
import type { Log } from '../../log.js';
import type { RescueProgress } from './rescue-progress.js';
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
  async keep(progress: RescueProgress, key: string): Promise<void> {
    if (this.save(progress, key)) this.keys.use(key);
    else await this.drop(progress, key);
  }

  /** Writes it to the settings, for the next start. False, and shown, when that cannot be done. */
  save(progress: RescueProgress, key: string): boolean {
    progress.show('saveKey', 'begun');
    try {
      this.keys.save(key);
      progress.key = 'saved';
      progress.show('saveKey', 'done');
      return true;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      progress.key = 'left';
      progress.show('saveKey', 'failed', error.code, error.params);
      return false;
    }
  }

  /** Deletes it at the server, and goes back to the one from before. Never throws: the rescue itself went well. */
  async drop(progress: RescueProgress, key: string): Promise<void> {
    progress.show('deleteKey', 'begun');
    try {
      await this.keys.delete(key);
      progress.key = 'deleted';
      progress.show('deleteKey', 'done');
    } catch (err) {
      const code = err instanceof AppError ? err.code : 'unexpected';
      // What the person is told of an unexpected one is that the log has it: the command line's has errors only.
      this.log[code === 'unexpected' ? 'error' : 'warn']({ err }, 'an API key of a rescue could not be deleted');
      progress.key = 'left';
      progress.show('deleteKey', 'failed', code);
    } finally {
      this.keys.restore();
    }
  }
}
