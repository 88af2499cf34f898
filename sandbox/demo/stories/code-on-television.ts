import type { Play } from '../play.js';

const go = 'It is in front of me: sign it in';

/** A way in with no password at all: the code on a new device's screen. */
export async function codeOnTelevision(play: Play): Promise<void> {
  const { leo, jellyfin } = play.stage;
  play.paper.heading('Story 3, after school: Leo signs the new television in, with a code');
  await play.timePasses('The clock jumps: it is nearly 4 in the afternoon.', 16);
  const television = await play.showsCode();
  await play.proves('Nobody has confirmed that code yet', false, () => television.isConfirmed());

  const question = await play.types(leo, '/signin', { code: television.shown });
  await play.presses(leo, go, question, 'in #general', (text) => text.includes('is being signed in'));

  const session = await television.open();
  play.paper.narrates('');
  await play.proves('The television is signed in, as leo', 'leo', () => session.account);
  await play.proves('Jellyfin answers it', true, () => jellyfin.tokenWorks(session.token));
}
