import { AppError } from '../../errors.js';
import type { Context } from '../../discord/command.js';
import { escapeText } from '../../discord/escape.js';
import { type Button, seconds } from '../../discord/parts.js';
import { lockState, type Account } from '../../services/accounts/account.js';
import { helps } from '../../services/members/actor.js';
import type { NamedAccount } from '../../services/accounts/account-picker.js';
import type { Request } from '../../services/requests/request.js';
import type { Services } from '../../services/services.js';
import { signInButton, accountLines } from './account-lines.js';
import { whatIsAsked } from '../requests/waiting-requests.js';

type Deps = Pick<Services, 'permissions' | 'requests' | 'picker' | 'unlocks' | 'now'>;

/** An answer has room for so many accounts with their buttons. */
const mostAccounts = 4;

/** Several accounts, one below the other; one that is gone is said to be. Throws a Jellyfin code when one cannot be read. */
export async function accountCards(
  services: Deps & Pick<Services, 'jellyfin'>,
  context: Context,
  accounts: readonly NamedAccount[],
): Promise<(string | Button[])[]> {
  const cards = accounts.slice(0, mostAccounts).map(async (account) => {
    const found = await services.jellyfin.getAccount(account.id).catch(unlessGone);
    return found ? accountCard(services, context, found) : [goneLine(context.t, account)];
  });
  const more = accounts.length > mostAccounts ? [context.t('pick.more')] : [];
  return [...(await Promise.all(cards)).flat(), ...more];
}

/** A link outlives the account that was deleted in Jellyfin; the other accounts are still worth seeing. */
function unlessGone(error: unknown): undefined {
  if (!(error instanceof AppError) || error.code !== 'accountGone') throw error;
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
  return buttons.length > 0 ? [...parts, buttons] : parts;
}

const isIn = (requests: readonly Request[], { id }: Request) => requests.some((each) => each.id === id);

function actingButtons(t: Context['t'], account: Account): Button[] {
  const state = lockState(account);
  if (state === 'disabled') return [];
  const reset: Button = { id: `resetpw:now:${account.id}`, label: t('buttons.reset') };
  if (state === 'open') return [reset];
  return [{ id: `unlock:now:${account.id}`, label: t('buttons.unlock'), style: 'success' }, reset];
}

function askingButtons(t: Context['t'], account: Account, open: readonly Request[], unlock: string): Button[] {
  const state = lockState(account);
  const asked = (kind: Request['kind']) => open.some((request) => request.kind === kind);
  const buttons: Button[] = [];
  if ((state === 'locked' || state === 'overLimit') && !asked('unlock')) {
    buttons.push({ id: `unlock:ask:${account.id}`, label: unlock, style: 'success' });
  }
  if (state !== 'disabled' && !asked('reset')) {
    buttons.push({ id: `resetpw:ask:${account.id}`, label: t('buttons.askReset'), style: 'primary' });
  }
  const waiting = open.find((request) => request.state === 'pending');
  if (waiting) buttons.push({ id: `requests:cancel:${waiting.id}`, label: t('buttons.cancel') });
  return buttons;
}
