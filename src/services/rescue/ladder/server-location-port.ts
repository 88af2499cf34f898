/** What this machine sees of the server's folder, found out without opening the database. */
export interface ServerLocation {
  look(): Promise<LocationFinding>;
}

export interface LocationFinding {
  /** Where the folder is: given, or the finding of a look in the usual places; undefined when there is none. */
  readonly serverDir: string | undefined;
  readonly logDir: string | undefined;
  readonly db: string | undefined;
  /** Found in a usual place, not given: to be shown, never assumed. */
  readonly guessed: boolean;
  /** Other usual places that look like a Jellyfin, when there is more than one. */
  readonly others: readonly string[];
  readonly folderReadable: boolean;
  /** The folder that keeps us from looking further, and whose it is: behind it nobody can tell what there is. */
  readonly closed: { readonly folder: string; readonly owner: string } | undefined;
  readonly dbFound: boolean;
  /** Root, or the file's owner; always false where that cannot be known. */
  readonly dbOurs: boolean;
  readonly dbWritable: boolean;
  /** The name, or the number, of the file's owner. */
  readonly dbOwner: string | undefined;
  /** Whether commands to stop and start the server are configured. */
  readonly canStop: boolean;
}
