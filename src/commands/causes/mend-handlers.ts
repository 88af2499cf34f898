import { type ComponentContext, type Handlers, type Reply, inPlace, inPrivate } from '../../discord/command.js';
import { escapeText } from '../../discord/escape.js';
import { admins, everyone } from '../../discord/guards.js';
import { answer, colours } from '../../discord/parts.js';
import { otherProvider } from '../../services/accounts/account.js';
import type { Services } from '../../services/create-services.js';
import { resetReply } from '../passwords/reset-reply.js';
import { askedAnswer } from '../requests/waiting-requests.js';

type Deps = Pick<Services, 'enabling' | 'resets' | 'requests' | 'members' | 'now'>;

/** Switches an account on, and lets Jellyfin check a password itself: asked for by owners, done by admins. */
export function mendHandlers({ enabling, resets, requests, members, now }: Deps) {
  const givenReply = resetReply({ members, now }, 'status:provider-owner');

  function question({ t, id }: ComponentContext, text: string, act: 'enable' | 'provider'): Reply {
    const yes = { id: `status:${act}-go:${id}`, label: t(`buttons.${act}`), style: 'success' } as const;
    const no = { id: `status:mend-no:${id}`, label: t('buttons.signInNo') };
    return { answer: answer([text, [yes, no]], colours.waiting) };
  }

  async function takeOver(context: ComponentContext, ownerId?: string): Promise<Reply> {
    return givenReply(context, await resets.takeOver(context.actor, context.id, ownerId));
  }

  return {
    buttons: {
      'ask-enable': inPrivate(everyone, async ({ actor, t, id, channelId }) => ({
        answer: askedAnswer(t, await requests.ask('enable', actor, id, channelId)),
      })),
      'ask-provider': inPrivate(everyone, async ({ actor, t, id, channelId }) => ({
        answer: askedAnswer(t, await resets.askToTakeOver(actor, id, channelId)),
      })),
      enable: inPrivate(admins, async (context) => {
        const { name } = await enabling.look(context.actor, context.id);
        return question(context, context.t('mend.enable', { name: escapeText(name) }), 'enable');
      }),
      'enable-go': inPlace(admins, async ({ actor, t, id }) => {
        const { name } = await enabling.enable(actor, id);
        return { update: answer([t('mend.enabled', { name: escapeText(name) })], colours.good) };
      }),
      provider: inPrivate(admins, async (context) => {
        const account = await resets.toTakeOver(context.id);
        const provider = otherProvider(account);
        const params = { name: escapeText(account.name), provider: escapeText(provider ?? '') };
        return question(context, context.t(provider === undefined ? 'mend.goOn' : 'mend.provider', params), 'provider');
      }),
      'provider-go': inPrivate(admins, (context) => takeOver(context)),
      'mend-no': inPlace(admins, ({ t }) => ({ update: answer([t('mend.no')], colours.quiet) })),
    },
    selects: {
      'provider-owner': inPrivate(admins, (context) => takeOver(context, context.values[0])),
    },
  } satisfies Handlers;
}
