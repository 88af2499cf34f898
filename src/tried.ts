/** What comes of it; undefined where it throws, as what is not there, or not for this user to see, does. */
export function tried<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** Whether it goes without an error. */
export function works(work: () => unknown): boolean {
  return tried(() => (work(), true)) ?? false;
}
