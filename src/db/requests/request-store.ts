import type { Database } from 'better-sqlite3';
import type { ErrorCode } from '../../errors.js';
import type {
  Delivery,
  Request,
  RequestKind,
  RequestOrigin,
  RequestState,
  Snapshot,
  StateChange,
  NewRequest,
  RequestStore,
} from '../../services/requests/request.js';
import { requestStatements, type RequestRow } from './request-statements.js';
import type { DeliveryStatus, NewNotice, NoticeStore } from '../../services/notices/notice.js';
import type { Transaction } from '../../services/transaction.js';
import type { MessageRef } from '../../services/notices/messenger-port.js';

/** The requests table. Every change of state is one conditional UPDATE that returns the row, with the notice about it. */
export class SqliteRequestStore implements RequestStore {
  readonly #sql: ReturnType<typeof requestStatements>;

  readonly #transaction: Transaction;

  constructor(
    db: Database,
    private readonly notices: Pick<NoticeStore, 'oweAgain' | 'find' | 'setStatus'>,
  ) {
    this.#sql = requestStatements(db);
    this.#transaction = (work) => db.transaction(work).immediate();
  }

  insert(request: NewRequest): Request | undefined {
    return one(
      this.#sql.insert.get({
        ...request,
        adminAccount: Number(request.adminAccount),
        linksOnApproval: Number(request.linksOnApproval ?? false),
        snapshot: request.snapshot ? JSON.stringify(request.snapshot) : null,
        askedInChannelId: request.askedInChannelId ?? null,
        decidedBy: request.decidedBy ?? null,
        decidedAt: request.decidedBy === undefined ? null : request.createdAt,
        delivery: request.delivery ?? null,
        noticeChannelId: request.notice?.channelId ?? null,
        noticeMessageId: request.notice?.messageId ?? null,
      }),
    );
  }

  byId(id: number): Request | undefined {
    return one(this.#sql.byId.get(id));
  }

  open(memberId: string, accountId: string, kind: RequestKind): Request | undefined {
    return one(this.#sql.open.get(memberId, accountId, kind));
  }

  openOf(memberId: string): Request[] {
    return this.#sql.openOf.all(memberId).map(toRequest);
  }

  pending(): Request[] {
    return this.#sql.pending.all().map(toRequest);
  }

  earlier(id: number): { count: number; last: number | undefined } {
    const row = this.#sql.earlier.get(id);
    return { count: row?.count ?? 0, last: row?.last ?? undefined };
  }

  askedBetween(memberId: string, since: number, now: number): number[] {
    return this.#sql.askedBetween.all(memberId, since, now).map((row) => row.created_at);
  }

  move(id: number, from: readonly RequestState[], to: RequestState, change: StateChange): Request | undefined {
    const move = () =>
      this.#sql.move.get({
        id,
        from: JSON.stringify(from),
        to,
        decidedBy: change.decidedBy ?? null,
        decidedAt: change.decidedAt ?? null,
        endedAt: change.endedAt ?? null,
        reason: change.reason ?? null,
        failure: change.failure ?? null,
        accountId: change.accountId ?? null,
        accountName: change.accountName ?? null,
      });
    return this.#owed(move, change.deliveryStatus);
  }

  reopen(id: number, decidedBy: string, at: number, adminAccount: boolean): Request | undefined {
    return this.#transaction(() => {
      const reopened = one(this.#sql.reopen.get(decidedBy, at, Number(adminAccount), id));
      const failure = reopened && this.notices.find(outcomeOf(reopened.id, reopened.memberId));
      if (failure) this.notices.setStatus(failure, 'dropped');
      return reopened && this.byId(id);
    });
  }

  setAccount(
    id: number,
    account: { readonly id: string; readonly name: string },
    isAdministrator: boolean,
    snapshot: Snapshot,
  ): Request | undefined {
    return one(
      this.#sql.setAccount.get(account.id, account.name, Number(isAdministrator), JSON.stringify(snapshot), id),
    );
  }

  begin(id: number): Request | undefined {
    return one(this.#sql.begin.get(id));
  }

  setCard(id: number, card: MessageRef, version: number, remindedAt?: number): Request | undefined {
    return one(this.#sql.setCard.get({ id, ...card, version, remindedAt: remindedAt ?? null }));
  }

  setNotice(id: number, notice: MessageRef): void {
    this.#sql.setNotice.run({ id, ...notice });
  }

  setDelivery(id: number, delivery: Delivery, deliveryStatus: 'due'): Request | undefined {
    return this.#owed(() => this.#sql.setDelivery.get(delivery, id), deliveryStatus);
  }

  /** Changes a request and notes in the same transaction that its member is to hear of it, or knows. */
  #owed(change: () => RequestRow | undefined, status: 'due' | 'told' | undefined): Request | undefined {
    return this.#transaction(() => {
      const changed = one(change());
      if (!changed || !status) return changed;
      const { id, memberId, endedAt, decidedAt, createdAt } = changed;
      this.notices.oweAgain(outcomeOf(id, memberId), endedAt ?? decidedAt ?? createdAt, status);
      return this.byId(id);
    });
  }

  setOffered(id: number, accountId: string | undefined): void {
    this.#sql.setOffered.run(accountId ?? null, id);
  }

  touch(id: number): Request | undefined {
    return one(this.#sql.touch.get(id));
  }

  touchOffering(accountId: string): Request[] {
    return this.#sql.touchOffering.all(accountId).map(toRequest);
  }

  unfinished(): Request[] {
    return this.#sql.unfinished.all().map(toRequest);
  }

  toRemind(createdBefore: number): Request[] {
    return this.#sql.toRemind.all(createdBefore).map(toRequest);
  }

  toExpire(createdBefore: number): Request[] {
    return this.#sql.toExpire.all(createdBefore).map(toRequest);
  }

  isWorkedOnFor(memberId: string): boolean {
    return this.#sql.workedOnFor.get(memberId, memberId) !== undefined;
  }

  uncollected(decidedBefore: number): Request[] {
    return this.#sql.uncollected.all(decidedBefore).map(toRequest);
  }
}

const outcomeOf = (id: number, recipientId: string): NewNotice => ({
  kind: 'outcome',
  subjectId: `${id}`,
  recipientId,
});

const one = (row: RequestRow | undefined) => (row === undefined ? undefined : toRequest(row));

function toRequest(row: RequestRow): Request {
  return {
    id: row.id,
    kind: row.kind as RequestKind,
    state: row.state as RequestState,
    memberId: row.member_id,
    accountId: row.account_id,
    accountName: row.account_name,
    adminAccount: row.admin_account === 1,
    linksOnApproval: row.links_on_approval === 1 || row.kind === 'link',
    offeredId: row.offered_id ?? undefined,
    snapshot: row.snapshot === null ? undefined : (JSON.parse(row.snapshot) as Snapshot),
    askedInChannelId: row.asked_in_channel_id ?? undefined,
    createdAt: row.created_at,
    remindedAt: row.reminded_at ?? undefined,
    decidedAt: row.decided_at ?? undefined,
    decidedBy: row.decided_by ?? undefined,
    endedAt: row.ended_at ?? undefined,
    reason: row.reason ?? undefined,
    failure: (row.failure as ErrorCode | null) ?? undefined,
    delivery: (row.delivery as Delivery | null) ?? undefined,
    card: place(row.card_channel_id, row.card_message_id),
    version: row.version,
    cardVersion: row.card_version ?? undefined,
    origin: row.origin as RequestOrigin,
    notice: place(row.notice_channel_id, row.notice_message_id),
    deliveryStatus: (row.delivery_status as DeliveryStatus | null) ?? undefined,
    attempts: row.attempts,
  };
}

function place(channelId: string | null, messageId: string | null): MessageRef | undefined {
  return channelId !== null && messageId !== null ? { channelId, messageId } : undefined;
}
