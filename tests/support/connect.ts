import Database from 'better-sqlite3';
import type { BotHousehold } from './bot.js';

/** Links a member to any account, an administrator's too, as the command line on the server does. */
export function connect(
  bot: BotHousehold,
  member: { readonly id: string },
  name: string,
  id = bot.jellyfin.user(name).Id,
): void {
  write(
    bot,
    `INSERT INTO links (member_id, account_id, account_name, linked_at, made_by, on_administrator)
     VALUES (?, ?, ?, ?, ?, ?)`,
    [member.id, id, name, Date.now(), 'commandLine', isAdministrators(bot, name) ? 1 : 0],
  );
}

function isAdministrators({ jellyfin }: BotHousehold, name: string): boolean {
  try {
    return jellyfin.user(name).Policy.IsAdministrator;
  } catch {
    return false; // called otherwise there
  }
}

/** Takes a member's link away behind the bot's back. */
export function disconnect(bot: BotHousehold, member: { readonly id: string }, name: string): void {
  write(bot, 'DELETE FROM links WHERE member_id = ? AND account_name = ?', [member.id, name]);
}

function write({ database }: BotHousehold, sql: string, values: readonly unknown[]): void {
  const db = new Database(database);
  try {
    db.prepare(sql).run(...values);
  } finally {
    db.close();
  }
}
