import { escapeText } from '../../discord/escape.js';
import { lockState, type Account, type NamedAccount } from '../../services/accounts/account.js';
import { type Cause, isUnsure, type Mend, mendsOf } from '../../services/causes/cause.js';
import type { Why } from '../../services/causes/causes.js';
import type { Translate } from '../../words.js';
import { devicesButton } from '../devices/device-parts.js';
import { lockedSince, opening } from '../lockouts/lockout-messages.js';
import { type Button, colours, type LinkButton, type Part, seconds, whatIsAsked } from '../../discord/parts.js';
import { isGone } from '../../errors.js';
import type { Context } from '../../discord/command.js';
import { helps } from '../../services/members/actor.js';
import type { Request } from '../../services/requests/request.js';
import type { Services } from '../../services/create-services.js';
import { causeLines, proofLine } from '../causes/cause-lines.js';
import { unusedPasswordParts } from '../passwords/unused-password.js';
import { passParts } from '../passes/pass-parts.js';
import { inFives } from '../shared/lists.js';

/** Opens the modal for a code, for one of the person's own accounts: often nobody needs a password at all. */
export function signInButton(t: Translate, accountId: string): Button {
  return { id: `signin:open:${accountId}`, label: t('buttons.signIn') };
}

/** Discord takes no link to a bare host name such as `http://nas:8096`; messages have the address as text, too. */
export function jellyfinLink(t: Translate, publicUrl: string | undefined): LinkButton[] {
  const isPlace = publicUrl !== undefined && /[.:]/.test(new URL(publicUrl).hostname);
  return isPlace ? [{ url: publicUrl, label: t('buttons.openJellyfin') }] : [];
}

/** What an account's card is drawn from. */
export type AccountCardServices = Pick<
  Services,
  | 'causes'
  | 'jellyfin'
  | 'lockouts'
  | 'ownership'
  | 'passes'
  | 'passwordHandover'
  | 'permissions'
  | 'picker'
  | 'requests'
  | 'unlocks'
  | 'now'
>;

/** So many accounts are read for one answer. */
const mostAccounts = 4;
/** So many components their cards may have: Discord takes 40 in one message, and what is still owed to somebody stands above. */
const mostComponents = 30;

/** Several accounts, one below the other; one that is gone is said to be. Throws a Jellyfin code when one cannot be read. */
export async function accountCards(
  services: AccountCardServices,
  context: Context,
  accounts: readonly NamedAccount[],
): Promise<(string | Button[])[]> {
  const wanted = accounts.slice(0, mostAccounts);
  const read = await readAll(services.jellyfin, wanted);
  const causes = await services.causes.ofAll(read);
  const cards = wanted.map(async (account) => {
    const at = read.findIndex(({ id }) => id === account.id);
    const found = read[at];
    if (!found) return [goneLine(context.t, account)];
    const maySee = helps(context.actor) || services.ownership.has(context.actor.id, found.id);
    return maySee ? accountCard(services, context, found, { causes: causes[at] }) : [context.t('errors.linkUnproved')];
  });
  const parts: (string | Button[])[] = [];
  let shown = 0;
  for (const card of await Promise.all(cards)) {
    if (components(parts) + components(card) > mostComponents) break;
    parts.push(...card);
    shown += 1;
  }
  return accounts.length > shown ? [...parts, context.t('pick.more')] : parts;
}

/** One call, however many accounts; those that are gone are left out. */
async function readAll(jellyfin: Services['jellyfin'], wanted: readonly NamedAccount[]): Promise<Account[]> {
  const [only, ...others] = wanted;
  if (only && others.length === 0) {
    const found = await jellyfin.getAccount(only.id).catch(unlessGone);
    return found ? [found] : [];
  }
  return (await jellyfin.listAccounts()).filter(({ id }) => wanted.some((each) => each.id === id));
}

/** A row counts, as do its buttons. */
function components(parts: readonly (string | Button[])[]): number {
  return parts.reduce((sum, part) => sum + 1 + (typeof part === 'string' ? 0 : part.length), 0);
}

/** A link outlives the account that was deleted in Jellyfin; the other accounts are still worth seeing. */
function unlessGone(error: unknown): undefined {
  if (!isGone(error)) throw error;
}

function goneLine(t: Context['t'], { name }: NamedAccount): string {
  return `${t('account.heading', { name: escapeText(name) })}\n${t('account.gone')}`;
}

/**
 * One account for somebody who may see it: why it cannot be signed in to, and the buttons that help now. `causes`: where they
 * were looked for already; `why`: where somebody asked which it was.
 */
export async function accountCard(
  services: AccountCardServices,
  { actor, t }: Context,
  account: Account,
  found: { readonly causes?: readonly Cause[] | undefined; readonly why?: Why | undefined } = {},
): Promise<(string | Button[])[]> {
  const isOwn = services.picker.accountsOf(actor.id).some((each) => each.id === account.id);
  if (account.isAdministrator && actor.rank === 'helper' && !isOwn) return [nameOnly(t, account)];
  const about = (request: Request) => request.accountId === account.id;
  const open = services.requests.openOf(actor.id).filter(about);
  // A helper sees whoever waits for something; what a member may do depends on their own alone.
  const others = helps(actor) ? services.requests.pending().filter((each) => about(each) && !isIn(open, each)) : [];
  const { why } = found;
  const causes = why?.causes ?? found.causes ?? (await services.causes.of(account));
  const mayChange = await services.permissions.mayChange(actor, account);
  const mayPass = isOwn || (mayChange && actor.rank === 'admin');
  const passes = mayPass ? passParts(services, t, account, isOwn) : { open: [], end: [] };
  const lockout = services.lockouts.locked().find(({ accountId }) => accountId === account.id);
  const lock = lockout && lockState(account) === 'locked' ? [lockedSince(t, lockout), ...opening(t, lockout)] : [];
  const said = [causeLines(t, account, causes), ...lock, ...passes.open].join('\n');
  const parts: (string | Button[])[] = [...(why ? [proofLine(t, why.proof)] : []), said];
  if (actor.rank === 'admin' && causes.some(({ kind }) => kind === 'oldApp')) parts.push(t('account.oldAppSwitch'));
  for (const request of open) {
    const { state, createdAt } = request;
    parts.push(t('account.open', { what: whatIsAsked(t, request), state, at: seconds(createdAt) }));
  }
  for (const request of others) {
    const params = { member: request.memberId, what: whatIsAsked(t, request), at: seconds(request.createdAt) };
    parts.push(t('status.waitingLine', params));
  }
  const unused = unusedPasswordParts(t, isOwn ? services.passwordHandover.unused(actor.id, account) : undefined);
  parts.push(...unused.text);
  const mends = mendsOf(account, causes);
  const unlock = t(services.unlocks.mayOwnerUnlock(account) ? 'buttons.unlock' : 'buttons.askUnlock');
  const offered: MendButtons = {
    ...(isOwn && askingButtons(t, account, open, unlock)),
    ...(mayChange && actingButtons(t, account)),
    ...(mayChange && actor.rank === 'admin' && adminButtons(t, account)),
    ...((isOwn || mayChange) && { devices: devicesButton(t, account.id, isOwn) }),
    ...('ask' in passes && { pass: passes.ask }),
  };
  const buttons = mends.flatMap((mend) => offered[mend] ?? []);
  const waiting = !mayChange && open.find((request) => request.state === 'pending');
  if ((isOwn || mayChange) && !why && isUnsure(causes))
    // Looks into Jellyfin's log.
    buttons.push({ id: `status:why:${account.id}`, label: t('buttons.why') });
  if (waiting) buttons.push({ id: `requests:cancel:${waiting.id}`, label: t('buttons.cancel') });
  // Where it is no cure, it may still be looked at.
  const isOff = lockState(account) === 'disabled';
  if (offered.devices && !isOff && !mends.includes('devices')) buttons.push(offered.devices);
  return [...parts, ...inFives([...unused.buttons, ...buttons, ...passes.end])];
}

/** What helpers see of an administrator's account. */
function nameOnly(t: Translate, { name }: Account): string {
  return `${t('account.heading', { name: escapeText(name) })}\n${t('account.administratorOnly')}`;
}

/** The colour of what stands there: whether it offers what somebody is waited for to press. */
export function colourOf(parts: readonly Part[]): number | undefined {
  const ids = parts.flatMap((part) => (Array.isArray(part) ? (part as Button[]).map(({ id }) => id) : []));
  return ids.some((id) => /^(unlock|requests):/.test(id)) ? colours.waiting : undefined;
}

const isIn = (requests: readonly Request[], { id }: Request) => requests.some((each) => each.id === id);

/** The buttons of what somebody may do at once, by what they mend. */
type MendButtons = Partial<Record<Mend, Button>>;

function actingButtons(t: Context['t'], { id }: Account): MendButtons {
  return {
    unlock: { id: `unlock:now:${id}`, label: t('buttons.unlock'), style: 'success' },
    reset: { id: `resetpw:now:${id}`, label: t('buttons.reset') },
  };
}

/** Each puts a question first. What undoes an administrator's decision is not for helpers; an administrator's own account is mended by a rescue. */
function adminButtons(t: Context['t'], { id, isAdministrator }: Account): MendButtons {
  return {
    enable: { id: `status:enable:${id}`, label: t('buttons.enable'), style: 'success' },
    ...(!isAdministrator && { provider: { id: `status:provider:${id}`, label: t('buttons.provider') } }),
  };
}

/** The buttons of an owner, without what they have asked for already. */
function askingButtons(
  t: Context['t'],
  { id, isAdministrator }: Account,
  open: readonly Request[],
  unlock: string,
): MendButtons {
  const asked = (kind: Request['kind']) => open.some((request) => request.kind === kind);
  return {
    signIn: signInButton(t, id),
    ...(!asked('unlock') && { unlock: { id: `unlock:ask:${id}`, label: unlock, style: 'success' } }),
    ...(!asked('reset') && { reset: { id: `resetpw:ask:${id}`, label: t('buttons.askReset'), style: 'primary' } }),
    ...(!asked('enable') && {
      enable: { id: `status:ask-enable:${id}`, label: t('buttons.askEnable'), style: 'success' },
    }),
    ...(!asked('provider') &&
      !isAdministrator && {
        provider: { id: `status:ask-provider:${id}`, label: t('buttons.askProvider'), style: 'primary' },
      }),
  };
}
