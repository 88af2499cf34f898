import { AppError } from '../errors.js';
import { defineCommand, type Context, type Reply } from '../discord/command.js';
import { escapeText, label } from '../discord/escape.js';
import { everyone, helpers } from '../discord/guards.js';
import { answer, colours, notice, seconds } from '../discord/parts.js';
import type { HandedPassword } from '../services/passwords/password-handover.js';
import type { ResetOutcome } from '../services/passwords/password-resets.js';
import type { Services } from '../services/services.js';
import { accountChoices, pickedAccount, withAccount } from './accounts/account-choice.js';
import { askedAnswer } from './requests/waiting-requests.js';
import { copyButton, passwordShownIn, sentAnswer } from './passwords/password-messages.js';

/** An interaction's answer can be taken away for 15 minutes; a minute is left for a slow network. */
const showForMs = 14 * 60_000;
/** Copying takes no longer. */
const copyForMs = 5 * 60_000;

type Deps = Pick<
  Services,
  'picker' | 'resets' | 'passwordHandover' | 'passwordMessages' | 'requests' | 'members' | 'now'
>;

/** `/resetpw [user]`: a member asks for a new password, a helper has one made. */
export default ({ picker, resets, passwordHandover, passwordMessages, requests, members, now }: Deps) => {
  async function reset(context: Context, accountId: string, ownerId?: string): Promise<Reply> {
    return reply(context, await resets.reset(context.actor, accountId, context.channelId, ownerId));
  }

  async function ask(context: Context, accountId: string): Promise<Reply> {
    return reply(context, await resets.ask(context.actor, accountId, context.channelId));
  }

  function askByName({ actor, t, channelId }: Context, name: string): Reply {
    return { answer: askedAnswer(t, requests.askByName('reset', actor, name, channelId)) };
  }

  async function reply(context: Context, outcome: ResetOutcome): Promise<Reply> {
    switch (outcome.way) {
      case 'asked':
        return { answer: askedAnswer(context.t, outcome.asked) };
      case 'sent':
        return { answer: sentAnswer(context, outcome.request) };
      case 'handed':
        return handedReply(context, outcome.handed);
      case 'which owner':
        return whichOwner(context, outcome);
    }
  }

  async function whichOwner(
    { t }: Context,
    { owners, account }: ResetOutcome & { way: 'which owner' },
  ): Promise<Reply> {
    const options = owners.slice(0, 25).map(async ({ memberId }) => {
      const member = await members.find(memberId);
      return { label: label(member?.name ?? t('reset.unnamed', { id: memberId }), 100), value: `${memberId}` };
    });
    const select = {
      id: `resetpw:owner:${account.id}`,
      placeholder: t('reset.ownerPlaceholder'),
      options: await Promise.all(options),
    };
    return { answer: answer([t('reset.whichOwner', { name: escapeText(account.name) }), select]) };
  }

  function handedReply({ t }: Context, { result, delivered, lost }: HandedPassword): Reply {
    const { password, request } = result;
    const own = request.delivery !== 'answer';
    const at = seconds(now() + showForMs);
    const params = { password, at, name: escapeText(request.accountName) };
    const text = own ? t('reset.handedOwn', params) : t('reset.handed', params);
    const parts = [text, [copyButton(t, request)]];
    return { answer: answer(parts, colours.good), deleteAfterMs: showForMs, delivered, lost };
  }

  return defineCommand({
    data: {
      type: 'slash',
      name: 'resetpw',
      where: 'anywhere',
      description: 'commands.resetpw',
      options: [{ name: 'user', kind: 'account', description: 'commands.option.user' }],
    },
    guards: [everyone],
    run: (context) => withAccount(picker, context, 'resetpw', reset, askByName),
    choices: { user: accountChoices(picker) },
    selects: {
      pick: pickedAccount(reset),
      owner: {
        acknowledge: 'private',
        guards: [helpers],
        run: (context) => reset(context, context.id, context.values[0]),
      },
    },
    buttons: {
      ask: { acknowledge: 'private', guards: [everyone], run: (context) => ask(context, context.id) },
      now: {
        acknowledge: 'private',
        guards: [helpers],
        run: (context) => reset(context, context.id),
      },
      show: {
        acknowledge: 'private',
        guards: [everyone],
        run: async (context) => {
          const reply = handedReply(context, await passwordHandover.show(Number(context.id), context.actor));
          const pressed = notice(context.t('told.inPlaceOver'), undefined, []);
          // The word in a channel is over; an answer holds more than this button.
          return context.onAnswer ? reply : { ...reply, pressed };
        },
      },
      // Said "I am in" once; messages that were sent before the last update have the id, too.
      in: {
        acknowledge: 'update',
        guards: [everyone],
        run: ({ id, actor }) => {
          const request = passwordHandover.own(Number(id), actor);
          const update = passwordMessages.passwordScrubbed(request, 'own set');
          return { update, delivered: () => passwordHandover.ownSet(request) };
        },
      },
      // Long-pressing a message on a phone copies all of it, so the password is shown as a message of nothing else.
      copy: {
        acknowledge: 'private',
        guards: [everyone],
        run: ({ id, actor, text }) => {
          passwordHandover.own(Number(id), actor);
          const password = passwordShownIn(text());
          if (password === undefined) throw new AppError('passwordOld');
          return { answer: notice(password, undefined, []), deleteAfterMs: copyForMs };
        },
      },
      // The message itself is edited by the service, which has to do so after a restart, too.
      renew: {
        acknowledge: 'update',
        guards: [everyone],
        run: async (context) => {
          const request = await passwordHandover.renew(Number(context.id), context.actor);
          return request.state === 'done' ? {} : { answer: sentAnswer(context, request) };
        },
      },
    },
  });
};
