import { AppError } from '../../errors.js';
import type { Context } from '../../discord/command.js';
import { escapeText, label, longestName } from '../../discord/escape.js';
import { type Button, rule, seconds, who } from '../../discord/parts.js';
import { lockState, type Account, type LockState } from '../../services/accounts/account.js';
import type { Rank } from '../../services/members/actor.js';
import type { TempPassword } from '../../services/passwords/temp-password.js';
import type { Services } from '../../services/create-services.js';
import { waitingLines } from '../requests/waiting-requests.js';
import { inFives, linesWithin, listOf, within } from '../shared/lists.js';

type Deps = Pick<Services, 'accounts' | 'jellyfin' | 'links' | 'passes' | 'requests' | 'tempPasswords'>;
type Parts = (string | Button[] | typeof rule)[];

/** So many names or lines of one kind fit a phone's screen. */
const mostNames = 10;
/** Names in which much has to be escaped are twice as long; all kinds of them, and what waits, have to fit one answer. */
const roomForNames = 430;
/** Discord takes 4,000 characters in all, and what a person has still to hear may come before this. */
const roomForAll = 3500;
/** Each is four components of the 40 that an answer may have; ten locked accounts and the rest leave room for so many. */
const mostWaiting = 4;

/** The household at a glance, for helpers and up; a Jellyfin that is down does not hide what the bot itself knows. */
export async function householdParts(
  services: Deps,
  { t, actor }: Pick<Context, 't'> & { readonly actor: Pick<Context['actor'], 'rank'> },
): Promise<Parts> {
  const waiting = services.requests.pending();
  const parts = [
    ...(await serverParts(services, t, actor.rank)),
    rule,
    ...(waiting.length > 0
      ? [
          t('status.waiting'),
          ...waitingLines(t, waiting, actor.rank, (each) => services.links.factsAbout(each), mostWaiting),
        ]
      : [t('status.waitingNone')]),
    ...passLines(services, t, actor.rank),
  ];
  const written = parts.reduce((sum, part) => sum + (typeof part === 'string' ? part.length + 1 : 0), 0);
  return [...parts, ...passwordParts(services, t, actor.rank, roomForAll - written)];
}

async function serverParts(services: Deps, t: Context['t'], rank: Rank): Promise<Parts> {
  try {
    // Asked anew, not from memory: whoever looks here has just been told that somebody cannot sign in.
    const [server, { accounts, keptSince }] = await Promise.all([
      services.jellyfin.serverInfo(),
      services.accounts.latest(),
    ]);
    const heading = t('status.server', {
      name: escapeText(server.name, longestName),
      version: escapeText(server.version, longestName),
    });
    const kept = keptSince === undefined ? [] : [t('status.keptList', { at: seconds(keptSince) })];
    return [heading, ...kept, ...accountParts(accounts, t, rank)];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [...t.withFix(error.code, error.params)];
  }
}

function accountParts(accounts: readonly Account[], t: Context['t'], rank: Rank): Parts {
  const inState = (state: LockState) => accounts.filter((account) => lockState(account) === state);
  const locked = inState('locked');
  const overLimit = inState('overLimit');
  const disabled = inState('disabled');
  const parts: Parts = [];
  if (locked.length === 0) parts.push(t('status.lockedNone'));
  else parts.push(t('status.locked', { count: locked.length, names: names(locked, t) }));
  if (overLimit.length > 0) parts.push(t('status.overLimit', { names: names(overLimit, t) }));
  // A helper would be refused at an administrator's.
  const unlockable = [...locked, ...overLimit].filter((each) => rank === 'admin' || !each.isAdministrator);
  parts.push(...inFives(unlockable.slice(0, mostNames).map((account) => unlockButton(account, t))));
  if (disabled.length > 0) parts.push(t('status.disabled', { names: names(disabled, t) }));
  return parts;
}

function unlockButton(account: Account, t: Context['t']): Button {
  const name = label(account.name, 40);
  return { id: `unlock:now:${account.id}`, label: t('buttons.unlockName', { name }), style: 'success' };
}

function names(accounts: readonly Account[], t: Context['t']): string {
  const shown = accounts.slice(0, mostNames).map((account) => escapeText(account.name, longestName));
  return listOf(t, within(shown, roomForNames), accounts.length);
}

/** What is open for a while; of administrators' accounts for admins only. */
function passLines({ passes, requests }: Deps, t: Context['t'], rank: Rank): string[] {
  const lines = passes.open().flatMap(({ requestId, restriction, endsAt }) => {
    const request = requests.byId(requestId);
    if (!request || (request.adminAccount && rank !== 'admin')) return [];
    const account = escapeText(request.accountName, longestName);
    return [t('status.passLine', { account, restriction, at: seconds(endsAt ?? 0) })];
  });
  return lines.length > 0 ? [[t('status.passes'), ...linesWithin(t, lines, roomForNames)].join('\n')] : [];
}

function passwordParts(services: Deps, t: Context['t'], rank: Rank, room: number): Parts {
  const isShown = ({ requestId }: TempPassword) =>
    rank === 'admin' || services.requests.byId(requestId)?.adminAccount === false;
  const outstanding = services.tempPasswords.outstanding().filter(isShown);
  if (outstanding.length === 0) return [];
  const lines = outstanding.slice(-mostNames).map((each) => {
    const account = escapeText(services.requests.byId(each.requestId)?.accountName ?? '', longestName);
    const params = { account, member: who(t, each.memberId) };
    return each.usedAt === undefined
      ? t('status.passwordLine', { ...params, at: seconds(each.expiresAt) })
      : t('status.passwordLineUsed', { ...params, at: seconds(each.begunAt) });
  });
  const heading = t('status.passwords');
  return [rule, [heading, ...linesWithin(t, lines, room - heading.length, outstanding.length)].join('\n')];
}
