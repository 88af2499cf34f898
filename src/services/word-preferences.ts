/** What somebody does not want to be written to about. */
export interface WordPreferences {
  /** Whether they want to hear of lockouts of their accounts; everybody does who has not said otherwise. */
  wantsLockouts(memberId: string): boolean;
  setLockouts(memberId: string, wanted: boolean): void;
}
