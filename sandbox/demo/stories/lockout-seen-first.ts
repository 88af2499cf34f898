import type { Play } from '../play.js';
import { signInAnswers } from '../signing-in.js';
import { leosPassword } from '../stage.js';

/** Wrong passwords lock an account, and its owner hears of it before anybody asks. */
export async function lockoutSeenFirst(play: Play): Promise<void> {
  const { leo, dad, discord, jellyfin } = play.stage;
  play.paper.heading('Story 4: A friend guesses at Leo’s password, and the bot sees it first');
  const tablet = await jellyfin.signIn('leo', leosPassword, 'tablet');
  for (const guess of ['t-rex', 'leo-the-lion', 'minecraft']) {
    await signInAnswers(play, 401, `The friend tries “${guess}”`, 'leo', guess);
  }
  await signInAnswers(play, 403, 'Leo’s own password', 'leo', leosPassword);
  await play.proves('His tablet is shut out, too', false, () => jellyfin.tokenWorks(tablet.token));
  play.paper.narrates('');
  play.paper.narrates('Nobody has asked for anything. Twice a minute, the bot looks into Jellyfin’s log:');

  const word = await play.directMessage(leo, /Was it you/);
  const card = await play.news(dad, /is locked/);
  await play.proves('#admins has that one card with Unlock, and no other', 1, () => {
    return discord.messagesIn(discord.adminChannelId).filter(({ labels }) => labels.includes('Unlock')).length;
  });
  await play.pressesFor(dad, 'Unlock', card);
  await play.sees(dad, card, 'in #admins', (text) => text.includes('is not any more'));
  await play.sees(leo, word, 'in Leo’s direct messages', (text) => text.includes('not locked any more'));

  play.paper.narrates('');
  await signInAnswers(play, 200, 'Leo signs in with his usual password', 'leo', leosPassword);
  await play.proves('His tablet works again', true, () => jellyfin.tokenWorks(tablet.token));
}
