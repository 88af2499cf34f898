import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mayasPassword } from '../../household.js';
import type { Play } from '../play.js';
import { signInAnswers } from '../signing-in.js';

/** The guide's "Assisted password reset": Maya does not know her password any more. */
export async function assistedReset(play: Play): Promise<void> {
  const { maya, dad, jellyfin, bot, folder } = play.stage;
  play.paper.heading('Story 1: Maya forgot her password');
  await signInAnswers(play, 401, 'Maya tries “popcorn”, her best guess', 'maya', 'popcorn');

  await play.types(maya, '/resetpw');
  const card = await play.card(dad, maya);
  await play.presses(dad, 'Approve', card, 'in #admins', (text) => text.startsWith('Done'));
  const message = await play.directMessage(maya, /\|\|/);
  const password = /\|\|`?([^`|]+)`?\|\|/.exec(message.text)?.[1] ?? '';

  play.paper.narrates('');
  await signInAnswers(play, 200, 'Maya uses the password from that message', 'maya', password);
  await signInAnswers(play, 401, 'The password she had forgotten', 'maya', mayasPassword);
  await play.proves('Her account is an ordinary one still, and not disabled', false, () => {
    const { IsAdministrator, IsDisabled } = jellyfin.user('maya').Policy;
    return IsAdministrator === true || IsDisabled === true;
  });

  await play.presses(maya, 'I am in', message, 'in her direct messages', (text) => !text.includes(password));
  await play.proves('The password stands nowhere in what the bot has written, log or database', false, () => {
    const files = readdirSync(folder).map((name) => readFileSync(join(folder, name)).toString('latin1'));
    return [bot.output(), ...files].some((text) => text.includes(password));
  });
}
