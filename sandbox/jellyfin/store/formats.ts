/** Ids are upper case with dashes in the database and 32 lower-case digits in answers. */
export function toApiId(id: string): string {
  return id.replaceAll('-', '').toLowerCase();
}

/** Any spelling of a GUID as the database writes it, or undefined when it is none. */
export function toDbId(text: string): string | undefined {
  const digits = text.replaceAll('-', '').toUpperCase();
  const dashed = text.includes('-');
  if (!/^[0-9A-F]{32}$/.test(digits)) return undefined;
  const id = digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return dashed && id.length !== text.length ? undefined : id;
}

export const noUserId = '00000000-0000-0000-0000-000000000000';

/** Moments are stored as UTC text without a zone and seven digits at most, as .NET writes them. */
export function toDbDate(moment: Date): string {
  return moment
    .toISOString()
    .replace('T', ' ')
    .replace('Z', '')
    .replace(/\.?0+$/, '');
}

export function toApiDate(dbDate: string): string {
  return `${dbDate.replace(' ', 'T')}${dbDate.includes('.') ? '' : '.0000000'}Z`;
}

/** Milliseconds since 1970 of a stored moment. */
export function dbDateMs(dbDate: string): number {
  return Date.parse(`${dbDate.replace(' ', 'T')}Z`);
}
