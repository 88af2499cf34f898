import type { Context, Reply } from '../../discord/command.js';
import { sameName } from '../../identifiers.js';
import type { Member } from '../../services/members/actor.js';
import { escapeText, label } from '../../discord/escape.js';
import { answer, colours, seconds } from '../../discord/parts.js';
import type { HandedPassword } from '../../services/passwords/password-handover.js';
import type { ResetOutcome } from '../../services/passwords/password-resets.js';
import type { Services } from '../../services/create-services.js';
import type { Translate } from '../../words.js';
import { askedAnswer } from '../requests/waiting-requests.js';
import { copyButton, sentAnswer } from './password-messages.js';
import { unusedPasswordParts } from './unused-password.js';

/** An interaction's answer can be taken away for 15 minutes; a minute is left for a slow network. */
const showForMs = 14 * 60_000;

/** How a wish for a new password was met; `ownerSelect`: what a select of one of several owners is called. */
export function resetReply({ members, now }: Pick<Services, 'members' | 'now'>, ownerSelect: string) {
  async function whichOwner(t: Translate, { owners, account }: ResetOutcome & { way: 'which owner' }): Promise<Reply> {
    const options = owners.slice(0, 25).map(async ({ memberId }) => {
      const member = await members.find(memberId);
      return {
        label: label(member ? called(member) : t('reset.unnamed', { id: memberId }), 100),
        value: `${memberId}`,
      };
    });
    const select = {
      id: `${ownerSelect}:${account.id}`,
      placeholder: t('reset.ownerPlaceholder'),
      options: await Promise.all(options),
    };
    return { answer: answer([t('reset.whichOwner', { name: escapeText(account.name) }), select]) };
  }

  return async (context: Context, outcome: ResetOutcome): Promise<Reply> => {
    switch (outcome.way) {
      case 'asked':
        return { answer: askedAnswer(context.t, outcome.asked) };
      case 'waits': {
        const { text, buttons } = unusedPasswordParts(context.t, outcome.password);
        return { answer: answer([...text, buttons], colours.waiting) };
      }
      case 'sent':
        return { answer: sentAnswer(context, outcome.request) };
      case 'handed':
        return handedReply(context.t, now(), outcome.handed);
      case 'which owner':
        return whichOwner(context.t, outcome);
    }
  };
}

/** A password in a private answer, which disappears in time. */
export function handedReply(t: Translate, now: number, { result, delivered, lost }: HandedPassword): Reply {
  const { password, request } = result;
  const own = request.delivery !== 'answer';
  const at = seconds(now + showForMs);
  const params = { password, at, name: escapeText(request.accountName) };
  const text = own ? t('reset.handedOwn', params) : t('reset.handed', params);
  const parts = [text, [copyButton(t, request)]];
  return { answer: answer(parts, colours.good), deleteAfterMs: showForMs, delivered, lost };
}

/** With what nobody else is called: one of several owners may have taken another one's name for a nickname. */
function called({ name, username }: Member): string {
  return sameName(name, username) ? name : `${name} (${username})`;
}
