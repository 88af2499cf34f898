import type { Play } from '../play.js';
import { passwordOn, signInAnswers } from '../signing-in.js';
import { gransPassword } from '../stage.js';
import { writtenBy } from '../written.js';

/** A temporary password that nobody uses is reminded of, then taken away. */
export async function forgottenPassword(play: Play): Promise<void> {
  const { gran, discord } = play.stage;
  play.paper.heading('Story 5: Gran gets herself a new password, and forgets about it');
  play.paper.narrates('A helper needs nobody’s approval for an ordinary account.');
  await play.types(gran, '/resetpw');
  const message = await play.directMessage(gran, /\|\|/);
  const password = passwordOn(message);

  play.paper.narrates('');
  await signInAnswers(play, 401, 'The password she had before', 'gran', gransPassword);
  // The household's day begins shortly before 8: at 7 her 24 hours are not over, however quickly the story was told.
  await play.timePasses('The clock jumps: the next morning, nearly 7, and Gran has not signed in.', 7);
  await play.directMessage(gran, /not signed in/);
  await play.timePasses('The clock jumps: the next afternoon, nearly 5. Her 24 hours are over.', 17);
  await play.directMessage(gran, /was not used in time, so/);
  await play.sees(gran, message, 'in Gran’s direct messages', (text) => !text.includes(password));

  play.paper.narrates('');
  await signInAnswers(play, 401, 'Somebody finds the password and tries it', 'gran', password);
  await play.proves('It stands in no message any more', false, () =>
    [...gran.messages(), ...discord.messagesIn(discord.adminChannelId)].some(({ text }) => text.includes(password)),
  );
  await play.proves('It is in neither the log nor the database', false, () =>
    writtenBy(play.stage).some((text) => text.includes(password)),
  );
}
