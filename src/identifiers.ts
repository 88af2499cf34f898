/** A name in the form in which names are compared: without case, an accented letter as one character however it was typed. */
export function nameKey(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** Whether two texts are the same account name to a person. Jellyfin's own rule for names is in db/jellyfin-db. */
export function sameName(one: string, other: string): boolean {
  return nameKey(one) === nameKey(other);
}

/** The items named exactly so; where there are none, those with the same name to a person, as two accounts may have. */
export function withName<T>(items: readonly T[], name: string, nameOf: (item: T) => string): T[] {
  const exact = items.filter((item) => nameOf(item) === name);
  return exact.length > 0 ? exact : items.filter((item) => sameName(nameOf(item), name));
}

/** The items in whose name this stands, as somebody types it. */
export function withNamePart<T extends { readonly name: string }>(items: readonly T[], typed: string): T[] {
  const wanted = nameKey(typed.trim());
  return items.filter(({ name }) => nameKey(name).includes(wanted));
}

/** The id of a Jellyfin account as 32 lower-case hex digits. Dashes and upper case are accepted; undefined for other texts. */
export function readAccountId(text: string): string | undefined {
  const id = text.replaceAll('-', '').toLowerCase();
  return /^[0-9a-f]{32}$/.test(id) ? id : undefined;
}

/** The id of the member that a text mentions; undefined when it is no mention. */
export function readMention(text: string): string | undefined {
  return /^<@!?(\d+)>$/.exec(text)?.[1];
}
