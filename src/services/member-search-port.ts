/** Guesses who in the household's server somebody is. */
export interface MemberSearch {
  /** The member who is called like this, and nobody else is; undefined where that is open, or Discord did not say. */
  likely(name: string): Promise<string | undefined>;
}
