import { escapeText, longestName } from '../../discord/escape.js';
import { answer, colours, notice, type MessageBody, type Button, who } from '../../discord/parts.js';
import {
  greetingButtonId,
  newsButtonId,
  unlinkedButtonId,
  unprovedButtonId,
} from '../../services/links/link-notices.js';
import type { LinkMessages, LinkNews, LinkProof } from '../../services/links/link-ports.js';
import type { WrittenAboutOf, WrittenAbout } from '../../services/members/member-preferences.js';
import type { Link } from '../../services/accounts/link.js';
import { proofButtonId, refusedProofButtonId } from '../../services/links/link-proofs.js';
import type { SentencesFor, Translate } from '../../words.js';

/** So many lines fit a phone's screen. */
const mostLines = 15;

/** What people are told unasked about links. */
export class DiscordLinkMessages implements LinkMessages {
  constructor(
    private readonly sentencesFor: SentencesFor,
    private readonly writtenAbout: WrittenAboutOf,
    private readonly adminRoleIds: readonly string[],
  ) {}

  greeting(link: Link): MessageBody {
    return greeting(this.sentencesFor(link.memberId), link, this.writtenAbout(link.memberId));
  }

  greetingInReply(link: Link): MessageBody {
    return greetingInAnswer(this.sentencesFor(link.memberId), link, this.writtenAbout(link.memberId));
  }

  unproved(link: Link): MessageBody {
    const t = this.sentencesFor(link.memberId);
    const button = { id: unprovedButtonId(link.accountId), label: t('buttons.proveLink') };
    const details = { colour: colours.waiting, text: t('link.unproved.how') };
    return notice(t('link.unproved.what', { account: escapeText(link.accountName) }), details, [[button]]);
  }

  unlinked(id: number, { memberId, accountName, removedBy = '' }: LinkNews): MessageBody {
    const t = this.sentencesFor(memberId);
    const params = { account: escapeText(accountName, longestName), by: who(t, removedBy) };
    const button = { id: unlinkedButtonId(id), label: t('buttons.showAccount') };
    const details = { colour: colours.waiting, text: t('link.unlinked.next') };
    return notice(t('link.unlinked.what', params), details, [[button]]);
  }

  news(batch: number, news: readonly LinkNews[]): MessageBody {
    const t = this.sentencesFor();
    const button = { id: newsButtonId(batch), label: t('buttons.freeAccounts') };
    const [first = '', ...lines] = news.slice(0, mostLines).map((each) => newsLine(t, each));
    if (news.length === 1) return notice(first, undefined, [[button]]);
    if (news.length > mostLines) lines.push(t('link.news.more', { count: news.length - mostLines }));
    const details = { colour: colours.quiet, text: lines.join('\n') };
    return notice(`${first}\n${t('link.news.more', { count: news.length - 1 })}`, details, [[button]]);
  }

  proofEnded(proof: LinkProof): MessageBody {
    const t = this.sentencesFor(proof.memberId);
    const account = escapeText(proof.accountName ?? '');
    const sentence = t(`link.proof.${proof.outcome ?? 'expired'}`, { account });
    return notice(sentence, undefined, [[{ id: proofButtonId(proof.id), label: t('buttons.newCode') }]]);
  }

  proofRefused(proof: LinkProof): MessageBody {
    const t = this.sentencesFor();
    const params = { member: who(t, proof.memberId), account: escapeText(proof.accountName ?? '') };
    const roles = this.adminRoleIds.map((id) => `<@&${id}>`).join(' ');
    const details = { colour: colours.waiting, text: t('link.proof.refusedHint', params) };
    const button = { id: refusedProofButtonId(proof), label: t('signOut.button') };
    const content = t('link.proof.refusedAdmins', { ...params, roles });
    return notice(content, details, [[button]], { roles: this.adminRoleIds });
  }
}

function newsLine(t: Translate, { kind, memberId, accountName, newName = '', removedBy = '' }: LinkNews): string {
  const name = (text: string) => escapeText(text, longestName);
  return t(`link.news.${kind}`, {
    member: memberId === '' ? '' : who(t, memberId),
    account: name(accountName),
    newName: name(newName),
    by: removedBy === '' ? '' : who(t, removedBy),
  });
}

type LinkedAccount = Pick<Link, 'accountId' | 'accountName'>;

/** The first direct message after a link; `text`: what stands below its sentence, where that is not what it usually is. */
export function greeting(
  t: Translate,
  { accountId, accountName }: LinkedAccount,
  about: WrittenAbout,
  text = greetingText(t, about),
): MessageBody {
  const sentence = t('told.done.link', { account: escapeText(accountName) });
  return notice(sentence, { colour: colours.good, text }, [[greetingButton(t, accountId, about)]]);
}

/** The same as part of the answer to a command, as it could not be sent. */
export function greetingInAnswer(
  t: Translate,
  { accountId, accountName }: LinkedAccount,
  about: WrittenAbout,
): MessageBody {
  const said = [
    t('told.done.link', { account: escapeText(accountName) }),
    greetingText(t, about),
    t('greeting.closed'),
  ];
  return answer([said.join('\n'), [greetingButton(t, accountId, about)]], colours.good);
}

/** What the bot will write about, and nothing that it will not. */
export function greetingText(t: Translate, { pins, lockouts }: WrittenAbout): string {
  if (lockouts === 'wanted') return t(pins ? 'greeting.about' : 'greeting.aboutLockouts');
  const others = t(pins ? 'greeting.aboutPins' : 'greeting.aboutAnswers');
  return lockouts === 'never' ? others : `${others}\n${t('greeting.unwanted')}`;
}

/** Takes the word about lockouts away, or gives it back; where there is none, the account can be looked at. */
export function greetingButton(t: Translate, accountId: string, { lockouts }: WrittenAbout): Button {
  if (lockouts === 'never') return { id: greetingButtonId.show(accountId), label: t('buttons.showAccount') };
  if (lockouts === 'unwanted') return { id: greetingButtonId.these(accountId), label: t('buttons.these') };
  return { id: greetingButtonId.notThese(accountId), label: t('buttons.notThese') };
}
