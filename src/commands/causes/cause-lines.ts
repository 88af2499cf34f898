import { escapeText, longestName } from '../../discord/escape.js';
import { seconds } from '../../discord/parts.js';
import type { AccessSchedule, Account } from '../../services/accounts/account.js';
import type { Device } from '../../services/accounts/device.js';
import type { Cause } from '../../services/causes/cause.js';
import type { Proof } from '../../services/causes/refusal.js';
import type { Translate } from '../../words.js';
import { accountFigures } from '../accounts/account-figures.js';
import { listOf } from '../shared/lists.js';

/** Devices that are named; more would fill a phone's screen. */
const mostDevices = 6;

/** Why this person cannot sign in: in the heading the first cause in two words, then each in a sentence, then the figures. */
export function causeLines(t: Translate, account: Account, causes: readonly Cause[]): string {
  const [first] = causes;
  const isHours = first?.kind === 'schedule' && !first.certain;
  const short = t(`account.short.${isHours ? 'hours' : (first?.kind ?? 'password')}`);
  const lines = [t('account.headingWith', { name: escapeText(account.name), short })];
  if (account.isAdministrator) lines.push(t('account.administrator'));
  const isAlone = causes.length === 1;
  lines.push(...causes.map((each) => causeLine(t, each, isAlone)));
  // Nobody's button lets Jellyfin check an administrator's password.
  const isStranded = causes.some(({ kind }) => kind === 'providerGone' || kind === 'halfway');
  if (account.isAdministrator && isStranded) lines.push(t('account.rescueHelps'));
  return [...lines, `-# ${accountFigures(t, account)}`].join('\n');
}

/** Where the two words of the heading would not say what was refused. */
const refusals: Partial<Record<Cause['kind'], 'account.refusedPassword' | 'account.refusedDevices'>> = {
  password: 'account.refusedPassword',
  devices: 'account.refusedDevices',
};

/** Which cause the server's log names, for somebody who asked. */
export function proofLine(t: Translate, proof: Proof | undefined): string {
  if (!proof) return t('account.notRefused');
  return t('account.refused', {
    at: seconds(proof.at),
    why: t(refusals[proof.kind] ?? `account.short.${proof.kind}`),
  });
}

function causeLine(t: Translate, cause: Cause, isAlone: boolean): string {
  switch (cause.kind) {
    case 'locked':
    case 'overLimit':
      return t(`account.${cause.kind}`, { failed: cause.failed, limit: cause.limit });
    case 'schedule':
      return t(cause.certain ? 'account.schedule' : 'account.scheduleThere', {
        hours: t.list(cause.schedules.map((each) => hours(t, each))),
      });
    case 'sessions':
      return cause.certain ? fullLine(t, cause) : t('account.sessions', { limit: cause.limit });
    case 'provider':
    case 'providerGone':
      return t(`account.${cause.kind}`, { provider: escapeText(cause.provider, 60) });
    case 'devices':
      return t('account.devices', { count: cause.count });
    case 'password':
      return t(isAlone ? 'account.fine' : 'account.elsePassword');
    case 'disabled':
    case 'halfway':
    case 'remote':
    case 'oldApp':
      return t(`account.${cause.kind}`);
  }
}

function fullLine(t: Translate, { limit, sessions }: Cause & { readonly kind: 'sessions' }): string {
  const devices = listOf(t, sessions.slice(0, mostDevices).map(device), sessions.length);
  return t('account.sessionsFull', { count: sessions.length, limit, devices });
}

function device({ name, app }: Device): string {
  return `${escapeText(name, longestName)} (${escapeText(app, longestName)})`;
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
