import { baseOf } from '../words.js';
import type { Env } from '../settings-text.js';

/** The language of the terminal, as `de-AT`; what the system itself speaks where the environment does not say. */
export function terminalLocale(env: Env): string {
  const named = env.LC_ALL || env.LC_MESSAGES || env.LANG;
  if (named === undefined || named === '') return Intl.DateTimeFormat().resolvedOptions().locale;
  const language = named.replace(/[.@].*$/, '').replace('_', '-');
  return language === 'C' || language === 'POSIX' ? 'en' : language;
}

/** The language for a household whose terminal speaks this one; English where there is none of the same base. */
export function householdLocale(terminal: string, locales: readonly string[]): string {
  const base = baseOf(terminal);
  const ways = [terminal, base, locales.find((each) => baseOf(each) === base)];
  return ways.find((each) => locales.some((locale) => locale === each)) ?? 'en';
}
