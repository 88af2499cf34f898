/** What somebody does not want to be written to about. */
export interface MemberPreferences {
  /** Whether they want to hear of lockouts of their accounts; everybody does who has not said otherwise. */
  wantsLockouts(memberId: string): boolean;
  setLockouts(memberId: string, wanted: boolean): void;
}

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
  preferences: Pick<MemberPreferences, 'wantsLockouts'>,
  watched: { readonly pins: boolean; readonly lockouts: boolean },
): WrittenAboutOf {
  return (memberId) => ({
    pins: watched.pins,
    lockouts: !watched.lockouts ? 'never' : preferences.wantsLockouts(memberId) ? 'wanted' : 'unwanted',
  });
}

/** The language of each member, as their Discord last told it; needed for direct messages, which come without one. */
export interface Languages {
  of(memberId: string): string | undefined;
  remember(memberId: string, locale: string): void;
}
