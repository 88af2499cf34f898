import { together, type Answer } from '../../discord/parts.js';
import type { Actor } from '../../services/actor.js';
import type { RequestStore } from '../../services/request-store.js';
import type { DrawnRequestVoice } from './request-voice.js';

/** An answer has room for 40 components: the rest is said at the command after. */
const mostAtOnce = 2;

/** What somebody has still to hear, to be put before the answer to their next command. */
export function preludeFor(store: Pick<RequestStore, 'owedTo' | 'setWord'>, voice: DrawnRequestVoice) {
  return (actor: Actor): { answer: Answer; delivered: () => void } | undefined => {
    const owed = store.owedTo(actor.id).slice(0, mostAtOnce);
    const [first, ...others] = owed.map((request) => voice.outcomeInAnswer(request));
    if (!first) return undefined;
    return {
      answer: others.reduce(together, first),
      delivered: () => {
        // A password that waits to be seen is offered again until it was; the admins need not be asked to help any more.
        for (const { id, state } of owed) store.setWord(id, state === 'approved' ? 'place' : 'told');
      },
    };
  };
}
