import { escapeText, label } from '../../discord/escape.js';
import { colours, notice, type Answer, type Button } from '../../discord/parts.js';
import type { Lockout, LockoutCard } from '../../services/lockouts/lockout.js';
import { lockoutMark } from '../../services/lockouts/lockout-messages.js';
import type { Translate } from '../../words.js';
import { seconds } from '../accounts/account-lines.js';
import { fitting } from '../shared/paging.js';
import { who } from '../shared/who.js';

/** So many accounts with a button each fit one card: four rows of five. */
const mostShown = 20;
const mostNames = 10;
/** Long names would push the sentence off a lock screen. */
const longestName = 40;
/** Discord takes 4,096 characters. */
const roomForLines = 3900;

/** The admin channel's card about lockouts: who is locked, what became of it, and Unlock for each that still is. */
export function lockoutCard(t: Translate, card: LockoutCard, lockouts: readonly Lockout[]): Answer {
  const newest = [...new Map(lockouts.map((each) => [each.accountId, each])).values()];
  const standing = newest.filter(({ state }) => state === 'locked');
  const shown = [...standing, ...newest.filter(({ state }) => state !== 'locked')].slice(0, mostShown);
  const lines = shown.map((each) => line(t, each));
  const text = fitting(t, lines, roomForLines, newest.length);
  const isOver = standing.length === 0;
  const buttons = shown
    .filter(({ state }) => state === 'locked')
    .map((each) => unlock(t, card, each, newest.length > 1));
  const content = isOver ? overSentence(t, newest) : sentence(t, standing);
  return notice(content, { colour: isOver ? colours.quiet : colours.waiting, text: text.join('\n') }, inFives(buttons));
}

function sentence(t: Translate, standing: readonly Lockout[]): string {
  const [only, ...others] = standing;
  if (!only || others.length > 0)
    return t('lockoutWord.cardMany', { count: standing.length, names: names(t, standing) });
  const name = nameOf(only);
  if (only.address === undefined) return t('lockoutWord.card', { name });
  return t('lockoutWord.cardFrom', { name, address: addressText(only.address) });
}

function overSentence(t: Translate, all: readonly Lockout[]): string {
  const over = all.filter(({ end }) => end !== 'again');
  if (over.length === 0) return t('lockoutWord.cardAgain', { names: names(t, all) });
  const params = { count: over.length, names: names(t, over) };
  return t(over.length === 1 ? 'lockoutWord.cardOver' : 'lockoutWord.cardManyOver', params);
}

function line(t: Translate, lockout: Lockout): string {
  const { state, end, unlockedBy, endedAt, lockedAt, address, owners } = lockout;
  const name = nameOf(lockout);
  if (state === 'ended') {
    // The bot's own doing has no member to name.
    const isByMember = unlockedBy !== undefined && /^(\d+$|forgotten-)/.test(unlockedBy);
    const how = end === undefined || (end === 'unlocked' && !isByMember) ? 'open' : end;
    return t(`lockoutWord.ended.${how}`, {
      name,
      by: who(t, unlockedBy ?? 'latchkey'),
      at: seconds(endedAt ?? lockedAt),
    });
  }
  const at = seconds(lockedAt);
  const locked =
    address === undefined
      ? t('lockoutWord.line', { name, at })
      : t('lockoutWord.lineFrom', { name, at, address: addressText(address) });
  return owners === undefined || owners === 'over' ? locked : `${locked} ${t(`lockoutWord.owners.${owners}`)}`;
}

function unlock(t: Translate, card: LockoutCard, lockout: Lockout, isOneOfMany: boolean): Button {
  const name = label(lockout.accountName, longestName);
  return {
    id: lockoutMark.unlock(lockout.accountId, card.id),
    label: isOneOfMany ? t('buttons.unlockName', { name }) : t('buttons.unlock'),
    style: 'success',
  };
}

function names(t: Translate, lockouts: readonly Lockout[]): string {
  const more = lockouts.length - mostNames;
  const first = lockouts.slice(0, mostNames).map(nameOf);
  return [...first, ...(more > 0 ? [t('status.more', { count: more })] : [])].join(', ');
}

function nameOf({ accountName }: Lockout): string {
  return escapeText(label(accountName, longestName));
}

function inFives(buttons: readonly Button[]): Button[][] {
  return buttons.length === 0 ? [] : [buttons.slice(0, 5), ...inFives(buttons.slice(5))];
}

/** An address inside a sentence. One such as 192.168.1.20 holds nothing to escape, and a lock screen shows backslashes. */
export function addressText(address: string): string {
  return /^[\d.]+$/.test(address) ? address : escapeText(address);
}
