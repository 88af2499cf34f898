/** Upper case as the server makes it, which leaves ß and ﬁ alone (docs/jellyfin.md, "jellyfin.db"). */
export function upperCase(text: string): string {
  return Array.from(text, (character) => {
    const upper = character.toUpperCase();
    return Array.from(upper).length === 1 ? upper : character;
  }).join('');
}

/** Whether the server takes the two for one name. */
export const isAlike = (one: string, other: string): boolean => upperCase(one) === upperCase(other);
