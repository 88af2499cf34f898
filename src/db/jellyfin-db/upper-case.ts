/**
 * Upper case as .NET's invariant culture has it: code point by code point, and only where it stays one code point.
 * JavaScript turns ß into SS and ﬁ into FI, the server leaves both alone; SQLite's own knows ASCII only.
 */
export function upperCase(text: string): string {
  return Array.from(text, (character) => {
    const upper = character.toUpperCase();
    return Array.from(upper).length === 1 ? upper : character;
  }).join('');
}

/** Whether the server takes the two for one name. */
export const isAlike = (one: string, other: string): boolean => upperCase(one) === upperCase(other);
