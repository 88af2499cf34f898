import { type Account, isPutOff, putOffHours, type Restriction } from './account.js';

export const restrictions: readonly Restriction[] = ['hours', 'remote', 'devices', 'sessions'];

/** The fields of an account that restrict it. */
export type RestrictionFields = Partial<
  Pick<Account, 'accessSchedules' | 'remoteAccess' | 'allDevices' | 'listedDevices' | 'maxActiveSessions'>
>;

/** The fields of one restriction, as they are; hours that are put off as they will be again. */
export function fieldsOf(account: Account, restriction: Restriction): RestrictionFields {
  switch (restriction) {
    case 'hours':
      return { accessSchedules: isPutOff(account) ? putOff(account.accessSchedules, -1) : account.accessSchedules };
    case 'remote':
      return { remoteAccess: account.remoteAccess };
    case 'devices':
      return { allDevices: account.allDevices, listedDevices: account.listedDevices };
    case 'sessions':
      return { maxActiveSessions: account.maxActiveSessions };
  }
}

/** Hours that let nobody in until `fieldsOf` gives them back: put off, or one that stands for no hours at all. */
export function shutHours(account: Account): RestrictionFields {
  const { accessSchedules: hours } = account;
  if (isPutOff(account)) return { accessSchedules: hours };
  return { accessSchedules: putOff(hours.length > 0 ? hours : [{ day: 'Everyday', startHour: 0, endHour: 0 }], 1) };
}

/** What to write for these fields to count: hours stay put off where an account is kept closed, until it has a password. */
export function fieldsFor(account: Account, fields: RestrictionFields): RestrictionFields {
  const { accessSchedules } = fields;
  return accessSchedules && isPutOff(account) ? { ...fields, accessSchedules: putOff(accessSchedules, 1) } : fields;
}

/** Hours put off, or (-1) put back; the one that stands for no hours at all ends as it begins. */
function putOff(schedules: Account['accessSchedules'], times: 1 | -1): Account['accessSchedules'] {
  const by = times * putOffHours;
  return schedules
    .map((each) => ({ ...each, startHour: each.startHour + by, endHour: each.endHour + by }))
    .filter(({ endHour }) => endHour !== 0);
}

/** What is written to open a restriction. */
export const openFields: Readonly<Record<Restriction, RestrictionFields>> = {
  hours: { accessSchedules: [] },
  remote: { remoteAccess: true },
  devices: { allDevices: true },
  sessions: { maxActiveSessions: 0 },
};
