import type { ModalBuilder } from 'discord.js';
import {
  defineCommand,
  type ComponentContext,
  type Context,
  type ModalContext,
  type Reply,
  withForm,
  inPlace,
  inPrivate,
} from '../discord/command.js';
import { form } from '../discord/form.js';
import { admins, everyone, helpers } from '../discord/guards.js';
import { answer, colours } from '../discord/parts.js';
import { denyReasons, type Request } from '../services/requests/request.js';
import type { Services } from '../services/create-services.js';
import { cardDetails, cardSentence, trouble } from './requests/request-card.js';
import { waitingPage } from './requests/waiting-requests.js';

/** What is typed beside the reason fits a card's field, which Discord limits to 1024 characters. */
const longestReason = 300;

type Deps = Pick<Services, 'requests' | 'links' | 'passes'>;
type Pressed = Context & Pick<ModalContext, 'messageId' | 'onAnswer'>;

/** `/requests`: what waits, and the buttons of the cards on which it is decided. */
export default ({ requests, links, passes }: Deps) => {
  /**
   * A card is kept up to date by the service, as it changes without a press, too. Elsewhere the presser is told how it
   * ended: above a list drawn anew where the press was on a list, beside the message where it is an older card.
   */
  async function decided({ t, actor, messageId, onAnswer }: Pressed, decision: Promise<Request>): Promise<Reply> {
    const request = await decision;
    if (request.card?.messageId === messageId) return {};
    const ended = howItEnded(t, request);
    return onAnswer ? { update: list({ t, actor }, 0, [ended]) } : { answer: answer([ended]) };
  }

  function list({ t, actor }: Pick<Context, 't' | 'actor'>, page = 0, above: readonly string[] = []) {
    const waiting = requests.pending();
    if (waiting.length === 0) return answer([...above, t('requestCard.none')]);
    const parts = waitingPage(t, waiting, actor.rank, (each) => links.factsAbout(each), page);
    return answer([...above, ...parts], colours.waiting);
  }

  return defineCommand({
    data: { type: 'slash', name: 'requests', where: 'anywhere', description: 'commands.requests' },
    guard: helpers,
    run: (context) => ({ answer: list(context) }),
    buttons: {
      // Stands on the card that stays in a channel.
      list: inPrivate(helpers, (context) => ({ answer: list(context) })),
      page: inPlace(helpers, (context) => ({ update: list(context, context.page) })),
      approve: inPlace(helpers, (context) =>
        decided(context, requests.approve(Number(context.id), context.actor, context.page)),
      ),
      retry: inPlace(helpers, (context) => decided(context, requests.retry(Number(context.id), context.actor))),
      deny: withForm(helpers, denyModal),
      // Stands on the card of a request about an administrator's account.
      details: inPrivate(helpers, ({ t, actor, id }) => {
        const request = requests.existing(Number(id));
        return { answer: answer(cardDetails(t, request, actor.rank, passes.ofRequest(request.id))) };
      }),
      cancel: inPlace(everyone, async ({ id, actor, t, onAnswer }) => {
        await requests.cancel(Number(id), actor);
        const cancelled = answer([t('asked.cancelled')]);
        return onAnswer ? { update: cancelled } : { answer: cancelled };
      }),
    },
    selects: {
      account: inPlace(admins, (context) => {
        const [accountId = ''] = context.values;
        return decided(context, requests.approvePicked(Number(context.id), context.actor, accountId));
      }),
    },
    modals: {
      deny: inPlace(helpers, (context) => {
        const denyReason = denyReasons.find((each) => each === context.choice('denial'));
        const reason = context.field('reason').trim() || undefined;
        return decided(context, requests.deny(Number(context.id), context.actor, { denyReason, reason }));
      }),
    },
  });
};

function howItEnded(t: Context['t'], request: Request): string {
  const sentence = cardSentence(t, request);
  return request.state === 'failed' ? `${sentence}\n${trouble(t, request)}` : sentence;
}

function denyModal({ t, id }: ComponentContext): ModalBuilder {
  const choices = [
    { label: t('requestCard.noDenial'), value: 'none' },
    ...denyReasons.map((value) => ({ label: t(`requestCard.denyReasons.${value}`), value })),
  ];
  return form(`requests:deny:${id}`, t('requestCard.denyTitle'), [
    { id: 'denial', label: t('requestCard.denyReason'), choices },
    { id: 'reason', label: t('requestCard.denyWords'), length: { max: longestReason }, isLong: true, isOptional: true },
  ]);
}
