import { type ComponentContext, type Handlers, type Reply, inPrivate } from '../../discord/command.js';
import { escapeText } from '../../discord/escape.js';
import { everyone } from '../../discord/guards.js';
import { answer, colours, seconds } from '../../discord/parts.js';
import { AppError } from '../../errors.js';
import type { PassOutcome } from '../../services/passes/passes.js';
import { restrictions } from '../../services/accounts/account.js';
import type { Services } from '../../services/create-services.js';
import type { Translate } from '../../words.js';
import { trouble } from '../requests/request-card.js';
import { askedAnswer } from '../requests/waiting-requests.js';
import { chosenTerms, endButton, passSelect } from './pass-parts.js';

/** *Let me in for a while*, what is chosen there, and *End now*. */
export function passHandlers({ passes, passEnds }: Pick<Services, 'passes' | 'passEnds'>) {
  async function choose({ actor, t, id }: ComponentContext): Promise<Reply> {
    const { account, canOpen, isAtOnce } = await passes.look(actor, id);
    const name = escapeText(account.name);
    if (canOpen.length === 0) return { answer: answer([t('pass.nothing', { name })]) };
    const text = t(isAtOnce ? 'pass.chooseNow' : 'pass.choose', { name });
    const effects = canOpen.map((each) => `**${t(`pass.title.${each}`)}:** ${t(`pass.effect.${each}`)}`);
    return { answer: answer([[text, ...effects].join('\n'), passSelect(t, account.id, canOpen)], colours.waiting) };
  }

  async function ask({ actor, t, id, values, channelId }: ComponentContext): Promise<Reply> {
    const terms = chosenTerms(values[0] ?? '', restrictions);
    if (!terms) throw new AppError('cardOutdated');
    return outcome(t, await passes.ask(actor, id, terms, channelId));
  }

  async function end({ actor, t, id }: ComponentContext): Promise<Reply> {
    const { end, failure } = await passEnds.endNow(Number(id), actor);
    if (end) return { answer: answer([t(`pass.ended.${end}`)], colours.good) };
    return { answer: answer([t('pass.ended.not', { why: t(`errors.${failure ?? 'tryAgain'}`) })], colours.bad) };
  }

  return {
    buttons: {
      pass: inPrivate(everyone, choose),
      'end-pass': inPrivate(everyone, end),
    },
    selects: { pass: inPrivate(everyone, ask) },
  } satisfies Handlers;
}

function outcome(t: Translate, outcome: PassOutcome): Reply {
  if (outcome.way === 'asked') return { answer: askedAnswer(t, outcome.asked) };
  const { result: request, pass, delivered, lost } = outcome;
  if (request.state !== 'done' || !pass) {
    const text = request.state === 'failed' ? trouble(t, request) : t('asked.approved');
    return { answer: answer([text], colours.bad), delivered, lost };
  }
  const params = { name: escapeText(request.accountName), restriction: pass.restriction };
  const text =
    pass.endsAt === undefined
      ? t('pass.openedForGood', params)
      : t('pass.opened', { ...params, at: seconds(pass.endsAt) });
  const parts = pass.endsAt === undefined ? [text] : [text, [endButton(t, pass)]];
  return { answer: answer(parts, colours.good), delivered, lost };
}
