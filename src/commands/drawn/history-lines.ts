import { escapeText, label } from '../../discord/escape.js';
import { errorCodes } from '../../errors.js';
import type { HistoryEntry } from '../../services/history-store.js';
import type { Translate } from '../../words.js';
import { seconds } from './account-lines.js';
import { who } from './who.js';

/** What is in the audit under these names has words of its own; anything else is shown by its name. */
const acts = {
  unlock: 'unlock',
  reset: 'reset',
  link: 'link',
  unlink: 'unlink',
  'ask unlock': 'askUnlock',
  'ask reset': 'askReset',
  'ask link': 'askLink',
  approve: 'approve',
  deny: 'deny',
  cancel: 'cancel',
  expire: 'expire',
  forget: 'forget',
  rescue: 'rescue',
  'rescue step': 'rescueStep',
  'forgot password': 'forgotPassword',
  lockout: 'lockout',
  signin: 'signIn',
  'self unlock': 'selfUnlock',
  'sign out': 'signOut',
  'temporary password': 'temporaryPassword',
  prove: 'prove',
  'keep card': 'keepCard',
  'remove card': 'removeCard',
  'post card': 'postCard',
} as const;

const outcomes = ['done', 'asked', 'begun', 'told', 'backIn', 'cancelled', 'cutShort'] as const;

/** One line: when, who, what, to which account, for whom, and how it ended. */
export function historyLine(t: Translate, entry: HistoryEntry): string {
  const { at, actorId, accountName, memberId } = entry;
  const what = entry.act in acts ? t(`history.act.${acts[entry.act as keyof typeof acts]}`) : escapeText(entry.act);
  const account = accountName === undefined ? '' : ` · **${escapeText(label(accountName, 40))}**`;
  const whom = memberId === undefined || memberId === actorId ? '' : ` · ${who(t, memberId)}`;
  return `<t:${seconds(at)}:f> ${who(t, actorId)}: ${what}${account}${whom} · ${outcome(t, entry)}`;
}

function outcome(t: Translate, { outcome: code }: HistoryEntry): string {
  const known = outcomes.find((each) => each === code);
  if (known) return t(`history.outcome.${known}`);
  const error = errorCodes.find((each) => each === code);
  const sentence = error && t(`errors.${error}`);
  // Sentences with values that were not kept would have holes.
  return sentence !== undefined && !sentence.includes('{{')
    ? t('history.outcome.no', { why: sentence })
    : escapeText(code);
}
