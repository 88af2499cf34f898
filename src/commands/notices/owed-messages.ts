import { together, type Answer } from '../../discord/parts.js';
import type { Actor } from '../../services/members/actor.js';
import type { LinkStore } from '../../services/accounts/link.js';
import { ownerNoticeFacts, type OwnerNoticeStore } from '../../services/links/owner-notices.js';
import type { RequestStore } from '../../services/requests/request.js';
import {
  type TempPasswordStore,
  isTheirsToHear,
  type TempPasswordWordStore,
} from '../../services/passwords/temp-password.js';
import type { DrawnLinkVoice } from '../links/link-messages.js';
import type { DrawnRequestVoice } from '../requests/request-messages.js';
import type { DrawnTempPasswordVoice } from '../passwords/password-messages.js';

/** An answer has room for 40 components: the rest is said at the command after. */
const mostAtOnce = 2;

export interface PreludeNeeds {
  readonly requests: Pick<RequestStore, 'owedTo' | 'setWord' | 'byId'>;
  readonly voice: DrawnRequestVoice;
  readonly tempPasswords: Pick<TempPasswordStore, 'byRequest'>;
  readonly tempPasswordWords: Pick<TempPasswordWordStore, 'owedTo' | 'setWay'>;
  readonly tempPasswordVoice: DrawnTempPasswordVoice;
  readonly ownerNotices: Pick<OwnerNoticeStore, 'owedTo' | 'setWay'>;
  readonly linkVoice: DrawnLinkVoice;
  readonly links: Pick<LinkStore, 'find' | 'greetingsOwedTo' | 'setGreeting'>;
}

interface Owed {
  readonly answer: Answer;
  readonly delivered: () => void;
}

/** What somebody has still to hear, to be put before the answer to their next command. */
export function preludeFor(needs: PreludeNeeds) {
  return (actor: Actor): Owed | undefined => {
    const all = [owedOutcomes, owedWords, owedNotices, owedGreetings].flatMap((of) => of(needs, actor));
    const owed = all.slice(0, mostAtOnce);
    const [first, ...others] = owed;
    if (!first) return undefined;
    return {
      answer: others.reduce((said, each) => together(said, each.answer), first.answer),
      delivered: () => owed.forEach((each) => each.delivered()),
    };
  };
}

function owedOutcomes({ requests, voice, links }: PreludeNeeds, actor: Actor): Owed[] {
  return requests.owedTo(actor.id).flatMap((request) => {
    // It may have been taken away while the word waits.
    if (request.kind === 'link' && request.state === 'done' && !links.find(actor.id, request.accountId)) {
      requests.setWord(request.id, 'told');
      return [];
    }
    return {
      answer: voice.outcomeInAnswer(request),
      // A password that waits to be seen is offered again until it was; the admins need not be asked to help any more.
      delivered: () => void requests.setWord(request.id, request.state === 'approved' ? 'place' : 'told'),
    };
  });
}

function owedWords(needs: PreludeNeeds, actor: Actor): Owed[] {
  return needs.tempPasswordWords.owedTo(actor.id).flatMap((word) => {
    const request = needs.requests.byId(word.requestId);
    const password = needs.tempPasswords.byRequest(word.requestId);
    if (!request || !password) return [];
    // A link may be taken away while the word waits.
    if (!isTheirsToHear(needs.links, word, request)) {
      needs.tempPasswordWords.setWay(word.id, 'moot');
      return [];
    }
    return {
      answer: needs.tempPasswordVoice.wordInAnswer(word, password, request),
      delivered: () => needs.tempPasswordWords.setWay(word.id, 'told'),
    };
  });
}

function owedNotices(needs: PreludeNeeds, actor: Actor): Owed[] {
  const { ownerNotices, requests, linkVoice } = needs;
  return ownerNotices.owedTo(actor.id).flatMap((notice) => {
    const request = requests.byId(notice.requestId);
    if (!request) return [];
    if (!needs.links.find(actor.id, request.accountId)) {
      ownerNotices.setWay(notice.id, 'moot', request.state);
      return [];
    }
    return {
      answer: linkVoice.ownerNoticeInAnswer(notice, request, ownerNoticeFacts(needs, request)),
      delivered: () => ownerNotices.setWay(notice.id, 'told', request.state),
    };
  });
}

function owedGreetings({ links, linkVoice }: PreludeNeeds, actor: Actor): Owed[] {
  return links.greetingsOwedTo(actor.id).map((link) => ({
    answer: linkVoice.greetingInAnswer(link),
    delivered: () => links.setGreeting(actor.id, link.accountId, 'told'),
  }));
}
