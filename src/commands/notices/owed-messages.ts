import { together, type Answer } from '../../discord/parts.js';
import type { Actor } from '../../services/members/actor.js';
import type { LinkStore } from '../../services/accounts/link.js';
import { ownerNoticeFacts, type OwnerNoticeStore } from '../../services/links/owner-notices.js';
import type { RequestStore } from '../../services/requests/request.js';
import {
  type TempPasswordStore,
  isTheirsToHear,
  type TempPasswordNoticeStore,
} from '../../services/passwords/temp-password.js';
import type { DiscordLinkMessages } from '../links/link-messages.js';
import type { DiscordRequestMessages } from '../requests/request-messages.js';
import type { DiscordPasswordMessages } from '../passwords/password-messages.js';

/** An answer has room for 40 components: the rest is said at the command after. */
const mostAtOnce = 2;

export interface PreludeDeps {
  readonly requests: Pick<RequestStore, 'owedTo' | 'setWord' | 'byId'>;
  readonly messages: DiscordRequestMessages;
  readonly tempPasswords: Pick<TempPasswordStore, 'byRequest'>;
  readonly tempPasswordWords: Pick<TempPasswordNoticeStore, 'owedTo' | 'setWay'>;
  readonly passwordMessages: DiscordPasswordMessages;
  readonly ownerNotices: Pick<OwnerNoticeStore, 'owedTo' | 'setWay'>;
  readonly linkMessages: DiscordLinkMessages;
  readonly links: Pick<LinkStore, 'find' | 'greetingsOwedTo' | 'setGreeting'>;
}

interface Owed {
  readonly answer: Answer;
  readonly delivered: () => void;
}

/** What somebody has still to hear, to be put before the answer to their next command. */
export function preludeFor(deps: PreludeDeps) {
  return (actor: Actor): Owed | undefined => {
    const all = [owedOutcomes, owedWords, owedNotices, owedGreetings].flatMap((of) => of(deps, actor));
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

function owedWords(deps: PreludeDeps, actor: Actor): Owed[] {
  return deps.tempPasswordWords.owedTo(actor.id).flatMap((word) => {
    const request = deps.requests.byId(word.requestId);
    const password = deps.tempPasswords.byRequest(word.requestId);
    if (!request || !password) return [];
    // A link may be taken away while the word waits.
    if (!isTheirsToHear(deps.links, word, request)) {
      deps.tempPasswordWords.setWay(word.id, 'moot');
      return [];
    }
    return {
      answer: deps.passwordMessages.wordInAnswer(word, password, request),
      delivered: () => deps.tempPasswordWords.setWay(word.id, 'told'),
    };
  });
}

function owedNotices(deps: PreludeDeps, actor: Actor): Owed[] {
  const { ownerNotices, requests, linkMessages } = deps;
  return ownerNotices.owedTo(actor.id).flatMap((notice) => {
    const request = requests.byId(notice.requestId);
    if (!request) return [];
    if (!deps.links.find(actor.id, request.accountId)) {
      ownerNotices.setWay(notice.id, 'moot', request.state);
      return [];
    }
    return {
      answer: linkMessages.ownerNoticeInAnswer(notice, request, ownerNoticeFacts(deps, request)),
      delivered: () => ownerNotices.setWay(notice.id, 'told', request.state),
    };
  });
}

function owedGreetings({ links, linkMessages }: PreludeDeps, actor: Actor): Owed[] {
  return links.greetingsOwedTo(actor.id).map((link) => ({
    answer: linkMessages.greetingInAnswer(link),
    delivered: () => links.setGreeting(actor.id, link.accountId, 'told'),
  }));
}
