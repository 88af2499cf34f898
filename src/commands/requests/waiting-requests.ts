import { escapeText } from '../../discord/escape.js';
import type { Translate } from '../../words.js';
import {
  type Asked,
  helpersMayDecide,
  type Request,
  requestButtonIds,
  isByName,
} from '../../services/requests/request.js';
import { decideButtons, hasOwner, names } from './request-card.js';
import {
  answer,
  colours,
  type MessageBody,
  seconds,
  type Button,
  type Part,
  rule,
  whatIsAsked,
} from '../../discord/parts.js';
import type { Context, Reply } from '../../discord/command.js';
import type { Services } from '../../services/create-services.js';
import type { Rank } from '../../services/members/actor.js';
import type { LinkingFacts } from '../../services/requests/request-deps.js';
import { pageOf, turning } from '../shared/lists.js';

/** What somebody hears who has just asked, or asks again; `why` it had to be asked for comes first. */
export function askedAnswer(t: Translate, { request, isNew, isReaching, endsAt }: Asked, why?: string): MessageBody {
  if (request.state === 'approved' && request.delivery === 'button') {
    const show = { id: requestButtonIds(request).show, label: t('buttons.showPassword'), style: 'primary' } as const;
    return answer([t('told.approved', { account: escapeText(request.accountName) }), [show]], colours.waiting);
  }
  if (request.state === 'approved') return answer([t('asked.approved')], colours.waiting);
  const params = { name: escapeText(request.accountName), at: seconds(request.createdAt) };
  const isNamed = isByName(request);
  // One that names an account waits whatever name is given this time: its asker is told which one it was.
  const again = t(isNamed ? 'asked.againByName' : 'asked.again', params);
  const asked = isNamed
    ? t(`asked.byName.${request.kind}`, params)
    : t(`asked.${request.kind}`, { ...params, ...request.pass });
  const sentence = isReaching ? (isNew ? asked : again) : t('asked.unreached', { what: whatIsAsked(t, request) });
  const ends = isReaching ? [t('asked.ends', { at: seconds(endsAt) })] : [];
  const limited = request.kind === 'reset' && request.snapshot?.isLimited ? [t('asked.limited')] : [];
  const said = [...(why === undefined ? [] : [why]), [sentence, ...limited, ...ends].join('\n')];
  return answer([...said, [{ id: `requests:cancel:${request.id}`, label: t('buttons.cancel') }]], colours.waiting);
}

/** For whoever is linked to nothing, and names an account. */
export function byName({ requests }: Pick<Services, 'requests'>, kind: 'unlock' | 'reset') {
  return ({ actor, t, channelId }: Context, name: string): Reply => ({
    answer: askedAnswer(t, requests.askByName(kind, actor, name, channelId)),
  });
}

/** So many requests fit one screen, and with their buttons, and what else is to be said, the 40 components of one answer. */
const perPage = 6;

/** A page of them, and the way to the others. */
export function waitingPage(
  t: Translate,
  waiting: readonly Request[],
  rank: Rank,
  factsAbout: (request: Request) => LinkingFacts,
  wantedPage: number,
): Part[] {
  const { page, pages } = pageOf(waiting, wantedPage, perPage);
  const lines = waitingLines(t, waiting.slice(page * perPage), rank, factsAbout, perPage);
  const separated = lines.flatMap((each): Part[] => (typeof each === 'string' ? [rule, each] : [each]));
  const heading = t('requestCard.waiting', { count: waiting.length });
  return [heading, ...separated, ...(pages > 1 ? [turning(t, 'requests:page:list', page, pages)] : [])];
}

/**
 * One line for each waiting request, with the buttons of whoever reads them: what makes a link, or is about an
 * administrator's account, is the admins' to decide.
 */
export function waitingLines(
  t: Translate,
  waiting: readonly Request[],
  rank: Rank,
  factsAbout: (request: Request) => LinkingFacts,
  most: number,
): (string | Button[])[] {
  const lines = waiting.slice(0, most).flatMap((request) => {
    const mayDecide = rank === 'admin' || helpersMayDecide(request);
    return [
      line(t, request, factsAbout(request), mayDecide),
      ...(mayDecide ? [decideButtons(t, request, request.offeredId !== undefined)] : []),
    ];
  });
  const more = waiting.length - most;
  return more > 0 ? [...lines, t('status.more', { count: more })] : lines;
}

/** Why a request that links cannot be approved here. */
function notOffered(t: Translate, { linksOnApproval, offeredId, card }: Request): string | undefined {
  if (!linksOnApproval || offeredId !== undefined) return undefined;
  return card ? t('status.pickOnCard', { channel: `<#${card.channelId}>` }) : t('requestCard.noCandidates');
}

function line(t: Translate, request: Request, { asker, owners }: LinkingFacts, mayDecide: boolean): string {
  const asked = t('status.waitingLine', {
    member: request.memberId,
    what: whatIsAsked(t, request),
    at: seconds(request.createdAt),
  });
  const why = mayDecide ? notOffered(t, request) : t('status.adminsDecide');
  // As on its card: it can be approved from here, too.
  const called = asker && mayDecide && request.linksOnApproval ? names(t, request, asker) : [];
  const whose = owners.length > 0 ? [hasOwner(t, owners)] : [];
  return [asked, ...called, ...whose, ...(why === undefined ? [] : [why])].join('\n');
}
