/** Runs what writes to several tables: all of it is kept, or, where it throws or the process is killed, none of it. */
export type Transaction = <T>(work: () => T) => T;
