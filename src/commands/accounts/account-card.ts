import { escapeText } from '../../discord/escape.js';
import {
  wrongPasswords,
  type Account,
  type NamedAccount,
  type AccessSchedule,
  obstacles,
  type Obstacle,
  lockState,
  otherProvider,
} from '../../services/accounts/account.js';
import type { Translate } from '../../words.js';
import { devicesButton } from '../devices/device-buttons.js';
import { type Button, type LinkButton, seconds, whatIsAsked } from '../../discord/parts.js';
import { isGone } from '../../errors.js';
import type { Context } from '../../discord/command.js';
import { helps } from '../../services/members/actor.js';
import type { Request } from '../../services/requests/request.js';
import type { Services } from '../../services/services.js';

/** Why this person cannot sign in, in sentences; the last line has the figures. */
export function accountLines(t: Translate, account: Account, now: Date): string {
  const found = obstacles(account, now);
  const lines = [t('account.heading', { name: escapeText(account.name) })];
  if (account.isAdministrator) lines.push(t('account.administrator'));
  lines.push(...found.map((each) => obstacleLine(t, each)));
  if (!found.some((each) => each.certain || each.kind === 'provider')) lines.push(t('account.fine'));
  lines.push(`-# ${accountFigures(t, account)}`);
  return lines.join('\n');
}

/** The figures of an account as it is at this moment. */
export function accountFigures(t: Translate, account: Account): string {
  return figures(t, { ...account, failedSignIns: wrongPasswords(account) });
}

/** Failed sign-ins and when the account was last seen, in one short line. */
export function figures(
  t: Translate,
  account: { failedSignIns: number; signInLimit: number; lastSeen?: Date | number | undefined },
): string {
  const failed = account.failedSignIns;
  const count =
    account.signInLimit > 0
      ? t('account.failed', { failed, limit: account.signInLimit })
      : t('account.failedNoLimit', { failed });
  const seen =
    account.lastSeen === undefined ? t('account.neverSeen') : t('account.lastSeen', { at: seconds(account.lastSeen) });
  return `${count} · ${seen}`;
}

function obstacleLine(t: Translate, obstacle: Obstacle): string {
  switch (obstacle.kind) {
    case 'locked':
    case 'overLimit':
      return t(`account.${obstacle.kind}`, { failed: obstacle.failed, limit: obstacle.limit });
    case 'schedule':
      return t('account.schedule', { hours: obstacle.schedules.map((each) => hours(t, each)).join(', ') });
    case 'sessions':
      return t('account.sessions', { limit: obstacle.limit });
    case 'provider':
      return t('account.provider', { provider: escapeText(obstacle.provider) });
    case 'disabled':
    case 'remote':
      return t(`account.${obstacle.kind}`);
  }
}

const days = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Everyday',
  'Weekday',
  'Weekend',
] as const;

function hours(t: Translate, schedule: AccessSchedule): string {
  const day = days.find((each) => each === schedule.day);
  return `${day ? t(`account.day.${day}`) : escapeText(schedule.day)} ${clock(schedule.startHour)}–${clock(schedule.endHour)}`;
}

function clock(hour: number): string {
  const minutes = Math.round(hour * 60);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}

/** Opens the modal for a code, for one of the person's own accounts: often nobody needs a password at all. */
export function signInButton(t: Translate, accountId: string): Button {
  return { id: `signin:open:${accountId}`, label: t('buttons.signIn') };
}

/** Discord takes no link to a bare host name such as `http://nas:8096`; messages have the address as text, too. */
export function jellyfinLink(t: Translate, publicUrl: string | undefined): LinkButton[] {
  const isPlace = publicUrl !== undefined && /[.:]/.test(new URL(publicUrl).hostname);
  return isPlace ? [{ url: publicUrl, label: t('buttons.openJellyfin') }] : [];
}

type Deps = Pick<Services, 'permissions' | 'requests' | 'picker' | 'unlocks' | 'now'>;

/** An answer has room for so many accounts with their buttons. */
const mostAccounts = 4;

/** Several accounts, one below the other; one that is gone is said to be. Throws a Jellyfin code when one cannot be read. */
export async function accountCards(
  services: Deps & Pick<Services, 'jellyfin' | 'ownership'>,
  context: Context,
  accounts: readonly NamedAccount[],
): Promise<(string | Button[])[]> {
  const cards = accounts.slice(0, mostAccounts).map(async (account) => {
    const found = await services.jellyfin.getAccount(account.id).catch(unlessGone);
    if (!found) return [goneLine(context.t, account)];
    const maySee = helps(context.actor) || services.ownership.has(context.actor.id, found.id);
    return maySee ? accountCard(services, context, found) : [context.t('errors.linkUnproved')];
  });
  const more = accounts.length > mostAccounts ? [context.t('pick.more')] : [];
  return [...(await Promise.all(cards)).flat(), ...more];
}

/** A link outlives the account that was deleted in Jellyfin; the other accounts are still worth seeing. */
function unlessGone(error: unknown): undefined {
  if (!isGone(error)) throw error;
}

function goneLine(t: Context['t'], { name }: NamedAccount): string {
  return `${t('account.heading', { name: escapeText(name) })}\n${t('account.gone')}`;
}

/** One account for somebody who may see it: why it cannot be signed in to, and the buttons that help now. */
export async function accountCard(
  services: Deps,
  { actor, t }: Context,
  account: Account,
): Promise<(string | Button[])[]> {
  const about = (request: Request) => request.accountId === account.id;
  const open = services.requests.openOf(actor.id).filter(about);
  // A helper sees whoever waits for something; what a member may do depends on their own alone.
  const others = helps(actor) ? services.requests.pending().filter((each) => about(each) && !isIn(open, each)) : [];
  const parts: (string | Button[])[] = [accountLines(t, account, new Date(services.now()))];
  for (const request of open) {
    const { state, createdAt } = request;
    parts.push(t('account.open', { what: whatIsAsked(t, request), state, at: seconds(createdAt) }));
  }
  for (const request of others) {
    const params = { member: request.memberId, what: whatIsAsked(t, request), at: seconds(request.createdAt) };
    parts.push(t('status.waitingLine', params));
  }
  const isOwn = services.picker.accountsOf(actor.id).some((each) => each.id === account.id);
  const mayChange = await services.permissions.mayChange(actor, account);
  const unlock = t(services.unlocks.mayOwnerUnlock(account) ? 'buttons.unlock' : 'buttons.askUnlock');
  const buttons = mayChange ? actingButtons(t, account) : isOwn ? askingButtons(t, account, open, unlock) : [];
  const state = lockState(account);
  if (isOwn && state !== 'disabled' && state !== 'locked') buttons.push(signInButton(t, account.id));
  if ((isOwn || mayChange) && state !== 'disabled') buttons.push(devicesButton(t, account.id, isOwn));
  return buttons.length > 0 ? [...parts, buttons] : parts;
}

const isIn = (requests: readonly Request[], { id }: Request) => requests.some((each) => each.id === id);

function actingButtons(t: Context['t'], account: Account): Button[] {
  const state = lockState(account);
  if (state === 'disabled') return [];
  const reset: Button[] = otherProvider(account)
    ? []
    : [{ id: `resetpw:now:${account.id}`, label: t('buttons.reset') }];
  if (state === 'open') return reset;
  return [{ id: `unlock:now:${account.id}`, label: t('buttons.unlock'), style: 'success' }, ...reset];
}

function askingButtons(t: Context['t'], account: Account, open: readonly Request[], unlock: string): Button[] {
  const state = lockState(account);
  const asked = (kind: Request['kind']) => open.some((request) => request.kind === kind);
  const buttons: Button[] = [];
  if ((state === 'locked' || state === 'overLimit') && !asked('unlock')) {
    buttons.push({ id: `unlock:ask:${account.id}`, label: unlock, style: 'success' });
  }
  if (state !== 'disabled' && !asked('reset') && !otherProvider(account)) {
    buttons.push({ id: `resetpw:ask:${account.id}`, label: t('buttons.askReset'), style: 'primary' });
  }
  const waiting = open.find((request) => request.state === 'pending');
  if (waiting) buttons.push({ id: `requests:cancel:${waiting.id}`, label: t('buttons.cancel') });
  return buttons;
}
