/** Where Discord shows the numbers that people have to copy. */
export const copyId = 'in Discord: Settings > Advanced > Developer Mode, then right-click and Copy ID';

/** A Discord id as it came, or undefined when it is none (17 to 20 digits). */
export function readSnowflake(text: string): string | undefined {
  return /^\d{17,20}$/.test(text) ? text : undefined;
}

/** The parts of a comma separated list, without blanks and repetitions. */
export function splitList(text: string | undefined): string[] {
  const parts = (text ?? '').split(',').map((part) => part.trim());
  return [...new Set(parts.filter((part) => part !== ''))];
}

/** A comma separated list of Discord ids; undefined when it is empty or one of them is no id. */
export function readSnowflakes(text: string): string[] | undefined {
  const ids = splitList(text);
  return ids.length > 0 && ids.every((id) => readSnowflake(id)) ? ids : undefined;
}
