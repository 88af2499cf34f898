import { losesKey } from '../loses-key.js';
import { othersAsTheyAre } from '../others.js';
import type { Play } from '../play.js';
import { goesThroughRescue } from '../rescue.js';
import { passwordOn, signInAnswers } from '../signing-in.js';
import { dadsPassword } from '../stage.js';
import { writtenBy } from '../written.js';

/** The guide's PIN file: the administrator's password is forgotten, and the bot's key is gone. */
export async function forgottenAdministrator(play: Play): Promise<void> {
  const { dad, jellyfin, key, root } = play.stage;
  const before = root.password;
  play.paper.heading('Story 8: Dad forgot the administrator’s password, and the bot has no key');
  const provesOthers = await othersAsTheyAre(play);
  const oldKey = key();
  await losesKey(play, before);
  await signInAnswers(play, 401, 'Later, Dad tries “administrator1”', 'root', 'administrator1');

  const password = passwordOn(await goesThroughRescue(play, dad));

  play.paper.narrates('');
  await signInAnswers(play, 200, 'Dad uses the password from that message', 'root', password);
  await signInAnswers(play, 401, 'The password he had forgotten', 'root', before);
  await play.proves('The deleted API key is refused', 401, () => jellyfin.keyAnswers(oldKey));
  await play.proves('The new one, in the bot’s .env, is taken', 200, () => jellyfin.keyAnswers(key()));
  await provesOthers();
  await play.proves('The password stands nowhere in what the bot has written', false, () =>
    writtenBy(play.stage).some((text) => text.includes(password)),
  );
  await play.proves('Dad sets a password of his own, as the message says', 204, () =>
    jellyfin.changePassword('root', password, dadsPassword),
  );
  root.password = dadsPassword;
}
