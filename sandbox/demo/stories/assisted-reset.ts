import { mayasPassword } from '../../household.js';
import type { Play } from '../play.js';
import { passwordOn, signInAnswers } from '../signing-in.js';
import { writtenBy } from '../written.js';

/** The guide's "Assisted password reset": Maya does not know her password any more. */
export async function assistedReset(play: Play): Promise<void> {
  const { maya, dad, jellyfin } = play.stage;
  play.paper.heading('Story 1, at breakfast: Maya forgot her password');
  await signInAnswers(play, 401, 'Maya tries “popcorn”, her best guess', 'maya', 'popcorn');

  await play.types(maya, '/resetpw');
  const card = await play.card(dad, maya);
  await play.presses(dad, 'Approve', card, 'in #admins', (text) => text.startsWith('Done'));
  const message = await play.directMessage(maya, /\|\|/);
  const password = passwordOn(message);

  play.paper.narrates('');
  await signInAnswers(play, 200, 'Maya uses the password from that message', 'maya', password);
  await signInAnswers(play, 401, 'The password she had forgotten', 'maya', mayasPassword);
  await play.proves('Her account is otherwise unchanged', false, async () => {
    const { IsAdministrator, IsDisabled } = (await jellyfin.user('maya', play.stage.key())).Policy;
    return IsAdministrator === true || IsDisabled === true;
  });

  await play.presses(maya, 'I have set my own', message, 'in her direct messages', (text) => !text.includes(password));
  await play.proves('The password is in neither the log nor the database', false, () => {
    return writtenBy(play.stage).some((text) => text.includes(password));
  });
}
