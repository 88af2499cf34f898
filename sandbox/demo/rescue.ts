import type { Person, SeenMessage } from '../discord/index.js';
import type { Play } from './play.js';

const where = 'in the direct messages';
const asks = (text: string) => text.includes('I need your answer');
const isOver = (text: string) => /: (over|cut short)\./.test(text);
/** For the demo the administrator has forgotten the password; any other question is answered with its first button. */
const needsNewOne = 'I need a new one';
/** What is asked stands last on the card, in bold. */
const questionOn = (text: string) => text.split('\n').findLast((line) => /\*\*.+\*\*$/.test(line));

/**
 * Somebody types /rescue and says yes to whatever the card asks, until it is over; what the card says at each step is
 * shown. Gives back the message with the temporary password.
 */
export async function goesThroughRescue(play: Play, who: Person): Promise<SeenMessage> {
  const before = who.directMessages();
  await play.types(who, '/rescue');
  let card = await play.directMessage(who, /Shall I go ahead/, before);
  while (!isOver(card.text)) {
    const yes = card.labels.find((each) => each === needsNewOne) ?? card.labels[0] ?? '';
    const asked = questionOn(card.text);
    const next = (text: string) => isOver(text) || (asks(text) && questionOn(text) !== asked);
    card = await play.presses(who, yes, card, where, next);
  }
  const password = await play.directMessage(who, /Tap it to see it/, before);
  await play.directMessage(who, /You are back in/, before);
  return password;
}
