/** The people of the household's Discord server. */
export interface Members {
  /** How the server shows them, or undefined for somebody who is not in it. */
  nameOf(memberId: string): Promise<string | undefined>;
}
