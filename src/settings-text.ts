/** Settings by name, as the environment and `.env` have them. */
export type Env = Readonly<Record<string, string | undefined>>;

/** A text without the pair of quotes around it, which `docker --env-file` keeps as a part of the value. */
export function unquote(text: string): string {
  const trimmed = text.trim();
  const [, inside] =
    /^"([^"]*)"$|^'([^']*)'$|^[“„]([^“”]*)[”“]$/.exec(trimmed)?.filter((each) => each !== undefined) ?? [];
  return inside?.trim() ?? text;
}
