/** "This member owns this account"; many to many. */
export interface Link {
  readonly memberId: string;
  readonly accountId: string;
  /** The account's name when it was linked. */
  readonly accountName: string;
  /** Milliseconds since 1970. */
  readonly linkedAt: number;
}

export interface LinkStore {
  ofMember(memberId: string): Link[];
  ofAccount(accountId: string): Link[];
  /** By the name that the account had when it was linked, without case. */
  ofAccountName(name: string): Link[];
  find(memberId: string, accountId: string): Link | undefined;
  linkedAccountIds(): Set<string>;
  /** False when the two were linked already. */
  add(link: Link, linkedBy: string): boolean;
  remove(memberId: string, accountId: string): boolean;
}
