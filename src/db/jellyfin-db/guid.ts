/** An account id as Jellyfin's API gives it, 32 lower-case hex digits, in the form of jellyfin.db: upper case, with dashes. */
export function toGuid(id: string): string {
  const digits = id.toUpperCase().replaceAll('-', '');
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join(
    '-',
  );
}

/** The other way round. */
export function fromGuid(guid: string): string {
  return guid.toLowerCase().replaceAll('-', '');
}
