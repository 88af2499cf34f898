import { defineCommand, type Context, type Reply, inPrivate } from '../discord/command.js';
import { AppError } from '../errors.js';
import { escapeText } from '../discord/escape.js';
import { everyone, helpers } from '../discord/guards.js';
import { errorAnswer } from '../discord/error-answer.js';
import { answer, colours } from '../discord/parts.js';
import { type Account, lockState, otherProvider, wrongPasswords } from '../services/accounts/account.js';
import type { Request } from '../services/requests/request.js';
import type { Services } from '../services/create-services.js';
import type { Unlocked } from '../services/unlocks/unlocks.js';
import { accountChoices, accountCommand, pickedAccount, withAccount } from './accounts/account-choice.js';
import { askedAnswer, byName } from './requests/waiting-requests.js';
import { signInButton } from './accounts/account-card.js';

type Deps = Pick<Services, 'picker' | 'unlocks' | 'requests'>;

/** `/unlock [user]`: a member asks for it, or does it where the household allows that; a helper does it. */
export default ({ picker, unlocks, requests }: Deps) => {
  async function unlock(context: Context, accountId: string): Promise<Reply> {
    return reply(context, accountId, await unlocks.unlock(context.actor, accountId, context.channelId));
  }

  async function ask(context: Context, accountId: string): Promise<Reply> {
    return reply(context, accountId, await unlocks.ask(context.actor, accountId, context.channelId));
  }

  function reply({ actor, t }: Context, accountId: string, unlocked: Unlocked): Reply {
    switch (unlocked.way) {
      case 'at once':
        return { answer: unlockedAnswer(t, unlocked) };
      case 'by oneself':
        return {
          answer: selfAnswer(t, unlocked.result, unlocked.account),
          delivered: unlocked.delivered,
          lost: unlocked.lost,
        };
      case 'asked':
        return {
          answer: askedAnswer(t, unlocked.asked, unlocked.limit && t('unlock.selfLimit', { ...unlocked.limit })),
        };
      case 'not locked': {
        const name = escapeText(picker.accountsOf(actor.id).find((each) => each.id === accountId)?.name ?? '');
        const show = { id: 'status:check:own', label: t('buttons.showAccount'), style: 'primary' } as const;
        return { answer: answer([t('unlock.ownNotLocked', { name: `**${name}**` }), [show]]) };
      }
    }
  }

  return defineCommand({
    data: accountCommand('unlock'),
    guard: everyone,
    run: (context) => withAccount(picker, context, 'unlock', unlock, byName({ requests }, 'unlock')),
    choices: { user: accountChoices(picker) },
    selects: { pick: pickedAccount(unlock) },
    buttons: {
      ask: inPrivate(everyone, (context) => ask(context, context.id)),
      now: inPrivate(helpers, (context) => unlock(context, context.id)),
    },
  });
};

function selfAnswer(t: Context['t'], request: Request, account: Account) {
  if (request.state === 'failed') return errorAnswer(t, new AppError(request.failure ?? 'tryAgain'));
  if (request.state !== 'done') return answer([t('asked.approved')], colours.waiting);
  const reset = { id: `resetpw:ask:${request.accountId}`, label: t('buttons.askReset') } as const;
  const buttons = [signInButton(t, request.accountId), ...(otherProvider(account) ? [] : [reset])];
  return answer([t('unlock.selfDone', { name: escapeText(request.accountName) }), buttons], colours.good);
}

function unlockedAnswer(t: Context['t'], { before, isOwn }: Unlocked & { way: 'at once' }) {
  const params = { name: escapeText(before.name), failed: wrongPasswords(before), limit: before.signInLimit };
  const state = lockState(before);
  const hasLimit = before.signInLimit > 0;
  const provider = otherProvider(before);
  if (state === 'open' && provider)
    return answer([t('unlock.notLockedElsewhere', { ...params, provider: escapeText(provider) })]);
  if (state === 'open') return answer([t(hasLimit ? 'unlock.notLockedOf' : 'unlock.notLocked', params)]);
  const signIn = isOwn ? [[signInButton(t, before.id)]] : [];
  return answer([t(state === 'locked' ? 'unlock.done' : 'unlock.countReset', params), ...signIn], colours.good);
}
