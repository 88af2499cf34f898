import type { Play } from './play.js';

/** What Jellyfin answers to a sign-in: 200 lets in, 401 is a wrong password, 403 a locked or disabled account. */
const meaning: Readonly<Record<number, string>> = {
  200: 'lets them in',
  401: 'says: wrong name or password',
  403: 'does not let them in at all',
};

/** Proves at the Jellyfin end, over HTTP as any device does it, how a sign-in goes. */
export function signInAnswers(play: Play, status: 200 | 401 | 403, who: string, account: string, password: string) {
  const claim = `${who}: Jellyfin ${meaning[status] ?? ''} (HTTP ${status})`;
  return play.proves(claim, status, async () => (await play.stage.jellyfin.signIn(account, password)).status);
}
