import type { Play } from './play.js';

/** The administrator tidies up in Jellyfin's dashboard: the bot's API key, which he does not recognise, is deleted. */
export async function losesKey(play: Play, password: string): Promise<void> {
  const { jellyfin, key } = play.stage;
  await play.happens('Dad deletes an API key that he does not recognise in Jellyfin’s dashboard', async () => {
    const { token } = await jellyfin.signIn('root', password, 'the dashboard');
    await jellyfin.deleteKey(key(), token);
  });
  const claim = 'Dad deletes an API key in the dashboard that he does not recognise → it was the bot’s';
  await play.proves(claim, 401, () => jellyfin.keyAnswers(key()));
}
