import Database from 'better-sqlite3';
import type { BotHousehold } from '../support/bot.js';

/** Links a member to any account, an administrator's too, as the command line on the server does. */
export function connect(
  bot: BotHousehold,
  member: { readonly id: string },
  name: string,
  id = bot.jellyfin.user(name).Id,
): void {
  const db = new Database(bot.database);
  try {
    db.prepare(
      'INSERT INTO links (member_id, account_id, account_name, linked_at, linked_by) VALUES (?, ?, ?, ?, ?)',
    ).run(member.id, id, name, Date.now(), 'command line');
  } finally {
    db.close();
  }
}
