import { leosPassword } from '../stage.js';
import type { Play } from '../play.js';
import { signInAnswers } from '../signing-in.js';

/** A request that is denied with a reason: the person is told why, and nothing has changed. */
export async function deniedRequest(play: Play): Promise<void> {
  const { leo, dad, jellyfin } = play.stage;
  play.paper.heading('Story 7: Leo asks for a new password, and Dad says no');
  const policy = async () => JSON.stringify((await jellyfin.user('leo', play.stage.key())).Policy);
  const before = await policy();
  const television = await jellyfin.signIn('leo', leosPassword, 'the television');

  const status = await play.types(leo, '/status');
  await play.pressesFor(leo, 'Reset my password', status);
  const card = await play.card(dad, leo);
  const reason = 'You know it: dinosaurs. Try again after dinner.';
  await play.fillsIn(dad, 'Deny', card, 'in #admins', reason, (text) => /denied/.test(text));
  await play.directMessage(leo, /was denied/);

  play.paper.narrates('');
  await signInAnswers(play, 200, 'Leo uses his usual password, still the same', 'leo', leosPassword);
  await play.proves('The television is signed in as before', true, () => jellyfin.tokenWorks(television.token));
  await play.proves('Nothing about his account was changed', before, policy);
}
