import type { Params } from '../errors.js';
import type { ServerWhere, SignName } from '../services/rescue/ladder/repair-port.js';
import type { Surroundings } from './out-of-sight.js';

export type { SignName };

export interface Sign {
  readonly sign: SignName;
  /** `running`: the server runs. `unseen`: this sign cannot be read from here, which says nothing either way. */
  readonly seen: 'running' | 'unseen';
  /** What was seen, or why nothing: other programs' text. */
  readonly params: Params;
}

export interface Signs {
  readonly running: readonly Sign[];
  readonly unseen: readonly Sign[];
}

/** Where a server would leave signs of life. */
export interface WhereToLook extends ServerWhere {
  /** jellyfin.db, links resolved; it is never opened here. */
  readonly db: string;
  /** Processes of Latchkey's own: their open files do not count, unless it is jellyfin.db itself. */
  readonly ownPids?: readonly number[] | undefined;
  /** The server was seen among the processes that this one sees, so that it would be seen again. */
  readonly isInSight?: boolean | undefined;
  /** How far this process sees; its own unless given. */
  readonly surroundings?: Surroundings | undefined;
}
