import type { Play } from '../play.js';
import { leosPassword } from '../stage.js';

/** Linking by proof: whoever can confirm a code where an account is signed in owns that account. */
export async function firstLink(play: Play): Promise<void> {
  const { leo, dad, jellyfin, key } = play.stage;
  play.paper.heading('Story 2: Leo links himself, with a code');
  const tablet = await jellyfin.signIn('leo', leosPassword, 'tablet');

  const answer = await play.types(leo, '/link');
  const code = /\b\d{6}\b/.exec(answer.text)?.[0] ?? '';
  play.paper.acts('Leo', 'on his tablet, signed in to Jellyfin', `types ${code} under “Quick Connect”`);
  const words = `Leo types ${code} under “Quick Connect” on his tablet`;
  const taken = await play.happens(words, () => jellyfin.confirmCode(code, tablet.token));
  await play.proves('Jellyfin takes the code', 200, () => taken);
  await play.sees(leo, answer, 'in #general', (text) => /you are linked/.test(text));
  await play.directMessage(leo, /You are linked/);
  await play.news(dad, /confirmed a code/);

  play.paper.narrates('');
  await play.proves(
    'Jellyfin’s log: “leo is online from Latchkey”, then “leo has disconnected from Latchkey”, and no more',
    'leo is online from Latchkey, leo has disconnected from Latchkey',
    async () => (await jellyfin.logged('Latchkey', key())).join(', '),
  );
  await play.proves('The bot is signed in on no device any more', 0, () => jellyfin.devicesWith('Latchkey', key()));
  await play.proves('Leo’s tablet is signed in as before', true, () => jellyfin.tokenWorks(tablet.token));
}
