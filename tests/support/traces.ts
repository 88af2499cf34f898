import Database from 'better-sqlite3';
import type { BotHousehold } from './bot.js';

interface AuditRow {
  readonly actor_id: string;
  readonly act: string;
  readonly outcome: string;
  readonly account_name: string | null;
  readonly member_id: string | null;
  readonly request_id: number | null;
  readonly detail: string | null;
}

/** What the bot has put into its audit until now, oldest first. */
export function auditOf({ database }: Pick<BotHousehold, 'database'>): AuditRow[] {
  const db = new Database(database, { readonly: true });
  try {
    return db.prepare<[], AuditRow>('SELECT * FROM audit ORDER BY id').all();
  } finally {
    db.close();
  }
}

/** The audit as short lines, such as `dad unlock done`. */
export function auditLines(bot: BotHousehold, ...people: readonly { id: string; name: string }[]): string[] {
  const names = new Map([bot.maya, bot.dad, bot.gran, ...people].map(({ id, name }) => [id, name]));
  return auditOf(bot).map(({ actor_id, act, outcome }) => `${names.get(actor_id) ?? actor_id} ${act} ${outcome}`);
}

/** The temporary password that a message shows. Throws when it shows none. */
export function passwordIn(text: string): string {
  const password = /^.*: \|\|`([a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4})`\|\|$/m.exec(text)?.[1];
  if (password === undefined) throw new Error(`no password at the end of a line in: ${text}`);
  return password;
}

/** What was asked of Jellyfin about accounts while something was done; the look at the server at start-up is none of it. */
export async function callsDuring({ jellyfin }: BotHousehold, act: () => Promise<unknown>): Promise<string[]> {
  const before = jellyfin.calls.length;
  await act();
  const calls = jellyfin.calls.slice(before).map(({ method, path }) => `${method} ${path}`);
  return calls.filter((call) => !/^GET \/(System\/(Info\/Public|ActivityLog)|GetUtcTime)/.test(call));
}

/** The calls among these that are not of a code that somebody asked for before: it is looked at until it is confirmed or given up. */
export const withoutCodes = (calls: readonly string[]): string[] =>
  calls.filter((call) => !/^(GET \/QuickConnect\/Connect|DELETE \/Devices\?id=latchkey-)/.test(call));

/** The calls among these that change something. */
export function changes(calls: readonly string[]): string[] {
  return calls.filter((call) => !call.startsWith('GET '));
}
