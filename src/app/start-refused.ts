/** The bot was given something it cannot work with; each problem is a sentence that says what to do. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';

  constructor(
    readonly problems: readonly string[],
    cause?: unknown,
  ) {
    super(problems.join('\n'), { cause });
  }
}
