/** How the lock after failed sign-ins behaves in one family of versions; each line was seen on a running server. */
export interface Traits {
  readonly version: string;
  /** 10.10 has other tables, other file names for PINs and fewer fields here and there. */
  readonly is1010: boolean;
  readonly is12: boolean;
  /** Users are kept in memory: an edit of the file is ignored while the server runs, then written over. */
  readonly cachesUsers: boolean;
  /** What reaching the limit does: a stored lock, one in memory only, or nothing but a word in the activity log. */
  readonly lock: 'stored' | 'memory' | 'never';
  /** The try that reaches the limit counts twice. */
  readonly countsTheLockingTryTwice: boolean;
  /** A right password after a quiet minute writes an older copy of the user back, the old count in it. */
  readonly losesTheReset: boolean;
  /** What the answer to a sign-in shows of the account: its state before the sign-in, partly before, or after. */
  readonly signInAnswers: 'before' | 'datesOnly' | 'after';
  /** Two policy writes at once for one user: the later one fails with 500. */
  readonly policyWritesCollide: boolean;
  /** X-Emby-Token, the Emby scheme and ?api_key= still work. */
  readonly oldAuthorization: boolean;
  /** The default of EnableLiveTvManagement for a new user. */
  readonly newUsersManageLiveTv: boolean;
}

/** The traits of a version such as `10.10.7`, `10.11.8`, `10.11.11` or `12.0`; throws for one that nobody has measured. */
export function traitsOf(version: string): Traits {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  if (major === 10 && minor === 10) return { ...stored(version), is1010: true, newUsersManageLiveTv: true };
  if (major === 10 && minor === 11 && patch <= 8) {
    return { ...stored(version), lock: 'memory', policyWritesCollide: true };
  }
  if (major === 10 && minor === 11) {
    return { ...stored(version), cachesUsers: false, lock: 'never', losesTheReset: true, signInAnswers: 'before' };
  }
  if (major === 12) {
    return {
      ...stored('12.0.0'),
      is12: true,
      cachesUsers: false,
      countsTheLockingTryTwice: true,
      signInAnswers: 'datesOnly',
      oldAuthorization: false,
    };
  }
  throw new Error(`The loopback Jellyfin does not know version ${version}`);
}

function stored(version: string): Traits {
  return {
    version,
    is1010: false,
    is12: false,
    cachesUsers: true,
    lock: 'stored',
    countsTheLockingTryTwice: false,
    losesTheReset: false,
    signInAnswers: 'after',
    policyWritesCollide: false,
    oldAuthorization: true,
    newUsersManageLiveTv: false,
  };
}
