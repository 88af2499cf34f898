import { together, type Answer } from '../../discord/parts.js';
import type { Actor } from '../../services/members/actor.js';
import type { LinkStore } from '../../services/accounts/link.js';
import type { RequestStore } from '../../services/requests/request.js';
import type { Outbox } from '../../services/notices/outbox.js';
import type { DiscordRequestMessages } from '../requests/request-messages.js';

/** An answer has room for 40 components: the rest is said at the command after. */
const mostAtOnce = 2;

export interface PreludeDeps {
  readonly requests: Pick<RequestStore, 'owedTo' | 'setWord'>;
  readonly messages: DiscordRequestMessages;
  readonly outbox: Pick<Outbox, 'owedTo'>;
  readonly links: Pick<LinkStore, 'find'>;
}

interface Owed {
  readonly answer: Answer;
  readonly delivered: () => void;
}

/** What somebody has still to hear, to be put before the answer to their next command. */
export function preludeFor(deps: PreludeDeps) {
  return (actor: Actor): Owed | undefined => {
    const all = [owedOutcomes, owedNotices].flatMap((of) => of(deps, actor));
    const owed = all.slice(0, mostAtOnce);
    const [first, ...others] = owed;
    if (!first) return undefined;
    return {
      answer: others.reduce((said, each) => together(said, each.answer), first.answer),
      delivered: () => owed.forEach((each) => each.delivered()),
    };
  };
}

function owedOutcomes({ requests, messages, links }: PreludeDeps, actor: Actor): Owed[] {
  return requests.owedTo(actor.id).flatMap((request) => {
    // It may have been taken away while the word waits.
    if (request.kind === 'link' && request.state === 'done' && !links.find(actor.id, request.accountId)) {
      requests.setWord(request.id, 'told');
      return [];
    }
    return {
      answer: messages.outcomeInAnswer(request),
      // A password that waits to be seen is offered again until it was; the admins need not be asked to help any more.
      delivered: () => void requests.setWord(request.id, request.state === 'approved' ? 'place' : 'told'),
    };
  });
}

function owedNotices({ outbox }: PreludeDeps, actor: Actor): Owed[] {
  return outbox.owedTo(actor.id).map(({ message, delivered }) => ({ answer: message, delivered }));
}
