import type { Person } from '../../discord/index.js';
import type { Play } from '../play.js';

/** Before anything else: an admin says whose account is whose; Leo's only where he does not do that himself. */
export async function settingUp(play: Play, leoLinksHimself: boolean): Promise<void> {
  const { dad, maya, gran, leo } = play.stage;
  play.paper.heading('Setting up: Dad says whose account is whose, once');
  if (leoLinksHimself) play.paper.narrates('Leo is left out: he links himself, in story 2.');
  await linkMember(play, dad, maya, 'maya');
  await linkMember(play, dad, gran, 'gran');
  if (!leoLinksHimself) await linkMember(play, dad, leo, 'leo');
  play.paper.narrates('');
  play.paper.narrates(
    'An administrator’s account is linked on the bot’s own computer, so that no role in Discord reaches it:',
  );
  await play.runs(dad, 'link', dad.id, 'root');
}

/** An admin links a member to the account named. */
export async function linkMember(play: Play, admin: Person, member: Person, user: string): Promise<void> {
  const answer = await play.types(admin, '/link', { member, user });
  await play.proves(`${member.name} is linked to the account ${user}`, true, () => /is linked to/.test(answer.text));
}
