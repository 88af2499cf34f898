import type { SeenMessage } from '../discord/index.js';
import type { Play } from './play.js';

/** What Jellyfin's answer to a sign-in means. */
const meaning = {
  200: 'signed in',
  401: 'wrong password',
  403: 'locked out, whatever the password',
} as const;

/** Proves at the Jellyfin end, over HTTP as any device does it, how a sign-in goes. */
export function signInAnswers(
  play: Play,
  status: keyof typeof meaning,
  who: string,
  account: string,
  password: string,
): Promise<void> {
  const claim = `${who} → ${meaning[status]}`;
  return play.proves(claim, status, () => play.signsIn(who, account, password));
}

/** The temporary password that a message shows behind a spoiler. */
export function passwordOn({ text }: SeenMessage): string {
  return /\|\|`?([^`|]+)`?\|\|/.exec(text)?.[1] ?? '';
}
