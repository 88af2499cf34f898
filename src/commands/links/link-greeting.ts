import { escapeText } from '../../discord/escape.js';
import { answer, colours, notice, type MessageBody, type Button } from '../../discord/parts.js';
import { greetingMark } from '../../services/links/link-greetings.js';
import type { Link } from '../../services/accounts/link.js';
import type { WrittenAbout } from '../../services/members/member-preferences.js';
import type { Translate } from '../../words.js';

type Account = Pick<Link, 'accountId' | 'accountName'>;

/** The first direct message after a link; `text`: what stands below its sentence, where that is not what it usually is. */
export function greeting(
  t: Translate,
  { accountId, accountName }: Account,
  about: WrittenAbout,
  text = greetingText(t, about),
): MessageBody {
  const sentence = t('told.done.link', { account: escapeText(accountName) });
  return notice(sentence, { colour: colours.good, text }, [[greetingButton(t, accountId, about)]]);
}

/** The same as part of the answer to a command, as it could not be sent. */
export function greetingInAnswer(t: Translate, { accountId, accountName }: Account, about: WrittenAbout): MessageBody {
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
  if (lockouts === 'never') return { id: greetingMark.show(accountId), label: t('buttons.showAccount') };
  if (lockouts === 'unwanted') return { id: greetingMark.these(accountId), label: t('buttons.these') };
  return { id: greetingMark.notThese(accountId), label: t('buttons.notThese') };
}
