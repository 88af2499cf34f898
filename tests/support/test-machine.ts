import type { Machine } from '../../src/services/rescue/ladder/repair-port.js';

/** Where nobody answers. */
export const nowhere = 'http://127.0.0.1:1';

/** A machine without a Jellyfin, whatever runs on the real one: no program has this name, and nobody answers there. */
export const testMachine: Machine = { programs: ['jellyfin-of-the-tests'], address: nowhere };
