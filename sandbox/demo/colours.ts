/** Paints words for a terminal, or leaves them as they are. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly name: (text: string) => string;
  readonly secret: (text: string) => string;
}

/** Colours for a terminal that wants them: never into a file or a pipe, and not where NO_COLOR is set. */
export function paintFor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): Paint {
  const wanted = stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
  const ink = (on: number, off: number) => (text: string) => (wanted ? `\u001b[${on}m${text}\u001b[${off}m` : text);
  return {
    bold: ink(1, 22),
    dim: ink(2, 22),
    good: ink(32, 39),
    bad: ink(31, 39),
    name: ink(36, 39),
    secret: ink(7, 27),
  };
}
