/** Somebody who acts, with what the roles make of them at this moment. */
export interface Actor {
  /** The Discord user id. */
  readonly id: string;
  /** How the household's server shows them; other people's words: escape before drawing. */
  readonly name: string;
  /** The one that nobody else in Discord has. */
  readonly username: string;
  /** Since when they are in the server, in milliseconds since 1970. */
  readonly joinedAt: number | undefined;
  readonly rank: Rank;
  /** Discord's locale of this person, such as `de` or `en-GB`. */
  readonly locale: string | undefined;
}

export type Rank = 'member' | 'helper' | 'admin';

/** Whether this person is a helper or an admin. */
export function helps(actor: Pick<Actor, 'rank'>): boolean {
  return actor.rank !== 'member';
}
