import type { Database } from 'better-sqlite3';
import type { OwnerNotice, OwnerNoticeStore } from '../../services/links/owner-notices.js';
import type { RequestState } from '../../services/requests/request.js';

interface Row {
  readonly id: number;
  readonly request_id: number;
  readonly member_id: string;
  readonly way: OwnerNotice['way'];
  readonly attempts: number;
}

/** What owners are to hear about requests of other people for their accounts. */
export class SqliteOwnerNotices implements OwnerNoticeStore {
  readonly #sql;

  constructor(db: Database) {
    this.#sql = {
      owe: db.prepare<[number, string]>(
        'INSERT INTO owner_notices (request_id, member_id) VALUES (?, ?) ON CONFLICT DO NOTHING',
      ),
      drop: db.prepare<[number, string]>(
        `UPDATE owner_notices SET way = 'moot' WHERE request_id = ? AND member_id = ?`,
      ),
      due: db.prepare<[], Row>(`
        SELECT notices.* FROM owner_notices notices JOIN requests ON requests.id = request_id
        WHERE way <> 'moot' AND state IN ('done', 'failed') AND told_state IS NOT state AND told_state IS NOT 'done'
        ORDER BY notices.id`),
      owedTo: db.prepare<[string], Row>(`SELECT * FROM owner_notices WHERE member_id = ? AND way = 'next' ORDER BY id`),
      begin: db.prepare<[number]>('UPDATE owner_notices SET attempts = attempts + 1 WHERE id = ?'),
      setWay: db.prepare<[string, string, number]>('UPDATE owner_notices SET way = ?, told_state = ? WHERE id = ?'),
    };
  }

  owe(requestId: number, memberId: string): void {
    this.#sql.owe.run(requestId, memberId);
  }

  drop(requestId: number, memberId: string): void {
    this.#sql.drop.run(requestId, memberId);
  }

  due(): OwnerNotice[] {
    return this.#sql.due.all().map(toNotice);
  }

  owedTo(memberId: string): OwnerNotice[] {
    return this.#sql.owedTo.all(memberId).map(toNotice);
  }

  begin(id: number): void {
    this.#sql.begin.run(id);
  }

  setWay(id: number, way: OwnerNotice['way'], of: RequestState): void {
    this.#sql.setWay.run(way, of, id);
  }
}

function toNotice({ id, request_id: requestId, member_id: memberId, way, attempts }: Row): OwnerNotice {
  return { id, requestId, memberId, way, attempts };
}
