import type { WordPreferences } from './word-preferences.js';

/** What the bot writes to somebody about without being asked. */
export interface WrittenAbout {
  /** That somebody pressed *Forgot password* for their account. */
  readonly pins: boolean;
  /** That their account was locked; `never`: nobody is told of that in this household. */
  readonly lockouts: 'wanted' | 'unwanted' | 'never';
}

export type WrittenAboutOf = (memberId: string) => WrittenAbout;

/** Says it by what this household watches, and by what the member has said. */
export function createWrittenAbout(
  preferences: Pick<WordPreferences, 'wantsLockouts'>,
  watched: { readonly pins: boolean; readonly lockouts: boolean },
): WrittenAboutOf {
  return (memberId) => ({
    pins: watched.pins,
    lockouts: !watched.lockouts ? 'never' : preferences.wantsLockouts(memberId) ? 'wanted' : 'unwanted',
  });
}
