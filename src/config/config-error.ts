/** One setting that cannot be used: the variable's name and what to write instead. Never its value. */
export interface ConfigProblem {
  readonly name: string;
  readonly problem: string;
}

/** Everything that is wrong with the configuration, at once; its message can be shown as it is. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly ConfigProblem[]) {
    const head = problems.length === 1 ? 'One setting needs a change:' : `${problems.length} settings need a change:`;
    super([head, ...problems.map(({ name, problem }) => `  ${name} ${problem}`)].join('\n'));
  }
}
