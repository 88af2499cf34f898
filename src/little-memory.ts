import { setFlagsFromString } from 'node:v8';

/**
 * Tells V8 to prefer little memory to speed from now on, as the bot waits for most of its life and shares a small machine
 * with Jellyfin. Measured (`npm run bench`, memory): without it V8 lets 20 to 60 MB of garbage lie; set before the
 * libraries are loaded, it makes loading them a fifth slower.
 */
export function preferLittleMemory(): void {
  setFlagsFromString('--optimize-for-size');
}
