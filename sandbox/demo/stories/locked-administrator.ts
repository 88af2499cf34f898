import { losesKey } from '../loses-key.js';
import { othersAsTheyAre } from '../others.js';
import type { Play } from '../play.js';
import { goesThroughRescue } from '../rescue.js';
import { passwordOn, signInAnswers } from '../signing-in.js';

/** Those versions are helped by a restart, which is tried before jellyfin.db. */
const forgetsLocks = (version: string) => version === '10.11.8';

/** The guide's last page: the only administrator is locked, nobody can unlock him, and the key is gone. */
export async function lockedAdministrator(play: Play): Promise<void> {
  const { dad, jellyfin, key, root, version } = play.stage;
  play.paper.heading('Story 9: Dad, the only administrator, is locked out, and the bot has no key');
  const provesOthers = await othersAsTheyAre(play);
  await losesKey(play, root.password);
  for (const attempt of ['administrator2', 'Administrator1', 'root']) {
    await signInAnswers(play, 401, `Dad mistypes “${attempt}”`, 'root', attempt);
  }
  await signInAnswers(play, 403, 'Dad types it right, too late', 'root', root.password);
  if (!forgetsLocks(version)) {
    play.paper.narrates('');
    play.paper.narrates(
      'Latchkey never touches jellyfin.db of a running server: it watches that it stays stopped, for 10 s (here for 1 s).',
    );
  }
  const password = passwordOn(await goesThroughRescue(play, dad));

  play.paper.narrates('');
  await signInAnswers(play, 200, 'Dad uses the password from that message', 'root', password);
  await signInAnswers(play, 401, 'The password from before', 'root', root.password);
  await play.proves('He is an administrator still, and not locked any more', true, async () => {
    const { IsAdministrator, IsDisabled } = (await jellyfin.user('root', key())).Policy;
    return IsAdministrator === true && IsDisabled === false;
  });
  await provesOthers();
}
