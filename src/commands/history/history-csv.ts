import { csvCell } from '../../discord/escape.js';
import type { NamedEntry } from '../../services/history/history.js';
import type { Translate } from '../../words.js';

const columns = [
  ['time', ({ at }) => new Date(at).toISOString()],
  ['actor', ({ actorId }) => actorId],
  ['actorName', ({ actorName = '' }) => actorName],
  ['act', ({ act }) => act],
  ['outcome', ({ outcome }) => outcome],
  ['account', ({ accountName = '' }) => accountName],
  ['accountId', ({ accountId = '' }) => accountId],
  ['member', ({ memberId = '' }) => memberId],
  ['memberName', ({ memberName = '' }) => memberName],
  ['request', ({ requestId = '' }) => `${requestId}`],
  ['detail', ({ act, detail = '', times }) => (act === 'refused' ? `${times ?? 1}` : detail)],
] as const satisfies readonly (readonly [name: string, value: (entry: NamedEntry) => string])[];

/** The history as a spreadsheet opens it: UTF-8 with its mark, comma separated, newest first, what happened in codes. */
export function historyCsv(t: Translate, entries: readonly NamedEntry[]): Buffer {
  const names = columns.map(([name]) => csvCell(t(`history.column.${name}`)));
  const lines = entries.map((entry) => columns.map(([, value]) => csvCell(value(entry))).join(','));
  return Buffer.from(`\uFEFF${[names.join(','), ...lines].join('\r\n')}\r\n`);
}
