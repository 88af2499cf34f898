import { together, type MessageBody } from '../../discord/parts.js';
import type { Actor } from '../../services/members/actor.js';
import type { Outbox } from '../../services/notices/outbox.js';

/** A reply has room for 40 components: the rest is shown before the reply to the command after. */
const mostAtOnce = 2;

interface Prelude {
  readonly answer: MessageBody;
  readonly delivered: () => void;
}

/** The messages that somebody could not be sent, to be shown before the reply to their next command. */
export function preludeFor(outbox: Pick<Outbox, 'owedTo'>) {
  return (actor: Actor): Prelude | undefined => {
    const owed = outbox.owedTo(actor.id).slice(0, mostAtOnce);
    const [first, ...others] = owed;
    if (!first) return undefined;
    return {
      answer: others.reduce((said: MessageBody, { message }) => together(said, message), first.message),
      delivered: () => owed.forEach(({ delivered }) => delivered()),
    };
  };
}
