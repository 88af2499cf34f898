import { leosPassword } from '../stage.js';
import type { Play } from '../play.js';
import { signInAnswers } from '../signing-in.js';

/** The guide's locked account: Leo knows his password, but mistyped it until Jellyfin locked him out. */
export async function lockedAccount(play: Play): Promise<void> {
  const { leo, gran } = play.stage;
  play.paper.heading('Story 6: Leo locked himself out, and asks at once');
  for (const attempt of ['dinosaur-rules', 'dinosaurs-rules', 'dinosaurs rule']) {
    await signInAnswers(play, 401, `Leo mistypes “${attempt}”`, 'leo', attempt);
  }
  await signInAnswers(play, 403, 'Leo types it right, too late', 'leo', leosPassword);

  await play.types(leo, '/unlock');
  const card = await play.card(gran, leo);
  await play.presses(gran, 'Approve', card, 'in #admins', (text) => text.startsWith('Done'));
  await play.directMessage(leo, /is unlocked/);

  play.paper.narrates('');
  await signInAnswers(play, 200, 'Leo signs in with his usual password', 'leo', leosPassword);
}
