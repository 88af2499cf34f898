import { seconds, who } from '../../discord/parts.js';
import { escapeText, longestName } from '../../discord/escape.js';
import type { HistoryEntry } from '../../services/history/history.js';
import type { Translate } from '../../words.js';

/** What is in the audit, and has a sentence of another name. */
const named: Readonly<Record<string, string>> = {
  signin: 'signIn',
  put: 'done',
  deleted: 'gone',
  superseded: 'newer',
  noAdmin: 'nobody',
  planned: 'cancelled',
  tooManyRequests: 'tooOften',
  accountUnknown: 'noSuchAccount',
  accountAmbiguous: 'ambiguous',
  memberNotLinked: 'notLinked',
  requestDecided: 'decided',
  requestDecidedBy: 'decided',
  adminsOnly: 'notAllowed',
  linkOthers: 'notAllowed',
  accountNotYours: 'notTheirs',
  requestNotYours: 'notTheirs',
  rescueNotYours: 'notTheirs',
  adminAccount: 'notTheirs',
  linkAdminAccount: 'notTheirs',
  linkUnproved: 'notProved',
  signInSuspended: 'notProved',
  bySignIn: 'notProved',
  disabledByAdmin: 'switchedOff',
  cardOutdated: 'tooOld',
  requestGone: 'tooOld',
  passwordOld: 'tooOld',
  historyViewGone: 'tooOld',
  rescueOver: 'tooOld',
  notInServer: 'left',
};

/** The sentence of an act or an outcome is named as it is, in one word: `keep card` is `keepCard`. */
function sentenceOf(code: string): string {
  const own = Object.hasOwn(named, code) ? named[code] : undefined;
  return own ?? code.replace(/ (\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** One line: when, who, what, to which account, for whom, and how it ended. */
export function historyLine(t: Translate, entry: HistoryEntry): string {
  const { at, actorId, accountName, memberId } = entry;
  const account = accountName === undefined ? '' : ` · **${escapeText(accountName, longestName)}**`;
  const whom = memberId === undefined || memberId === actorId ? '' : ` · ${who(t, memberId)}`;
  const how = outcome(t, entry);
  return `<t:${seconds(at)}:f> ${who(t, actorId)}: ${what(t, entry)}${account}${whom}${how === undefined ? '' : ` · ${how}`}`;
}

function what(t: Translate, { act, times = 1 }: HistoryEntry): string {
  if (act === 'refused') return t('history.act.refused', { count: times });
  const known = `history.act.${sentenceOf(act)}`;
  if (t.has(known)) return t(known);
  const [first = ''] = act.split(' ');
  // The one command that stands in a member's menu.
  if (first === 'account' || act === 'Jellyfin account')
    return t('history.act.tried', { command: `_${t('commandNames.Jellyfin account')}_` });
  const command = `commandNames.${first}`;
  if (t.has(command)) return t('history.act.tried', { command: `\`/${t(command)}\`` });
  return t('history.act.other');
}

/** Undefined for what was only asked for: how that ends has a line of its own. */
function outcome(t: Translate, { act, outcome: code }: HistoryEntry): string | undefined {
  if (code === 'asked') return undefined;
  // A code gives way to a newer one; a temporary password to its owner's own.
  if (act === 'prove' && code === 'replaced') return t('history.outcome.newer');
  const known = `history.outcome.${sentenceOf(code)}`;
  if (t.has(known)) return t(known);
  const reference = /^failed (\w+)$/.exec(code)?.[1];
  if (reference !== undefined) return t('history.outcome.broken', { reference });
  if (code.startsWith('jellyfin')) return t('history.outcome.jellyfin');
  return t(`history.outcome.${t.isError(code) ? 'failed' : 'other'}`);
}
