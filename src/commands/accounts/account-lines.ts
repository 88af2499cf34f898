import { escapeText } from '../../discord/escape.js';
import { wrongPasswords, type Account, type AccessSchedule } from '../../services/accounts/account.js';
import { obstacles, type Obstacle } from '../../services/accounts/sign-in-obstacles.js';
import type { Translate } from '../../words.js';
import { type Button, type LinkButton, seconds } from '../../discord/parts.js';

/** Why this person cannot sign in, in sentences; the last line has the figures. */
export function accountLines(t: Translate, account: Account, now: Date): string {
  const found = obstacles(account, now);
  const lines = [t('account.heading', { name: escapeText(account.name) })];
  if (account.isAdministrator) lines.push(t('account.administrator'));
  lines.push(...found.map((each) => obstacleLine(t, each)));
  if (!found.some((each) => each.certain)) lines.push(t('account.fine'));
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
