import type { Play } from './play.js';
import { leosPassword } from './stage.js';

/** Notes how the other accounts are; what it gives back proves that they are so still. */
export async function othersAsTheyAre(play: Play): Promise<() => Promise<void>> {
  const { jellyfin } = play.stage;
  const television = await jellyfin.signIn('leo', leosPassword, 'the television');
  const accounts = async () => {
    const found = await Promise.all(['maya', 'leo'].map((name) => jellyfin.user(name, play.stage.key())));
    // When they were seen last is theirs to change.
    return JSON.stringify(found.map(({ Name, Id, HasPassword, Policy }) => ({ Name, Id, HasPassword, Policy })));
  };
  const before = await accounts();
  return async () => {
    await play.proves('Maya’s and Leo’s accounts are as they were', before, accounts);
    await play.proves('Leo’s television is signed in as before', true, () => jellyfin.tokenWorks(television.token));
  };
}
