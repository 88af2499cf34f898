export type Rank = 'member' | 'helper' | 'admin';

/** Somebody in the household's Discord server. */
export interface Member {
  /** How the server shows them: whatever they like; escape it before drawing. */
  readonly name: string;
  /** The one that nobody else in Discord has. */
  readonly username: string;
  /** Since when they are in the server, in milliseconds since 1970. */
  readonly joinedAt: number | undefined;
  /** What their roles make of them at this moment. */
  readonly rank: Rank;
}

/** Somebody who acts. */
export interface Actor extends Member {
  /** The Discord user id. */
  readonly id: string;
}

/** Whether this person is a helper or an admin. */
export function helps(actor: Pick<Actor, 'rank'>): boolean {
  return actor.rank !== 'member';
}

/** The people of the household's Discord server. */
export interface Members {
  /** Somebody as they are in the server at this moment, or undefined for somebody who is not in it. */
  find(memberId: string): Promise<Member | undefined>;
}

/** Somebody who may be meant, with what their nickname does not say. */
export interface LikelyMember extends Pick<Member, 'username' | 'joinedAt'> {
  readonly id: string;
}

/** Guesses who in the household's server somebody is. */
export interface MemberSearch {
  /** The member who is called like this, and nobody else is; undefined where that is open, or Discord did not say. */
  likely(name: string): Promise<LikelyMember | undefined>;
}
