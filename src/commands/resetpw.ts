import { AppError } from '../errors.js';
import { defineCommand, type Context, type Reply, inPlace, inPrivate } from '../discord/command.js';
import { everyone, helpers } from '../discord/guards.js';
import { notice } from '../discord/parts.js';
import type { Services } from '../services/create-services.js';
import { accountChoices, accountCommand, pickedAccount, withAccount } from './accounts/account-choice.js';
import { handedReply, resetReply } from './passwords/reset-reply.js';
import { byName } from './requests/waiting-requests.js';
import { passwordShownIn, sentAnswer } from './passwords/password-messages.js';

/** Copying takes no longer. */
const copyForMs = 5 * 60_000;

type Deps = Pick<
  Services,
  'picker' | 'resets' | 'passwordHandover' | 'passwordMessages' | 'requests' | 'members' | 'now'
>;

/** `/resetpw [user]`: a member asks for a new password, a helper has one made. */
export default ({ picker, resets, passwordHandover, passwordMessages, requests, members, now }: Deps) => {
  const reply = resetReply({ members, now }, 'resetpw:owner');

  async function reset(context: Context, accountId: string, ownerId?: string): Promise<Reply> {
    return reply(context, await resets.reset(context.actor, accountId, context.channelId, ownerId));
  }

  async function ask(context: Context, accountId: string): Promise<Reply> {
    return reply(context, await resets.ask(context.actor, accountId, context.channelId));
  }

  return defineCommand({
    data: accountCommand('resetpw'),
    guard: everyone,
    run: (context) => withAccount(picker, context, 'resetpw', reset, byName({ requests }, 'reset')),
    choices: { user: accountChoices(picker) },
    selects: {
      pick: pickedAccount(reset),
      owner: inPrivate(helpers, (context) => reset(context, context.id, context.values[0])),
    },
    buttons: {
      ask: inPrivate(everyone, (context) => ask(context, context.id)),
      now: inPrivate(helpers, (context) => reset(context, context.id)),
      show: inPrivate(everyone, async (context) => {
        const reply = handedReply(context.t, now(), await passwordHandover.show(Number(context.id), context.actor));
        const pressed = notice(context.t('told.inPlaceOver'));
        // The word in a channel is over; an answer holds more than this button.
        return context.onAnswer ? reply : { ...reply, pressed };
      }),
      // A message that Discord filed where nobody looks: another password takes its place, and is shown here.
      here: inPrivate(everyone, async ({ id, actor, t }) =>
        handedReply(t, now(), await passwordHandover.renewHere(Number(id), actor)),
      ),
      // Said "I am in" once; messages that were sent before the last update have the id, too.
      in: inPlace(everyone, ({ id, actor }) => {
        const request = passwordHandover.own(Number(id), actor);
        const update = passwordMessages.passwordScrubbed(request, 'own set');
        return { update, delivered: () => passwordHandover.ownSet(request) };
      }),
      // Long-pressing a message on a phone copies all of it, so the password is shown as a message of nothing else.
      copy: inPrivate(everyone, ({ id, actor, text }) => {
        passwordHandover.own(Number(id), actor);
        const password = passwordShownIn(text());
        if (password === undefined) throw new AppError('passwordOld');
        return { answer: notice(password), deleteAfterMs: copyForMs };
      }),
      // The message itself is edited by the service, which has to do so after a restart, too.
      renew: inPlace(everyone, async (context) => {
        const request = await passwordHandover.renew(Number(context.id), context.actor);
        return request.state === 'done' ? {} : { answer: sentAnswer(context, request) };
      }),
    },
  });
};
