import { csvCell } from '../../discord/escape.js';
import type { HistoryEntry } from '../../services/history-store.js';

const columns = [
  ['time', ({ at }) => new Date(at).toISOString()],
  ['actor', ({ actorId }) => actorId],
  ['act', ({ act }) => act],
  ['outcome', ({ outcome }) => outcome],
  ['account', ({ accountName = '' }) => accountName],
  ['account id', ({ accountId = '' }) => accountId],
  ['member', ({ memberId = '' }) => memberId],
  ['request', ({ requestId = '' }) => `${requestId}`],
  ['detail', ({ detail = '' }) => detail],
] satisfies readonly (readonly [name: string, value: (entry: HistoryEntry) => string])[];

/** The history as a spreadsheet opens it: UTF-8 with its mark, comma separated, newest first. */
export function historyCsv(entries: readonly HistoryEntry[]): Buffer {
  const lines = entries.map((entry) => columns.map(([, value]) => csvCell(value(entry))).join(','));
  return Buffer.from(`\uFEFF${[columns.map(([name]) => name).join(','), ...lines].join('\r\n')}\r\n`);
}
