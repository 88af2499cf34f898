import { seconds, who } from '../../discord/parts.js';
import { escapeText, label } from '../../discord/escape.js';
import type { HistoryEntry } from '../../services/history/history.js';
import type { Translate } from '../../words.js';

/** What is in the audit under these names has words of its own; a refusal stands there under its command's name. */
const acts = {
  unlock: 'unlock',
  reset: 'reset',
  link: 'link',
  enable: 'enable',
  provider: 'provider',
  'ask enable': 'askEnable',
  'ask provider': 'askProvider',
  unlink: 'unlink',
  'ask unlock': 'askUnlock',
  'ask reset': 'askReset',
  'ask link': 'askLink',
  'ask pass': 'askPass',
  pass: 'pass',
  'end pass': 'endPass',
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
  'sign out device': 'signOutDevice',
  'temporary password': 'temporaryPassword',
  prove: 'prove',
  'keep card': 'keepCard',
  'remove card': 'removeCard',
  'post card': 'postCard',
  'login page': 'loginPage',
  outdated: 'outdated',
} as const;

const commands = [
  'status',
  'unlock',
  'resetpw',
  'link',
  'unlink',
  'requests',
  'rescue',
  'signin',
  'history',
  'help',
] as const;

/** How things ended, by what is in the audit; errors are here by their codes, in a few words each. */
const outcomes = {
  done: 'done',
  put: 'done',
  removed: 'removed',
  begun: 'begun',
  told: 'told',
  backIn: 'backIn',
  cancelled: 'cancelled',
  cutShort: 'cutShort',
  'not me': 'notMe',
  'signed in': 'signedIn',
  'own set': 'ownSet',
  locked: 'locked',
  unlocked: 'unlocked',
  open: 'open',
  disabled: 'disabled',
  gone: 'gone',
  deleted: 'gone',
  replaced: 'replaced',
  superseded: 'newer',
  expired: 'expired',
  'cut off': 'cutOff',
  unknown: 'unknown',
  unlinked: 'unlinked',
  'not needed': 'notNeeded',
  linked: 'linked',
  already: 'already',
  left: 'left',
  dropped: 'dropped',
  failed: 'failed',
  nobody: 'nobody',
  noAdmin: 'nobody',
  closed: 'closed',
  tooMany: 'tooMany',
  changed: 'changed',
  putBack: 'putBack',
  forGood: 'forGood',
  planned: 'cancelled',
  undone: 'undone',
  notYet: 'notYet',
  tooManyRequests: 'tooOften',
  tooOften: 'tooOften',
  accountUnknown: 'noSuchAccount',
  accountAmbiguous: 'ambiguous',
  memberNotLinked: 'notLinked',
  requestDecided: 'decided',
  requestDecidedBy: 'decided',
  notAllowed: 'notAllowed',
  adminsOnly: 'notAllowed',
  accountNotYours: 'notTheirs',
  requestNotYours: 'notTheirs',
  rescueNotYours: 'notTheirs',
  adminAccount: 'notTheirs',
  linkAdminAccount: 'notTheirs',
  linkUnproved: 'notProved',
  signInSuspended: 'notProved',
  bySignIn: 'notProved',
  linkOthers: 'notAllowed',
  notLinked: 'notLinked',
  notLocked: 'notLocked',
  disabledByAdmin: 'switchedOff',
  cardOutdated: 'tooOld',
  requestGone: 'tooOld',
  passwordOld: 'tooOld',
  historyViewGone: 'tooOld',
  rescueOver: 'tooOld',
  notInServer: 'left',
} as const;

/** One line: when, who, what, to which account, for whom, and how it ended. */
export function historyLine(t: Translate, entry: HistoryEntry): string {
  const { at, actorId, accountName, memberId } = entry;
  const account = accountName === undefined ? '' : ` · **${escapeText(label(accountName, 40))}**`;
  const whom = memberId === undefined || memberId === actorId ? '' : ` · ${who(t, memberId)}`;
  const how = outcome(t, entry);
  return `<t:${seconds(at)}:f> ${who(t, actorId)}: ${what(t, entry)}${account}${whom}${how === undefined ? '' : ` · ${how}`}`;
}

function what(t: Translate, { act, times = 1 }: HistoryEntry): string {
  if (act === 'refused') return t('history.act.refused', { count: times });
  if (Object.hasOwn(acts, act)) return t(`history.act.${acts[act as keyof typeof acts]}`);
  const first = act.split(' ')[0];
  const command = commands.find((each) => each === first);
  if (command) return t('history.act.tried', { command: `\`/${t(`commandNames.${command}`)}\`` });
  // The one command that stands in a member's menu.
  if (first === 'account' || act === 'Jellyfin account')
    return t('history.act.tried', { command: `_${t('commandNames.Jellyfin account')}_` });
  return t('history.act.other');
}

/** Undefined for what was only asked for: how that ends has a line of its own. */
function outcome(t: Translate, { act, outcome: code }: HistoryEntry): string | undefined {
  if (code === 'asked') return undefined;
  // A code gives way to a newer one; a temporary password to its owner's own.
  if (act === 'prove' && code === 'replaced') return t('history.outcome.newer');
  if (Object.hasOwn(outcomes, code)) return t(`history.outcome.${outcomes[code as keyof typeof outcomes]}`);
  const reference = /^failed (\w+)$/.exec(code)?.[1];
  if (reference !== undefined) return t('history.outcome.broken', { reference });
  if (code.startsWith('jellyfin')) return t('history.outcome.jellyfin');
  return t(`history.outcome.${t.isError(code) ? 'failed' : 'other'}`);
}
