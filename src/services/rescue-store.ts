import type { MessagePlace } from './requests/request.js';

/** A rescue that was asked for in Discord. Times are milliseconds since 1970. */
export interface RescueRow {
  readonly id: number;
  readonly actorId: string;
  readonly accountId: string;
  readonly accountName: string;
  readonly startedAt: number;
  /** When the plan was agreed to. */
  readonly confirmedAt: number | undefined;
  /** The direct messages that it lives in. */
  readonly channelId: string;
  readonly card: MessagePlace | undefined;
}

export interface RescueStore {
  begin(row: Omit<RescueRow, 'id' | 'confirmedAt' | 'card'>): RescueRow;
  byId(id: number): RescueRow | undefined;
  setCard(id: number, messageId: string): void;
  confirmed(id: number, at: number): void;
  end(id: number, at: number, outcome: string): void;
  /** The one that was agreed to, and not ended, at that moment. */
  goingOnAt(at: number): RescueRow | undefined;
  /** Begun, and not ended: by a bot that is gone, unless it is this one. */
  unfinished(): RescueRow[];
}
