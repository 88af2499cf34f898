import type { Rank } from './actor.js';

/** The people of the household's Discord server. */
export interface Members {
  /** How the server shows them, or undefined for somebody who is not in it. */
  nameOf(memberId: string): Promise<string | undefined>;
  /** What their roles make of them at this moment, or undefined for somebody who is not in it. */
  rankOf(memberId: string): Promise<Rank | undefined>;
}

/** Guesses who in the household's server somebody is. */
export interface MemberSearch {
  /** The member who is called like this, and nobody else is; undefined where that is open, or Discord did not say. */
  likely(name: string): Promise<string | undefined>;
}
