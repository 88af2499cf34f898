type Env = Readonly<Record<string, string | undefined>>;

/** The language of the terminal, as `de-AT`; what the system itself speaks where the environment does not say. */
export function terminalLocale(env: Env, system = Intl.DateTimeFormat().resolvedOptions().locale): string {
  const named = env.LC_ALL || env.LC_MESSAGES || env.LANG;
  if (named === undefined || named === '') return system;
  const language = named.replace(/[.@].*$/, '').replace('_', '-');
  return language === 'C' || language === 'POSIX' ? 'en' : language;
}
