import type { Rank } from './actor.js';

/** The people of the household's Discord server. */
export interface Members {
  /** Somebody as they are in the server at this moment, or undefined for somebody who is not in it. */
  find(memberId: string): Promise<Member | undefined>;
}

export interface Member {
  /** How the server shows them. */
  readonly name: string;
  readonly username: string;
  readonly joinedAt: number | undefined;
  readonly rank: Rank;
}

/** Guesses who in the household's server somebody is. */
export interface MemberSearch {
  /** The member who is called like this, and nobody else is; undefined where that is open, or Discord did not say. */
  likely(name: string): Promise<string | undefined>;
}
