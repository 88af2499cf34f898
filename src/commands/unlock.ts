import { AppError } from '../errors.js';
import { defineCommand, type Context, type Reply } from '../discord/command.js';
import { escapeText } from '../discord/escape.js';
import { everyone, helpers } from '../discord/guards.js';
import { answer, colours } from '../discord/parts.js';
import { lockState, wrongPasswords } from '../services/accounts/account.js';
import { helps } from '../services/members/actor.js';
import type { UnlockResult } from '../services/accounts/jellyfin-port.js';
import type { Request } from '../services/requests/request.js';
import type { Services } from '../services/services.js';
import { accountChoices, pickedAccount, withAccount } from './accounts/account-choice.js';
import { askedAnswer } from './requests/asked-answer.js';
import { signInButton } from './accounts/account-lines.js';

type Deps = Pick<Services, 'picker' | 'unlocks' | 'selfUnlocks' | 'requests'>;

/** `/unlock [user]`: a member asks for it, or does it where the household allows that; a helper does it. */
export default ({ picker, unlocks, selfUnlocks, requests }: Deps) => {
  async function ask({ actor, t, inServer, channelId }: Context, accountId: string): Promise<Reply> {
    try {
      const place = inServer ? channelId : undefined;
      const self = await selfUnlocks.unlock(actor, accountId, place);
      if (self.way === 'ended') {
        const { request, delivered, lost } = self;
        return { answer: selfAnswer(t, request), delivered, lost };
      }
      const { againAt: at, count = 0 } = self;
      const limit = at === undefined ? undefined : t('unlock.selfLimit', { at, count });
      return { answer: askedAnswer(t, await requests.ask('unlock', actor, accountId, place), limit) };
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'notLocked') throw error;
      const name = escapeText(picker.accountsOf(actor.id).find((each) => each.id === accountId)?.name ?? '');
      const reset = { id: `resetpw:ask:${accountId}`, label: t('buttons.askReset'), style: 'primary' } as const;
      return { answer: answer([t('unlock.ownNotLocked', { name: `**${name}**` }), [reset]]) };
    }
  }

  function askByName({ actor, t, inServer, channelId }: Context, name: string): Reply {
    return { answer: askedAnswer(t, requests.askByName('unlock', actor, name, inServer ? channelId : undefined)) };
  }

  async function unlock(context: Context, accountId: string): Promise<Reply> {
    if (!helps(context.actor)) return ask(context, accountId);
    const result = await unlocks.unlockNow(context.actor, accountId);
    if (!result) return ask(context, accountId);
    const isOwn = picker.accountsOf(context.actor.id).some((each) => each.id === accountId);
    return { answer: unlockedAnswer(context, result, isOwn) };
  }

  return defineCommand({
    data: {
      type: 'slash',
      name: 'unlock',
      where: 'anywhere',
      description: 'commands.unlock',
      options: [{ name: 'user', kind: 'account', description: 'commands.option.user' }],
    },
    guards: [everyone],
    run: (context) => withAccount(picker, context, 'unlock', unlock, askByName),
    choices: { user: accountChoices(picker) },
    selects: { pick: pickedAccount(unlock) },
    buttons: {
      ask: { acknowledge: 'private', guards: [everyone], run: (context) => ask(context, context.id) },
      now: { acknowledge: 'private', guards: [helpers], run: (context) => unlock(context, context.id) },
    },
  });
};

function selfAnswer(t: Context['t'], request: Request) {
  if (request.state === 'failed') return answer([t(`errors.${request.failure ?? 'tryAgain'}`)], colours.bad);
  if (request.state !== 'done') return answer([t('asked.approved')], colours.waiting);
  const reset = { id: `resetpw:ask:${request.accountId}`, label: t('buttons.askReset') } as const;
  const buttons = [signInButton(t, request.accountId), reset];
  return answer([t('unlock.selfDone', { name: escapeText(request.accountName) }), buttons], colours.good);
}

function unlockedAnswer({ t }: Context, { before }: UnlockResult, isOwn: boolean) {
  const params = { name: escapeText(before.name), failed: wrongPasswords(before), limit: before.signInLimit };
  const state = lockState(before);
  const hasLimit = before.signInLimit > 0;
  if (state === 'open') return answer([t(hasLimit ? 'unlock.notLockedOf' : 'unlock.notLocked', params)]);
  const signIn = isOwn ? [[signInButton(t, before.id)]] : [];
  return answer([t(state === 'locked' ? 'unlock.done' : 'unlock.countReset', params), ...signIn], colours.good);
}
