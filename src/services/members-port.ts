import type { Rank } from './actor.js';

/** The people of the household's Discord server. */
export interface Members {
  /** How the server shows them, or undefined for somebody who is not in it. */
  nameOf(memberId: string): Promise<string | undefined>;
  /** What their roles make of them at this moment, or undefined for somebody who is not in it. */
  rankOf(memberId: string): Promise<Rank | undefined>;
}
