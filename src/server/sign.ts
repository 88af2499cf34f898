import type { Params } from '../errors.js';

/** A program called jellyfin; a file that somebody has open; the lock on the newest log; an answer; a lock on jellyfin.db. */
export const signNames = ['process', 'openFile', 'logLock', 'http', 'fileLock'] as const;
export type SignName = (typeof signNames)[number];

export interface Sign {
  readonly sign: SignName;
  /** `running`: the server runs. `unseen`: this sign cannot be read from here, which says nothing either way. */
  readonly seen: 'running' | 'unseen';
  /** What was seen, or why nothing: other programs' words. */
  readonly params: Params;
}

export interface Signs {
  readonly running: readonly Sign[];
  readonly unseen: readonly Sign[];
}
