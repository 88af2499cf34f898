import { escapeText, label } from '../../discord/escape.js';
import { bothNotices, colours, notice, type Answer, type Button } from '../../discord/parts.js';
import { wordMark, type AccountNoticeMessages } from '../../services/notices/account-notices.js';
import type { Denial, Lockout, LockoutCard } from '../../services/lockouts/lockout.js';
import type { Languages } from '../../services/members/member-preferences.js';
import { lockoutMark, type LockoutMessages, type SignInFacts } from '../../services/lockouts/lockout-messages.js';
import type { Translate, Words } from '../../words.js';
import { seconds } from '../accounts/account-lines.js';
import { addressText, lockoutCard } from './lockout-card.js';
import { who } from '../shared/who.js';

/** So many lines of each kind fit a card's field, which Discord limits to 1024 characters. */
const mostLines = { tries: 10, signIns: 6, devices: 6 };

/** What is said about lockouts; the log's addresses and names are other people's words. */
export class DiscordLockoutMessages implements LockoutMessages, AccountNoticeMessages {
  constructor(
    private readonly words: Words,
    private readonly languages: Languages,
  ) {}

  toOwner(wordId: number, to: string, lockout: Lockout, unlock: 'now' | 'ask'): Answer {
    const { accountId, accountName, address, lockedAt } = lockout;
    const t = this.words.in(this.languages.of(to));
    const name = escapeText(accountName);
    const content =
      address === undefined
        ? t('lockoutWord.owner', { name })
        : t('lockoutWord.ownerFrom', { name, address: addressText(address) });
    const label = t(unlock === 'now' ? 'buttons.unlock' : 'buttons.askUnlock');
    const next = t('lockoutWord.next', { unlock: label, reset: t('buttons.askReset'), notMe: t('lockoutWord.notMe') });
    const text = [t('lockoutWord.locked', { at: seconds(lockedAt) }), next].join('\n');
    return notice(content, { colour: colours.waiting, text }, [
      [
        { id: `unlock:ask:${accountId}`, label, style: 'success' },
        { id: `resetpw:ask:${accountId}`, label: t('buttons.askReset'), style: 'primary' },
        notMe(t, wordId),
      ],
    ]);
  }

  over(wordId: number, to: string, { accountName, end }: Lockout): Answer {
    const t = this.words.in(this.languages.of(to));
    const name = escapeText(accountName);
    if (end === 'gone') return notice(t('lockoutWord.overGone', { name }), undefined, []);
    const how = end === 'disabled' ? 'overDisabled' : end === 'again' ? 'overAgain' : 'over';
    return notice(t(`lockoutWord.${how}`, { name }), undefined, [[notMe(t, wordId)]]);
  }

  notTheirs(to: string): Answer {
    return notice(this.words.in(this.languages.of(to))('lockoutWord.notTheirs'), undefined, []);
  }

  together(first: Answer, second: Answer): Answer {
    return bothNotices(first, second);
  }

  card(card: LockoutCard, lockouts: readonly Lockout[]): Answer {
    return lockoutCard(this.words.in(undefined), card, lockouts);
  }

  denied(denial: Denial, facts: SignInFacts | undefined): Answer {
    const t = this.words.in(undefined);
    const params = { member: who(t, denial.memberId), name: escapeText(denial.accountName) };
    const { signedOutBy, signedOutAt } = denial;
    const text =
      signedOutBy === undefined
        ? t(facts ? 'lockoutWord.deniedHint' : 'lockoutWord.deniedUnknown')
        : t('signOut.doneBy', { by: who(t, signedOutBy), at: seconds(signedOutAt ?? 0) });
    const id = lockoutMark.signOut(denial.accountId, denial.id);
    const button: Button = { id, label: t('signOut.button'), style: 'danger' };
    const details = { colour: signedOutBy === undefined ? colours.bad : colours.quiet, text, fields: fields(t, facts) };
    return notice(t('lockoutWord.denied', params), details, [signedOutBy === undefined ? [button] : []]);
  }
}

function notMe(t: Translate, wordId: number): Button {
  return { id: wordMark(wordId), label: t('lockoutWord.notMe'), style: 'danger' };
}

function fields(t: Translate, facts: SignInFacts | undefined) {
  if (!facts) return [];
  const moment = ({ at, address }: SignInFacts['signIns'][number]) =>
    address === undefined
      ? t('lockoutWord.moment', { at: seconds(at) })
      : t('lockoutWord.momentFrom', { at: seconds(at), address: addressText(address) });
  const newest = [...facts.signIns].sort((one, other) => other.at - one.at);
  const tries = [...facts.tries].sort((one, other) => other.at - one.at);
  return [
    { name: t('lockoutWord.tries'), value: lines(t, tries.map(moment), mostLines.tries) },
    { name: t('lockoutWord.signIns'), value: lines(t, newest.map(moment), mostLines.signIns) },
    {
      name: t('lockoutWord.devices'),
      value: lines(
        t,
        facts.devices.map((each) => deviceLine(t, each)),
        mostLines.devices,
      ),
    },
  ];
}

/** A device as people know it; its names are other people's words. */
export function deviceLine(t: Translate, device: SignInFacts['devices'][number]): string {
  const params = { name: escapeText(label(device.name, 30)), app: escapeText(label(device.app, 20)) };
  if (device.lastSeen === undefined) return t('lockoutWord.device', params);
  return t('lockoutWord.deviceSeen', { ...params, at: seconds(device.lastSeen) });
}

/** One below the other, the first ones, and how many more there are. */
export function lines(t: Translate, all: readonly string[], most: number): string {
  if (all.length === 0) return t('lockoutWord.none');
  const more = all.length - most;
  return [...all.slice(0, most), ...(more > 0 ? [t('status.more', { count: more })] : [])].join('\n');
}
