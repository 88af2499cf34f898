/** As this process was started; it is read before anything here changes it. */
const given = process.umask();

/** From here on no file that this process makes can be read by others. */
export const keepToOneself = (): void => void process.umask(0o077);

/**
 * Begins another program with the umask that this one was started with: a server that a command starts would otherwise make
 * files that are closed to the group which it shares them with. `begin` is over when it returns.
 */
export function withUsualUmask<T>(begin: () => T): T {
  const own = process.umask(given);
  try {
    return begin();
  } finally {
    process.umask(own);
  }
}
