import { addressText, escapeText, label, longestName } from '../../discord/escape.js';
import { colours, notice, type MessageBody, type Button, seconds, who } from '../../discord/parts.js';
import type { Params } from '../../errors.js';
import { deviceLine, signOutButton } from '../devices/device-parts.js';
import type { Denial, Lockout, LockoutCard, LockoutMessages, SignInFacts } from '../../services/lockouts/lockout.js';
import { lockDetailsId, unlockButtonId } from '../../services/lockouts/lockout-notices.js';
import { denialDetailsId, signOutButtonId } from '../../services/lockouts/not-me.js';
import { type DecidingRoleIds, isNameOnly } from '../../services/notices/admin-channel.js';
import { notMeButtonId } from '../../services/notices/account-notices.js';
import type { SentencesFor, Translate } from '../../words.js';
import { firstOf, inFives, linesWithin, listOf } from '../shared/lists.js';

/** So many accounts with a button each fit one card: four rows of five. */
const mostShown = 20;
const mostNames = 10;
/** Discord takes 4,096 characters. */
const roomForLines = 3900;

/** So many lines of each kind fit a field, which Discord limits to 1024 characters. */
const mostLines = { tries: 10, signIns: 6, devices: 6 };

/** Draws what is said about lockouts; addresses and names come from the server's log, so they are escaped. */
export class DiscordLockoutMessages implements LockoutMessages {
  constructor(
    private readonly sentencesFor: SentencesFor,
    private readonly roles: Pick<DecidingRoleIds, 'helperRoleIds'>,
  ) {}

  toOwner(noticeId: number, memberId: string, lockout: Lockout, unlock: 'now' | 'ask'): MessageBody {
    const { accountId, accountName, address, lockedAt, provider } = lockout;
    const t = this.sentencesFor(memberId);
    const name = escapeText(accountName);
    const content = from(t, 'owner', { name }, address);
    const label = t(unlock === 'now' ? 'buttons.unlock' : 'buttons.askUnlock');
    const presses = { unlock: label, reset: t('buttons.askReset'), notMe: t('lockout.notMe') };
    const next =
      provider === undefined
        ? t('lockout.next', presses)
        : t('lockout.nextElsewhere', { ...presses, provider: escapeText(provider) });
    const text = [t('lockout.locked', { at: seconds(lockedAt) }), ...opening(t, lockout), next].join('\n');
    const askReset: Button = { id: `resetpw:ask:${accountId}`, label: presses.reset, style: 'primary' };
    return notice(content, { colour: colours.waiting, text }, [
      [
        { id: `unlock:ask:${accountId}`, label, style: 'success' },
        ...(provider === undefined ? [askReset] : []),
        notMe(t, noticeId),
      ],
    ]);
  }

  deniedByOwner(memberId: string, { accountName }: Lockout): MessageBody {
    return lockoutDenied(this.sentencesFor(memberId), accountName, true, true);
  }

  over(noticeId: number, memberId: string, { accountName, end }: Lockout, mayDeny: boolean): MessageBody {
    const t = this.sentencesFor(memberId);
    const name = escapeText(accountName);
    if (end === 'gone') return notice(t('lockout.overGone', { name }));
    const how = end === 'disabled' ? 'overDisabled' : end === 'again' ? 'overAgain' : 'over';
    const sentence = t(`lockout.${how}`, { name });
    if (!mayDeny) return notice(sentence);
    const text = t('lockout.overNotMe', { notMe: t('lockout.notMe') });
    return notice(sentence, { colour: colours.quiet, text }, [[notMe(t, noticeId)]]);
  }

  notTheirs(memberId: string): MessageBody {
    return notice(this.sentencesFor(memberId)('lockout.notTheirs'));
  }

  card(card: LockoutCard, lockouts: readonly Lockout[]): MessageBody {
    return lockoutCard(this.sentencesFor(), card, lockouts, (each) => isNameOnly(each, this.roles));
  }

  denied(denial: Denial, facts: SignInFacts | 'hidden' | undefined): MessageBody {
    const t = this.sentencesFor();
    const params = { member: who(t, denial.memberId), name: escapeText(denial.accountName) };
    const { accountId, id, signedOutBy, signedOutAt } = denial;
    const isHidden = facts === 'hidden';
    const open = isHidden ? t('account.administratorOnly') : deniedHint(t, facts);
    const text =
      signedOutBy === undefined
        ? open
        : t('signOut.doneBy', { by: who(t, signedOutBy), at: seconds(signedOutAt ?? 0) });
    const button: Button = isHidden
      ? { id: denialDetailsId(accountId, id), label: t('buttons.details') }
      : { ...signOutButton(t, accountId), id: signOutButtonId(accountId, id) };
    const details = {
      colour: signedOutBy === undefined ? colours.waiting : colours.quiet,
      text,
      fields: isHidden ? [] : fields(t, facts),
    };
    return notice(t('lockout.denied', params), details, [signedOutBy === undefined ? [button] : []]);
  }
}

/** An owner's message once they have said that it was somebody else: how they get in now. */
export function lockoutDenied(t: Translate, accountName: string, areAdminsTold: boolean, isLocked: boolean) {
  const said = t(`lockout.${areAdminsTold ? 'notMeThanks' : 'notMeUntold'}`, { name: escapeText(accountName) });
  const text = t(`lockout.${isLocked ? 'notMeNext' : 'notMeOpen'}`);
  return notice(said, { colour: colours.waiting, text });
}

/** What is known of sign-ins to an account whose owner said so, with what to do, for an answer. */
export function denialDetails(t: Translate, facts: SignInFacts | undefined): string {
  return [deniedHint(t, facts), ...fields(t, facts).map(({ name, value }) => `**${name}**\n${value}`)].join('\n');
}

function deniedHint(t: Translate, facts: SignInFacts | undefined): string {
  return t(facts ? 'lockout.deniedHint' : 'lockout.deniedUnknown');
}

function notMe(t: Translate, noticeId: number): Button {
  return { id: notMeButtonId(noticeId), label: t('lockout.notMe'), style: 'danger' };
}

function fields(t: Translate, facts: SignInFacts | undefined) {
  if (!facts) return [];
  const moment = ({ at, address }: SignInFacts['signIns'][number]) => from(t, 'moment', { at: seconds(at) }, address);
  const lines = (all: readonly string[], most: number) =>
    all.length === 0 ? t('lockout.none') : firstOf(t, all, most).join('\n');
  const devices = facts.devices.map((each) => deviceLine(t, each));
  const newest = [...facts.signIns].sort((one, other) => other.at - one.at);
  const tries = [...facts.tries].sort((one, other) => other.at - one.at);
  return [
    { name: t('lockout.tries'), value: lines(tries.map(moment), mostLines.tries) },
    { name: t('lockout.signIns'), value: lines(newest.map(moment), mostLines.signIns) },
    { name: t('lockout.devices'), value: lines(devices, mostLines.devices) },
  ];
}

/** The admin channel's card about lockouts: who is locked, what became of it, and Unlock for each that still is. */
function lockoutCard(
  t: Translate,
  card: LockoutCard,
  lockouts: readonly Lockout[],
  hides: (lockout: Lockout) => boolean,
): MessageBody {
  const newest = [...new Map(lockouts.map((each) => [each.accountId, each])).values()];
  const standing = newest.filter(({ state }) => state === 'locked');
  const shown = [...standing, ...newest.filter(({ state }) => state !== 'locked')].slice(0, mostShown);
  const lines = shown.map((each) => line(t, each, hides(each)));
  const text = linesWithin(t, lines, roomForLines, newest.length);
  const isOver = standing.length === 0;
  const buttons = shown
    .filter(isOpenHere)
    .map((each) => (hides(each) ? details : unlock)(t, card, each, newest.length > 1));
  const content = isOver ? overSentence(t, newest) : sentence(t, standing, hides);
  const colour = standing.some(isOpenHere) ? colours.waiting : colours.quiet;
  return notice(content, { colour, text: text.join('\n') }, inFives(buttons));
}

/** Whether it waits for a press on this card, and not on that of a request. */
const isOpenHere = ({ state, requestId }: Lockout) => state === 'locked' && requestId === undefined;

function sentence(t: Translate, standing: readonly Lockout[], hides: (lockout: Lockout) => boolean): string {
  const [only, ...others] = standing;
  if (!only || others.length > 0) return t('lockout.cardMany', { count: standing.length, names: names(t, standing) });
  return from(t, 'card', { name: nameOf(only) }, hides(only) ? undefined : only.address);
}

function overSentence(t: Translate, all: readonly Lockout[]): string {
  const over = all.filter(({ end }) => end !== 'again');
  if (over.length === 0) return t('lockout.cardAgain', { names: names(t, all) });
  const params = { count: over.length, names: names(t, over) };
  return t(over.length === 1 ? 'lockout.cardOver' : 'lockout.cardManyOver', params);
}

function line(t: Translate, lockout: Lockout, isHidden: boolean): string {
  const { state, end, unlockedBy, endedAt, lockedAt, owners } = lockout;
  const name = nameOf(lockout);
  if (state === 'ended') {
    if (end === 'unlocked' && unlockedBy === 'latchkey')
      return t('lockout.ended.itself', { name, at: seconds(endedAt ?? lockedAt) });
    // The bot's own doing has no member to name.
    const isByMember = unlockedBy !== undefined && /^(\d+$|forgotten-)/.test(unlockedBy);
    const how = end === undefined || (end === 'unlocked' && !isByMember) ? 'open' : end;
    return t(`lockout.ended.${how}`, {
      name,
      by: who(t, unlockedBy ?? 'latchkey'),
      at: seconds(endedAt ?? lockedAt),
    });
  }
  const asked = lockout.requestId === undefined ? [] : [t('lockout.asked')];
  if (isHidden) return [`**${name}** · ${t('account.administratorOnly')}`, ...asked].join(' ');
  const isToBeSaid = asked.length === 0 && owners !== undefined && owners !== 'over';
  const told = isToBeSaid ? [t(`lockout.owners.${owners}`)] : asked;
  return [lockedSince(t, lockout), ...opening(t, lockout), ...told].join(' ');
}

/** Since when an account is locked, and from where the wrong passwords came. */
export function lockedSince(t: Translate, lockout: Lockout): string {
  return from(t, 'line', { name: nameOf(lockout), at: seconds(lockout.lockedAt) }, lockout.address);
}

/** A sentence that says the address, too, where one is known. */
function from(t: Translate, what: 'owner' | 'card' | 'line' | 'moment', params: Params, address: string | undefined) {
  if (address === undefined) return t(`lockout.${what}`, params);
  return t(`lockout.${what}From`, { ...params, address: addressText(address) });
}

/** When a lock ends by itself, where the household wants that. */
export function opening(t: Translate, { opensAt, tooOften }: Lockout): string[] {
  if (opensAt !== undefined) return [t('lockout.opens', { at: seconds(opensAt) })];
  return tooOften ? [t('lockout.tooOften')] : [];
}

function unlock(t: Translate, card: LockoutCard, { accountId, accountName }: Lockout, isOneOfMany: boolean): Button {
  const name = label(accountName, longestName);
  return {
    id: unlockButtonId(accountId, card.id),
    label: isOneOfMany ? t('buttons.unlockName', { name }) : t('buttons.unlock'),
    style: 'success',
  };
}

function details(t: Translate, card: LockoutCard, { accountId, accountName }: Lockout, isOneOfMany: boolean): Button {
  const name = isOneOfMany ? `: ${label(accountName, longestName)}` : '';
  return { id: lockDetailsId(accountId, card.id), label: `${t('buttons.details')}${name}` };
}

function names(t: Translate, lockouts: readonly Lockout[]): string {
  return listOf(t, lockouts.slice(0, mostNames).map(nameOf), lockouts.length);
}

function nameOf({ accountName }: Lockout): string {
  return escapeText(accountName, longestName);
}
